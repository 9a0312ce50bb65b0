#!/bin/sh
# Records in: what is counted, what is refused, and that nothing is lost.
. "$(dirname "$0")/lib.sh"

basic_policy >p.conf
{
	record a1 0.97
	record f1 0.70
	record f2 0.95 "Write to ana@example.com."
	record e1 0.20
} >in.jsonl

run -d s.db -p p.conf ingest in.jsonl
is "$code" 0 "a whole file goes in"
is "$(printf '%s\n' "$out" | tail -n 1)" \
    "ingested 4: 1 approved, 2 flagged, 1 escalated; 0 duplicates, 0 conflicts, 0 refused" \
    "the summary counts each route"
like "$err" 's\.db' "making the store is said on standard error"
is "$(stat -c %a s.db)" 600 "the store is its owner's alone"

run -d s.db ingest in.jsonl
is "$code" 0 "only duplicates: all well"
is "$(printf '%s\n' "$out" | tail -n 1)" \
    "ingested 0: 0 approved, 0 flagged, 0 escalated; 4 duplicates, 0 conflicts, 0 refused" \
    "the same records again are duplicates"
is "$err" "" "the policy last applied is used, and the store is there already"

{ record f1 0.70 "Another answer."; record a2 0.99; } >conflict.jsonl
run -d s.db ingest --json conflict.jsonl
is "$code" 1 "a conflict: exit 1"
is "$out" '{"ingested":1,"approved":1,"flagged":0,"escalated":0,"sampled":0,"duplicates":0,"conflicts":1,"refused":0}' \
    "--json: one object, keys in their order; the rest still goes in"
like "$err" '^handrail: .*conflict\.jsonl:1: .*f1' "a conflict is reported by line and id"
run -d s.db show --json f1
is "$(json .output)" "Answer f1." "what was there stays"

# Each refusal with its line, its byte offset and a reason; the others go in.
{
	record g1 0.5
	printf '{"id":"x1","output":"a","output":"b"}\n'
	printf 'not json\n'
	printf '[1,2]\n'
	printf '{"id":"x2"}\n'
	printf '{"id":"x3","output":"a","confidence":1.5}\n'
	printf '{"id":"x4","output":"a","confidence":"high"}\n'
	printf '{"id":7,"output":"a"}\n'
	printf '{"id":"x5","output":"\377"}\n'
	printf '{"id":"x6","output":"a\\u0000b"}\n'
	printf '{"id":"%0257d","output":"a"}\n' 7
	printf '\n'
	record g2 0.5
	printf '{"id":"g3","output":"no line end"}'
} >bad.jsonl
run -d s.db ingest --rejects rejects.jsonl bad.jsonl
is "$code" 1 "refusals: exit 1"
is "$(printf '%s\n' "$out" | tail -n 1)" \
    "ingested 3: 0 approved, 3 flagged, 0 escalated; 0 duplicates, 0 conflicts, 10 refused" \
    "refused lines are counted, and the other lines go in"
for line in 2 3 4 5 6 7 8 9 10 11; do
	like "$err" "^handrail: (ingest: )?bad\.jsonl:$line: " "line $line is reported"
done
like "$err" '^handrail: .*bad\.jsonl:2: byte [0-9]+: .*duplicate key' "a duplicate key has its byte offset"
like "$err" '^handrail: .*bad\.jsonl:3: byte 0: ' "so has what is not JSON"
like "$err" '^handrail: .*bad\.jsonl:6: .*confidence' "a number out of range is named"
sed -n 2,11p bad.jsonl >want
ok "--rejects has the refused lines as they came" cmp rejects.jsonl want

# Sources: standard input, folders, compressed files, a byte order mark.
mkdir dir
record d1 0.5 >dir/a.jsonl
record d2 0.5 | gzip >dir/b.jsonl.gz
record d3 0.5 | zstd -q >dir/c.jsonl.zst
record d4 0.5 >dir/ignored.txt
run -d s.db ingest dir
is "$(json . "$(printf '%s\n' "$out" | tail -n 1 | sed 's/ingested \([0-9]*\):.*/\1/')")" 3 \
    "a folder means its jsonl, jsonl.gz and jsonl.zst"
{ printf '\357\273\277'; record b1 0.5; } >bom.jsonl
run -d s.db ingest - <bom.jsonl
is "$code" 0 "standard input, with a byte order mark"
record z1 0.5 >cut.jsonl
gzip -k cut.jsonl
head -c 40 cut.jsonl.gz >broken.jsonl.gz
run -d s.db ingest broken.jsonl.gz
is "$code" 2 "a cut-off file cannot be read"
like "$err" '^handrail: .*broken\.jsonl\.gz' "and is named"

# Defaults of a record.
printf '{"output":{"a":1}}\n' | "$HANDRAIL" -d s.db ingest --json - >out.json 2>&1
run -d s.db list --json --where "id LIKE 'sha256:%'"
like "$(json .id)" '^sha256:[0-9a-f]{32}$' "a record without an id is named by its bytes"
run -d s.db show --json "$(json .id)"
is "$(json .output)" '{"a":1}' "an output may be any JSON value"
is "$(json '[.confidence,.model,.prompt,.variant,.messages,.context,.metadata]')" \
    '[null,null,null,null,null,null,null]' "what is absent is null"
printf '{"id":"lp","output":"x","logprobs":[-0.1,-0.3]}\n' | "$HANDRAIL" -d s.db ingest - >/dev/null
run -d s.db show --json lp
is "$(json '.confidence*1000|round')" 819 "logprobs give exp of their mean"

record q1 0.5 | "$HANDRAIL" -d s.db ingest --queue other - >/dev/null
run -d s.db list --json --queue other
is "$(json .id)" q1 "--queue puts records into a queue"
record v1 0.5 >v.jsonl
run -d s.db ingest --verdicts v.out v.jsonl
is "$(jq -rc '[.id,.route,.rule]' v.out)" '["v1","flag","no rule matched"]' "--verdicts writes one a record"

# Where the store and the policy come from.
record h1 0.97 >h.jsonl
run ingest h.jsonl
ok "without -d the store is under XDG_DATA_HOME" test -f data/handrail/handrail.db
HANDRAIL_STORE=$work/env.db HANDRAIL_POLICY=$work/p.conf "$HANDRAIL" ingest h.jsonl >/dev/null 2>&1
ok "HANDRAIL_STORE names it" test -f env.db
is "$(HANDRAIL_STORE=$work/env.db "$HANDRAIL" show --json h1 | jq -r .release)" "Answer h1." "an approved output is released"

run -d s.db ingest nowhere.jsonl
is "$code" 2 "no such file: exit 2"
like "$err" '^handrail: .*nowhere\.jsonl: No such file' "and the file is named"
run -d fresh.db ingest in.jsonl nothing.jsonl
is "$code:$err" "2:handrail: ingest: nothing.jsonl: No such file or directory" "a file that is not there"
ok "no store is made for it" test ! -e fresh.db
done_testing

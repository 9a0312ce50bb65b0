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
record d5 0.5 >dir/d.json
record d6 0.5 >dir/e.ndjson
run -d s.db ingest dir
is "$(json . "$(printf '%s\n' "$out" | tail -n 1 | sed 's/ingested \([0-9]*\):.*/\1/')")" 5 \
    "a folder means its jsonl, json, ndjson, gz and zst"
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

# A verdict is told of what the store has, and no other.
cat >again.conf <<'END'
queue "default" { rule "sure" { when = "confidence >= 0.9" route = approve } }
END
cat >first.jsonl <<'END'
{"id":"c1","output":"one","confidence":0.5}
{"id":"c1","output":"two","confidence":0.95}
END
run -d v.db -p again.conf ingest --verdicts v.out first.jsonl
is "$(jq -c '[.route,.released,.line,.error]' v.out)" '["flag",false,null,null]
[null,null,2,"conflict: c1 is in queue default already, with other bytes; give it another id"]' \
    "a conflict is not in: its verdict is an error"
sed 's/0\.9/0.1/' again.conf >lax.conf
head -n 1 first.jsonl | "$HANDRAIL" -d v.db -p lax.conf ingest --verdicts v.out - >/dev/null
is "$(jq -c '[.id,.queue,.route,.released]' v.out)" '["c1","default","flag",false]' "a duplicate's is the one that the store has"
"$HANDRAIL" -d v.db decide c1 accept >/dev/null
head -n 1 first.jsonl | "$HANDRAIL" -d v.db ingest --verdicts v.out - >/dev/null
is "$(jq -c '[.id,.route,.released,.release]' v.out)" '["c1","flag",true,"one"]' "with what stands since"
seq 30000 | sed 's/.*/{"id":"n&","output":"the same few words over and over","confidence":0.95}/' >many.jsonl
rm -f v.out
{ head -n 200 many.jsonl; until [ "$(cat v.out 2>/dev/null | wc -l)" -ge 200 ]; do sleep 0.05; done; tail -n +201 many.jsonl; } |
    ( trap '' XFSZ; ulimit -f 8000; exec "$HANDRAIL" -d full.db -p again.conf ingest --verdicts v.out - ) >/dev/null 2>&1
is "$?" 2 "no room for the store: exit 2"
"$HANDRAIL" -d full.db list --state all --json --limit 100000 | jq -r .id | sort >stored
ok "some of it is in" [ "$(wc -l <stored)" -gt 100 ]
jq -r .id v.out | sort >told
is "$(comm -23 told stored | wc -l)" 0 "no verdict was told of an item that is not"

# A file that is read, or the store, is not emptied to be written to.
cp v.jsonl keep.jsonl
run -d s.db ingest --rejects keep.jsonl keep.jsonl
is "$code:$err" "2:handrail: ingest: keep.jsonl: is read by the same run; write to another file" "--rejects over an input is refused"
ok "which stays" cmp -s v.jsonl keep.jsonl
mkdir -p folder && ln keep.jsonl folder/other.jsonl
run -d s.db ingest --verdicts keep.jsonl folder
is "$code" 2 "by whatever name"
run -d v.db ingest --verdicts v.db first.jsonl
is "$code:$err" "2:handrail: ingest: v.db: is the store; write to another file" "--verdicts over the store as well"
run -d v.db show --json c1
is "$code" 0 "which is still one"

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
# New items, the same again, other bytes under an id that is there, and lines that
# are no records, in any order: each is told of in its place, whatever goes into
# the store by one statement.
awk 'BEGIN {
	srand(7)
	for (line = 1; line <= 3000; line++) {
		# Runs of one kind now and then, as in a file taken once more.
		if (line % 300 == 1) lean = rand()
		x = rand() < 0.7 ? lean : rand()
		if (n == 0 || x < 0.4) { id = ++n; text = "Answer"; kind = "new" }
		else if (x < 0.7) { id = 1 + int(rand() * n); text = "Answer"; kind = "again" }
		else if (x < 0.85) { id = 1 + int(rand() * n); text = "Another"; kind = "conflict" }
		else kind = "refused"
		count[kind]++
		if (kind == "refused") print "{\"id\":"
		else printf "{\"id\":\"x%d\",\"queue\":\"support\",\"output\":\"%s of %d\",\"confidence\":0.7}\n", id, text, id
		print (kind == "refused" || kind == "conflict" ? "line " line : "x" id) >"want.told"
	}
	print count["new"], count["again"], count["conflict"], count["refused"] >"want.counts"
}' >mixed.jsonl
run -d mixed.db -p p.conf ingest --json --verdicts mixed.verdicts mixed.jsonl
is "$(json '"\(.ingested) \(.duplicates) \(.conflicts) \(.refused)"')" "$(cat want.counts)" \
    "new, known, conflicting and broken lines are counted"
jq -r 'if .error then "line \(.line)" else .id end' mixed.verdicts >told
ok "and each has its verdict in its place" cmp -s told want.told
run -d mixed.db audit verify
is "$code" 0 "and the log agrees with what was stored"

# A store that somebody has altered may refuse an item for another reason.
record odd1 0.7 "The same." >odd.jsonl
record odd2 0.7 "The same." >>odd.jsonl
"$HANDRAIL" -d odd.db -p p.conf init >/dev/null 2>&1
sqlite3 odd.db 'CREATE UNIQUE INDEX theirs ON items (snippet)'
run -d odd.db -p p.conf ingest odd.jsonl
is "$code" 2 "what the store refuses for a reason of its own ends the work"
like "$err" 'odd\.jsonl:2: the store refuses the item.*handrail doctor' "and is told with its place"

# What is no text is refused as a whole, whatever its bytes; a file whose lines are all
# refused for one reason is told of once, one with others line by line.
perl -e 'srand 7; print pack("C*", 0x80, map { int rand 256 } 1 .. 300000)' >noise
perl -e 'srand 8; print "{", pack("C*", map { int rand 256 } 1 .. 300000)' >noise2
for file in noise noise2; do
	run -d noise.db ingest $file
	is "$code:$(printf '%s\n' "$err" | grep -v 'made the store')" \
	    "1:handrail: ingest: $file:1: this is no text in UTF-8; a record is a line of JSON" "$file: one line"
	run check $file
	is "$code:$(printf '%s\n' "$out" | wc -l)" 1:1 "of check too"
	run check - <$file
	is "$code:$(printf '%s\n' "$out" | wc -l)" 1:1 "from standard input too"
done
printf '{"output":"\303\244","id":"a"}\n\001\002\377\376\n{"output":"b","id":"b"}\n' >partly
run -d noise.db ingest partly
like "$out" '^ingested 2: .* 1 refused$' "a line of such bytes is a line's mistake"
i=0
while [ $((i += 1)) -le 300 ]; do echo '{"output":NaN}'; done >nan.jsonl
run -d noise.db ingest nan.jsonl
like "$err" '^handrail: ingest: nan\.jsonl:1: byte 10: NaN is not JSON: .* \(and 299 more like it\)$' "all lines alike"
like "$out" ', 300 refused$' "and how many"
{ echo '{"id":"c","output":"c"}'; head -n 3 nan.jsonl; } >some.jsonl
run -d noise.db ingest some.jsonl
is "$(printf '%s\n' "$err" | grep -c '^handrail: ingest: some\.jsonl:[234]: byte 10: NaN is not JSON')" 3 "among others each is told"
printf 'queue "q" {\n  lease = "1m"\n}\n' >text.conf
run -d noise.db ingest text.conf
is "$code:$(printf '%s\n' "$err" | wc -l)" 1:1 "a text that holds no records"

mkdir empty
for path in empty nowhere.jsonl; do
	try 2 "ingest $path" -d left.db ingest $path
	ok "leaves no store" test ! -e left.db
done
done_testing

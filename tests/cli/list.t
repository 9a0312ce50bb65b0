#!/bin/sh
# list and show: what is where, in screen order, with every key that the manual names.
. "$(dirname "$0")/lib.sh"

basic_policy >p.conf
{
	record a1 0.97
	record f1 0.70 "First answer." ',"metadata":{"lang":"en"},"context":[{"title":"t","text":"x"}]'
	record f2 0.95 "Write to ana@example.com."
	record f3 0.99 "Yes." ',"metadata":{"amount":900}'
	record e1 0.10
} >in.jsonl
"$HANDRAIL" -d s.db -p p.conf ingest in.jsonl >/dev/null 2>&1

run -d s.db list --json
is "$code" 0 "list runs"
is "$(json .id)" "$(printf 'f3\nf1\nf2')" "flagged items, priority first, then by due and arrival"
row=$(printf '%s\n' "$out" | sed -n 3p)
is "$(json keys_unsorted "$row")" \
    '["id","queue","state","route","rule","confidence","severity","failures","guards","model","prompt","variant","priority","sampled","stop","by","decided_at","input_tokens","output_tokens","cost_usd","first_token_ms","attempts","tier","sent","created_at","ingested_at","due_at","lease","snippet"]' \
    "the keys of a row"
is "$(json '[.id,.queue,.state,.route,.rule,.confidence,.severity,.failures,.guards,.model,.prompt,.variant,.priority,.sampled,.created_at,.lease,.snippet]' "$row")" \
    '["f2","support","flagged","flag","no rule matched",0.95,"medium",1,["pii"],"m1","p@1","A",0,false,null,null,"Write to ana@example.com."]' \
    "and their values"
like "$(json .ingested_at "$row")" '^20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\.[0-9]{3}Z$' "times are RFC 3339 in UTC with milliseconds"
is "$(json '((.due_at|sub("\\.[0-9]+";"")|fromdate)-(.ingested_at|sub("\\.[0-9]+";"")|fromdate))/3600|round' "$row")" 4 "due is the queue's sla after arrival"

run -d s.db list --json --state escalated
is "$(json .id)" e1 "--state escalated"
run -d s.db list --json --state approved
is "$(json .id)" a1 "--state approved"
run -d s.db list --json --queue none
is "$code:$out" 2: "--queue of nothing"
like "$err" '--queue none: the policy does not name it, and nothing came for it; the queue is support$' "is a mistake"
run -d s.db list --json --queue support --state rejected
is "$code:$out" 0: "not one of which nothing is in that state"
run -d s.db list --json --where "failures = 1 AND confidence > 0.9"
is "$(json .id)" f2 "--where takes a condition"
run -d s.db list --json --where "metadata->>'amount' > 500"
is "$(json .id)" f3 "over metadata too"
run -d s.db list --json --where "model = 'm1' AND id LIKE 'f%' AND priority = 0"
is "$(json .id)" "$(printf 'f1\nf2')" "and over the keys of a row"
run -d s.db list --where "confidnce > 1"
is "$code" 2 "a mistake in a condition: exit 2"
like "$err" '^handrail: list: .*no such column: confidnce' "and its reason"
run -d s.db list --where "1); DELETE FROM items; --"
is "$code" 2 "a condition is one expression"
run -d s.db list --where "(SELECT 1 FROM sqlite_master)"
is "$code" 2 "and reads nothing else"
run -d s.db list --json --limit 2
is "$(json .id)" "$(printf 'f3\nf1')" "--limit"
"$HANDRAIL" -d s.db decide f1 accept
run -d s.db list --json --state accepted --where "by = '$(id -un)' AND decided_at > ago('1h')"
like "$(json '[.id,.by,.decided_at]')" "^\[\"f1\",\"$(id -un)\",\"20.*Z\"\]\$" "who decided last, and when"
"$HANDRAIL" -d s.db decide f1 undo
run -d s.db list --json --limit 2
is "$(json '[.by,.decided_at]')" '[null,null]
[null,null]' "what was taken back is none"
run -d s.db list --json --limit 2 --after f1
is "$(json .id)" f2 "--after goes on behind an item"
run -d s.db list --state sleeping
is "$code" 2 "no such state: exit 2"

run -d s.db list
like "$out" '0\.95.*Write to ana@example\.com' "the table has what a reviewer looks for"

run -d s.db show --json f2
is "$(json keys_unsorted)" \
    '["id","queue","state","route","rule","confidence","severity","failures","guards","model","prompt","variant","priority","sampled","stop","by","decided_at","input_tokens","output_tokens","cost_usd","first_token_ms","attempts","tier","sent","created_at","ingested_at","due_at","lease","snippet","output","messages","context","metadata","latency_ms","policy","rules","suggest","findings","errors","released","release","decisions","skips","opinions"]' \
    "the keys of show"
is "$(json '[.output,.messages,.input_tokens,.output_tokens,.cost_usd,.latency_ms,.released,.release,.errors,.decisions]')" \
    '["Write to ana@example.com.",[{"role":"user","content":"Question of f2?"}],10,5,0.002,100,false,"A colleague will write to you.",[],[]]' \
    "and their values"
is "$(json .rules)" \
    '[{"name":"leaked secret","value":false,"because":{"failed('"'secrets'"')":false}},{"name":"unsure","value":false,"because":{"confidence":0.95}},{"name":"large refund","value":null,"because":{"amount":null}},{"name":"confident","value":false,"because":{"confidence":0.95,"failures":1}}]' \
    "every rule tried with its result"
is "$(json '.findings|map([.guard,.kind,.start,.end])')" '[["pii","EMAIL_ADDRESS",9,24]]' "its findings"
run -d s.db show --json f1
is "$(json '[.context,.metadata]')" '[[{"title":"t","text":"x"}],{"lang":"en"}]' "context and metadata as they came"
run -d s.db show f1
like "$out" 'First answer\.' "show prints the output for people"
like "$out" 'no rule matched' "and why it is here"

run -d s.db show nothing
is "$code" 1 "no such item: exit 1"
like "$err" '^handrail: show: .*nothing' "and its id"
record f1 0.5 | "$HANDRAIL" -d s.db ingest --queue other - >/dev/null
run -d s.db show f1
is "$code" 2 "an id that several queues hold: exit 2"
like "$err" 'support' "naming them"
like "$err" 'other' "all"
run -d s.db show --json --queue other f1
is "$(json .queue)" other "--queue chooses"

# Columns that fit: lines never wider than the terminal, the head above its
# cells, and in a pipe each id whole, so that it can be handed on.
cat >wide.jsonl <<'LINES'
{"output":"No id of its own, so that a hash stands for it.","confidence":0.5}
{"id":"日本語のとても長い識別子でございます","output":"全角文字の出力がここにあります。長い文章です。とても長い文章ですから、切られます。とても長い文章ですから、切られます。","confidence":0.5,"model":"モデル"}
{"id":"short","output":"Fine, and long enough to be cut at every one of the widths that are tried here, the widest one too, which has two hundred columns: there is more to say than fits.","confidence":0.5}
LINES
"$HANDRAIL" -d w.db ingest wide.jsonl >/dev/null 2>&1
for columns in 200 120 80 40 20 10; do
	PAGER="cat -" perl "$root/tests/screen/pty.pl" screen $columns 24 "$HANDRAIL" -d w.db list </dev/null
	tr -d '\r' <screen >table
	ok "$columns columns: no line is wider" test "$(wc -L <table)" -le $columns
	is "$(wc -l <table)" 4 "$columns columns: a head and a line an item"
done
for columns in 200 120; do
	PAGER="cat" perl "$root/tests/screen/pty.pl" screen $columns 24 "$HANDRAIL" -d w.db list </dev/null
	like "$(cat screen)" '^ID .* STATE .*CONF RULE ' "$columns columns: state, confidence and rule have room"
	like "$(cat screen)" '^sha256:[0-9a-f]{32} ' "and ids are whole"
done
run -d w.db list
like "$out" '^sha256:[0-9a-f]{32} ' "in a pipe too"
run -d w.db show "$(printf '%s\n' "$out" | sed -n 's/^\(sha256:[^ ]*\) .*/\1/p')"
is "$code" 0 "where the next command takes it"

# Numbers: what was read or worked out as ECMAScript prints it, the record's own
# JSON as it came.
printf '%s\n' '{"id":"n","queue":"support","output":{"v":1.0,"w":1E2},"confidence":1.0,"cost_usd":1.1e3,"latency_ms":0.0000001,"guards":[{"name":"toxicity","result":"fail","score":1.0}],"metadata":{"n":1.10,"big":12345678901234567890}}' >n.jsonl
"$HANDRAIL" -d n.db -p p.conf ingest n.jsonl >/dev/null 2>&1
run -d n.db show --json n
like "$out" '"confidence":1,.*"cost_usd":1100,.*"latency_ms":1e-7,.*"score":1,' "numbers are short"
like "$out" '"output":\{"v":1\.0,"w":1E2\},.*"metadata":\{"n":1\.10,"big":12345678901234567890\}' \
    "the record's own JSON is as it came"
run -p p.conf check n.jsonl
like "$out" '"guard":"toxicity".*"score":1,' "check prints them alike"

# Where nobody said how many, what is left out is told.
i=0
while [ $((i += 1)) -le 53 ]; do record m$i 0.70; done >many.jsonl
"$HANDRAIL" -d m.db -p p.conf ingest many.jsonl >/dev/null 2>&1
run -d m.db list --json
is "$code:$(json .id | tail -n 1):$err" \
    "0:m50:handrail: list: 50 of 53; -n 0 lists all, --after m50 goes on" "more than fifty"
run -d m.db list --json --after m50
is "$(json .id | tr '\n' ' ')$err" "m51 m52 m53 " "goes on"
run -d m.db list --json -n 0
is "$(json .id | wc -l)$err" 53 "all"
run -d m.db list --json -n 50
is "$(json .id | wc -l)$err" 50 "as many as were asked for, and nothing is said"
run -d m.db list --json -w 'id != '"'m7'"
is "$(json .id | wc -l) $err" \
    "50 handrail: list: 50, and there are more; -n 0 lists all, --after m51 goes on" "under a condition"
run -d m.db list --json -w "id > 'm3'"
is "$(json .id | wc -l)$err" 30 "not where there are no more"
PAGER='cat; echo paged' perl "$root/tests/screen/pty.pl" screen 80 24 "$HANDRAIL" -d m.db list </dev/null >screen 2>&1
like "$(sed -n '/paged/,$p' screen)" '50 of 53' "on a terminal behind the pager"

run -d none.db list
is "$code" 2 "no store to read: exit 2"
like "$err" '^handrail: .*none\.db' "and its name"
ok "reading makes no store" test ! -e none.db
done_testing

#!/bin/sh
# audit query: who decided what, when and why; the same answers with and without
# the index.
. "$(dirname "$0")/lib.sh"

test_store s.db
basic_policy >p.conf
{ record a1 0.97; record f1 0.70; record f2 0.70; record e1 0.10; } >in.jsonl
at() { when=$1; shift; HANDRAIL_CLOCK=$when "$HANDRAIL" -d s.db "$@" >/dev/null 2>&1; }
monday=1772452800000 tuesday=1772539200000
at $monday -p p.conf ingest in.jsonl
at $monday decide f1 reject --reason tone --note 'not "so", =1+1'
at $tuesday decide f2 accept
at $tuesday erase f1

run -d s.db audit query --event decision --json
is "$(json '[.item,.reason,.note]')" "$(printf '%s\n' '["f1",null,null]' '["f2",null,null]')" "what was erased is null"
at $tuesday decide e1 reject --reason tone --note 'not "so", =1+1'
run -d s.db audit query --event decision --item e1 --json
is "$(json '[.reason,.note]')" '["tone","not \"so\", =1+1"]' "reason and note stand beside a decision"
is "$(json 'keys == (keys | sort) and (keys_unsorted == (keys | sort))')" true "keys stay sorted"
run -d s.db audit query --event route --json --limit 1
is "$(json 'has("reason")')" false "and beside nothing else"
run -d s.db audit query --event decision --item e1
like "$out" '^SEQ +TIME +BY +EVENT +ITEM +WHAT$' "a table has a head"
like "$out" '^[0-9]+ +2026-03-03T12:00:00Z .* e1 +queue=support decision=reject .* reason="tone" note="not "so", =1\+1"$' "and the same"
TZ=Europe/Athens run -d s.db audit query --event decision --item e1
like "$out" '2026-03-03T14:00:00\+02:00' "its times are local"
run -d s.db audit query --event decision --item e1 --csv
like "$out" '^seq,ts,by,role,uid,via,event,item,queue,decision,.*,reason,note,leaf_sha256$' "CSV has a head"
like "$out" '^[0-9]+,"2026-03-03T12:00:00.000Z",.*,"tone","not ""so"", =1\+1","[0-9a-f]{64}"$' "and quotes"

seqs() { "$HANDRAIL" -d s.db audit query --json "$@" | jq .seq | paste -sd' ' -; }
is "$(seqs --rule confident)" "$(seqs --where "rule = 'confident'")" "--rule"
is "$(seqs --queue support)" "$(seqs --where "queue = 'support'")" "--queue"
is "$(HANDRAIL_CLOCK=$tuesday seqs --since yesterday)" "$(seqs)" "--since yesterday"
is "$(HANDRAIL_CLOCK=$tuesday seqs --since today --event decision)" "$(seqs --where "event = 'decision' AND ts > '2026-03-03'")" "--since today"
is "$(HANDRAIL_CLOCK=$tuesday seqs --until today --event decision)" "$(seqs --event decision --limit 1)" "--until"
all=$(seqs)
pages='' after=
while page=$(seqs --limit 3 ${after:+--after $after}) && [ -n "$page" ]; do
	pages="$pages${pages:+ }$page" after=${page##* }
done
is "$pages" "$all" "paged by --after"
try 2 "a queue that nobody knows is a mistake" -d s.db audit query --queue suport
try 2 "an event that nobody knows too" -d s.db audit query --event decisions
like "$err" 'no such event; there are log\.create,.* decision, ' "and those that there are are named"
run -d s.db audit query --where "$(printf '%0300d' 0 | tr 0 '(')1$(printf '%0300d' 0 | tr 0 ')')"
like "$err" 'condition: it is nested too deeply$' "a condition of 300 parentheses is refused in plain words"
try 2 "--json and --csv exclude each other" -d s.db audit query --json --csv

# A log that is long enough for its index to be made.
awk 'BEGIN { for (i = 0; i < 8200; i++) printf "{\"id\":\"n%d\",\"queue\":\"support\",\"output\":\"x\",\"confidence\":0.%d}\n", i, i % 97 == 5 ? 2 : 7 }' >more.jsonl
at $tuesday ingest more.jsonl
want=$(seqs --where "rule = 'unsure'")
is "$( (trap '' XFSZ; ulimit -f 100; seqs --rule unsure) 2>err)" "$want" "where there is no room for the index the answer is the same"
like "$(cat err)" "the log's index stops here: s\.db: .*(full|disk I/O error)" "and why it took so long is said"
is "$(seqs --rule unsure)" "$want" "the index changes no answer"
[ "$(sqlite3 s.db "SELECT block FROM leaf_index WHERE key = 'end'")" -gt 300 ]
is $? 0 "which was made"
perl "$root/tests/screen/pty.pl" screen 80 24 "$HANDRAIL" -d s.db audit verify </dev/null
like "$(tr '\r' '\n' <screen)" '8192 of 8[0-9]+ leaves, [0-9]+/s' "audit verify tells how far it is on a terminal"
run -d s.db audit verify
is "$code:$(printf '%s\n' "$err" | grep -v 'note: leaf [0-9]*: the clock had been set back')" 0: "and nowhere else"
at $tuesday decide n5 reject
is "$(seqs --item n5 | wc -w)" 2 "what came since is found too"
sed 's/0.40/0.10/' p.conf >q.conf
at $tuesday policy apply q.conf
at $tuesday reroute
is "$(seqs --item n102)" "$(seqs --where "item = 'n102'")" "an item routed anew keeps its history"
run -d s.db audit verify
is "$code" 0 "the store verifies"
done_testing

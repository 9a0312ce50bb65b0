#!/bin/sh
# What a queue asks for beside a decision: ratings, evidence, why an item is skipped.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

cat >p.conf <<\POLICY
queue "support" {
    evidence = true
    skip_reasons = { "not my language", "needs an expert" }
    rating "helpful" { max = 5 }
    rating "polite" { max = 3 }
}
POLICY
for id in a1 a2 a3 a4; do printf '{"id":"%s","queue":"support","output":"Zwölf Tage, höchstens."}\n' $id; done >in.jsonl
"$HANDRAIL" -d s.db -p p.conf ingest in.jsonl >/dev/null 2>&1
# of ID FILTER
of() {
	"$HANDRAIL" -d s.db show "$1" --json | jq -c "$2"
}
like "$("$HANDRAIL" policy check p.conf)" '^  rating polite: 1 to 3$' "policy check has them"
for wrong in 'max = 1' 'max = 10' 'max = 2.5' ''; do
	sed "s/max = 3/$wrong/" p.conf >wrong.conf
	run policy check wrong.conf
	like "$code $err" '^2 handrail: .*wrong.conf:5:.*(from 2 to 9|max is missing)' "refused: rating { $wrong }"
done
run -d s.db decide a1 accept --rating 'helpful=4, polite=3' --evidence 0-5,12-20
is "$code" 0 "decided with all of it"
is "$(of a1 '.decisions[0] | [.ratings, .evidence]')" \
    '[{"helpful":4,"polite":3},[{"start":0,"end":5},{"start":12,"end":20}]]' "show --json has it"
while read -r options; do
	# shellcheck disable=SC2086 # several options
	run -d s.db decide a2 accept $options
	[ "$code" != 0 ] && [ "$(of a2 .state)" = '"flagged"' ]
	is $? 0 "refused: $options"
done <<\OPTIONS
--rating helpful=6
--rating helpful=0
--rating helpful
--rating helpful=4,helpful=4
--rating kind=1
--evidence 0-23
--evidence 5-5
--evidence 5
OPTIONS
"$HANDRAIL" -d s.db review --plain >out 2>err <<\LINES
skip needs an expert
ratings helpful=9
ratings helpful=2
evidence 6-10
reject too vague
q
LINES
is "$(of a2 '[.state, (.skips[] | .by == "'"$(id -un)"'", .reason)]')" '["flagged",true,"needs an expert"]' "skipped, with the reason"
is "$(of a3 '.decisions[0] | [.decision, .ratings, .evidence]')" '["reject",{"helpful":2},[{"start":6,"end":10}]]' "line by line, too"
"$HANDRAIL" -d s.db export --format jsonl >out.jsonl 2>/dev/null
is "$(jq -c 'select(.id == "a1") | .decisions[0].ratings' out.jsonl)" '{"helpful":4,"polite":3}' "an export has them"
for format in csv labelstudio argilla; do "$HANDRAIL" -d s.db export --format $format --where "id = 'a1'" >out.$format 2>/dev/null; done
is "$(head -n 1 out.csv | tr -d '\r' | sed 's/.*final//')" ",ratings,evidence" "csv: two columns more"
like "$(tail -n 1 out.csv)" '"{""helpful"":4,""polite"":3}","\[{""start"":0,""end"":5},{""start"":12,""end"":20}\]"' "with both"
is "$(jq -c '[.[0].annotations[0].result[] | select(.type == "rating") | [.from_name, .to_name, .value]]' out.labelstudio)" \
    '[["helpful","output",{"rating":4}],["polite","output",{"rating":3}]]' "Label Studio: results of the type rating"
is "$(jq -c '[.[0].annotations[0].result[] | select(.from_name == "evidence") | .value]' out.labelstudio)" \
    '[{"start":0,"end":5,"text":"Zwölf","labels":["evidence"]},{"start":12,"end":20,"text":"höchsten","labels":["evidence"]}]' "and spans"
is "$(jq -c '.items[0].responses[0].values | [.helpful, .polite, .evidence]' out.argilla)" \
    '[{"value":4},{"value":3},{"value":[{"start":0,"end":5,"label":"evidence"},{"start":12,"end":20,"label":"evidence"}]}]' "Argilla: answers of rating and span questions"
is "$("$HANDRAIL" -d s.db stats --json | jq -c .ratings)" '[{"name":"helpful","given":2,"mean":3},{"name":"polite","given":1,"mean":3}]' "stats: how many, and the average"
like "$("$HANDRAIL" -d s.db stats)" "ratings          3.00 on average of 2: helpful" "in words too"
ok "the log holds" "$HANDRAIL" -d s.db audit verify
is "$("$HANDRAIL" -d s.db audit query --event skip --json | jq -r .item)" a2 "a skip with a reason has its leaf"
printf '{"id":"a5","queue":"support","output":"It was asked."}\n' | "$HANDRAIL" -d s.db ingest >/dev/null 2>&1
printf '%s\n' skip 'skip 2' | "$HANDRAIL" -d s.db review --plain --where "id IN ('a4', 'a5')" >out
is "$(of a5 '.skips[0].reason')" '"needs an expert"' "a skip says why by a number"
is "$(of a4 '.skips') $(grep -c 'not my language' out)" '[] 0' "in a pipe the next line is no answer of it: it is the next item's"
"$HANDRAIL" -d s.db review --plain --where "id = 'a5'" >out 2>err <<\LINES
accept
9
4

5-5
0-99
accept

3
0-2
LINES
is "$(grep -o "helpful, 1 to 5" out | wc -l)" 3 "a rating is asked for, again where it was none"
like "$(cat out)" "9: no rating; 1 to 5, or an empty line, is wanted" "which says what is wanted"
like "$(cat out)" "evidence, characters of the output" "and evidence"
like "$(cat err)" "evidence" "a span that is not in the output is refused"
is "$(of a5 '.decisions[0] | [.decision, .ratings, .evidence]')" '["accept",{"polite":3},[{"start":0,"end":2}]]' "and all is asked anew"
printf '{"id":"a6","queue":"support","output":"It was asked."}\n' | "$HANDRAIL" -d s.db ingest >/dev/null 2>&1
sed 's/"helpful"/"useful"/' p.conf >renamed.conf
mkfifo typed.fifo
"$HANDRAIL" -d s.db review --plain --where "id = 'a6'" <typed.fifo >out 2>err &
exec 8>typed.fifo
await grep -q "accept, edit" out
"$HANDRAIL" -d s.db policy apply renamed.conf >/dev/null
printf '%s\n' accept 4 '' '' accept 5 '' '' q >&8
exec 8>&-
wait
like "$(cat err)" 'asks for no rating "helpful"' "a rating that a new policy renamed is refused"
is "$(of a6 '.decisions[0].ratings')" '{"useful":5}' "and asked for by its new name"
"$HANDRAIL" -d s.db policy apply p.conf >/dev/null
for change in "UPDATE decisions SET ratings = '{\"helpful\":5}'" "UPDATE decisions SET evidence = NULL" \
    "UPDATE skips SET reason = 'x'" "UPDATE skips SET by = 'eve'" "DELETE FROM skips" \
    "INSERT INTO skips SELECT 0, item, ts_ms, uid, by, role, via, reason FROM skips LIMIT 1"; do
	rm -f c.db*; "$HANDRAIL" -d s.db backup c.db 2>/dev/null
	sqlite3 c.db "$change"
	run -d c.db audit verify
	is "$code" 1 "found: $change"
done
rm -f c.db*; "$HANDRAIL" -d s.db backup c.db 2>/dev/null
sqlite3 c.db "UPDATE decisions SET ratings = '{\"decision\":2}', evidence = '[{\"start\":9,\"end\":3},7,{\"end\":2},{\"start\":0,\"end\":5}]'"
for format in labelstudio argilla; do "$HANDRAIL" -d c.db export --format $format --where "id = 'a1'" >out.$format 2>/dev/null; done
is "$(jq -c '[.[0].annotations[0].result[] | [.from_name, .type, .value.text]]' out.labelstudio)" \
    '[["decision","choices",null],["rating-decision","rating",null],["evidence","labels","Zwölf"]]' "a rating called as the decision has a name of its own; what is stored and is no span is none"
is "$(jq -c '.items[0].responses[0].values | [.decision.value, ."rating-decision".value, (.evidence.value | length)]' out.argilla)" '["accept",2,1]' "there too"
"$HANDRAIL" -d s.db decide a2 reject 2>/dev/null
"$HANDRAIL" -d s.db erase a1 >/dev/null 2>&1
"$HANDRAIL" -d s.db erase a2 >/dev/null 2>&1
is "$(of a1 '.decisions[0] | [.ratings, .evidence]') $(of a2 '.skips[0].reason')" '[{},[]] null' "erased with the item"
ok "and the log still holds" "$HANDRAIL" -d s.db audit verify
done_testing

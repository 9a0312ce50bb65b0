#!/bin/sh
# policy: checked, applied, kept, rolled back.
. "$(dirname "$0")/lib.sh"

basic_policy >p.conf
run policy check p.conf
is "$code" 0 "policy check: a sound one"
like "$out" '^  rule large refund -> flag, priority 5 when num\(metadata' "it says what it understood: a rule"
like "$out" '^  guard pii \(pii\), kinds EMAIL_ADDRESS, redact label$' "a guard with its options"
like "$out" '^queue support: lease 15m, sla 4h' "a queue"
is "$err" "" "and has nothing to warn of"
cat >lint.conf <<\POLICY
guard "long" { kind = "length"  max = 9 }
guard "short" { kind = "length"  min = 2 }
queue "q" { guards = { "long" }  lease = "90s"
  rule "all"  { when = "1"  route = flag }
  rule "late" { when = "failed('long')"  route = escalate } }
POLICY
run policy check lint.conf
is "$code" 1 "policy check: a rule that can never match"
like "$err" '^handrail: policy: warning: lint\.conf:5:[0-9]+: rule "late" can never match: "all" \(line 4\)' "it is named with its line, and why"
like "$err" 'warning: lint\.conf:2:7: guard "short" is used by no queue' "so is a guard that no queue uses"
is "$(printf '%s\n' "$err" | wc -l)" 2 "and nothing else"
like "$out" '^queue q: lease 90s' "what it understood is printed all the same"
grep -v late lint.conf >l.conf; echo '}' >>l.conf
run policy check l.conf
is "$code" 0 "a guard that is not used does no harm"
# broken NAME WANT-MESSAGE-REGEX TEXT
broken() {
	printf '%s\n' "$3" >b.conf
	run policy check b.conf
	is "$code" 2 "$1"
	like "$err" "^handrail: policy: b\.conf:$2" "$1: $err"
}
broken "an unknown column" '2:21: rule "x": no such column: confidnce' \
    'queue "q" {
  rule "x" { when = "confidnce > 1"  route = flag } }'
broken "two rules of one name" '3:8: .*x' \
    'queue "q" {
  rule "x" { when = "1"  route = flag }
  rule "x" { when = "0"  route = flag } }'
broken "a name that no guard has" "2:21: rule \"x\": .*nobody" \
    "queue \"q\" {
  rule \"x\" { when = \"failed('nobody')\"  route = flag } }"
broken "a \${ in double quotes" '1:40: ' 'guard "g" { kind = "regex"  pattern = "${HOME}" }
queue "q" { guards = { "g" } }'
broken "a pattern that does not compile" '1:39: .*g' "guard \"g\" { kind = \"regex\"  pattern = '(' }"
broken "a route that is none" '2:34: ' 'queue "q" {
  rule "x" { when = "1"  route = burn } }'
broken "an option that the kind has not" '1:44: ' "guard \"g\" { kind = \"regex\"  pattern = 'a'  wrods = 1 }"

record f1 0.95 >in.jsonl
"$HANDRAIL" -d s.db -p p.conf ingest in.jsonl >/dev/null 2>&1
sed 's/0\.92/0.96/' p.conf >q.conf
run -d s.db policy apply q.conf
is "$code" 0 "policy apply"
TZ=Asia/Tokyo run -d s.db policy list
like "$out" ' 20[0-9T:-]+\+09:00  ' "the table has local time"
run -d s.db policy list --json
is "$(json .policy | sort -u | wc -l)" 2 "both are kept"
record f2 0.95 | "$HANDRAIL" -d s.db ingest - >/dev/null
is "$("$HANDRAIL" -d s.db show --json f2 | jq -r .state)" flagged "the new one judges"
first=$("$HANDRAIL" -d s.db show --json f1 | jq -r .policy)
if has policy rollback; then
	rm p.conf q.conf
	run -d s.db policy rollback "$first"
	is "$code" 0 "policy rollback uses the stored bytes"
	record f3 0.95 | "$HANDRAIL" -d s.db ingest - >/dev/null
	is "$("$HANDRAIL" -d s.db show --json f3 | jq -rc '[.state,.policy]')" '["approved","'"$first"'"]' "the first one judges again"
	is "$("$HANDRAIL" -d s.db audit query --json | jq -rc 'select(.event=="policy.apply").event' | wc -l)" 3 "each change leaves a leaf"
fi
done_testing

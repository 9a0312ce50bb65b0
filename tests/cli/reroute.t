#!/bin/sh
# A policy's life: tested, compared, rolled back; and what is still flagged goes
# through the new one.
. "$(dirname "$0")/lib.sh"

basic_policy >p.conf
sed 's/0\.92/0.70/' p.conf >q.conf
{ record a 0.95; record b 0.80; record c 0.75 'Mail ana@example.com'; record d 0.60; } >in.jsonl
run -d s.db -p p.conf ingest in.jsonl
is "$out" "ingested 4: 1 approved, 3 flagged, 0 escalated; 0 duplicates, 0 conflicts, 0 refused" "routed by the first policy"

try 0 "reroute under the same policy" -d s.db reroute
is "$out" "rerouted 0: 0 approved, 0 flagged, 0 escalated; 0 held by reviewers, 3 of this policy already" "nothing to do"

run -d s.db policy diff q.conf
is "$code" 1 "policy diff: they differ"
like "$out" '^\+.*confidence >= 0\.70' "the new line"
like "$out" '^-.*confidence >= 0\.92' "and the old one"
run -d s.db policy diff p.conf
is "$code:$out" "0:" "policy diff: the same"

run -d s.db next --json --where "id = 'd'"
is "$(json .id)" d "d is in somebody's hands"
run -d s.db policy apply q.conf
run -d s.db reroute --json
is "$out" '{"rerouted":2,"approved":1,"flagged":1,"escalated":0,"held":1,"current":0}' "reroute leaves what is held"
run -d s.db show --json b
is "$(json '[.state,.rule,.released,.release]')" '["approved","confident",true,"Answer b."]' "b goes out now"
run -d s.db releases --json
is "$(json .id | tr '\n' ' ')" "a b " "and is in the feed"
run -d s.db show --json c
is "$(json '[.state,(.findings|length)]')" '["flagged",1]' "c stays, its findings once"
is "$("$HANDRAIL" -d s.db stats --json | jq -c .states)" \
    '{"approved":2,"flagged":2,"escalated":0,"accepted":0,"edited":0,"rejected":0}' "the counts follow"
ok "the log agrees" "$HANDRAIL" -d s.db audit verify

# What was said before an item was routed anew is history: an undo of it would
# take an approved item, whose text is out, back to an earlier state.
record r 0.80 | "$HANDRAIL" -d r.db -p p.conf ingest - >/dev/null 2>&1
"$HANDRAIL" -d r.db decide r escalate >/dev/null
"$HANDRAIL" -d r.db decide r return >/dev/null
"$HANDRAIL" -d r.db policy apply q.conf >/dev/null
"$HANDRAIL" -d r.db reroute >/dev/null
run -d r.db decide r undo
is "$code:$err" "1:handrail: decide: r: no decision to undo" "no undo reaches behind a reroute"
is "$("$HANDRAIL" -d r.db show --json r | jq -c '[.state,.released]')" '["approved",true]' "the item stays as it was routed"
ok "and the log agrees" "$HANDRAIL" -d r.db audit verify

run -d s.db policy rollback
is "$code" 0 "policy rollback"
run -d s.db policy list --json
is "$(json '[.n,.current]' | tr '\n' ' ')" '[1,false] [2,false] [3,true] ' "is applied anew, not erased"
is "$(json .policy | sed -n 1p)" "$(json .policy | sed -n 3p)" "the first one again"
record e 0.80 | "$HANDRAIL" -d s.db ingest - >/dev/null
is "$("$HANDRAIL" -d s.db show --json e | jq -r .state)" flagged "and judges"
run -d s.db policy rollback nosuchid
is "$code:$err" "1:handrail: policy: policy nosuchid: the store does not have it; see handrail policy list" "an unknown id"

cat >cases.jsonl <<\CASES
{"name":"mail is flagged","record":{"queue":"support","output":"write to ana@example.com","confidence":0.99},"expect":{"route":"flag","rule":"no rule matched","findings":[{"guard":"pii","kind":"EMAIL_ADDRESS"}]}}

{"record":{"queue":"support","output":"fine","confidence":0.99},"expect":{"route":"approve","findings":[]}}
CASES
try 0 "policy test: all as expected" -p p.conf policy test cases.jsonl
is "$out" "TAP version 14
1..2
ok 1 - mail is flagged
ok 2 - line 3" "TAP"
printf '%s\n' '{"name":"a <b>","record":{"output":"x"},"expect":{"route":"approve"}}' >>cases.jsonl
try 1 "policy test: a miss" -p p.conf policy test cases.jsonl
like "$out" '^not ok 3 - a <b>$' "is named"
like "$out" '^# route: wanted approve, got flag$' "with what came instead"
run -p p.conf policy test cases.jsonl --junit
like "$out" 'tests="3" failures="1"' "JUnit counts"
like "$out" 'name="a &lt;b>"><failure message="route: wanted approve, got flag"/>' "JUnit names the miss"
printf '{"record":1}\n' >>cases.jsonl
try 2 "policy test: a line that is no case" -p p.conf policy test cases.jsonl
like "$err" '^handrail: policy: cases\.jsonl:5: a case is an object' "is named, and nothing is printed"
is "$out" "" "not half a report"
for command in reroute stats; do
	run -d s.db $command --queue suport
	is "$code" 2 "$command: a queue that nobody knows: exit 2"
	like "$err" "^handrail: $command: --queue suport: the policy does not name it, and nothing came for it" "and says so"
done
done_testing

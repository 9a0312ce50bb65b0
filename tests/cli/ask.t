#!/bin/sh
# A script waits for a person: released, rejected, nobody in time, interrupted, and two
# who ask the same.
. "$(dirname "$0")/lib.sh"

cat >p.conf <<'CONF'
queue "deploys" { fallback = "Not now."
  rule "small" { when = "num(metadata->>'hosts') <= 1" route = approve } }
queue "held" { hold = "1s" }
CONF
"$HANDRAIL" -d s.db -p p.conf init >/dev/null
plan() {
	printf '{"id":"%s","queue":"deploys","output":"plan %s","metadata":{"hosts":%s}}\n' \
	    "$1" "$1" "$2"
}
ask() {
	"$HANDRAIL" -d s.db ask "$@" >out 2>err
	echo "$? $(cat out) $(cat err)"
}
decide() {
	"$HANDRAIL" -d s.db decide "$@"
}

is "$(plan p1 1 | ask)" "0 plan p1 " "what the policy approves is printed at once"
plan p2 5 >p2.json
"$HANDRAIL" -d s.db ask p2.json >one.out 2>one.err & one=$!
"$HANDRAIL" -d s.db ask --wait 1h - <p2.json >two.out 2>two.err & two=$!
ok "another waits" await decide p2 accept
wait $one; rc=$?
wait $two
is "$rc $? $(cat one.out two.out one.err two.err)" "0 0 plan p2
plan p2" "for a person; two who ask the same get the same"
is "$("$HANDRAIL" -d s.db list -s all --json | jq -r .id | sort | tr '\n' ' ')" "p1 p2 " \
    "it is one item"

plan p3 5 | "$HANDRAIL" -d s.db ask >one.out 2>one.err & one=$!
ok "it is rejected" await decide p3 reject
wait $one
is "$? $(cat one.out) $(cat one.err)" "1 Not now. handrail: ask: p3: rejected" \
    "which is said, and the fallback printed"
plan p4 5 | "$HANDRAIL" -d s.db ask >one.out 2>one.err & one=$!
printf 'plan p4, on Monday' >new
ok "it is edited" await decide p4 edit --output-file new
wait $one
is "$? $(cat one.out)" "0 plan p4, on Monday" "then that is printed"

is "$(plan p5 5 | ask --wait 0s)" \
    "1 Not now. handrail: ask: p5: nobody decided in time; it waits on" "nobody in time"
is "$("$HANDRAIL" -d s.db show --json p5 | jq -r .state)" flagged "and it waits on"
is "$(plan p5 5 | ask --wait 0s --on-timeout reject)" \
    "1 Not now. handrail: ask: p5: nobody decided in time; it is rejected" "or is rejected"
is "$("$HANDRAIL" -d s.db show --json p5 | jq -rc '[.state, .decisions[].reason]')" \
    '["rejected","nobody decided in time"]' "by the one who asked"

plan p6 5 >p6.json
"$HANDRAIL" -d s.db ask p6.json >one.out 2>one.err & one=$!
await "$HANDRAIL" -d s.db show p6
kill -TERM $one
wait $one
is "$? $(cat one.out) $(cat one.err)" \
    "1  handrail: ask: interrupted; the item waits on" "an end from outside"
decide p6 accept
is "$(ask p6.json)" "0 plan p6 " "who asks again gets the answer"
is "$(plan p6 6 | ask)" "1  handrail: ask: p6: queue deploys has an item of this id with other bytes" \
    "other bytes under the same id"
is "$(echo '{"output":' | ask | cut -c 1-30)" "2  handrail: ask: byte 11: une" "no record"
printf '{"id":"h1","queue":"held","output":"x"}' >h1.json
"$HANDRAIL" -d s.db ask h1.json >one.out 2>one.err & one=$!
await decide h1 accept
wait $one
is "$? $(cat one.out)" "0 x" "what a queue holds comes when it is due"
is "$(printf '{"output":"\033[31mred","metadata":{"hosts":1}}' | sed 's/\x1b/\\u001b/' |
    ask -q deploys | od -An -c | tr -d ' \n')" '0033[31mred\n' \
    "into a pipe go the very bytes"
# An agent's hook: its own answer, which it reads after a success only.
hook() {
	printf '{"hook_event_name":"PreToolUse","tool_name":"Bash","tool_input":{"command":"make"},"tool_use_id":"%s"}' "$1"
}
is "$(hook t1 | ask --wait 0s)" \
    '0 {"hookSpecificOutput":{"hookEventName":"PreToolUse","permissionDecision":"deny","permissionDecisionReason":"nobody decided in time"}} ' \
    "a hook of an agent is denied when nobody decides"
hook t2 | "$HANDRAIL" -d s.db ask >one.out 2>one.err & one=$!
ok "its call is rejected" await decide t2 reject --note "not here"
wait $one
is "$? $(jq -r '.hookSpecificOutput.permissionDecision' one.out)" "0 deny" "it is denied then too"
hook t2 >t2.json
decide t2 undo
ok "or accepted" decide t2 accept
is "$("$HANDRAIL" -d s.db ask t2.json | jq -r .hookSpecificOutput.permissionDecision)" allow "and may go on"
is "$(hook t2 | sed 's/make/make clean/' | ask)" \
    '0 {"hookSpecificOutput":{"hookEventName":"PreToolUse","permissionDecision":"deny","permissionDecisionReason":"t2: queue default has an item of this id with other bytes"}} ' \
    "another call under the same id is denied, not passed over"
hook t3 | "$HANDRAIL" -d s.db ask >one.out 2>one.err & one=$!
await "$HANDRAIL" -d s.db show t3
kill -TERM $one
wait $one
is "$? $(jq -r '.hookSpecificOutput | .permissionDecision, .permissionDecisionReason' one.out)" \
    "0 deny
interrupted; the item waits on" "so is a call whose question is ended from outside"
ok "the log holds" "$HANDRAIL" -d s.db audit verify
done_testing

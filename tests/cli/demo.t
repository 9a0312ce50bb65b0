#!/bin/sh
# demo without a terminal: what it routed, and how to go on.
. "$(dirname "$0")/lib.sh"

run demo </dev/null
is "$code" 0 "demo runs"
like "$out$err" '47 samples 13 approved, 30 flagged and 4 escalated' "it says what it routed"
like "$out" 'handrail.* review' "and how to go on"
like "$out" "^  $HANDRAIL -d " "with the program as it was called, which need not be in PATH"
store=$(printf '%s\n' "$out" | sed -n 's/.* -d \([^ ]*\) .*/\1/p' | head -n 1)
ok "the store it names is there" test -f "$store"
is "$("$HANDRAIL" -d "$store" list --json --state flagged --limit 100 | jq -r .queue | sort -u | tr '\n' ' ')" \
    "extraction summaries support " "with something to review in each queue"
run -d "$store" list --json --state escalated
like "$(json .rule)" 'leaked secret' "a leaked key was escalated"
like "$(json .rule)" 'hidden text' "so was hidden text"
run -d "$store" audit verify
is "$code" 0 "its log verifies"
like "$("$HANDRAIL" -d "$store" audit query --since yesterday --where "event = 'decision'")" \
    'ana +decision +tkt-4692-1 .*decision=edit' "a colleague edited one yesterday"
is "$("$HANDRAIL" -d "$store" show --json tkt-4693-1 | jq -r '.state, (.decisions[0] | .by, .reason)' | tr '\n' ';')" \
    "escalated;ana;legal threat; ask the lead;" "and escalated one, with a reason"
is "$("$HANDRAIL" -d "$store" list --json --limit 100 --queue support --state flagged | jq -r .id | grep -c '^tkt-469')" 0 \
    "nothing of yesterday is left"
like "$("$HANDRAIL" -d "$store" show --json tkt-4731-1 | jq '.messages | length')" '^1[0-9]$' "a long conversation"
rm -rf "$(dirname "$store")"

# Five minutes after midnight yesterday is not the day before.
export TZ=UTC HANDRAIL_CLOCK=1795478700000,1000000
run demo --keep late </dev/null
like "$("$HANDRAIL" -d late/demo.db audit query --since yesterday --where "event = 'decision'")" \
    'ana +decision +tkt-4692-1 .*decision=edit' "after midnight too"
unset TZ HANDRAIL_CLOCK

run demo --keep kept </dev/null
is "$code" 0 "--keep makes a folder"
ok "and leaves it" test -f kept/demo.db
run demo --keep kept </dev/null
like "$code $err" '^2 .*kept is there already: .*-d kept/demo.db review' "but never takes one that is there"
echo x >a.file
run demo --keep a.file
is "$code $err" "2 handrail: demo: a.file is there already: name a folder that is not" "nor what is no demo of its own"
ok "which stays" test -f kept/demo.db
done_testing

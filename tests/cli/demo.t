#!/bin/sh
# demo without a terminal: what it routed, and how to go on.
. "$(dirname "$0")/lib.sh"

run demo </dev/null
is "$code" 0 "demo runs"
like "$out$err" '40 samples 13 .*approved, 23 flagged and 4 escalated' "it says what it routed"
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
rm -rf "$(dirname "$store")"
done_testing

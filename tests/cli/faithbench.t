#!/bin/sh
# A policy earns its keep: of real summaries whose truth is known, what it
# approves is cleaner than what it flags, and that than what it escalates.
. "$(dirname "$0")/lib.sh"
need_shared data/faithbench.items.jsonl

table=$(sh "$root/tests/bench/faithbench.sh") || table=
share() {	# ROUTE: bad ones in a thousand
	printf '%s\n' "$table" | awk -v r="$1" '$1 == r { printf "%d", $4 * 10 }'
}
diag "bad in a thousand: approved $(share approve), flagged $(share flag), escalated $(share escalate)"
is "$(printf '%s\n' "$table" | awk '$1 == "all" { print $2 }')" 409 "every item is judged"
ok "approved below 40 %" test "$(share approve)" -lt 400
ok "flagged above that" test "$(share flag)" -gt "$(share approve)"
ok "escalated above that" test "$(share escalate)" -gt "$(share flag)"
done_testing

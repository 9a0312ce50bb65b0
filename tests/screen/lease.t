#!/bin/sh
# A lease that runs out while its item is open: somebody else may take it, a
# late decision changes nothing, and the item can be claimed again.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/../cli/lib.sh"
# shellcheck source=tests/screen/lib.sh
. "$root/tests/screen/lib.sh"

basic_policy | sed 's/lease *= "15m"/lease = "1s"/' >p.conf
{
	record a1 0.80 "The first answer."
	record a2 0.81 "The second answer."
} >in.jsonl
"$HANDRAIL" -d s.db -p p.conf ingest in.jsonl >/dev/null 2>&1
free() {
	[ "$("$HANDRAIL" -d s.db show --json a1 | jq -c .lease.by)" = null ]
}

start 80 24 "HANDRAIL=$HANDRAIL"
text '$HANDRAIL -d s.db review'
keys Enter
see "OUTPUT" >/dev/null
keys Enter
ok "it is claimed" see "yours until"
ok "left alone, the lease runs out" until_true free
run -d s.db next --json
is "$(json .id)" a1 "and another session gets the item"
decide a
ok "the late decision is refused" see "a1: "
gone "accepted: a1" >/dev/null
run -d s.db show --json a1
is "$(json .state)" flagged "and changes nothing"
ok "what is shown is read only now" see "read only"
until_true free
keys Enter
ok "Enter claims it again" see "yours until"
decide a
ok "and the decision goes through" see "accepted: a1"
keys Q
see "root " >/dev/null
done_testing

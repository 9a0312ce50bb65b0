#!/bin/sh
# A lease that runs out while its item is open: somebody else may take it, a
# late decision changes nothing, and the item can be claimed again.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/../cli/lib.sh"
# shellcheck source=tests/screen/lib.sh
. "$root/tests/screen/lib.sh"

# now HH: the clock, which stands still between.
now() {
	printf '17900%s00000,%s00000\n' "$1" "$1" >clock.new
	mv clock.new clock
}
now 10
test_store s.db
HANDRAIL_CLOCK=@$work/clock
export HANDRAIL_CLOCK
basic_policy >p.conf
{
	record a1 0.80 "The first answer."
	record a2 0.81 "The second answer."
} >in.jsonl
"$HANDRAIL" -d s.db -p p.conf ingest in.jsonl >/dev/null 2>&1
free() {
	[ "$("$HANDRAIL" -d s.db show --json a1 | jq -c .lease.by)" = null ]
}

start 80 24 "HANDRAIL=$HANDRAIL HANDRAIL_CLOCK=@$work/clock"
text '$HANDRAIL -d s.db review'
keys Enter
see "OUTPUT" >/dev/null
keys Enter
ok "it is claimed" see "yours until"
now 30
ok "left alone, the lease runs out" until_true free
run -d s.db next --json
is "$(json .id)" a1 "and another session gets the item"
decide a
ok "the late decision is refused" see "read only"
gone "accepted: a1" >/dev/null
run -d s.db show --json a1
is "$(json .state)" flagged "and changes nothing"
now 50
until_true free
keys Enter
ok "Enter claims it again" see "yours until"
decide a
ok "and the decision goes through" see "accepted: a1"
keys Q
see "root " >/dev/null
done_testing

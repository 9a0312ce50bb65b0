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
stop

# A review that is killed leaves its lease behind: its person goes on at once.
printf '%s\n' '{"id":"k1","queue":"support","output":"The killed one."}' >in.jsonl
"$HANDRAIL" -d s.db ingest in.jsonl >/dev/null 2>&1
lease_of() {
	"$HANDRAIL" -d s.db list --json --where "id = '$1'" | jq -c .lease.by
}
start 80 24 "HANDRAIL=$HANDRAIL HANDRAIL_CLOCK=@$work/clock"
text 'sh -c "echo \$\$ >pid; exec $HANDRAIL -d s.db review"'
keys Enter
see "OUTPUT" >/dev/null
text :
text k1
keys Enter
see "yours until" >/dev/null
script "while it lives, its own person's other sessions are told where it is, and what frees it" <<\S
size 140 24
keys : k 1 Enter
expect read only: k1: held by
expect (you, elsewhere) until
expect this frees it: handrail -d s.db lease free k1
keys a
expect accept: read only: k1: held by
absent Enter claims it
keys q a
expect accept: read only: Enter claims it
S
is "$(lease_of k1)" "\"$(id -un)\"" "and the list has it as held"
kill -9 "$(cat pid)"
stop
is "$(lease_of k1)" null "once it is killed, it is not"
script "and it is claimed" <<\S
keys : k 1 Enter
expect yours until
absent read only
S
"$HANDRAIL" -d s.db next --where "id = 'k1'" >/dev/null
like "$(lease_of k1)" "$(id -un)" "what next took stays taken, though its process has ended"
TZ=IST-5:30 script "and that is said in local time" <<\S
keys : k 1 Enter
expect read only: k1: held by
expect +05:30
S
done_testing

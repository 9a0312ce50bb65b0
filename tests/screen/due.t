#!/bin/sh
# An item is due, and then late, until somebody decided on it.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/../cli/lib.sh"

echo 'queue "support" { sla = 1h }' >p.conf
{ record a1 0.80; record a2 0.81; } >in.jsonl
HANDRAIL_CLOCK=1795500000000,1000000
export HANDRAIL_CLOCK
test_store s.db
"$HANDRAIL" -d s.db -p p.conf ingest in.jsonl >/dev/null 2>&1
script "due at first" <<\S
keys Enter
expect flagged  due in 60m  yours
S
HANDRAIL_CLOCK=1795510800000,2000000
script "late later, and neither once it is decided" <<\S
keys Enter
expect flagged  2h late  yours
keys a
expect accepted: a1
keys q D Enter
expect accepted  read only
expect read only: a1: already accepted; u takes that back
keys a
expect accept: read only: a1: already accepted; u takes that back
keys u y
expect flagged  2h late  yours
S
done_testing

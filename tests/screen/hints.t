#!/bin/sh
# The hint line: what has no room drops out, the key of the help never does.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/../cli/lib.sh"

basic_policy >p.conf
{
	record a1 0.80 "$(seq -s ' ' 900)"
	record a2 0.81 "The second answer."
} >in.jsonl
test_store s.db
"$HANDRAIL" -d s.db -p p.conf ingest in.jsonl >/dev/null 2>&1 ||
    { echo "Bail out! no store"; exit 1; }
for columns in 80 50 32; do
	sed "s/COLUMNS/$columns/" <<\S >keys.script
size COLUMNS 24
expect ?:help
keys Enter
expect more
expect a:accept
expect ?:help
keys p
expect ?:help
keys q q D
expect ?:help
keys q L
expect ?:help
keys q i
expect ?:help
keys q C
expect ?:help
keys q P
expect ?:help
keys q &
type confidence < 0.9
keys Enter
expect ?:help
S
	ok "at $columns columns every view names the help" \
	    env HANDRAIL_SCRIPT=keys.script "$HANDRAIL" -d s.db review
done
script "where there is room for all, all is there" <<\S
size 80 24
keys j Enter
expect a:accept  e:edit  r:reject  x:escalate  S:skip  =:again  u:undo  z:fold  ?:help
size 78 24
expect u:undo  ?:help
absent z:fold
S
script "what is escalated is hinted to be returned, the rest to be escalated" <<\S
keys j Enter
expect x:escalate
absent R:return
keys x
type too hard
keys Enter q X Enter
expect R:return
absent x:escalate
S
done_testing

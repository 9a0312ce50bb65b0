#!/bin/sh
# Each command that writes, killed at any system call, and with calls that fail (EIO,
# ENOSPC, EDQUOT) or take less than they were given.  FAULT_KILLS (default 200) and
# FAULT_FAILS (default 92) points; a long run: 2,000 each.
. "$(dirname "$0")/../cli/lib.sh"

command -v python3 >/dev/null || skip_all "no python3"
command -v strace >/dev/null || skip_all "no strace"
strace -f -e trace=none true 2>/dev/null || skip_all "strace may not trace here" anywhere

mkdir base day
# A lease lasts as long as the longest run.
basic_policy | sed 's/"15m"/"48h"/' >day/p.conf
sed 's/0.92/0.93/' day/p.conf >day/q.conf
i=0
while [ $i -lt 30 ]; do i=$((i + 1)); record n$i 0.7; done >day/in.jsonl
printf 'Edited text.' >day/new.txt
cd base || exit 1
{
	record e1 0.51 'Write qzcanaryword to ana@example.org.'
	i=0
	while [ $i -lt 12 ]; do i=$((i + 1)); record d$i 0.7; done
} >in
{
	"$HANDRAIL" -d s.db -p ../day/p.conf ingest in
	printf 'Said qzcanaryword.' >text
	"$HANDRAIL" -d s.db decide e1 edit --output-file text --note 'noted qzcanaryword'
	"$HANDRAIL" -d s.db decide d1 reject
	"$HANDRAIL" -d s.db decide d3 accept
	"$HANDRAIL" -d s.db decide d3 undo
	"$HANDRAIL" -d s.db next --where "id = 'd3'"
	for text in one two; do echo $text | "$HANDRAIL" -d s.db prompt add refund - --text; done
	"$HANDRAIL" -d s.db prompt label refund@1 production
	"$HANDRAIL" -d s.db -p ../day/q.conf bundle make refund@2
	"$HANDRAIL" -d s.db backup off.db && cp s.db-key off.db-key
	"$HANDRAIL" -d s.db search on
	"$HANDRAIL" -d s.db backup ../day/copy.db
	"$HANDRAIL" -d s.db backup bad.db && cp s.db-key bad.db-key
	sqlite3 bad.db 'DROP TRIGGER leaves_delete; CREATE TRIGGER evil AFTER INSERT ON leaves BEGIN SELECT 1; END'
} >out 2>err || diag "$(cat err)"
rm -f ./*-lock ./*-shm
cd ../day || exit 1
cp "$root/tests/data/evals/mlflow.json" eval.json

command -v cc >/dev/null && cc -shared -fPIC -O1 -o ../short.so "$root/tests/fault/short.c" ||
    skip_all "the shim is not built" anywhere

SHORT=$work/short.so TMPDIR=$work/tmp
export SHORT TMPDIR
mkdir "$TMPDIR"
every() {
	python3 "$root/tests/fault/every.py" "$@" >../out 2>&1 || echo "not ok" >>../out
	grep -v '^ok' ../out | sed 's/^/# /'
	is "$(grep -c '^not ok' ../out)" 0 "$1: $(awk '/^ok/ { n += $(NF - 3) } END { print n + 0 }' ../out) points, each command whole or not begun"
}
every kill "${FAULT_KILLS:-200}" ${FAULT_ONLY:+"$FAULT_ONLY"}
every fail "${FAULT_FAILS:-92}" ${FAULT_ONLY:+"$FAULT_ONLY"}
done_testing

#!/bin/sh
# kill -9 in a large ingest, whose -wal goes into the file beside its transactions: what
# was acknowledged is there, the log agrees with the tables, and the next ingest takes
# what is missing, and nothing twice.  FAULT_POINTS (default 4) points a call, and
# FAULT_LARGE records (default 6,000); make fault: 40, and 30,000.
. "$(dirname "$0")/../cli/lib.sh"

command -v strace >/dev/null || skip_all "no strace"
strace -f -e trace=none true 2>/dev/null || skip_all "strace may not trace here" anywhere
points=${FAULT_POINTS:-4}
large=${FAULT_LARGE:-6000}

basic_policy >p.conf
awk -v n=$large 'BEGIN {
	for (t = "words of an answer "; length(t) < 3500;) t = t t
	for (i = 1; i <= n; i++)
		printf "{\"id\":\"l%d\",\"queue\":\"support\",\"output\":\"%d %s\",\"confidence\":0.7}\n",
		    i, i, substr(t, 1, 3500)
}' >large.jsonl
"$HANDRAIL" -d base.db init >/dev/null 2>&1
"$HANDRAIL" -d base.db policy apply p.conf >/dev/null 2>&1

fresh() {
	rm -f s.db s.db-*
	forget
	cp base.db s.db
	cp base.db-wal s.db-wal 2>/dev/null
}
holds() {
	why=
	if ! "$HANDRAIL" -d s.db audit verify >verify.out 2>&1; then
		why=$(tail -n 3 verify.out)
	elif [ "$(sqlite3 -readonly s.db 'PRAGMA integrity_check')" != ok ]; then
		why=integrity_check
	# The counts that screens show are those of the rows.
	elif [ -n "$(sqlite3 -readonly s.db "SELECT queue, state, n FROM totals
	    WHERE state <> 'review' AND n <> (SELECT count(*) FROM items i
	    WHERE i.queue = totals.queue AND i.state = totals.state)")" ]; then
		why=totals
	fi
	[ -z "$why" ] || { diag "$1: $why"; return 1; }
}
after() {
	holds "killed at $1" || return 1
	"$HANDRAIL" -d s.db ingest --json large.jsonl >again 2>/dev/null ||
	    { diag "$1: does not go on"; return 1; }
	[ "$(jq '.ingested + .duplicates' again)" = $large ] ||
	    { diag "$1: $(cat again)"; return 1; }
	holds "again after $1"
}

for call in pwrite64 fdatasync; do
	fresh
	strace -f -o trace -e trace=$call "$HANDRAIL" -d s.db ingest large.jsonl >/dev/null 2>&1
	total=$(grep -c "$call(" trace)
	bad=0 tried=0 n=1
	step=$(((total + points - 1) / points))
	while [ "$n" -le "$total" ]; do
		fresh
		strace -f -o /dev/null -e trace=$call -e inject=$call:signal=KILL:when=$n \
		    "$HANDRAIL" -d s.db ingest large.jsonl >/dev/null 2>&1
		tried=$((tried + 1))
		after "$call $n" || bad=$((bad + 1))
		n=$((n + step))
	done
	is "$bad" 0 "killed at $tried of $total $call"
done
done_testing

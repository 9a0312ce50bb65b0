#!/bin/sh
# Backups of a store that two others write to all the time: each opens, holds, and is
# what the store was at one of its changes; put back, it holds and goes on.
# FAULT_BACKUPS (default 3) of them; make fault: 100.
. "$(dirname "$0")/../cli/lib.sh"

backups=${FAULT_BACKUPS:-3}
basic_policy >p.conf
awk 'BEGIN {
	for (t = "words of an answer "; length(t) < 3500;) t = t t
	for (i = 1; i <= 250; i++)
		printf "{\"id\":\"l%d\",\"queue\":\"support\",\"output\":\"%d %s\",\"confidence\":0.7}\n", i, i, substr(t, 1, 3500)
}' >in.jsonl
test_store s.db
"$HANDRAIL" -d s.db -p p.conf ingest in.jsonl >/dev/null 2>&1

# Each has items of its own; what it is told was done is in NAME.done.
writes() {
	n=0
	while [ ! -e stop ]; do
		n=$((n + 1))
		record $1$n 0.7 | "$HANDRAIL" -d s.db ingest - >/dev/null 2>>$1.err &&
		    "$HANDRAIL" -d s.db decide $1$n accept 2>>$1.err && echo $1$n >>$1.done
	done
}
for name in ana bob; do
	writes $name &
	keep $!
	await [ -s $name.done ]
done
leaves() {
	sqlite3 -readonly "$1" 'SELECT count(*) FROM leaves'
}
# proved STORE: it holds, and its log is the beginning of what the store's is by now.
proved() {
	"$HANDRAIL" -d "$1" audit verify >v 2>&1 || { why="$1: $(cat v)"; return 1; }
	"$HANDRAIL" -d "$1" audit export >log || { why="$1: no log"; return 1; }
}
bad=0 tried=0 last=0
while [ $tried -lt "$backups" ]; do
	tried=$((tried + 1)) why=
	rm -f r.db*
	# What was acknowledged before it began is in it.
	sort ana.done bob.done >before
	"$HANDRAIL" -d s.db backup b$tried.db 2>e || why="backup: $(cat e)"
	if [ -z "$why" ] && proved b$tried.db; then
		mv log log$tried
		sqlite3 -readonly b$tried.db "SELECT id FROM items WHERE state = 'accepted'" | sort >has
		[ -z "$(comm -23 before has)" ] || why="without $(comm -23 before has | head -n 1)"
		"$HANDRAIL" -d r.db restore b$tried.db >/dev/null 2>e || why="restore: $(cat e)"
		[ -n "$why" ] || { proved r.db && "$HANDRAIL" -d r.db decide l$tried reject 2>e && proved r.db; } ||
		    why="$why $(cat e)"
	fi
	[ -z "$why" ] || { bad=$((bad + 1)); diag "$tried: $why"; }
	now=$(leaves b$tried.db)
	[ "$now" -gt $last ] || diag "$tried: nothing was written meanwhile"
	last=$now
	rm -f b$tried.db
	await sh -c "[ \$(sqlite3 -readonly s.db 'SELECT count(*) FROM leaves') -gt $last ]"
done
: >stop
wait
is "$bad" 0 "$tried backups under load: each opens, holds, has what was acknowledged, and is put back"
is "$(cat ana.err bob.err)" "" "who writes meanwhile is told of no error"
"$HANDRAIL" -d s.db audit export >whole
other=0
for log in log?*; do
	head -c "$(wc -c <$log)" whole | cmp -s - $log || { other=$((other + 1)); diag "$log: another log"; }
done
is "$other" 0 "each log is the beginning of the store's"
done_testing

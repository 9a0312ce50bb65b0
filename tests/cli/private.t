#!/bin/sh
# Item text stays where it belongs: no core dump of the program, and a copy of the
# store's file alone, made when every run has ended, is whole.
. "$(dirname "$0")/lib.sh"

basic_policy >p.conf
i=0
while [ $i -lt 51 ]; do i=$((i + 1)); record r$i 0.7; done >in.jsonl
"$HANDRAIL" -d s.db -p p.conf ingest in.jsonl >/dev/null 2>&1
"$HANDRAIL" -d s.db decide r1 accept
cp s.db t.db
is "$("$HANDRAIL" -d t.db list --state all --json --limit 100 | wc -l)" 51 "a copy of the file alone has every item"
is "$("$HANDRAIL" -d t.db show --json r1 | jq -r .state)" accepted "and every decision"
ok "-wal stays" test -e s.db-wal
# A copy that is behind what its rows say of the log.
sqlite3 t.db "DROP TRIGGER leaves_delete; DELETE FROM leaves WHERE seq > 40"
run -d t.db doctor
is "$code" 1 "a log that is too short: exit 1"
like "$out" '^BAD  +the log has 41 leaves, but the store.s rows speak of [0-9]+: copied without its -wal\?' "and the doctor says so"
rm -f s.db-wal s.db-shm
run -d s.db doctor
like "$out" '^warn  .*/s\.db-wal: is not there' "nor does a -wal that is gone go unsaid"

# dash and bash know -H and -S.
# shellcheck disable=SC3045
if [ "$(ulimit -H -c)" != 0 ]; then
	(
		# A sanitizer takes the limit away by itself, unless it is told.
		ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}disable_coredump=0
		export ASAN_OPTIONS
		ulimit -S -c 16
		PAGER="ulimit -S -c >pager.limit; cat" perl "$root/tests/screen/pty.pl" screen 80 24 "$HANDRAIL" -d s.db audit query </dev/null
	)
	is "$(cat pager.limit)" 16 "a pager has the limit of core dumps that the caller had"
	mkfifo feed
	"$HANDRAIL" -d s.db ingest feed >/dev/null 2>&1 &
	exec 3>feed
	is "$(awk '/Max core file size/ { print $5 }' /proc/$!/limits)" 0 "the program itself dumps no core"
	exec 3>&-
	wait
fi
done_testing

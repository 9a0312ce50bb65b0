#!/bin/sh
# init, backup, restore, doctor, erase: the store itself.
. "$(dirname "$0")/lib.sh"

basic_policy >p.conf
{ record a1 0.97; record f1 0.70 "Secret sauce."; } >in.jsonl

run -d s.db init
is "$code" 0 "init"
is "$(stat -c %a s.db)" 600 "0600"
like "$out$err" 's\.db' "says where"
cp s.db before
run -d s.db init
is "$code" 0 "a store that is there already is well too"
ok "and is left as it is" cmp before s.db
run -d s.db init --group "$(id -gn)"
is "$code" 2 "a store that is there is not shared by init"
like "$err" '^handrail: init: --group .*: s\.db is there already, shared with nobody' "and it says so"
run -d other-name.db init s.db
is "$code" 2 "the store is no operand"
like "$err" '^handrail: init: s\.db: .*the store is named with -d' "and it says how to name it"
ok "nothing was made" test ! -e other-name.db
"$HANDRAIL" -d s.db -p p.conf ingest in.jsonl >/dev/null 2>&1
"$HANDRAIL" -d s.db decide f1 accept >/dev/null

if has backup; then
	run -d s.db backup copy.db
	is "$code" 0 "backup"
	is "$("$HANDRAIL" -d copy.db show --json f1 | jq -r .state)" accepted "has what the store has"
	run -d copy.db audit verify
	is "$code" 0 "and verifies"
	run -d s.db backup copy.db
	is "$code" 2 "a file that is there is not written over"
	like "$err" '^handrail: backup: .*copy\.db' "and is named"
	run -d s.db backup nowhere/copy.db
	is "$code:$err" "2:handrail: backup: nowhere/copy.db: No such file or directory" "the file that was asked for is named"
	run -d s.db restore copy.db
	is "$code" 2 "restore does not write over a store"
	like "$err" '^handrail: restore: s\.db: a store is there; move it away' "and says what to do"
	# Before an update there has to be a way back, and after it as well.
	cp copy.db old.db
	older_store old.db 1
	try 0 "a store of an older version is copied as it is" -d old.db backup old-copy.db
	is "$(sqlite3 old-copy.db 'PRAGMA user_version')" 1 "and stays one"
	try 0 "and put back" -d old-back.db restore old-copy.db
	is "$("$HANDRAIL" -d old-back.db show --json f1 | jq -r .state)" accepted "brought up to date"
	unread=
	for version in 1 4 9 12 16 17; do
		rm -f old.db*
		cp copy.db old.db
		older_store old.db $version
		before=$(sha256sum <old.db)
		for reads in list 'show f1' stats 'audit verify' 'audit query'; do
			# shellcheck disable=SC2086
			run -d old.db $reads
			[ "$code" = 0 ] && [ "$(printf '%s\n' "$err" | grep -c .)" = 1 ] || unread="$unread $version: $reads: $err"
		done
		[ "$(sha256sum <old.db)" = "$before" ] || unread="$unread $version: not as it was"
	done
	is "$unread" "" "whoever reads a store of an older version reads a copy that is brought up to date"
	like "$err" '^handrail: old.db: an older version made it: what is read is a copy' "and is told"
	forget
	"$HANDRAIL" -d s.db list >/dev/null	# is seen first
	# What a group shared it shares again.
	mkdir -m 2770 shared again
	"$HANDRAIL" -d shared/s.db init --group "$(id -gn)" >/dev/null 2>&1
	"$HANDRAIL" -d shared/s.db backup shared.db
	try 0 "a shared store is put back" -d again/s.db restore shared.db
	is "$(stat -c %a again/s.db)" 660 "and is shared"
	mkdir -m 700 alone
	run -d alone/s.db restore shared.db
	is "$code" 2 "in a folder that the group cannot use it is not"
	like "$err" 'chmod 2770 alone' "and it says what to do"
	run -d r.db restore nothing.db
	is "$code:$err" "2:handrail: restore: nothing.db: No such file or directory" "a copy that is not there"
	run -d r.db restore copy.db
	is "$code" 0 "a copy is put back"
	is "$("$HANDRAIL" -d r.db show --json f1 | jq -r .state)" accepted "as it was"
fi

if has doctor; then
	run -d s.db doctor
	is "$code" 0 "doctor: a sound store"
	"$HANDRAIL" -d again/s.db list >/dev/null && chmod 600 again/s.db*
	run -d again/s.db doctor
	is "$code" 1 "doctor: a shared store that its group cannot open"
	like "$out" 'whom its mode keeps out: chgrp' "with what to do"
fi
ln s.db twice.db
run -d twice.db decide f1 undo
is "$code" 2 "a store with two names is not written to"
like "$err" '^handrail: decide: twice\.db: has another name \(a hard link\)' "and says why"
if has doctor; then
	run -d s.db doctor
	is "$code" 1 "doctor: and finds it"
	like "$out" 'has another name' "with what to do"
fi
rm twice.db
cp s.db damaged.db
printf 'garbage garbage garbage' | dd of=damaged.db bs=1 seek=40 conv=notrunc 2>/dev/null
for command in doctor list; do
	has $command || continue
	run -d damaged.db $command
	ok "$command: a damaged store is refused" test "$code" -eq 2 -o "$code" -eq 1
	like "$err$out" 'damaged\.db' "and named"
done
# Each command reads the whole -wal when nobody else has the store open.
record l1 0.7 | "$HANDRAIL" -d l.db ingest - >/dev/null 2>&1
i=0
while [ $i -lt 25 ]; do
	i=$((i + 1))
	"$HANDRAIL" -d l.db decide l1 accept
	"$HANDRAIL" -d l.db decide l1 undo
done
ok "the last to go leaves little in the -wal" [ "$(stat -c %s l.db-wal)" -lt 4500000 ]

printf 'no store at all' >other.db
run -d other.db list
is "$code" 2 "a file that is no store: exit 2"
like "$err" '^handrail: .*other\.db' "and its name"

# A full file system, where one can be had.
mkdir small
head -c 3000000 /dev/zero | tr '\0' x | fold -w 30000 | awk '{ printf "{\"id\":\"%d\",\"output\":\"%s\"}\n", NR, $0 }' >big.jsonl
if unshare -rm true 2>/dev/null; then
	unshare -rm sh -c 'mount -t tmpfs -o size=2m none small && exec "$HANDRAIL" -d small/s.db ingest big.jsonl' >.out 2>.err
	is "$?" 2 "a full file system: exit 2"
	like "$(cat .err)" '^handrail: ingest: small/s\.db: its file system is full, .*: make room and run it again$' "and says so, and what to do"
fi

if has erase; then
	run -d s.db erase f1
	is "$code" 0 "erase"
	run -d s.db purge --before 2999-01-01
	is "$code:$out" 2: "nothing is purged by a time to come"
	like "$err" '^handrail: purge: --before 2999-01-01: ' "and it is named"
	run -d s.db decide f1 undo
	is "$code" 1 "no decision on what was erased is taken back"
	like "$err" '^handrail: decide: f1: was erased; ' "and it says why"
	is "$("$HANDRAIL" -d s.db show --json f1 2>/dev/null | grep -c sauce)" 0 "the text is gone"
	is "$(cat s.db* | grep -ac 'Secret sauce')" 0 "from the files too"
	# A reader keeps the bytes in the -wal; it says so, and a second time works.
	record w1 0.7 'Written on water.' | "$HANDRAIL" -d w.db ingest - >/dev/null 2>&1
	"$HANDRAIL" -d w.db decide w1 reject
	mkfifo hold
	sqlite3 -readonly w.db <hold >reading 2>&1 &
	reader=$!
	exec 3>hold
	echo 'BEGIN; SELECT count(*) FROM items;' >&3
	until [ -s reading ]; do sleep 0.05; done
	run -d w.db erase w1
	is "$code" 2 "erased while somebody reads: not all is gone yet"
	like "$err" '^handrail: erase: erased, but its bytes may still stand in w\.db-wal; run it again' "and it says so"
	ok "they do" grep -aq 'Written on water' w.db-wal
	run -d w.db doctor
	like "$out" "^ok  +read by process $reader: while a read lasts, -wal only grows" "the doctor names who reads"
	like "$out" "^warn +.*w\.db: text that was erased may still stand in it" "and that the text is there"
	exec 3>&-
	wait
	run -d w.db erase w1
	is "$code:$err" "1:handrail: erase: w1: was erased before; nothing of it is left" "run again, it makes sure"
	is "$(cat w.db* | grep -ac 'Written on water')" 0 "and they are gone"
	run -d s.db audit verify
	is "$code" 0 "and the proof stands"
fi
done_testing

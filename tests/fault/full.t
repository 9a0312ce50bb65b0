#!/bin/sh
# A full disk under commands that only read; a store that is removed or replaced under
# one that writes; a signal in the middle of slow matches.  One clear line, exit 2 (or 1
# where it was asked to stop), and what was there holds.
# FAULT_POINTS (default 3) points a call and command.
. "$(dirname "$0")/../cli/lib.sh"

command -v strace >/dev/null || skip_all "no strace"
strace -f -e trace=none true 2>/dev/null || skip_all "strace may not trace here" anywhere
points=${FAULT_POINTS:-3}

basic_policy >p.conf
sed 's/0.92/0.93/' p.conf >q.conf
i=0
while [ $i -lt 30 ]; do i=$((i + 1)); record d$i 0.7; done >base.jsonl
i=0
while [ $i -lt 30 ]; do i=$((i + 1)); record n$i 0.7; done >in.jsonl
"$HANDRAIL" -d base.db -p p.conf ingest base.jsonl >/dev/null 2>&1
"$HANDRAIL" -d base.db decide d1 reject
"$HANDRAIL" -d base.db decide d2 accept
"$HANDRAIL" -d base.db backup copy.db

fresh() {
	rm -rf s.db* r.db* b.db* i.db* out.jsonl* rejects
	forget
	cp base.db s.db
}
sound() {
	"$HANDRAIL" -d s.db audit verify >verify.out 2>&1 ||
	    { why="$(tail -n 2 verify.out)"; false; }
}

# full ARGS...: ENOSPC at calls spread over the command.
full() {
	bad=0 tried=0
	for call in pwrite64 write fdatasync fsync ftruncate openat; do
		fresh
		strace -f -o trace -e trace=$call "$HANDRAIL" "$@" >/dev/null 2>&1
		total=$(grep -c "$call(" trace)
		n=1
		# What the loader opens is none of the command's.
		[ $call != openat ] || n=$(($(grep -n 's\.db\|r\.db\|i\.db' trace | head -n 1 | cut -d: -f1) + 0))
		[ "$n" -gt 0 ] || n=$((total + 1))
		step=$(((total - n + points) / points))
		[ "$step" -gt 0 ] || step=1
		while [ "$n" -le "$total" ]; do
			fresh
			strace -f -o /dev/null -e trace=$call -e inject=$call:error=ENOSPC:when="$n" \
			    "$HANDRAIL" "$@" >o 2>e
			rc=$?
			tried=$((tried + 1))
			why=
			case $rc in
			0 | 1) ;;
			2) [ "$(grep -vc 'made the store' e)" = 1 ] && grep -q '^handrail: ' e ||
			    [ $call = write ] || why="$(cat e)" ;;
			*) why="exit $rc: $(cat e)" ;;
			esac
			[ -n "$why" ] || sound
			[ -z "$why" ] || { bad=$((bad + 1)); diag "$call $n: $why"; }
			n=$((n + step))
		done
	done
	is $bad 0 "ENOSPC at $tried calls: $*"
}
full -d s.db releases
full -d s.db list

# Removed or replaced while a command runs: what was written is not lost without a
# word.  The command waits for its input when that is done.
for how in removed replaced; do
	fresh
	mkfifo feed
	"$HANDRAIL" -d s.db ingest feed >o 2>e &
	pid=$!
	exec 3>feed
	cat in.jsonl >&3
	until [ "$("$HANDRAIL" -d s.db list --json 2>/dev/null | grep -c '"n[0-9]')" -gt 0 ]; do sleep 0.1; done
	mv s.db gone.db
	[ $how = removed ] || cp base.db s.db
	sed 's/"n/"m/' in.jsonl >&3
	exec 3>&-
	wait $pid
	is "$?" 2 "a store $how under an ingest: exit 2"
	like "$(cat e)" '^handrail: ingest: s\.db: moved away or replaced while in use' "and one line says so"
	rm -f feed gone.db*
done

# A match under way ends when it is asked to.
{
	i=0
	while [ $i -lt 20 ]; do i=$((i + 1)); printf "guard \"g$i\" { kind = \"regex\"  pattern = '(x+x+)+[0-%d]\$' }\n" $((i % 9 + 1)); done
	echo 'queue "default" { guards = { "g1", "g2", "g3", "g4", "g5", "g6", "g7", "g8", "g9", "g10", "g11", "g12", "g13", "g14", "g15", "g16", "g17", "g18", "g19", "g20" } }'
} >slow.conf
awk 'BEGIN { for (t = "x"; length(t) < 3000;) t = t t; for (i = 0; i < 20000; i++) printf "{\"id\":\"%d\",\"output\":\"1%szz\"}\n", i, t }' >slow.jsonl
for command in "-d t.db -p slow.conf ingest slow.jsonl" "-p slow.conf check slow.jsonl"; do
	# shellcheck disable=SC2086
	"$HANDRAIL" $command >o 2>e &
	pid=$!
	# It is at work once it has used some time.
	until [ "$(awk '{ print $14 }' /proc/$pid/stat)" -gt 20 ]; do sleep 0.1; done
	kill -TERM $pid
	wait $pid
	is "$?" 1 "asked to stop in the middle of slow matches: $command"
done
done_testing

#!/bin/sh
# What a kill left: text that was erased is gone once the next command has run, and the
# doctor says before that it may be there; a copy that was broken off is swept.
# FAULT_POINTS (default 4) points a call.
. "$(dirname "$0")/../cli/lib.sh"

command -v strace >/dev/null || skip_all "no strace"
strace -f -e trace=none true 2>/dev/null || skip_all "strace may not trace here" anywhere
points=${FAULT_POINTS:-4}

{ record secret 0.7 'Written on water.'; record other 0.7; } >in.jsonl
basic_policy >p.conf
"$HANDRAIL" -d base.db -p p.conf ingest in.jsonl >/dev/null 2>&1
"$HANDRAIL" -d base.db decide secret reject
"$HANDRAIL" -d base.db backup copy.db

fresh() {
	rm -rf s.db s.db-* r.db* b.db* home
	forget
	cp base.db s.db
}

# at CALL CHECK COMMAND...: killed at calls of that kind spread over the command;
# CHECK runs after each.
at() {
	call=$1 check=$2; shift 2
	fresh
	strace -f -o trace -e trace="$call" "$@" >/dev/null 2>&1
	total=$(grep -c "$call(" trace)
	bad=0 tried=0 n=1
	step=$(((total + points - 1) / points))
	[ "$step" -gt 0 ] || step=1
	while [ "$n" -le "$total" ]; do
		fresh
		strace -f -o /dev/null -e trace="$call" \
		    -e inject="$call:signal=KILL:when=$n" "$@" >o 2>e
		tried=$((tried + 1))
		$check || { diag "$call $n: $why"; bad=$((bad + 1)); }
		n=$((n + step))
	done
	is "$bad" 0 "$check: killed at $tried of $total $call"
}
verifies() {
	"$HANDRAIL" -d "$1" audit verify >verify.out 2>&1 ||
	    { why="$1: $(tail -n 2 verify.out)"; false; }
}
last_event() {
	"$HANDRAIL" -d "$1" audit export | tail -n 1 | jq -r .event
}

# A command that only reads is enough.
erased() {
	grep -aq 'Written on water' s.db* && before=there || before=gone
	"$HANDRAIL" -d s.db doctor >doctor.out
	"$HANDRAIL" -d s.db list >/dev/null || { why="list"; return 1; }
	if [ "$(last_event s.db)" = erase ]; then
		! grep -aq 'Written on water' s.db* ||
		    { why="the text is still there"; return 1; }
		[ $before = gone ] || grep -q 'text that was erased' doctor.out ||
		    { why="the doctor does not say so"; return 1; }
	else
		"$HANDRAIL" -d s.db erase secret 2>e ||
		    { why="not again: $(cat e)"; return 1; }
		! grep -aq 'Written on water' s.db* ||
		    { why="the text is still there after all"; return 1; }
	fi
	verifies s.db
}

for call in pwrite64 ftruncate; do
	at $call erased "$HANDRAIL" -d s.db erase secret
done

# What a kill left is named by the doctor, and swept once it is old.
fresh
cp copy.db s.db.part-4711
: >s.db.part-4711-wal
cp copy.db s.db.part-4712
echo mine >s.db.part-4713
touch -d '2 hours ago' s.db.part-4711 s.db.part-4713
run -d s.db doctor
like "$out" '^warn  .*/s\.db\.part-4711: a copy that was broken off' "the doctor names a copy that was broken off"
run -d s.db backup b.db
is "$code:$(printf '%s\n' "$err" | head -n 1)" "0:handrail: backup: ./s.db.part-4711: removed: a copy that was broken off" "it is swept, and named"
is "$(echo s.db.part-*)" "s.db.part-4712 s.db.part-4713" "not one that may be at work, and not what is no copy"
done_testing

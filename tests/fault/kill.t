#!/bin/sh
# kill -9 at a system call, full disks and failing writes: whatever was
# acknowledged is there, the log agrees with the tables, and the next start needs
# no hand.  FAULT_POINTS (default 8) points a call and command; make fault: 400.
. "$(dirname "$0")/../cli/lib.sh"

command -v strace >/dev/null || skip_all "no strace"
strace -f -e trace=none true 2>/dev/null || skip_all "strace may not trace here" anywhere
points=${FAULT_POINTS:-8}

basic_policy >p.conf
i=0
while [ $i -lt 300 ]; do i=$((i + 1)); record i$i 0.7; done >in.jsonl
i=0
while [ $i -lt 40 ]; do i=$((i + 1)); record d$i 0.7; done >base.jsonl
"$HANDRAIL" -d base.db -p p.conf ingest base.jsonl >/dev/null 2>&1
"$HANDRAIL" -d base.db decide d1 accept
printf 'Edited text.' >new.txt

# How often the command makes a call, once nothing is injected.
calls() {
	call=$1; shift
	strace -f -o trace -e trace="$call" "$@" >/dev/null 2>&1
	grep -c "$call(" trace
}

# holds NAME: invariant I of the store; diag what does not hold.
holds() {
	if ! "$HANDRAIL" -d s.db audit verify >verify.out 2>&1; then
		diag "$1: $(tail -n 3 verify.out)"
		return 1
	fi
	[ "$(sqlite3 -readonly s.db 'PRAGMA integrity_check')" = ok ] ||
	    { diag "$1: integrity_check"; return 1; }
	# The counts that screens show are those of the rows.
	[ -z "$(sqlite3 -readonly s.db "SELECT queue, state, n FROM totals
	    WHERE state <> 'review' AND n <> (SELECT count(*) FROM items i
	    WHERE i.queue = totals.queue AND i.state = totals.state)")" ] ||
	    { diag "$1: totals"; return 1; }
}

fresh() {
	rm -f s.db s.db-* out.jsonl*
	# Both, and nobody has it open: a store's last writes may stand in the -wal.
	cp base.db s.db
	forget
	[ ! -e base.db-wal ] || cp base.db-wal s.db-wal
}

# at CALL FAULT NAME CHECK COMMAND...: the fault at points spread over the
# command's calls of CALL; CHECK runs after each with the command's exit code.
at() {
	call=$1 fault=$2 what=$3 check=$4; shift 4
	fresh
	total=$(calls "$call" "$@")
	bad=0 tried=0 n=1
	step=$(((total + points - 1) / points))
	[ "$step" -gt 0 ] || step=1
	while [ "$n" -le "$total" ]; do
		fresh
		strace -f -o /dev/null -e trace="$call" \
		    -e inject="$call:$fault:when=$n" "$@" >o 2>e
		rc=$?
		tried=$((tried + 1))
		"$check" $rc "$call $n" || bad=$((bad + 1))
		n=$((n + step))
	done
	is "$bad" 0 "$what: $fault at $tried of $total $call"
}

after_ingest() {
	holds "ingest killed at $2" || return 1
	# Run again it takes what is missing, and nothing twice.
	"$HANDRAIL" -d s.db ingest --json in.jsonl >again 2>/dev/null ||
	    { diag "$2: does not go on"; return 1; }
	[ "$(jq '.ingested + .duplicates' again)" = 300 ] ||
	    { diag "$2: $(cat again)"; return 1; }
	holds "ingest again after $2"
}
after_decide() {
	holds "decide at $2" || return 1
	state=$("$HANDRAIL" -d s.db show --json d2 | jq -r .state)
	case $1:$state in
	0:edited | [1-9]*:flagged) ;;
	# Killed between the commit and the exit: it is there, once.
	137:edited | 9:edited) ;;
	# A commit whose sync failed was not acknowledged; that its bytes are
	# found again all the same is as if it had been killed just after.
	2:edited) case $2 in fdatasync*) ;; *) diag "$2: exit 2"; return 1 ;; esac ;;
	*) diag "$2: exit $1, state $state"; return 1 ;;
	esac
}
after_export() {
	holds "export at $2" || return 1
	if [ -e out.jsonl.manifest.json ]; then
		[ "$(jq -r '.files[0].sha256' out.jsonl.manifest.json)" = \
		    "$(sha256sum out.jsonl | cut -c1-64)" ] ||
		    { diag "$2: the file is not the manifest's"; return 1; }
	fi
	[ ! -e out.jsonl ] || jq -e . out.jsonl >/dev/null ||
	    { diag "$2: half a file"; return 1; }
}

# A large one, whose -wal goes into the file beside its transactions.
large=30000
after_large() {
	holds "large ingest killed at $2" || return 1
	"$HANDRAIL" -d s.db ingest --json large.jsonl >again 2>/dev/null ||
	    { diag "$2: does not go on"; return 1; }
	[ "$(jq '.ingested + .duplicates' again)" = $large ] ||
	    { diag "$2: $(cat again)"; return 1; }
	holds "large ingest again after $2"
}
awk -v n=$large 'BEGIN {
	for (t = "words of an answer "; length(t) < 3500;) t = t t
	for (i = 1; i <= n; i++)
		printf "{\"id\":\"l%d\",\"queue\":\"support\",\"output\":\"%d %s\",\"confidence\":0.7}\n",
		    i, i, substr(t, 1, 3500)
}' >large.jsonl
for call in pwrite64 fdatasync; do
	at $call signal=KILL "large ingest" after_large \
	    "$HANDRAIL" -d s.db ingest large.jsonl
done

for call in pwrite64 fdatasync fcntl ftruncate; do
	at $call signal=KILL ingest after_ingest \
	    "$HANDRAIL" -d s.db ingest in.jsonl
	at $call signal=KILL decide after_decide \
	    "$HANDRAIL" -d s.db decide d2 edit --output-file new.txt
done
for call in write pwrite64 fsync rename fdatasync; do
	at $call signal=KILL export after_export \
	    "$HANDRAIL" -d s.db export --format jsonl -o out.jsonl
done

# Policy and labels of a bundle move together or not at all.
sed 's/0\.92/0.95/' p.conf >q.conf
for text in one two; do echo $text | "$HANDRAIL" -d base.db prompt add refund - --text; done >/dev/null
"$HANDRAIL" -d base.db prompt label refund@1 production >/dev/null
"$HANDRAIL" -d base.db -p q.conf bundle make refund@2 >/dev/null
after_use() {
	holds "bundle use at $2" || return 1
	stands=$("$HANDRAIL" -d s.db policy list --json | wc -l)$(
	    "$HANDRAIL" -d s.db prompt show refund@production --json | jq .version)$(
	    "$HANDRAIL" -d s.db bundle list --json | jq .in_force)
	case $1:$stands in
	0:22true | 137:22true | 137:11false | 9:22true | 9:11false) ;;
	*) diag "$2: exit $1, $stands"; return 1 ;;
	esac
}
for call in pwrite64 fdatasync; do
	at $call signal=KILL "bundle use" after_use "$HANDRAIL" -d s.db bundle use 1
done

# A write that fails is an error that names the file; nothing is lost.
after_failure() {
	after_decide "$1" "$2" || return 1
	[ "$1" = 0 ] && return 0
	[ "$1" = 2 ] || { diag "$2: exit $1: $(cat e)"; return 1; }
	grep -q 's\.db' e || { diag "$2: $(cat e)"; return 1; }
}
for fault in error=EIO error=ENOSPC; do
	for call in pwrite64 fdatasync; do
		at $call $fault decide after_failure \
		    "$HANDRAIL" -d s.db decide d2 edit --output-file new.txt
	done
done
done_testing

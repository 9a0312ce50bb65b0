#!/bin/sh
# The power goes at any step of a day's work: of what was not synced each write, or
# each sector of it, is there or is not.  Every decision that was acknowledged is
# there, erased text is not, copies are whole, and the next command needs no hand.
# FAULT_STATES (default 200) states; a long run: 10000.
. "$(dirname "$0")/../cli/lib.sh"

power=$(dirname "$HANDRAIL")/fault/power
[ -x "$power" ] || skip_all "no $power" anywhere
command -v python3 >/dev/null || skip_all "no python3"
command -v cc >/dev/null || skip_all "no cc" anywhere
! ldd "$HANDRAIL" 2>/dev/null | grep -q asan || skip_all "a sanitizer comes first" anywhere
cc -shared -fPIC -O1 -o power.so "$root/tests/fault/power_vfs.c" -lsqlite3 ||
    skip_all "the shim is not built"
states=${FAULT_STATES:-200}

basic_policy >p.conf
sed 's/0.92/0.93/' p.conf >q.conf
{ record e1 0.7 'Written qzcanaryword on water.'; record d1 0.7; record d2 0.7; record d3 0.7; record d4 0.95; } >in.jsonl
i=0
while [ $i -lt 60 ]; do i=$((i + 1)); record n$i 0.7; done >more.jsonl
printf 'Edited text.' >new.txt

# does TEXT... -- ARGS...: a command whose steps are recorded; it is acknowledged by its
# end, and so is what the texts say.
does() {
	: >texts
	while [ "$1" != -- ]; do printf '%s\n' "$1" >>texts; shift; done
	shift
	(cd $day && POWER_RECORD=$work/$day.rec POWER_FOLDER=$work/$day LD_PRELOAD=$work/power.so "$HANDRAIL" "$@" >../o 2>../e) ||
	    { undone="$undone $*"; diag "$*: $(cat e)"; }
	while read -r text; do "$power" keep $day.rec "$text"; done <texts
	[ ! -e $day/s.db ] || "$power" keep $day.rec "leaves $(sqlite3 -readonly $day/s.db 'SELECT count(*) FROM leaves')"
}
day=day
mkdir day busy
undone=
does made -- -d s.db init
does -- -d s.db policy apply ../p.conf
does -- -d s.db search on
does 'e1 flagged' 'd1 flagged' 'd2 flagged' 'd3 flagged' 'd4 approved' -- -d s.db ingest ../in.jsonl
does 'd1 accepted' -- -d s.db decide d1 accept --note 'said qznoteword'
does 'd2 edited' -- -d s.db decide d2 edit --output-file ../new.txt
does 'e1 rejected' -- -d s.db decide e1 reject
does 'd1 flagged' -- -d s.db decide d1 undo
does -- -d s.db next --json
does 'd3 escalated' -- -d s.db decide d3 escalate --reason tone
does -- -d s.db export --format jsonl -o out.jsonl
does 'n1 flagged' 'n60 flagged' -- -d s.db ingest ../more.jsonl
does 'gone e1 zcanaryword' -- -d s.db erase e1
does -- -d s.db backup copy.db
does -- -d r.db restore copy.db
does -- -d s.db policy apply ../q.conf
does -- -d s.db reroute
does -- -d s.db audit checkpoint
does 'd1 rejected' -- -d s.db decide d1 reject
does 'gone d1 znoteword' -- -d s.db purge --before 0d
does 'n60 accepted' -- -d s.db decide n60 accept

# A large ingest while others wait goes into the store's file in parts.
day=busy
awk 'BEGIN { for (t = "words of an answer "; length(t) < 9000;) t = t t
    for (i = 0; i < 360; i++) printf "{\"id\":\"b%d\",\"queue\":\"support\",\"output\":\"%d %s\",\"confidence\":0.7}\n", i, i, t }' >large.jsonl
does made -- -d s.db init
does -- -d s.db policy apply ../p.conf
does 'd1 flagged' -- -d s.db ingest ../in.jsonl
does 'd1 accepted' -- -d s.db decide d1 accept
others_wait busy/s.db
does 'b0 flagged' 'b359 flagged' -- -d s.db ingest ../large.jsonl
others_go
does 'b359 accepted' -- -d s.db decide b359 accept

is "$undone" "" "each command of the day did its work"

# In memory: a state is written many times quicker than to a disk.
shm=$(mktemp -d /dev/shm/handrail-power.XXXXXX 2>/dev/null) || { shm=$work/state-of; mkdir "$shm"; }
trap 'kill $kept 2>/dev/null; rm -rf "$work" "$shm"' EXIT
ok "the power goes in a day's work" "$power" crash day.rec "$states" "${FAULT_SEED:-1}" "$shm"
diag "$(cat .ok)"
ok "the power goes while a large ingest lets others in" "$power" crash busy.rec $((states / 3)) "${FAULT_SEED:-1}" "$shm"
diag "$(cat .ok)"
"$power" crash day.rec 40 1 "$shm" s.db-wal >lax 2>&1
is $? 1 "a disk that does not keep what it said it had written is found out"
done_testing

#!/bin/sh
# No checkpoint runs outside the lock: every write into the store's file itself, of
# each command that writes, is counted, and byte 0 of STORE-lock is held at each.
. "$(dirname "$0")/../cli/lib.sh"

command -v python3 >/dev/null || skip_all "no python3"
command -v strace >/dev/null || skip_all "no strace"
strace -f -e trace=none true 2>/dev/null || skip_all "strace may not trace here" anywhere

basic_policy >p.conf
sed 's/0.92/0.93/' p.conf >q.conf
awk 'BEGIN { for (t = "words of an answer "; length(t) < 3500;) t = t t
    for (i = 0; i < 3000; i++)
	printf "{\"id\":\"l%d\",\"queue\":\"support\",\"output\":\"%d %s\",\"confidence\":0.7}\n", i, i, substr(t, 1, 3500) }' >large.jsonl
record d1 0.7 >in.jsonl
printf 'Edited text.' >new.txt

# WRITES OUTSIDE of the lock, in a trace of all threads.  Byte 2 is held by who opens a
# store first, while nobody else can have it open.
cat >held.awk <<'A'
/s\.db-lock>/ && /l_start=0,/ && /F_WRLCK/ && !/ = -1/ { held = 1 }
/s\.db-lock>/ && /l_start=0,/ && /F_UNLCK/ { held = 0 }
/s\.db-lock>/ && /l_start=2,/ { alone = /F_WRLCK/ }
/close\([0-9]+<[^>]*s\.db-lock>/ { held = 0 }
/(pwrite64|ftruncate|write)\([0-9]+<[^>]*\/s\.db>/ { n++; if (!held && !alone) outside++ }
END { print n + 0, outside + 0 }
A
all=0
counted() {
	strace -f -y -o trace -e trace=fcntl,close,write,pwrite64,ftruncate "$HANDRAIL" -d s.db "$@" >o 2>e || diag "$* : exit $?: $(cat e)"
	# shellcheck disable=SC2046
	set -- "$*" $(awk -f held.awk trace)
	all=$((all + $2))
	is "$3" 0 "$2 writes into the file, none outside of the lock: $1"
}
counted init
counted -p p.conf ingest large.jsonl
counted ingest in.jsonl
counted decide d1 edit --output-file new.txt
counted decide d1 undo
counted next --json
counted lease free d1
counted policy apply q.conf
counted reroute
counted export --format jsonl -o out.jsonl
counted backup copy.db
counted audit checkpoint
counted audit query --rule unsure
counted decide d1 reject
counted erase d1
counted purge --before 0d
counted list
counted audit verify
# Others wait: the ingest copies in parts.
others_wait s.db
sed 's/"id":"l/"id":"m/' large.jsonl >more.jsonl
counted ingest more.jsonl
others_go
parts=$(awk '/pwrite64\([0-9]+<[^>]*\/s\.db>/ { in_part = 1; next } /pwrite64/ && in_part { n++; in_part = 0 } END { print n + 0 }' trace)
[ "$parts" -ge 3 ]
is $? 0 "and while others wait it goes into the file in parts: $parts"
[ $all -gt 500 ]
is $? 0 "there were many: $all"

# It would be seen: sqlite3 checkpoints as it closes, and takes no lock of ours.
"$HANDRAIL" -d s.db decide l1 accept
strace -f -y -o trace -e trace=fcntl,close,write,pwrite64,ftruncate sqlite3 s.db "UPDATE items SET priority = 1 WHERE id = 'l2'" 2>e
[ "$(awk -f held.awk trace | cut -d' ' -f2)" -gt 0 ]
is $? 0 "a checkpoint of another program is one outside"
done_testing

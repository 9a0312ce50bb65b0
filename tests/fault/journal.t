#!/bin/sh
# A write to a copy that is not in WAL mode yet, killed in its middle: who reads next, and
# may write, finds the store as it was before; who may not is told what to do; the doctor
# changes nothing.
. "$(dirname "$0")/../cli/lib.sh"

basic_policy >p.conf
for i in 1 2 3; do record a$i 0.7; done >in.jsonl
"$HANDRAIL" -d base.db -p p.conf ingest in.jsonl >/dev/null 2>&1
"$HANDRAIL" -d base.db backup copy.db 2>/dev/null
# A cache of one page: half of it is in the file when both are copied.
sqlite3 copy.db 'PRAGMA cache_size = 1; BEGIN; CREATE TABLE half AS
    WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
    SELECT i, hex(randomblob(200)) FROM n' \
    '.shell cp copy.db hot.db; cp copy.db-journal hot.db-journal'
is "$(cmp -s copy.db hot.db && echo same)" '' "the file holds half a write"

fresh() {
	rm -rf s.db*
	forget
	cp hot.db s.db
	cp hot.db-journal s.db-journal
	cp base.db-key s.db-key
}
fresh
before=$(sha256sum s.db s.db-journal)
run -d s.db doctor
like "$out" 's\.db-journal: .* leave it there' "the doctor names what is left of it"
is "$(sha256sum s.db s.db-journal)" "$before" "and changes nothing"
for reads in "list" "list --json" "show a2" "audit verify" "stats" "audit query"; do
	fresh
	# shellcheck disable=SC2086
	run -d s.db $reads
	is "$code${err:+: $err}" 0 "$reads: reads on"
	[ ! -e s.db-journal ] && cmp -s s.db copy.db
	is $? 0 "the store is as it was before that write"
done
run -d s.db list --json
is "$(printf '%s\n' "$out" | jq -r .id | sort | tr '\n' ' ')" "a1 a2 a3 " "nothing is missing"

# A backup with such a write beside it, or with another store's -wal.
fresh
run -d r.db restore s.db
is "$code" 0 "a backup with a write that was broken off is put back"
ok "as it was before that write, and it holds" "$HANDRAIL" -d r.db audit verify
is "$("$HANDRAIL" -d r.db list --json | jq -r .id | sort | tr '\n' ' ')" "a1 a2 a3 " "with all that was there"
"$HANDRAIL" -d other.db -p p.conf ingest in.jsonl >/dev/null 2>&1
for wal in other base; do
	rm -f r.db* s.db*
	cp copy.db s.db
	cp $wal.db-wal s.db-wal
	run -d r.db restore s.db
	like "$code $err" "^1 handrail: restore: .*/s\.db-wal: is no part of the backup, .*: move it away" "a -wal beside a backup, of $wal.db: is named"
	is "$(echo r.db*)" 'r.db*' "and nothing is put back"
done

if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
	fresh
	chmod 755 .
	chmod 644 s.db s.db-journal
	before=$(sha256sum s.db s.db-journal)
	out=$(XDG_STATE_HOME=$work/none setpriv --reuid=65534 --regid=65534 --clear-groups "$HANDRAIL" -d s.db list 2>&1)
	is "$?: $out" "2: handrail: list: s.db: a write was broken off and left s.db-journal, which only who may write the store takes back: have its owner run any handrail command" \
	    "who may not write is told what to do"
	is "$(sha256sum s.db s.db-journal)" "$before" "and changes nothing"
else
	diag "not root: nobody else to read as"
fi
done_testing

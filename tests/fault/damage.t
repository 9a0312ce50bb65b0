#!/bin/sh
# The doctor finds and names each kind of damage, says what to do, and changes nothing;
# restore looks at the backup first, and at what stands in its way.
. "$(dirname "$0")/../cli/lib.sh"

basic_policy >p.conf
for i in 1 2 3 4 5 6; do record a$i 0.7; done >in.jsonl
"$HANDRAIL" -d base.db -p p.conf ingest in.jsonl >/dev/null 2>&1
"$HANDRAIL" -d base.db decide a1 accept
"$HANDRAIL" -d base.db search on >/dev/null
"$HANDRAIL" -d base.db audit checkpoint >/dev/null
"$HANDRAIL" -d base.db backup copy.db 2>/dev/null

fresh() {
	rm -rf s.db*
	forget
	cp copy.db s.db
	cp base.db-key s.db-key
}
hurt() {
	sqlite3 s.db "$1"
}
random() {
	awk 'BEGIN { srand(7); for (i = 0; i < 16384; i++) printf "%c", 1 + rand() * 250 }' |
	    dd of=s.db bs=16384 seek="$1" conv=notrunc 2>/dev/null
}
# names PATTERN NAME: exit 1, a line like it, and the store's bytes are what they were.
names() {
	before=$(cat s.db s.db-key 2>/dev/null | sha256sum)
	run -d s.db doctor
	like "$code $out" "^(1 )?(BAD|warn) .*$1" "$2"
	[ "$(cat s.db s.db-key 2>/dev/null | sha256sum)" = "$before" ] ||
	    is changed unchanged "$2: the doctor changes nothing"
}
# Each: what is done, what is said of it.
while IFS=@ read -r what pattern name; do
	fresh
	eval "$what"
	names "$pattern" "$name"
done <<'END'
printf 'no database' | dd of=s.db conv=notrunc 2>/dev/null@not a Handrail store@a header that is written over
: >s.db@empty: handrail init@an empty file
truncate -s 20000 s.db@damaged \(.*put a backup back@a file that was cut
random 5@damaged \(.*[Pp]age 6.*put a backup back@a page of noise
truncate -s 20000 s.db@nothing was changed; list, show and export may@what is safe with a damaged one
hurt 'DROP TABLE decisions'@table decisions: is gone.*put a backup back@a table that is gone
hurt 'DROP INDEX items_flagged'@index items_flagged: is gone.*doctor --repair makes it anew@an index that is gone
hurt 'DELETE FROM meta'@damaged \(no log name\)@a store without a name
hurt 'PRAGMA user_version = 99'@made by a newer Handrail@one of a newer version
hurt 'DROP TRIGGER leaves_delete; DELETE FROM leaves WHERE seq > 5'@the log has 6 leaves, but the store's rows speak of@a log that was cut
hurt 'UPDATE totals SET n = n + 3'@count of flagged items .* audit verify says what else@counts that are not those of the items
hurt 'DELETE FROM policies'@no policy is left@policies that are gone
hurt 'DELETE FROM search_data WHERE id > 10'@search: its index is damaged: handrail search off, then on@an index of words that is damaged
rm s.db-key@s.db-key: is not there: put it back@a key that is gone
echo junk >s.db-key; chmod 600 s.db-key@s.db-key: not a signing key@a file that is no key
chmod 644 s.db-key@s.db-key: mode 0644 lets others in: chmod 600@a key that others may read
head -c 9000 p.conf >s.db-journal; cat copy.db >>s.db-journal@s.db-journal: of a write that was broken off.* leave it there@another program's journal
mkdir s.db-lock@s.db-lock: not a file: move it away@a folder in place of the lock
rm s.db; mkdir s.db@s.db: not a file: move it away; handrail restore@a folder in place of the store
ln s.db more.db@has another name \(a hard link\)@another name
END
rm -f more.db

# What the doctor advises does it.
fresh; hurt 'DELETE FROM search_data WHERE id > 10'
"$HANDRAIL" -d s.db search off >/dev/null 2>&1
"$HANDRAIL" -d s.db search on >/dev/null
is "$("$HANDRAIL" -d s.db search find --json answer | wc -l)" 6 "a damaged index of words is made anew"
fresh; hurt 'DELETE FROM search_data WHERE id > 10'
try 0 "and keeps nobody from erasing" -d s.db erase a1
! grep -aqi 'answer a1' s.db*
is $? 0 "what it had of the text is gone"
fresh; hurt 'DROP TABLE decisions'
run -d s.db list
like "$err" 's\.db: damaged \(no such table: decisions\): handrail doctor says' "a command that meets it names the doctor"
fresh; altered s.db 'DELETE FROM leaves'
run -d s.db decide a2 accept
like "$code $err" '^2 .*its log is empty: put a backup back' "nothing is written to a store whose log is empty"

# Backups that are not what they were.
refused() {
	run -d r.db restore s.db
	like "$code $err" "^1 .*$1" "$2"
	is "$(echo r.db*)" 'r.db*' "and nothing is put back"
}
fresh; random 9
refused 's\.db: damaged \(.*: take an older one$' "a damaged backup is refused"
fresh; hurt 'DROP TABLE decisions'
refused 's\.db: .*decisions' "so is one without a table"
fresh; hurt "UPDATE items SET state = 'accepted' WHERE id = 'a3'"
refused 's\.db: its log does not prove it \(.*a3.*take an older one' "and one that was altered"
try 0 "unless it is wanted as it is" -d r.db restore --anyway s.db
before=$(sha256sum <r.db)
run -d r.db restore copy.db
like "$code $err" '^2 .*r\.db: a store is there; move it away with its -wal' "a store that is there is not written over"
is "$(sha256sum <r.db)" "$before" "it is as it was"
done_testing

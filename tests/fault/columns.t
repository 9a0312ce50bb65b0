#!/bin/sh
# Every column of every table, as the schema has them, altered in turn, rows swapped,
# ends cut off, with and without hashing the log anew: verify finds it, or the manual
# says that it is not proved.
. "$(dirname "$0")/../cli/lib.sh"

. "$root/tests/fault/whole.sh"
whole_store base.db >log 2>&1
"$HANDRAIL" -d base.db audit checkpoint >/dev/null
"$HANDRAIL" -d base.db export --format jsonl -o out.jsonl >/dev/null 2>&1
"$HANDRAIL" -d base.db audit checkpoint >known
"$HANDRAIL" -d base.db backup copy.db 2>/dev/null
# What an older version did not bind, and second looks, which need two people.
"$HANDRAIL" -d old.db -p p.conf ingest in.jsonl >/dev/null 2>&1
older_store old.db 16
sqlite3 old.db "INSERT INTO notes (item, ts_ms, uid, by, text) VALUES (1, 5, 0, 'ana', 'old')"
rm old.db-key
forget
"$HANDRAIL" -d old.db decide a4 accept >/dev/null 2>&1
"$HANDRAIL" -d old.db backup oldcopy.db 2>/dev/null
"$HANDRAIL" demo --keep d </dev/null >/dev/null 2>&1
script_store=d/demo.db
script "two second looks" <<\S
keys D &
type decision = 'accept'
keys Enter R
expect second look 1 of 2
keys a
expect second look 2 of 2
keys a
expect 2 second looks, 2 agree
S
"$HANDRAIL" -d d/demo.db backup second.db 2>/dev/null

# TABLE COLUMN, one a line; "all" stands for every column of the table.
awk '/^\.Ss What is not proved/ { on = 1; next } /^\.S[sh]/ { on = 0 }
    on && /^\.It Cm / { table = $3; next }
    on && /^\.Cm / { for (i = 2; i <= NF; i++) if ($i != ",") print table, $i }' \
    "$root/man/handrail-audit.7" >unproved
cat >>unproved <<\MORE
checkpoints cut
outbox swapped
MORE
for copy in copy.db oldcopy.db second.db; do
	forget
	ok "$copy: all of it verifies before" "$HANDRAIL" -d $copy audit verify
done
"$root/tests/fault/alter.py" copy.db unproved >unseen
tried=$(tail -n 1 unseen)
is "$(sed '$d; /^bound: no row$/d; /^opinions: no row$/d' unseen)" "" \
    "$tried alterations of all tables are found, the others are in the manual's list"
[ "$tried" -gt 200 ]
is $? 0 "there were many"
is "$("$root/tests/fault/alter.py" oldcopy.db unproved bound notes | sed '$d')" "" "so are those of what an older version wrote"
is "$("$root/tests/fault/alter.py" second.db unproved opinions | sed '$d')" "" "and of second looks"

# The log itself, made to hold again: what was signed says otherwise, and where that
# is gone from the store too, what is known elsewhere and who saw it.
triggers=$(sqlite3 copy.db "SELECT 'DROP TRIGGER ' || name || ';' FROM sqlite_schema WHERE type = 'trigger'")
again=$(sqlite3 copy.db "SELECT sql || ';' FROM sqlite_schema WHERE type = 'trigger'")
told() {
	echo "$code" "$(printf '%s\n' "$err" | grep checkpoint)"
}
while IFS='|' read -r what sql; do
	rm -f s.db-*; cp copy.db s.db; forget
	"$HANDRAIL" -d s.db audit verify >/dev/null	# is seen
	rm -f s.db-*
	sqlite3 s.db "$triggers $sql; $again"
	"$root/tests/fault/relog.py" s.db
	run -d s.db audit verify
	like "$(told)" '^1 .*(differs from|shorter than) checkpoint' "$what and hashed anew: a checkpoint says so"
	sqlite3 s.db "$triggers DELETE FROM checkpoints; $again"
	run -d s.db audit verify --known known
	like "$(told)" '^1 .*(differs from|shorter than) checkpoint [0-9]+ \((known|.*witness.*)\)' "... without one: a note kept elsewhere does"
	run -d s.db decide a9 accept
	like "$code $err" '^2 .* its log .* you have seen' "... and whoever saw it is told, and writes nothing"
done <<\LOG
a leaf is altered|UPDATE leaves SET leaf = replace(leaf, '"rule":"sure"', '"rule":"safe"')
two are swapped|UPDATE leaves SET seq = -1 WHERE seq = 5; UPDATE leaves SET seq = 5 WHERE seq = 6; UPDATE leaves SET seq = 6 WHERE seq = -1; UPDATE leaves SET leaf = json_set(leaf, '$.seq', seq)
the tail is cut off|DELETE FROM leaves WHERE seq > 9
LOG
forget

# What is planted or dropped, each by its name in the schema.
planted() {
	cp copy.db s.db; rm -f s.db-*; forget
	sqlite3 s.db "$1"
	run -d s.db audit verify
}
planted "CREATE TRIGGER search_evil AFTER INSERT ON decisions BEGIN UPDATE items SET state = 'accepted'; END"
like "$code $(printf '%s\n' "$err" | tail -n 1)" '^1 .*trigger search_evil: is not' "a planted trigger is found"
run -d s.db decide a9 accept
like "$code $err" '^2 .*trigger search_evil is not .*doctor --repair' "and nothing is written that it would run in"
run -d s.db list
like "$code $err" '^0 .*trigger search_evil is not .*can be read' "who reads is told"
run -d s.db doctor --repair
like "$out" '^BAD +trigger search_evil: is not' "doctor --repair lists it"
try 0 "and takes it out" -d s.db decide a9 accept
try 0 "with all that it needs" -d s.db audit verify
planted "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET rootpage =
    (SELECT rootpage FROM sqlite_schema WHERE name = 'held_due') WHERE name = 'items_flagged'"
like "$code $err" '^1 .*damaged \(' "an index that says other than its table is found: lists read it alone"
planted "PRAGMA user_version = 16"
like "$code $err" '^2 .*: damaged \(it is none of version 16: .*put a backup back' "a store is not made another version by its number"
planted "PRAGMA user_version = 0"
like "$code $err" '^2 .*: damaged \(its version is gone\): put a backup back' "nor an empty one"
planted "CREATE TABLE mine (x); CREATE INDEX of_mine ON items (model); CREATE VIEW see AS SELECT 1"
is "$code" 0 "tables, indexes and views of others are no fault"
is "$(printf '%s\n' "$err" | grep -cE "note: (table mine|index of_mine|view see) is not")" 3 "and are named"
sqlite3 copy.db "SELECT type, name FROM sqlite_schema WHERE sql IS NOT NULL AND type <> 'table'
    AND name NOT LIKE 'sqlite%'" >objects
unseen=''
while IFS='|' read -r type name; do
	planted "DROP $type $name"
	[ "$code" = 1 ] && printf '%s\n' "$err" | grep -q "$type $name: is gone" || unseen="$unseen $name"
	run -d s.db decide a9 accept
	[ "$code" = 2 ] && printf '%s\n' "$err" | grep -q "$type $name is gone .*doctor --repair" || unseen="$unseen $name"
done <objects
is "$unseen" "" "$(wc -l <objects) indexes and triggers: each that is dropped is named, and nothing is written"
planted "DROP TABLE skips"
run -d s.db decide a9 accept
like "$code $err" '^2 .*table skips is gone .*handrail restore' "without a table nothing is either"
planted "DROP TRIGGER leaves_delete; DROP INDEX items_flagged"
run -d s.db doctor --repair
try 0 "doctor --repair makes anew what is gone" -d s.db decide a9 accept
try 0 "as it was" -d s.db audit verify

# Nothing stays in that list that is gone from the schema.
sqlite3 -separator ' ' copy.db "SELECT m.name, c.name FROM sqlite_schema m, pragma_table_info(m.name) c
    WHERE m.type = 'table'" >columns
is "$(awk 'NR == FNR { t[$1]; c[$1 " " $2]; next } !($1 in t) || ($2 !~ /^(all|cut|swapped)$/ && !(($1 " " $2) in c))' \
    columns unproved)" "" "and no name in the list is unknown"
done_testing

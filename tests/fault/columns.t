#!/bin/sh
# Every column of every table, as the schema has them, altered in turn: verify finds
# it, or the manual says that it is not proved.
. "$(dirname "$0")/../cli/lib.sh"

basic_policy | sed 's/sla *= "4h"/&  hold = "1h"  sample = 0.5/' >p.conf
{ record a1 0.51 'Write to ana@example.org.'; record a2 0.52; record a3 0.95; record a4 0.3; } >base.jsonl
"$HANDRAIL" -d base.db -p p.conf ingest base.jsonl >/dev/null 2>&1
"$HANDRAIL" -d base.db decide a1 edit --output-file - --note no --label unsafe --reason tone <base.jsonl >/dev/null
"$HANDRAIL" -d base.db audit checkpoint >/dev/null
"$HANDRAIL" -d base.db next --json >/dev/null
"$HANDRAIL" -d base.db backup copy.db

# TABLE COLUMN, one a line; "all" stands for every column of the table.
awk '/^\.Ss What is not proved/ { on = 1; next } /^\.S[sh]/ { on = 0 }
    on && /^\.It Cm / { table = $3; next }
    on && /^\.Cm / { for (i = 2; i <= NF; i++) if ($i != ",") print table, $i }' \
    "$root/man/handrail-audit.7" >unproved
# Without a row in this store; how they are proved is tested with what fills them.
elsewhere=' bound guard_errors notes calls spend prompts prompt_labels bundles bundle_uses suites runs'
elsewhere="$elsewhere run_labels results result_texts result_checks eval_cache hooks hook_queues deliveries opinions skips "

sqlite3 -separator ' ' copy.db "SELECT m.name, c.name, c.type FROM sqlite_schema m, pragma_table_info(m.name) c
    WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%'" >columns
triggers=$(sqlite3 copy.db "SELECT 'DROP TRIGGER ' || name || ';' FROM sqlite_schema WHERE type = 'trigger'")
again=$(sqlite3 copy.db "SELECT sql || ';' FROM sqlite_schema WHERE type = 'trigger'")
unseen='' tried=0
while read -r table column type; do
	grep -qxE "$table (all|$column)" unproved && continue
	if [ "$(sqlite3 copy.db "SELECT count(*) FROM $table")" = 0 ]; then
		case $elsewhere in *" $table "*) ;; *) unseen="$unseen $table(no row)" ;; esac
		continue
	fi
	case $type in TEXT) other="'x'" ;; BLOB) other="x'00'" ;; *) other=1 ;; esac
	rm -f s.db s.db-*
	cp copy.db s.db; forget
	sqlite3 s.db "PRAGMA ignore_check_constraints = ON; $triggers
	    UPDATE OR REPLACE $table SET \"$column\" = CASE typeof(\"$column\") WHEN 'integer' THEN \"$column\" + 1
	    WHEN 'real' THEN \"$column\" + 0.125 WHEN 'text' THEN \"$column\" || 'x'
	    WHEN 'blob' THEN CAST(\"$column\" || x'00' AS BLOB) ELSE $other END; $again" 2>e ||
	    { unseen="$unseen $table.$column(not altered: $(head -n 1 e))"; continue; }
	tried=$((tried + 1))
	"$HANDRAIL" -d s.db audit verify >/dev/null 2>&1 && unseen="$unseen $table.$column"
done <columns
is "$unseen" "" "$tried altered columns are found, the others are in the manual's list"
[ "$tried" -gt 40 ]
is $? 0 "there were many"

# What is planted or dropped, each by its name in the schema.
planted() {
	cp copy.db s.db; rm -f s.db-*; forget
	sqlite3 s.db "$1"
	run -d s.db audit verify
}
planted "CREATE TRIGGER search_evil AFTER INSERT ON decisions BEGIN UPDATE items SET state = 'accepted'; END"
like "$code $err" '^1 .*trigger search_evil: is not' "a planted trigger is found"
run -d s.db decide a2 accept
like "$code $err" '^2 .*trigger search_evil is not .*doctor --repair' "and nothing is written that it would run in"
run -d s.db doctor --repair
like "$out" '^BAD +trigger search_evil: is not' "doctor --repair lists it"
try 0 "and takes it out" -d s.db decide a2 accept
try 0 "with all that it needs" -d s.db audit verify
planted "CREATE TABLE mine (x); CREATE INDEX of_mine ON items (model); CREATE VIEW see AS SELECT 1"
is "$code" 0 "tables, indexes and views of others are no fault"
is "$(printf '%s\n' "$err" | grep -cE "note: (table mine|index of_mine|view see) is not")" 3 "and are named"
sqlite3 copy.db "SELECT type, name FROM sqlite_schema WHERE sql IS NOT NULL AND type <> 'table'
    AND name NOT LIKE 'sqlite%'" >objects
unseen=''
while IFS='|' read -r type name; do
	planted "DROP $type $name"
	[ "$code" = 1 ] && printf '%s\n' "$err" | grep -q "$type $name: is gone" || unseen="$unseen $name"
done <objects
is "$unseen" "" "$(wc -l <objects) indexes and triggers: each that is dropped is named"

# A text beside a release that is the output as it came, which has none of its own.
cp copy.db s.db; rm -f s.db-*; forget
sqlite3 s.db "$triggers UPDATE outbox SET text = 'x' WHERE kind = 'output'; $again"
run -d s.db audit verify
is "$code" 1 "a text beside an output that was released is found"
like "$err" 'release 1: a text stands beside it' "and named"

# Nothing stays in that list that is gone from the schema.
is "$(awk 'NR == FNR { t[$1]; c[$1 " " $2]; next } !($1 in t) || ($2 != "all" && !(($1 " " $2) in c))' columns unproved)" "" \
    "and no name in the list is unknown"
done_testing

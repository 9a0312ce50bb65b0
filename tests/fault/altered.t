#!/bin/sh
# Numbers in the store that nobody wrote there: whatever they are, a command ends with
# an answer or an error, and (under a sanitizer) no sum runs over.
. "$(dirname "$0")/../cli/lib.sh"

basic_policy | sed 's/sla *= "4h"/&  hold = "1h"  sample = 0.5/' >p.conf
{ record a1 0.51 'Write to ana@example.org.'; record a2 0.52; record a3 0.95; record a4 0.3; } >base.jsonl
"$HANDRAIL" -d base.db -p p.conf ingest base.jsonl >/dev/null 2>&1
"$HANDRAIL" -d base.db decide a1 edit --output-file - --note no --label unsafe <base.jsonl >/dev/null
"$HANDRAIL" -d base.db next --json >/dev/null
"$HANDRAIL" -d base.db backup copy.db
record n1 0.7 >in.jsonl
triggers=$(sqlite3 copy.db "SELECT 'DROP TRIGGER ' || name || ';' FROM sqlite_schema WHERE type = 'trigger'")

# With sums that are checked on the way, a sanitizer ends the program at the first
# that is not.
UBSAN_OPTIONS=halt_on_error=1 ASAN_OPTIONS=detect_leaks=0
export UBSAN_OPTIONS ASAN_OPTIONS
columns=$(sqlite3 copy.db "SELECT m.name || ' ' || c.name FROM sqlite_schema m, pragma_table_info(m.name) c
    WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' AND c.type = 'INTEGER'")
bad=0 tried=0
while read -r table column; do
	for value in ${ALTERED_VALUES:-9223372036854775807 -9223372036854775808}; do
		rm -f s.db-* s.db
		cp copy.db s.db; forget
		sqlite3 s.db "PRAGMA ignore_check_constraints = ON; $triggers
		    UPDATE $table SET $column = $value WHERE rowid = (SELECT max(rowid) FROM $table)" 2>/dev/null ||
		    sqlite3 s.db "$triggers UPDATE $table SET $column = $value" 2>/dev/null || continue
		for command in 'list --state all' 'show --json a1' stats 'decide a2 accept' 'export --format jsonl' \
		    releases 'audit verify' 'next --json'; do
			# shellcheck disable=SC2086
			"$HANDRAIL" -d s.db $command >o 2>e
			rc=$?
			tried=$((tried + 1))
			[ $rc -le 2 ] || { bad=$((bad + 1)); diag "$table.$column = $value: $command: exit $rc: $(grep -m 1 -e error -e ERROR e)"; }
		done
	done
done <<END
$columns
END
is $bad 0 "$tried commands on altered numbers"
done_testing

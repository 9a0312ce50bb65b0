#!/bin/sh
# What reviewers and auditors do while one call of it fails, each on every way to it: who
# asked is told why, nothing is stored, no transaction stays open (tests/fault/calls.c).
. "$(dirname "$0")/../cli/lib.sh"
. "$root/tests/fault/whole.sh"

calls=$(dirname "$HANDRAIL")/fault/calls
[ -x "$calls" ] || skip_all "no $calls" anywhere
whole_store whole.db >log.out 2>&1
"$HANDRAIL" -d whole.db search --on >/dev/null 2>&1
"$HANDRAIL" -d whole.db audit checkpoint >/dev/null
"$HANDRAIL" -d whole.db export --format jsonl -o out.jsonl >/dev/null 2>&1
"$HANDRAIL" -d whole.db backup base.db 2>/dev/null
cp whole.db-key base.key
"$HANDRAIL" -d whole.db audit export >log
"$HANDRAIL" -d old.db -p p.conf ingest in.jsonl >/dev/null 2>&1
older_store old.db 16
rm -f old.db-key
# Rows that no leaf made, and rows that are gone.
cp base.db bad.db
{
	triggers=$(sqlite3 bad.db "SELECT sql || ';' FROM sqlite_schema WHERE type = 'trigger'")
	sqlite3 bad.db "SELECT 'DROP TRIGGER ' || name || ';' FROM sqlite_schema WHERE type = 'trigger'"
	for table in prompts prompt_labels bundles bundle_uses policies decisions outbox; do
		echo "UPDATE OR IGNORE $table SET seq = seq - 1 WHERE seq = (SELECT max(seq) FROM $table);"
	done
	echo "UPDATE OR IGNORE items SET seq = seq + 1000 WHERE item = 3; DELETE FROM items WHERE item = 2;
	    DELETE FROM notes WHERE seq = (SELECT min(seq) FROM notes); DELETE FROM skips; $triggers"
} >bad.sql
sqlite3 bad.db <bad.sql
"$calls" base.db old.db >told
ended=$?
grep '^# \|^Bail' told
is $ended 0 "$(grep -c '^ok' told) of $(grep -c 'ok ' told) things that people do: $(awk '{ for (i = 1; i < NF; i++) if ($(i + 1) == "calls") n += $i } END { print n }' told) calls that fail are told, and leave nothing"
done_testing

#!/bin/sh
# The build step of the statements (db/sql.awk): what breaks the rules of
# db/queries.sql ends the build and names the line; and nobody counts columns.
. "$(dirname "$0")/../cli/lib.sh"
cd "$root" || exit 1

# refused TEXT LINE WHY
refused() {
	printf '%s\n' "$1" >"$work/bad.sql"
	if awk -v want=header -f db/sql.awk "$work/bad.sql" >"$work/h" 2>"$work/why"; then
		is taken refused "$3"
	else
		is "$(cat "$work/why")" "$work/bad.sql:$2: $3" "$3"
	fi
}
refused '-- name: A
SELECT a FROM t WHERE b = ?1;' 1 "a parameter is written :name"
refused '-- name: A
SELECT count(*) FROM t;' 1 "a column needs a name: count(*) AS ..."
refused '-- name: A
SELECT a FROM t;

-- name: A
SELECT b FROM t;' 4 "a second name A"
refused '-- name: A
SELECT {B} FROM t;

-- part: B
b' 1 "no part B above"
refused '-- part: B
b

-- name: A
SELECT a FROM t;' 1 "part B is used by no statement"
refused '-- name: A
-- gives: G
SELECT a, b FROM t;

-- name: B
-- gives: G
SELECT a FROM t;' 5 "gives other columns than the rest of G"
refused '-- name: A
SELECT a FROM t' 1 "one statement ends with one semicolon"
refused '-- Name: A
SELECT a FROM t;' 2 "text before the first name"

printf '%s\n' "-- name: A" "SELECT a AS b, ':c' AS d FROM t WHERE \"?\" = :e OR :f > :e OR 'a:g?';" \
    >"$work/good.sql"
awk -v want=table -f db/sql.awk "$work/good.sql" >"$work/c"
like "$(cat "$work/c")" "= .1 OR .2 > .1 OR 'a:g.';" "parameters are numbered, strings and names left alone"

printf '%s\n' "-- name: A" "INSERT INTO t (a, b) ROWS" "ON CONFLICT (a) DO NOTHING;" \
    >"$work/rows.sql"
awk -v want=table -f db/sql.awk "$work/rows.sql" >"$work/c"
like "$(tr -d '\n' <"$work/c")" "SELECT v1, v2 FROM batch WHERE true.*ON CONFLICT" \
    "what follows ROWS is none of its SELECT's"

# shellcheck disable=SC2046 # file names here have no blanks
is "$(grep -nE 'query_(bind_)?(int|double|text|blob|null)\([^,]*, *[0-9]' \
    $(find db queue tests -name node_modules -prune -o -name '*.c' -print))" "" "no parameter or column by its position"
done_testing

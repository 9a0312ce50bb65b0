#!/bin/sh
# Limits and layers of the C sources: functions of 60 lines, complexity 15,
# files of 800 lines, no banned call, includes only to the right of
# tui -> queue -> db -> core; in tui/screen of tui/screen and core alone.
. "$(dirname "$0")/../cli/lib.sh"
cd "$root" || exit 1

sources=$(find core db queue tui -name '*.[ch]' | sort)
[ -n "$sources" ] || skip_all "no sources"

# none NAME TEXT: TEXT lists what breaks a rule, and must be empty.
none() {
	is "$2" "" "$1"
}
# in_layer REGEX: the sources whose path matches.
in_layer() {
	printf '%s\n' "$sources" | grep -E "$1"
}
# shellcheck disable=SC2046,SC2086 # file names here have no blanks
{
	none "no file over 800 lines" "$(wc -l $sources |
	    awk '$2 != "total" && $1 > 800 { print $2 ": " $1 }')"
	if command -v pmccabe >/dev/null 2>&1; then
		pmccabe $(in_layer '\.c$') >"$work/complexity"
		none "no function over 60 lines" "$(awk -F'\t' '$5 > 60 {
		    print $6 ": " $7 ": " $5 }' "$work/complexity")"
		none "no complexity over 15" "$(awk -F'\t' '$1 > 15 {
		    print $6 ": " $7 ": " $1 }' "$work/complexity")"
		ok "some function was measured" test -s "$work/complexity"
	else
		[ -z "${CI:-}" ] || ok "pmccabe is there" false
	fi
	none "no banned call" "$(grep -nE \
	    '\b(strcpy|strcat|sprintf|vsprintf|gets|strtok|atoi|atol|system|popen|alloca)[[:space:]]*\(' \
	    $sources | grep -vE '^[^:]+:[0-9]+:[[:space:]]*(//|/?\*)')"
	# "name": in a literal, or a piece of it that a call adds to a text.  Prose
	# has a blank behind the colon; a file without functions writes nothing.
	escaped='\\"[^"\\ ]+\\":([^ ]|$)|(buf_|print|puts)[a-z_]*\(.*([{,]\\"|\\":")'
	none "JSON is written by core/json/write.h alone" "$(grep -nE "$escaped" \
	    $(grep -l '^{' $sources))"
	is "$(printf '%s\n' 'buf_puts(b, ",\"id\":");' 'printf("{\"n\":%d}", n)' \
	    '    "\"a\":1,"' 'buf_puts(b, "\":");' 'buf_printf(b, ",\"%s\"", s);' \
	    'error_set(err, "rule \"%s\": no such", s);' \
	    'memmem(p, n, "\":", 2)' | grep -cE "$escaped")" 5 \
	    "JSON that is escaped by hand is found"
	none "nothing left for later" "$(grep -nE \
	    '\b(TODO|FIXME|XXX|HACK|not implemented)\b' $sources)"
	none "core includes core alone" "$(grep -nE \
	    '#include "(db|queue|tui)/' $(in_layer '^core/') /dev/null)"
	none "db includes db and core" "$(grep -nE \
	    '#include "(queue|tui)/' $(in_layer '^db/') /dev/null)"
	none "queue does not include tui" "$(grep -nE \
	    '#include "tui/' $(in_layer '^queue/') /dev/null)"
	none "screens and views do not know db" "$(grep -nE \
	    '#include "db/' $(in_layer '^tui/(screen|review)/') /dev/null)"
	none "a screen knows no queue, and no view of one" "$(grep -nE \
	    '#include "(db|queue)/|#include "tui/(cmd|review|demo)/' \
	    $(in_layer '^tui/screen/') /dev/null)"
	none "of the commands only those about the store know db" "$(grep -nE \
	    '#include "db/' $(in_layer '^tui/cmd/' |
	    grep -vE '^tui/cmd/(init|audit|backup|parts|restore|doctor)[^/]*$') /dev/null)"
	none "sqlite3.h in db/sqlite and core/expr only" "$(grep -nE \
	    '#include <sqlite3\.h>' $(in_layer . |
	    grep -vE '^db/sqlite/|^core/expr/') /dev/null)"
	none "curl.h in queue/http*.c only" "$(grep -nE \
	    '#include <curl/' $(in_layer . | grep -vE '^queue/http') /dev/null)"
	none "expat.h in core/guard/format_xml.c only" "$(grep -nE \
	    '#include <expat\.h>' $(in_layer . |
	    grep -vE '^core/guard/format_xml\.c$') /dev/null)"
	none "yaml.h in core/suite/yaml.c only" "$(grep -nE \
	    '#include <yaml\.h>' $(in_layer . |
	    grep -vE '^core/suite/yaml\.c$') /dev/null)"
	none "curses in screens and views only" "$(grep -nE \
	    '#include <n?curses(w/curses)?\.h>' $(in_layer . |
	    grep -vE '^tui/(screen|review)/') /dev/null)"
	none "no page is named that is not in the tree" "$(git grep -ohE \
	    '\b([a-z][a-z0-9_-]+\.md|handrail(-[a-z]+)?(\.conf)?\.[157])\b' \
	    -- core db queue tui ':!*.conf' Makefile .ci | sort -u |
	    while read -r page; do
		[ -e "man/$page" ] || git ls-files --error-unmatch -- "$page" \
		    >/dev/null 2>&1 || echo "$page"
	    done)"
	none "no folder at the top but the eight" "$(git ls-files |
	    sed -n 's,/.*,,p' | sort -u |
	    grep -vxE 'tui|core|queue|db|tests|man|\.ci')"
}
done_testing

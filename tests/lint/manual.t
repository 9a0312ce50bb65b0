#!/bin/sh
# Manual pages and scripts: mandoc and shellcheck have nothing to say, and
# every command has its page.
. "$(dirname "$0")/../cli/lib.sh"
cd "$root" || exit 1

if command -v mandoc >/dev/null 2>&1; then
	for page in man/*.[157]; do
		is "$(mandoc -T lint -W warning "$page" 2>&1)" "" "mandoc: $page"
	done
else
	[ -z "${CI:-}" ] || ok "mandoc is there" false
fi
if command -v shellcheck >/dev/null 2>&1; then
	for script in $(git ls-files | grep -E '\.(t|sh)$|^\.ci/|^tests/bench/run$'); do
		head -n 1 "$script" | grep -Eq '^#!.*sh$|^# TAP for sh' || continue
		is "$(shellcheck -x -s sh -S warning -P SCRIPTDIR "$script" 2>&1)" "" \
		    "shellcheck: $script"
	done
else
	[ -z "${CI:-}" ] || ok "shellcheck is there" false
fi
for command in $(find tui/cmd -name '*.c' 2>/dev/null |
    sed 's,.*/,,; s,\.c$,,; s,_,-,g' | sort); do
	grep -qxF ".It Xo Ic $command" man/handrail.1 2>/dev/null ||
	grep -qE "^\.(It|Ic)( Ic)? $command( |$)" man/handrail.1 2>/dev/null ||
	    [ -e "man/handrail-$command.1" ]
	is "$?" 0 "man/ describes: $command"
done
done_testing

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
		is "$(shellcheck -x -S warning -P SCRIPTDIR "$script" 2>&1)" "" \
		    "shellcheck: $script"
	done
else
	[ -z "${CI:-}" ] || ok "shellcheck is there" false
fi
# The rows of the table of commands, and the pages that describe them.
for command in $(awk 'named { gsub(/[",]/, "", $1); print $1; named = 0 }
    /^const struct cmd cmd_[a-z]* = {$/ { named = 1 }' tui/cmd/*.c | sort); do
	ok "man/ describes: $command" grep -Eq "^\\.(It|Ic) (Ic )?$command( |\$)" man/handrail.1
	ok "man/ has its page: $command" test -f "man/handrail-$command.1"
done
done_testing

#!/bin/sh
# The manual and --help say the same: each command has its page, each page its
# command, and both name the same options.
. "$(dirname "$0")/lib.sh"

# options TEXT-FILE: long options in --help's list.
told_by_help() {
	"$HANDRAIL" "$1" --help | sed -n '/^  -d, --store /,$d
	    s/^  \(-[a-zA-Z], \|    \)--\([a-z-]*\).*/\2/p' | sort -u
}
told_by_page() {
	grep -oE 'Fl (-[a-z][a-z-]+)' "$root/man/handrail-$1.1" |
	    sed 's/Fl -//' | sort -u
}
commands=$("$HANDRAIL" help | sed -n 's/^  \([a-z][a-z]*\)  *.*/\1/p')
ok "help has commands" test -n "$commands"
for command in $commands; do
	page=$root/man/handrail-$command.1
	ok "a page: $command" test -f "$page"
	[ -f "$page" ] || continue
	is "$(told_by_page "$command")" "$(told_by_help "$command")" "the same options: $command"
done
for page in "$root"/man/handrail-*.1; do
	command=${page##*/handrail-}
	command=${command%.1}
	ok "a command: $command" "$HANDRAIL" "$command" --help
done
done_testing

#!/bin/sh
# Usage, help and error messages: one line, what and why, exit 2.
. "$(dirname "$0")/lib.sh"

commands=$("$HANDRAIL" help | sed -n "s,^  \([a-z][a-z]*\)  *.*,\1,p")

run version
is "$code" 0 "version"
like "$out" '^handrail [0-9]' "names itself"
run --version
like "$code:$out" '^0:handrail [0-9]' "so it does when asked as others are"
run help
is "$code" 0 "help"
is "$(printf '%s\n' "$commands" | sort | uniq -d)" "" "help lists no command twice"
for command in init ingest check review list show next decide lease releases \
    serve ask hook metrics eval run export audit policy prompt bundle stats \
    demo version help; do
	like "$out" "^ *$command( |\$)" "help lists $command"
done
for command in $commands; do
	run "$command" --help
	is "$code:$err" 0: "$command --help"
	is "$(printf '%s\n' "$out" | grep -cE ' $|^.{80}')" 0 \
	    "$command --help: no blanks at an end, nothing over 79 columns"
	like "$out" "handrail.* $command" "has its usage line"
done

# refused NAME REGEX ARGS...: exit 2, one line, nothing on standard output.
refused() {
	name=$1 regex=$2; shift 2
	run "$@"
	is "$code:$out:$(wc -l <"$work/.err")" 2::1 "$name"
	like "$err" "$regex" "$name: $err"
}
refused "no such command" '^handrail: .*frobnicate' frobnicate
refused "no such option" '^handrail: list: .*--nope' list --nope
refused "no such option, where an ID was meant" '^handrail: show: -x: no such option; an ID that begins with - goes after --' -d s.db show -x1
refused "an option without its value" '^handrail: list: .*--limit' list --limit
refused "a number that is none" '^handrail: list: .*--limit' -d s.db list --limit many
refused "an operand too few" '^handrail: show: ' -d s.db show
refused "an operand too many" '^handrail: stats: ' -d s.db stats extra
refused "a folder as the store" '^handrail: .*'"$work" -d "$work" list
refused "a command nearly right" '^handrail: lst: no such command; did you mean list\?$' lst
refused "a command as others call it" '^handrail: log: no such command; did you mean audit\?$' log
refused "an option nearly right" '^handrail: list: --limt=3: no such option; did you mean --limit\?$' list --limt=3
refused "an option that takes no value" '^handrail: list: --json=1: takes no value' list --json=1
refused "the beginning of two options" '^handrail: list: --st: no such option; did you mean --store or --state\?$' list --st x
refused "no such option, without a command" '^handrail: --bogus: no such option; see handrail help$' --bogus
refused "an option of the program nearly right" 'did you mean --version\?$' --verson
refused "a command's option before it" '^handrail: --json: no such option; a command.s options go behind its name; see handrail help$' --json list
refused "a word of a command nearly right" '^handrail: audit: qury: no such word; did you mean query\?$' -d s.db audit qury
refused "a queue as an operand" '^handrail: list: support: list takes no operand; the queue is named with -q' -d s.db list support
run
is "$code:$out" 2: "no command: exit 2"

# Nothing that a caller names reaches the terminal as it is.
run -d s.db "$(printf 'a\033[31mb')"
is "$(printf '%s' "$err" | grep -c "$(printf '\033')")" 0 "an escape sequence in an argument is shown, not sent"

# "-" where it is neither standard input nor output.
"$HANDRAIL" -d s.db init >/dev/null 2>&1
refused "a backup to standard output" '^handrail: backup: a backup goes to a file, not to standard output; a file of that name is \./-' -d s.db backup -
ok "makes no file of that name" test ! -e ./-
refused "a policy from standard input" '^handrail: policy: -: No such file or directory; name a file, .*/dev/stdin' policy check -
is "$("$HANDRAIL" -d s.db audit export -)" "$("$HANDRAIL" -d s.db audit export)" "audit export - is standard output"
rm -f s.db*

# Without HOME the store is where the system says that home is, not in /.
home=$(getent passwd "$(id -u)" | cut -d : -f 6)
for empty in '-u HOME' HOME=; do
	# shellcheck disable=SC2086 # two words
	err=$(env -u XDG_DATA_HOME $empty HANDRAIL_STORE= "$HANDRAIL" show no-such-item 2>&1)
	like "$err" "^handrail: show: ($home/.local/share/handrail/handrail.db: no such store|no-such-item: no such item)" \
	    "env $empty: $err"
done
done_testing

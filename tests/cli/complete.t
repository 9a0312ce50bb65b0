#!/bin/bash
# Completion: what bash offers when a person presses Tab; zsh and fish where
# they are.
. "$(dirname "$0")/lib.sh"

# The script of each shell, as `make install` puts it.
for shell in bash zsh fish; do
	"$HANDRAIL" help --completion $shell >"complete.$shell"
done
try 2 "a shell that there is none of" help --completion tcsh
mkdir files
touch files/in.jsonl "files/two words.jsonl"

# shellcheck source=/dev/null
. ./complete.bash
# tab WORD...: what is offered for the last word, in a row.
tab() {
	# shellcheck disable=SC2034 # bash's own names for what is on the line
	COMP_WORDS=(handrail "$@") COMP_CWORD=$#
	COMPREPLY=()
	_handrail
	printf '%s ' "${COMPREPLY[@]}"
}
commands=$("$HANDRAIL" help | sed -n 's/^  \([a-z][a-z]*\)  *.*/\1/p' | tr '\n' ' ')
is "$(tab '')" "$commands" "every command"
is "$(tab ex)" "export " "a command by its beginning"
is "$(tab -d s.db --wait 3s li)" "list " "behind options with values"
is "$(tab export --for)" "--format " "an option"
is "$(tab export --format d)" "dpo dpo-openai " "the values of an option"
is "$(tab export -f k)" "kto " "of its letter too"
is "$(tab export --format = s)" "sft " "and behind an equals sign"
is "$(tab list --limit '')" " " "nothing where anything may stand"
is "$(tab policy r)" "rollback " "the words of a command"
is "$(tab decide some-id re)" "reject return " "a decision behind the id"
is "$(tab decide '')" " " "but not in its place"
is "$(tab help che)" "check " "a command to have explained"
is "$(tab ingest files/)" "files/in.jsonl files/two words.jsonl " "files for operands, blanks and all"
is "$(tab export -o files/i)" "files/in.jsonl " "files for options"
is "$(tab eval files/i)" "files/in.jsonl " "a suite is a file"
is "$(tab ask --on-timeout f)" "fallback " "what ask does then"
is "$(tab policy test files/i)" "files/in.jsonl " "files behind a word"
is "$(tab stats --j)" "--json " "options of a command without operands"

# Each value offered is one that the program takes.
record a 0.5 >in.jsonl
"$HANDRAIL" -d s.db ingest in.jsonl >/dev/null 2>&1
for state in $(tab list --state ''); do try 0 "list --state $state" -d s.db list --state "$state"; done
for format in $(tab export -f ''); do try 0 "export -f $format" -d s.db export -f "$format"; done
for tool in $(tab run -f ''); do
	"$HANDRAIL" -d s.db run import -f "$tool" in.jsonl >/dev/null 2>.err
	is "$(grep -c 'is wanted\|no such' .err)" 0 "run import -f $tool"
done
for shape in $(tab check -f ''); do
	"$HANDRAIL" check -f "$shape" in.jsonl >/dev/null 2>.err
	is "$(grep -c 'is wanted' .err)" 0 "check -f $shape"
done

if command -v zsh >/dev/null 2>&1; then
	ok "zsh reads its script" zsh -n complete.zsh
else
	diag "no zsh here"
fi
if command -v fish >/dev/null 2>&1; then
	press() {
		fish --no-config -c 'source complete.fish; complete -C $argv[1]' "$1" | cut -f1 | tr '\n' ' '
	}
	is "$(press 'handrail ex')" "export " "fish: a command"
	is "$(press 'handrail -d s.db export --format d')" "dpo dpo-openai " "fish: the values of an option"
	is "$(press 'handrail decide some-id re')" "reject return " "fish: a decision"
	is "$(press 'handrail policy r')" "rollback " "fish: the words of a command"
	is "$(press 'handrail ingest files/i')" "files/in.jsonl " "fish: files"
else
	diag "no fish here"
fi
done_testing

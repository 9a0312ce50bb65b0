#!/bin/sh
# The screens that README.md shows are what the demo's screen shows, but for the
# names of people and the time of day.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/../cli/lib.sh"
# shellcheck source=tests/screen/lib.sh
. "$root/tests/screen/lib.sh"

# Reads a screen: without who and when, blanks at the ends and lines left empty.
plain() {
	sed -E '1s/ +[^ ]+$//; s/until [0-9]{2}:[0-9]{2}$/until .../; s/ +$//' |
	    grep -v '^$'
}
# readme N: the Nth of the screens in the first block.
readme() {
	awk -v want="$1" '
		/^```/ { block++; next }
		block != 1 { next }
		/^$/ && !blank { n++ }
		{ blank = /^$/ }
		n + 1 == want' "$root/README.md" | grep -v '^$'
}

start 80 13 "HANDRAIL=$HANDRAIL"
# shellcheck disable=SC2016 # for the shell in the terminal
text '$HANDRAIL demo'
keys Enter
ok "the demo opens" see "25 flagged"
keys j j j j j j j j j j j
ok "the twelfth row is chosen" see ">   12m 3h   0.95 personal data"
is "$(shown | plain)" "$(readme 1 | plain)" "the list is the README's"
tmux -L "$socket" resize-window -t t -x 80 -y 12
keys Enter
ok "its item opens" see "yours until"
ok "with its text" see "4111"
is "$(shown | plain)" "$(readme 2 | plain)" "the item is the README's"
keys q Q
ok "the review ends, and says how to go on" see "ingest FILE.jsonl"
done_testing

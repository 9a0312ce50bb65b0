#!/bin/sh
# A whole review in a real terminal, 80x24: claim, read, edit, accept, reject,
# escalate, undo, note, quit.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/../cli/lib.sh"
# shellcheck source=tests/screen/lib.sh
. "$root/tests/screen/lib.sh"

basic_policy >p.conf
{
	record a1 0.80 "The first answer."
	record a2 0.81 "Write to jane.roe@example.com today."
	record a3 0.82 "The third answer."
	record a4 0.83 "The fourth answer."
	record a5 0.84 "Zero\u200bwidth \u202eturned."
	record e1 0.10 "An unsure answer."
} >in.jsonl
"$HANDRAIL" -d s.db -p p.conf ingest in.jsonl >/dev/null 2>&1
cat >editor <<\EDITOR
#!/bin/sh
# An editor with an argument before the file's name, and blanks in it.
[ "$1" = "-x" ] || exit 9
cp "$2" seen
stat -c %a "$(dirname "$2")" >mode
printf 'A better answer.\n' >"$2"
EDITOR
chmod +x editor

start 80 24 "HANDRAIL=$HANDRAIL"
text 'EDITOR="./editor -x" $HANDRAIL -d s.db review; echo "left with $?"'
keys Enter
ok "the list comes up" see "5 flagged"
ok "with what was escalated counted" see "1 escalated"
ok "its columns" see "AGE"
is "$(cursor)" "2 0" "the cursor sits on the first row"
keys j
until_true sh -c "[ \"\$(tmux -L $socket display-message -p -t t '#{cursor_y}')\" = 3 ]"
is "$(cursor)" "3 0" "and on the second after j"
keys k Enter
ok "Enter claims and opens" see "yours until"
ok "the output is there" see "The first answer."
ok "why it is here is in sight" see "no rule matched"
ok "with every rule tried" see "large refund"
keys 2
ok "panel 2 has the input" see "Question of a1?"
keys 4
ok "panel 4 the metadata" see "p@1"
keys 6
ok "panel 6 the record" see '"queue":"support"'
keys 1
ok "panel 1 the output again" see "The first answer."

keys c
ok "c asks for a note" see "Note:"
text "looks fine to me"
keys Enter
ok "and keeps it" see "noted"
keys 5
ok "the history has it" see "looks fine to me"
run -d s.db show a1
like "$out" "^  [0-9T:.Z-]+  $(id -un): looks fine to me\$" "show has it too"

decide a
ok "a accepts, and the next one is there" see "jane.roe@example.com"
ok "and says so" see "accepted: a1"
run -d s.db show --json a1
is "$(json .state)" accepted "the store has the decision"
keys ']'
ok "] shows the finding" see "1 of 1: medium pii: email"

decide e
ok "the editor's text goes through" see "edited: a2"
is "$(cat seen)" "Write to jane.roe@example.com today." "the file held exactly the output"
is "$(cat mode)" 700 "in a private folder"
run -d s.db show --json a2
is "$(json '.decisions[-1].output')" "A better answer." "without the editor's line feed"
is "$(ls state/handrail)" witness "and no draft is left"

ok "the third is next" see "The third answer."
decide x
ok "x asks for a reason" see "Escalate. Reason"
is "$(shown | grep -c "wrong fact")" 0 "of one's own: the queue's say what is wrong"
text "ask the lead"
see "ask the lead" >/dev/null
decide Enter
ok "Enter sends it" see "escalated: a3"
run -d s.db show --json a3
is "$(json '[.state, .decisions[-1].reason]')" '["escalated","ask the lead"]' "with its reason"

ok "the fourth is next" see "The fourth answer."
decide r
see "Reject. Reason"
text "made up"
see "made up" >/dev/null
decide Enter
ok "a reason can be typed" see "rejected: a4"
run -d s.db show --json a4
is "$(json '[.state, .decisions[-1].reason]')" '["rejected","made up"]' "and is kept"

ok "hidden characters are counted" see "2 hidden characters"
ok "and shown" see "<U+202E>"
decide u
ok "u asks where a release is out, and names the item" see "The reject of a4 is out. Undo and recall it?"
decide y
ok "u takes the last decision back" see "undone: flagged again"
ok "and opens its item" see "The fourth answer."
run -d s.db show --json a4
is "$(json .state)" flagged "the store agrees"
decide a
see "accepted: a4"
keys q
ok "q goes back to the list" see "Enter:open"
keys X
ok "X lists the escalated" see "An unsure answer"
keys F
gone "An unsure answer"
keys Enter
see "turned."
decide a
ok "with none left it is the list again" see "Queue empty: "
keys Q
ok "Q leaves, the exit code 0" see "left with 0"
ok "and the log's root is printed" see "root "
run -d s.db list --json --state all
is "$(printf '%s\n' "$out" | jq -r 'select(.lease.by != null) | .id')" "" "nothing is held any more"
run -d s.db audit verify
is "$code" 0 "the log verifies"
done_testing

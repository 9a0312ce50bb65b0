#!/bin/sh
# review --plain: the review line by line, as a screen reader or a pipe has it.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

basic_policy | sed 's,guards  *= {,&"hidden"\, ,' >p.conf
{
	record a1 0.80 "The first answer."
	record a2 0.81 "The second answer."
	record a3 0.82 "The third answer."
	record a4 0.83 "Zero\u200bwidth \u202eturned."
	record e1 0.10 "An unsure answer."
} >in.jsonl
"$HANDRAIL" -d s.db -p p.conf ingest in.jsonl >/dev/null 2>&1
cat >editor <<\EDITOR
#!/bin/sh
printf '%s\n' "${TEXT-}" >"$1"
EDITOR
chmod +x editor
EDITOR=./editor; export EDITOR
unset VISUAL

# plain LINE...: what is typed, line by line.
plain() {
	printf '%s\n' "$@" >typed
	"$HANDRAIL" -d s.db review --plain ${state:+--state "$state"} <typed >.out 2>.err
	code=$? out=$(cat .out) err=$(cat .err)
}
state_of() {
	"$HANDRAIL" -d s.db show "$1" --json | jq -r .state
}
reason_of() {
	"$HANDRAIL" -d s.db show "$1" --json | jq -r '.decisions[-1].reason'
}

plain
is "$code:$err" 0: "the end of the input ends the review"
like "$out" 'The first answer' "the most urgent item was printed"
like "$out" '^audit log .* root' "and the log's root at the end"
is "$("$HANDRAIL" -d s.db list --json | jq -r 'select(.lease != null) | .id')" "" \
    "what was held is given back"

plain '?' q
like "$out" '^r or reject \[REASON\]' "help tells the words"

plain accept 'r too vague' 'u' 'yes'
is "$code:$err" 0: "accepted, rejected, and that undone"
is "$(state_of a1):$(state_of a2)" accepted:flagged "so it stands in the store"
like "$out" 'undone; it is flagged again' "and is said"
like "$out" 'The second answer' "the item is printed again"

plain 'reject too vague' 'labels unsafe, hallucination' 'labels tone' 'x not mine' q
like "$err" 'queue support has no label "tone"; labels are hallucination, unsafe' "a label that the queue does not name"
is "$(state_of a2):$(reason_of a2)" "rejected:too vague" "a reason behind the word"
is "$(state_of a3):$(reason_of a3)" "escalated:not mine" "by its letter too"
is "$("$HANDRAIL" -d s.db show a3 --json | jq -c '.decisions[-1].labels')" \
    '["unsafe","hallucination"]' "with the labels given before"

plain 'R a note' a no q
like "$err" 'a4: only an escalated item can be returned' "a return of what is not escalated is refused"
is "$(state_of a4)" flagged "hidden characters: accepting asks"
plain a yes
is "$(state_of a4)" accepted "and takes yes"
like "$out" 'nothing left to review here' "nothing is left"

state=escalated
plain x 'x 2' q
is "$(printf '%s\n' "$err" | grep -c 'it is escalated already')" 2 "and an escalation of what is"
plain 'return see the new policy' q
is "$(state_of a3):$(state_of e1)" "flagged:escalated" "return sends one back"
state=
TEXT="Write to jane.roe@example.com."; export TEXT
plain e d q
like "$out" 'found by pii: EMAIL_ADDRESS "jane.roe@example.com"' \
    "an edit in which something is found is told"
is "$(state_of a3)" flagged "and can be dropped"
TEXT="A sure answer."
plain e
is "$(state_of a3)" edited "a clean one goes through"
is "$("$HANDRAIL" -d s.db show a3 --json | jq -r .release)" "A sure answer." \
    "as it was typed"

record b1 0.80 "One more." >in.jsonl
"$HANDRAIL" -d s.db -p p.conf ingest in.jsonl >/dev/null 2>&1
EDITOR=false
plain e frobnicate 'c ' a
is "$(printf '%s\n' "$err" | grep -c '^handrail: review: ')" 3 \
    "what cannot be done is one line each, and ends nothing"
like "$err" 'the edit is in /.*: the editor ended with 1' "a failed editor: where the text is"
like "$err" 'frobnicate: no such word; \? shows them' "a word that is none"
like "$err" 'note: the text is wanted' "a note without text"
is "$(state_of b1)" accepted "the review went on"

XDG_STATE_HOME=$work/other	# no drafts of before
export XDG_STATE_HOME
# drafts ID: how many edits of it were never stored.
drafts() {
	find "$XDG_STATE_HOME/handrail" -name "edit-$1-*" | wc -l
}
for i in 1 2 3 4; do record "c$i" "0.8$i" "Answer $i."; done >in.jsonl
record c5 0.85 "Zero\u200bwidth." >>in.jsonl
"$HANDRAIL" -d s.db -p p.conf ingest in.jsonl >/dev/null 2>&1
plain '=' 'r no source' '=' q
is "$(reason_of c2)" "no source" "the last decision again, with its reason"
like "$err" 'again: nothing was decided' "if there is one"
plain 'all accept' no 'all accept' yes u yes 'all frob' q
like "$out" 'accept 2: 2 none; 1 high or hidden left out' "all of the list: a plan first"
like "$out" 'accept: 2 decided of 2' "then it is done"
like "$out" 'undone: 2 of 2' "and one undo takes it back"
like "$err" 'all: accept, reject or escalate is wanted' "what it takes is said"
is "$(state_of c3):$(state_of c4)" flagged:flagged "all of it"
plain 'all reject not ours' yes q
is "$(reason_of c3):$(reason_of c5)" "not ours:not ours" "with a reason"
record d1 0.80 "Draft me." >in.jsonl
"$HANDRAIL" -d s.db -p p.conf ingest in.jsonl >/dev/null 2>&1
plain e q
EDITOR=./editor TEXT="Gone on with."
plain '' q
like "$out" 'Your edit of .* was never stored: .*/edit-d1-' "a draft is offered with its item"
like "$out" '^> Draft me.' "with its text"
is "$(state_of d1):$(drafts d1)" flagged:1 "and kept unless something else is said"
plain yes
is "$("$HANDRAIL" -d s.db show d1 --json | jq -r .release)" "Gone on with." "it is gone on with"
is "$(drafts d1)" 0 "and gone"
record d2 0.80 "Drop me." >in.jsonl
"$HANDRAIL" -d s.db -p p.conf ingest in.jsonl >/dev/null 2>&1
EDITOR=false plain e q
plain no q
is "$(state_of d2):$(drafts d2)" flagged:0 "or thrown away"
record d3 0.80 "Read by nobody." >in.jsonl
"$HANDRAIL" -d s.db -p p.conf ingest in.jsonl >/dev/null 2>&1
mkfifo typed.fifo
{ "$HANDRAIL" -d s.db review --plain <typed.fifo 2>.err; echo $? >.code; } | sed q >.out &
exec 8>typed.fifo	# nothing is typed
await test -s .code
like "$(cat .code) $(cat .err)" '^2 .*nobody reads what is printed any more' "who reads went away: it ends"
is "$("$HANDRAIL" -d s.db list --json | jq -r 'select(.lease != null) | .id')" "" "and gives back what it held"
exec 8>&-
rm -f .code
{ "$HANDRAIL" -d s.db review --plain <typed.fifo 2>.err >&-; echo $? >.code; } &
exec 8>typed.fifo
await test -s .code
like "$(cat .code) $(cat .err)" '^2 .*nobody reads what is printed' "so it does where nobody ever did"
exec 8>&-
is "$(wc -c <s.db-lock | tr -d ' ')" 6 "and what is printed is not written to a file of the store"
{ perl -e 'print "r ", "x" x (3 << 20), "\n"'; printf '%s\n' 'r 9' 'r 2' '' q; } |
    "$HANDRAIL" -d s.db review --plain >.out 2>.err
like "$(cat .err)" 'the line has more than 1 MiB, and was dropped' "a line that is too long is dropped,"
is "$(wc -l <.err | tr -d ' ')" 2 "whole"
like "$(cat .err)" '9: the queue has reasons 1 to 2; or give it in words' "a number that no reason has"
is "$(state_of d2):$(reason_of d2)" "rejected:tone" "and one that has"
{
	record u1 0.80 "The one before."
	record u2 0.81 "The one behind."
} >in.jsonl
"$HANDRAIL" -d s.db -p p.conf ingest in.jsonl >/dev/null 2>&1
"$HANDRAIL" -d s.db decide d3 reject --reason tone >/dev/null 2>&1
plain 'r tone' 'labels unsafe' u yes a q
like "$out" 'undone; it is flagged again' "while labels are set for the next one a decision is undone"
is "$("$HANDRAIL" -d s.db show u1 --json | jq -c '[.state,.decisions[-1].labels]')" \
    '["accepted",[]]' "and they do not go with it"
"$HANDRAIL" -d s.db audit verify >/dev/null
is $? 0 "the log holds all of it"
done_testing

#!/bin/sh
# What was typed and never stored is named by its item, and offered with it.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/../cli/lib.sh"
# shellcheck source=tests/screen/lib.sh
. "$root/tests/screen/lib.sh"

basic_policy >p.conf
{ record a1 0.80 "The first answer."; record a2 0.81 "The second answer."; } >in.jsonl
test_store s.db
"$HANDRAIL" -d s.db -p p.conf ingest in.jsonl >/dev/null 2>&1 ||
    { echo "Bail out! no store"; exit 1; }
printf '#!/bin/sh\nprintf "%%s" "half done" >"$1"\nexit 1\n' >dies
printf '#!/bin/sh\ncp "$1" found\nprintf "All of it." >"$1"\n' >goes_on
printf '#!/bin/sh\nrm "$1"\n' >removes
chmod +x dies goes_on removes
# script NAME EDITOR <SCRIPT
script() {
	cat >keys.script
	ok "$1" env EDITOR="./$2" HANDRAIL_SCRIPT=keys.script "$HANDRAIL" -d s.db review
}
script "an editor that dies leaves its text" dies <<\S
keys Enter e
expect the editor ended with 1; the edit is in
attr bold,color the editor ended with 1
S
like "$(ls state/handrail)" '^edit-a1-[0-9a-f]{8}\.' "in a folder named by the item"
script "an editor that leaves no text has changed nothing" removes <<\S
keys j Enter e
expect not edited: 
absent the edit is in
S
script "another item is opened without a question, that one with one" goes_on <<\S
keys j Enter
expect yours until
absent was never stored
keys K
expect Your edit of
expect was never stored. Go on with it?
attr bold Your edit of
cursor n: no, Esc: later]
keys j
expect y for yes, n for no, or Esc for later
expect was never stored. Go on with it?
keys Esc
expect kept:
keys q Enter
expect was never stored. Go on with it?
keys n
attr bold Throw that text away?
keys n
expect kept:
keys q Enter
expect was never stored. Go on with it?
keys y
expect edited: a1
S
is "$(cat found)" "half done" "the editor gets what there was"
is "$("$HANDRAIL" -d s.db show --json a1 | jq -r '.decisions[-1].output')" "All of it." "and what it became is stored"
is "$(ls state/handrail)" "" "nothing is left of it"
script "an edit that is thrown away is gone" dies <<\S
keys Enter e
expect the edit is in
keys q Enter
expect was never stored
keys n y
expect yours until
keys q Enter
absent was never stored
S
is "$(ls state/handrail)" "" "here too"
# An editor that is killed leaves its text beside the file, as nano does.
printf '#!/bin/sh\nprintf "%%s" "Left by it." >"$1.save"\ncp "$1" "$1~"\nexit 1\n' >killed
printf '#!/bin/sh\ncp "$1" found\nprintf "%%s" " And more." >>"$1"\n' >adds
printf '#!/bin/sh\nprintf "swap\\0file" >"${1%%/*}/.output.txt.swp"\nprintf "Other." >"$1"\n' >swaps
chmod +x killed adds swaps
printf '%s\n' '{"id":"n1","queue":"support","output":"As it was."}' '{"id":"n2","queue":"support","output":"As it was."}' |
    "$HANDRAIL" -d s.db ingest >/dev/null 2>&1
script "what a killed editor left is kept, though the edit's file is as it was" killed <<\S
size 140 24
keys : n 1 Enter e
expect the editor ended with 1; the edit is in
expect output.txt.save
S
cp -R state left
script "and offered beside it; what is not taken is not deleted" adds <<\S
size 140 24
keys : n 1 Enter
expect was never stored. Go on with it?
keys y
expect The editor left output.txt.save of
expect Go on with that text?
keys x
expect ! for yes, n for no, or Esc for later
expect Go on with that text?
keys q
expect kept: 
keys q : n 1 Enter y
expect Go on with that text?
keys n
expect edited: n1; what the editor left is kept in
S
is "$(cat found)" "As it was." "the file"
is "$(cat state/handrail/edit-n1-*/*)" "Left by it." "and what was left, alone"
rm -rf state; mv left state
"$HANDRAIL" -d s.db decide n1 undo >/dev/null
"$HANDRAIL" -d s.db lease free n1 2>/dev/null
script "thrown away unread it is kept, too" adds <<\S
size 140 24
keys : n 1 Enter
expect Go on with it?
keys n
expect Throw that text away?
keys y
expect what the editor left is kept in
S
plain() {
	printf '%s\n' "$@" | EDITOR=./adds "$HANDRAIL" -d s.db review --plain --where "id = 'n1'"
}
like "$(plain '' '' q)" "^> Left by it." "line by line it is printed, and offered"
script "taken, it is what is edited" adds <<\S
keys : n 1 Enter
expect Go on with it?
keys y
expect Go on with that text?
keys !
expect edited: n1
absent kept in
S
is "$("$HANDRAIL" -d s.db show --json n1 | jq -r '.decisions[-1].output')" "Left by it. And more." "to its end"
is "$(ls state/handrail)" "" "and nothing is left"
# Its text and the person's own: the newer one is gone on with, neither is lost.
printf '#!/bin/sh\nprintf "%%s" "Mine." >"$1"\nprintf "%%s" "Old autosave." >"$1.save"\ntouch -d "-1 hour" "$1.save"\nexit 1\n' >mine_newer
printf '#!/bin/sh\nprintf "%%s" "Mine." >"$1"\ntouch -d "-1 hour" "$1"\nprintf "%%s" "Autosave." >"$1.save"\nexit 1\n' >mine_older
chmod +x mine_newer mine_older
printf '%s\n' '{"id":"n3","queue":"support","output":"As it was."}' '{"id":"n4","queue":"support","output":"As it was."}' \
    '{"id":"n5","queue":"support","output":"As it was."}' | "$HANDRAIL" -d s.db ingest >/dev/null 2>&1
script "what is left is older than what was saved" mine_newer <<\S
size 140 24
keys : n 3 Enter e
expect the editor ended with 1; the edit is in
absent output.txt.save
S
script "and is not offered, nor deleted" adds <<\S
size 140 24
keys : n 3 Enter
expect Go on with it?
keys y
expect edited: n3; what the editor left is kept in
S
is "$(cat found) $(cat state/handrail/edit-n3-*/*)" "Mine. Old autosave." "the saved one is gone on with"
script "what is left is newer" mine_older <<\S
size 140 24
keys : n 4 Enter e
expect output.txt.save
S
script "and is taken" adds <<\S
size 140 24
keys : n 4 Enter
expect Go on with it?
keys y
expect Go on with that text?
keys !
expect edited: n4; what the editor left is kept in
S
is "$(cat found) $(cat state/handrail/edit-n4-*/*)" "Autosave. Mine." "the saved one is not lost"
script "without the screen" mine_older <<\S
keys : n 5 Enter e
expect the edit is in
S
like "$(printf '%s\n' yes yes q | EDITOR=./adds "$HANDRAIL" -d s.db review --plain --where "id = 'n5'" 2>&1)" \
    "your own text is kept in .*/output.txt.save" "a line says where it is"
is "$(cat found) $(cat state/handrail/edit-n5-*/*)" "Autosave. Mine." "and there it is"
rm -rf state
script "what is no text is no offer, and not deleted" swaps <<\S
size 140 24
keys : n 2 Enter e
expect edited: n2; what the editor left is kept in
S
is "$(find state -name '.output.txt.swp' | wc -l | tr -d ' ')" 1 "but there"
rm -rf state
# open_a2 KEY SEEN: a review, up to what the key asks of its second item.
open_a2() {
	start 80 24 "HANDRAIL=$HANDRAIL"
	text 'sh -c "echo \$\$ >pid; exec $HANDRAIL -d s.db review"'
	keys Enter
	see "OUTPUT" >/dev/null
	text :
	text a2
	keys Enter
	see "yours until" >/dev/null
	decide "$1"
	see "$2" >/dev/null
}
# In place there is no file of an editor's: it is written while nobody types.
in_file() {
	grep -qF "$1" state/handrail/edit-a2-*/output.txt 2>/dev/null
}
open_a2 E "Editing in place"
text "Typed here. "
ok "what is typed in place is written" until_true in_file "Typed here. The second"
text "And more. "
ok "and written anew" until_true in_file "Typed here. And more."
one_draft() {
	[ "$(find state/handrail -name 'edit-a2-*' | wc -l)" -eq 1 ]
}
ok "one draft at a time" until_true one_draft
kill -9 "$(cat pid)"
stop
script "it outlives a program that is killed" goes_on <<\S
keys : a 2 Enter
expect was never stored. Go on with it?
keys n y E
type Else.
keys Esc y
expect edit dropped
S
is "$(ls state/handrail)" "" "one that is dropped does not"
# So is a reason or a note, while it is typed.
in_typed() {
	[ "$(cat state/handrail/typed-a2-* 2>/dev/null)" = "$1" ]
}
none_typed() {
	[ "$(find state/handrail -name 'typed-*' | wc -l)" -eq 0 ]
}
open_a2 x "Escalate. Reason"
text "A long reason"
ok "a reason is written while nobody types" until_true in_typed "A long reason"
text " that goes on"
ok "and written anew, in one file" until_true in_typed "A long reason that goes on"
keys Escape
ok "what is given up is not kept" until_true none_typed
text c
see "Note:" >/dev/null
text "A note of some length"
until_true in_typed "A note of some length"
kill -9 "$(cat pid)"
stop
script "a note outlives a program that is killed" <<\S
keys : a 2 Enter
expect What you typed here of
expect was never stored. Go on with it?
keys y
expect A note of some length
keys Enter
expect noted
S
ok "and is gone once it is stored" none_typed
# A decision may wait for the store: until it has it, what was typed is kept.
# waits_typed TEXT: the store is held by another while a reason is sent.
waits_typed() {
	lock_store
	text "$1"
	decide Enter
	see "waiting for the store" >/dev/null
}
open_a2 x "Escalate. Reason"
waits_typed "Waits for it"
ok "a reason that waits for the store is kept" until_true in_typed "Waits for it"
kill -9 "$(cat pid)"
stop
ok "and outlives a program that is killed" in_typed "Waits for it"
unlock_store
rm -rf state
"$HANDRAIL" -d s.db lease free a2 2>/dev/null
open_a2 x "Escalate. Reason"
waits_typed "Hung up on"
stop
in_reason() {
	[ "$(cat state/handrail/*-a2-* 2>/dev/null)" = "$1" ]
}
ended() {
	! kill -0 "$(cat pid)" 2>/dev/null
}
ok "a review that is hung up on" until_true ended
ok "keeps it, once" in_reason "Hung up on"
unlock_store
rm -rf state
open_a2 x "Escalate. Reason"
waits_typed "Goes through"
until_true in_typed "Goes through"
unlock_store
ok "once the store has it" see "escalated: a2"
ok "it is not kept" until_true none_typed
keys Q
stop
run -d nowhere.db list
like "$err" "no such store: handrail init makes one, and so does ingest FILE; demo shows" "a store that is not there names the ways to one"
run -d s.db backup copy.db
like "$err" "^handrail: backup: copy.db: a copy of s.db written, [0-9]+ bytes" "a backup says what it wrote"
done_testing

#!/bin/sh
# The ways of a good terminal program: hang-up, ^Z, sizes, poor terminals, a
# locked store; and the terminal as it was, afterwards.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/../cli/lib.sh"
# shellcheck source=tests/screen/lib.sh
. "$root/tests/screen/lib.sh"

basic_policy >p.conf
{
	record a1 0.80 "The first answer."
	record a2 0.81 "The second answer."
} >in.jsonl
"$HANDRAIL" -d s.db -p p.conf ingest in.jsonl >/dev/null 2>&1
cat >editor <<\EDITOR
#!/bin/sh
printf 'half an answer' >"$1"
: >editing
exec sleep 60
EDITOR
chmod +x editor

# review [BEFORE]: the screen in a new terminal, its process id in pid.
review() {
	rm -f pid
	start 80 24 "HANDRAIL=$HANDRAIL"
	text "(${1:-:}; EDITOR=./editor; export EDITOR; echo \$\$ >shell; exec sh -c 'echo \$\$ >pid; exec \$HANDRAIL -d s.db review')"
	keys Enter
	see "OUTPUT" >/dev/null
}
is_gone() {
	! kill -0 "$(cat pid)" 2>/dev/null
}
# Gone in two seconds, and no more than a tick of time was burnt meanwhile.
hang_up() {
	stop
	i=0
	while ! is_gone; do
		i=$((i + 1))
		[ $i -le 40 ] || return 1
		sleep 0.05
	done
}
held() {
	"$HANDRAIL" -d s.db list --json --state all | jq -r 'select(.lease.by != null) | .id'
}

review
ok "a hang-up ends it in the list" hang_up
review
keys Enter
see "yours until" >/dev/null
keys c
see "Note:" >/dev/null
text "a thought not yet"
see "a thought not yet" >/dev/null
ok "a hang-up ends it while a note is typed" hang_up
is "$(cat state/handrail/typed-*)" "a thought not yet" "the note is kept"
is "$(held)" "" "the item is given back"
rm -rf state

review "trap '' HUP"
keys Enter
see "yours until" >/dev/null
ok "so does the end of the terminal where SIGHUP is ignored" hang_up
is "$(held)" "" "with the item given back"

rm -f editing
review
keys Enter
see "yours until" >/dev/null
decide e
until_true test -e editing
ok "and a hang-up inside the editor" hang_up
is "$(cat state/handrail/edit-*/output.txt)" "half an answer" "the edit is kept"
is "$(held)" "" "and the item given back"
rm -rf state

review
kill -TERM "$(cat pid)"
ok "SIGTERM leaves in order" see "root "
stop

start 80 24 "HANDRAIL=$HANDRAIL"
text 'stty -g >before; $HANDRAIL -d s.db review; stty -g >after; echo done'
keys Enter
see "OUTPUT" >/dev/null
keys C-z
ok "^Z stops it" see "topped"
gone "OUTPUT" >/dev/null
text "fg"
keys Enter
ok "and fg brings it back" see "OUTPUT"
keys j
ok "as it was" until_true sh -c "[ \"\$(tmux -L $socket display-message -p -t t '#{cursor_y}')\" = 3 ]"

for size in "40 10" "20 5" "2 2" "1 1" "200 50" "80 3" "160 40"; do
	# shellcheck disable=SC2086 # two words
	set -- $size
	tmux -L "$socket" resize-window -t t -x "$1" -y "$2"
	keys Enter
	keys Tab
	keys q
done
tmux -L "$socket" resize-window -t t -x 80 -y 24
ok "no size is too small or too large" see "OUTPUT"
i=0
while [ $i -lt 150 ]; do
	tmux -L "$socket" resize-window -t t -x $((20 + i % 100)) -y $((3 + i % 40))
	i=$((i + 1))
done
tmux -L "$socket" resize-window -t t -x 80 -y 24
keys C-l
ok "nor a storm of them too much" see "The second answer."
keys Enter
see "yours until" >/dev/null
keys Q
ok "Q leaves from an item" see "done"
ok "the terminal is as it was" cmp before after
is "$(held)" "" "nothing is held"
stop

for term in "TERM=vt100" "NO_COLOR=1" "LC_ALL=C" "TERM=dumb"; do
	start 80 24 "HANDRAIL=$HANDRAIL" "$term"
	text "$term \$HANDRAIL -d s.db review"
	keys Enter
	case $term in TERM=dumb)
		ok "TERM=dumb is refused, saying why" \
		    see "cannot place the cursor" ;;
	*)
		ok "$term: the list" see "The first answer."
		keys Enter
		ok "$term: an item" see "yours until"
		keys Q
		ok "$term: and out" see "root " ;;
	esac
	stop
done

# A store that another process holds.
review
lock_store
keys Enter
ok "a locked store is said to be waited for" see "waiting for the store: claim"
keys j
ok "while keys go on" until_true sh -c "[ \"\$(tmux -L $socket display-message -p -t t '#{cursor_y}')\" = 3 ]"
keys Escape
ok "and Esc gives up" see "given up"
keys k Enter
see "waiting for the store" >/dev/null
unlock_store
ok "once it is free, the work is done" see "yours until"
keys c
see "Note:" >/dev/null
lock_store
text "not to be lost"
keys Enter
see "waiting for the store: note" >/dev/null
keys Escape
ok "a note that could not be stored is in a file" see "what you typed is in"
is "$(cat state/handrail/note-*)" "not to be lost" "which holds it"
unlock_store
keys Q
see "root " >/dev/null
stop

# Neither the store nor a file: what was typed stays on the screen.
review "XDG_STATE_HOME=/proc/none; export XDG_STATE_HOME"
keys Enter
see "yours until" >/dev/null
lock_store
decide r
see "Reject. Reason" >/dev/null
text "made up"
see "made up" >/dev/null
decide Enter
see "waiting for the store: decide" >/dev/null
keys Escape
ok "with no room for a file, the text is asked for again" see "Again: made up"
unlock_store
decide Enter
ok "and goes through when it can" see "rejected: a"
keys Q
see "root " >/dev/null
stop

review
keys Enter
see "yours until" >/dev/null
decide E
see "Editing in place" >/dev/null
text "new "
see "new The" >/dev/null
ok "a hang-up ends it while a text is edited in place" hang_up
like "$(cat state/handrail/edit-*/output.txt)" "^new The " "the text is kept"

# Keys that terminfo does not know end in letters: Alt-a, Ctrl-Up and Shift-Up of
# rxvt, an arrow with two modifiers.
rm -f k.db*
"$HANDRAIL" -d k.db -p p.conf ingest in.jsonl >/dev/null 2>&1
start 80 24 "HANDRAIL=$HANDRAIL"
text '$HANDRAIL -d k.db review'
keys Enter
see "OUTPUT" >/dev/null
keys Enter
see "yours until" >/dev/null
for bytes in "1b 61" "1b 4f 61" "1b 5b 61" "1b 5b 31 3b 37 72"; do
	# shellcheck disable=SC2086 # one word a byte
	tmux -L "$socket" send-keys -t t -H $bytes
	keys '?'
	see "half a page down" >/dev/null
	keys q
	ok "no letter of a strange key decides: $bytes" see "The first answer."
done
keys c
see "Note:" >/dev/null
text "typed"
tmux -L "$socket" send-keys -t t -H 1b 62
text " on"
ok "nor does it end a line that is typed" see "typed on"
keys C-z
ok "^Z stops while a line is typed" see "topped"
text "fg"
keys Enter
ok "and the line is there again" see "typed on"
keys Escape
ok "an Esc alone does" see "no note"
is "$("$HANDRAIL" -d k.db show --json a1 | jq -r .state)" flagged "nothing was decided"
decide a
see "accepted: a1" >/dev/null
keys Q

# An Enter that came while the editor ran does not keep what was found in the edit.
cat >slow-editor <<\EDITOR
#!/bin/sh
echo 'Write to ana@example.com.' >"$1"
: >editing
while [ ! -e go ]; do sleep 0.05; done
EDITOR
chmod +x slow-editor
rm -f editing go
stop
start 80 24 "HANDRAIL=$HANDRAIL" EDITOR=./slow-editor
text '$HANDRAIL -d k.db review'
keys Enter
see "OUTPUT" >/dev/null
keys Enter
see "yours until" >/dev/null
decide e
until_true test -e editing
keys Enter
: >go
ok "what was found in an edit has to be seen" see "keep: typed before this was shown"
ok "before it is kept" see "Your edit: 1 finding"
decide Enter
ok "then Enter keeps it" see "edited: a2"
keys Q
see "root " >/dev/null
"$HANDRAIL" -d k.db decide a2 undo
"$HANDRAIL" -d k.db lease free a2

# A store that is put back while somebody reviews: nothing goes to the old file.
"$HANDRAIL" -d k.db backup k.copy
stop
start 80 24 "HANDRAIL=$HANDRAIL"
text '$HANDRAIL -d k.db review; echo "left with $?"'
keys Enter
see "OUTPUT" >/dev/null
keys Enter
see "yours until" >/dev/null
"$HANDRAIL" -d k.db releases --follow >follow.out 2>follow.err &
follower=$!
until_true test -s follow.out
mkdir away
mv k.db k.db-wal k.db-shm away
"$HANDRAIL" -d k.db restore k.copy
decide a
ok "a decision for a store that was replaced is refused" see "k.db: moved away or replaced while in use"
is "$("$HANDRAIL" -d away/k.db list --state accepted --json | jq -rs length)" 1 "and not written to the old one"
wait $follower
is "$?" 2 "who follows the releases is told to begin again"
like "$(cat follow.err)" 'releases: .*k\.db: moved away or replaced' "in words"
keys Q
stop

# The mouse is asked for where handrail.conf says so, and given back.
mouse() {
	tmux -L "$socket" display -p -t t '#{mouse_standard_flag}'
}
mouse_is() {
	[ "$(mouse)" = "$1" ]
}
start 80 24 "HANDRAIL=$HANDRAIL" TERM=xterm-256color
text '$HANDRAIL -d k.db review'
keys Enter
see "OUTPUT" >/dev/null
is "$(mouse)" 0 "the mouse is the terminal's own"
keys Q
see "root " >/dev/null
mkdir -p "$XDG_CONFIG_HOME/handrail"
echo 'mouse = wheel' >"$XDG_CONFIG_HOME/handrail/handrail.conf"
text 'clear; $HANDRAIL -d k.db review'
keys Enter
see "OUTPUT" >/dev/null
ok "unless handrail.conf asks for its wheel" until_true mouse_is 1
text "$(printf '\033[<65;9;9M')?"
ok "a step of it is no key" see "Keys here (queue)"
keys q Q
ok "and it is given back" until_true mouse_is 0
done_testing

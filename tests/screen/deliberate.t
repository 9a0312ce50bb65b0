#!/bin/sh
# A decision is deliberate: what a reviewer who reads decides goes through, and
# nothing that comes of a held key, of keys typed ahead or of pasted text.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/../cli/lib.sh"

cat >p.conf <<\POLICY
guard "claim" { kind = "regex"  pattern = 'cure'  severity = high }
guard "threat" { kind = "regex"  pattern = 'harm'  severity = critical }
queue "support" {
    guards  = { "claim", "threat" }
    reasons = { "wrong fact", "tone" }
}
POLICY
# Every column of one item's text differs from that of the next.
n=0
for words in abcdefgh bcdefghi cdefghij defghijk efghijkl fghijklm ghijklmn; do
	n=$((n + 1))
	record "i$n" 0.5 $words
done >in.jsonl
{ record h1 0.5 "This cures it."; record h2 0.5 "It may harm, too."; } >high.jsonl
# Who reviews here has seen none of the items before.
fresh() {
	rm -rf s.db* "$XDG_STATE_HOME"
	test_store s.db
	"$HANDRAIL" -d s.db -p p.conf ingest "${1:-in.jsonl}" >/dev/null 2>&1 ||
	    { echo "Bail out! no store"; exit 1; }
}
# decided: every decision that stands, "i1 accepted".
decided() {
	"$HANDRAIL" -d s.db list --state all --json |
	    jq -r 'select(.state != "flagged") | .id + " " + .state' | sort
}
reason() {
	"$HANDRAIL" -d s.db show --json "$1" | jq -r '.decisions[-1].reason'
}

# By the script's own time: to the millisecond, whatever this machine does.
fresh
script "nothing in the first 400 ms, nothing before 100 ms are over" <<\S
burst Enter
wait 399
burst a
expect accept: too soon, this has only just come up
wait 249
burst a
expect accept: too soon after another key
wait 250
burst a
expect accept ...  (any key stops it)
wait 99
absent accepted
wait 1
expect accepted: i1
S
script "a key that comes meanwhile stops it, and does nothing else" <<\S
keys Enter
burst a
wait 60
burst J
expect accept: stopped by another key; nothing was done
expect bcdefghi
wait 249
burst a
expect too soon
keys a
expect accepted: i2
S
is "$(decided)" "i1 accepted
i2 accepted" "two were meant"
script "nothing where no line of the text fits" <<\S
keys Enter
size 80 5
keys a
wait 1000
size 80 24
expect accept: the window is too small to read what this is about
absent accepted
S
script "a digit is a reason, unless it begins one" <<\S
keys Enter
keys r
burst 1
wait 299
expect Reject. Reason
wait 1
expect rejected: i3
keys r
type 1st paragraph a
expect Reason (Enter: none): 1st paragraph a
burst Enter
expect Reason (Enter: none): 1st paragraph a
wait 100
expect rejected: i4
keys r
burst 2 Enter
wait 5000
expect not sent yet: Enter came with the text
burst Enter
wait 100
expect rejected: i5
S
is "$(reason i3)/$(reason i4)/$(reason i5)" "wrong fact/1st paragraph a/tone" "the reasons are those"
script "keys in one go decide nothing, not by an action's name either" <<\S
keys Enter
burst r 1 a x 2 S
wait 1000
absent rejected
keys Esc Enter
burst : a c c e p t Enter
wait 1000
expect accept: too soon after another key
keys :
type accept
keys Enter
expect accepted: i6
keys u
expect Undo and recall it?
burst y
wait 99
absent undone
wait 1
expect undone
S
fresh
script "pasted text is dropped where nothing takes it, and ends no line" <<\S
keys Enter
paste ary:accept\na
expect pasted text is dropped
wait 1000
absent accepted
burst a
paste a
expect accept: stopped by another key
keys r
paste Two\nlines\n
wait 1000
expect Reason (Enter: none): Two lines
keys Enter
expect rejected: i1
keys E
paste X\nY
expect Ybcdefghi
S
is "$(decided):$(reason i1)" "i1 rejected:Two lines" "what was pasted into a reason is one"
fresh
script "several at once are asked about, and the answer is deliberate" <<\S
keys T ; a
expect accept 7: 7 none?
burst y
wait 99
absent decided;
wait 1
expect 7 decided
keys u
expect Undo all 7 of the last batch? What is out is recalled.
S
fresh
script "an answer to a question that was not read is none" <<\S
keys T
burst ; a y
wait 1000
expect accept 7: 7 none?
absent decided;
burst J
expect not decided
S
is "$(decided)" "" "nothing is decided"
fresh high.jsonl
script "a finding of high severity asks first, with another key" <<\S
keys Enter a
expect It has a finding of high severity. Accept it all the same?
keys a
expect not accepted
keys a y
expect accepted: h1
keys a
expect It has a critical finding. Accept it all the same?
keys y
expect accepted: h2
S
run -d s.db review --plain </dev/null
fresh high.jsonl
printf '%s\n' a no a yes | "$HANDRAIL" -d s.db review --plain >plain.out 2>&1
is "$(decided)" "h1 accepted" "and so it does line by line"
like "$(cat plain.out)" "finding of high severity. Type yes" "saying why"

# On a terminal, with a hand at its keyboard.  What a busy machine spoils is done
# again; keyboard.pl tells by its own clock.
[ -e /dev/ptmx ] || skip_all "no /dev/ptmx"
TERM=xterm-256color
export TERM
# keyboard NAME <STEPS
keyboard() {
	cat >steps
	tries=0
	while :; do
		fresh
		perl "$root/tests/screen/keyboard.pl" out "$HANDRAIL" -d s.db \
		    review <steps >said 2>&1
		code=$?
		tries=$((tries + 1))
		[ $code -eq 75 ] && [ $tries -lt 10 ] || break
		diag "too busy to hold a key: once more"
	done
	[ $code -ne 75 ] || { diag "the rest needs a machine that is less busy"; done_testing; }
	is "$code$(cat said)" 0 "$1"
}
keyboard "a reviewer who reads and accepts once a second" <<\S
see OUTPUT
press \r
see abcdefgh
read 950
press a
see bcdefghi
read 950
press a
see cdefghij
read 950
press a
see defghijk
read 950
press a
see efghijkl
read 950
press a
see fghijklm
S
is "$(decided | tr '\n' ' ')" "i1 accepted i2 accepted i3 accepted i4 accepted i5 accepted " \
    "is never hindered"
for delay in 250 500 660; do
	keyboard "a is held down, repeating after $delay ms" <<S
see OUTPUT
press \\r
see abcdefgh
read 1000
hold a $delay 75
read 600
S
	is "$(decided | grep -v "^i1 accepted")" "" "none of its repeats decides"
done
keyboard "a is held down as the item comes up" <<\S
see OUTPUT
press \r
hold a 250 60
read 600
S
is "$(decided)" "" "nothing is decided"
keyboard "r is held down" <<\S
see OUTPUT
press \r
see abcdefgh
read 1000
hold r 500 60
read 600
S
is "$(decided)" "" "nothing is decided"
keyboard "typed ahead: before the item is there" <<\S
see OUTPUT
press \ra
read 1000
S
is "$(decided)" "" "nothing is decided"
keyboard "pasted, without marks" <<\S
see OUTPUT
press \r
see abcdefgh
read 1000
press aa\r1st paragraph: accept all\rr\r1\rx\r2\ry\rS:accept\ra
read 1000
S
is "$(decided)" "" "nothing is decided"
keyboard "pasted without marks into a reason" <<\S
see OUTPUT
press \r
see abcdefgh
read 1000
press r
see Reject
read 600
press 1st of\rtwo lines\r
see pasted
read 600
S
is "$(decided)" "" "nothing is decided"
keyboard "pasted, with marks" <<\S
see OUTPUT
press \r
see abcdefgh
read 1000
press \e[200~a\e[201~
see dropped
read 1000
press \e[200~r1\e[201~
read 1000
press r
see Reject
read 600
press \e[200~Two\rlines\r\e[201~
see Two lines
read 600
press \r
see rejected
S
is "$(decided):$(reason i1)" "i1 rejected:Two lines" "it is the reason, and no more"

# Who is asked to mark what is pasted, and until when.
cat >editor <<\EDITOR
#!/bin/sh
printf '<<the editor>>'
EDITOR
chmod +x editor
EDITOR=./editor
export EDITOR
for TERM in xterm-256color tmux-256color screen vt100 linux; do
	keyboard "TERM=$TERM: an item, and its text in an editor" <<\S
see OUTPUT
press \r
see abcdefgh
read 1000
press e
see the editor>>
read 600
S
	case $TERM in vt100 | linux) want="editor" ;; *) want="on off editor on off" ;; esac
	is "$(perl -0777 -ne 'while (/\e\[\?2004([hl])|<<the editor>>/g) {
	    push @is, !defined $1 ? "editor" : $1 eq "h" ? "on" : "off" }
	    print "@is"' out)" "$want" "$TERM: pasted text is marked while the screen is there"
done
done_testing

#!/bin/sh
# The screen by keys and expectations, on cells and attributes, with a clock
# that stands still: lists, panels, questions, edits, what the guards then say.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/../cli/lib.sh"

cat >p.conf <<\POLICY
guard "hidden" { }
guard "pii" { kinds = { "EMAIL_ADDRESS" } }
queue "support" {
    guards  = { "pii", "hidden", "secrets" }
    lease   = "15m"
    sla     = "4h"
    rule "unsure"       { when = "confidence < 0.40"  route = escalate }
    rule "large refund" { when = "num(metadata->>'amount') > 500"  route = flag  priority = 5 }
    rule "confident"    { when = "confidence >= 0.92 AND failures = 0"  route = approve }
    reasons = { "wrong fact", "tone" }
    labels  = { "hallucination", "unsafe" }
}
POLICY
{
	record s1 0.60 "Plain words, said twice: plain words."
	record s2 0.50 "Mail jane.roe@example.com now."
	record s3 0.70 "A zero\u200bwidth space."
	record s4 0.80 "You get 30 EUR back." ',"metadata":{"amount":900}'
	record s5 0.65 "Fifth."
	record s6 0.66 "Sixth."
	record s7 0.67 "Seventh."
	record e1 0.10 "An unsure answer."
	printf '%s\n' '{"id":"j1","queue":"support","output":{"to":"jane.roe@example.com","amount":3},"confidence":0.9}'
} >in.jsonl
HANDRAIL_CLOCK=1795500000000,1000000
export HANDRAIL_CLOCK

# fresh: a new store with all of it.
fresh() {
	rm -f s.db*
	test_store s.db
	"$HANDRAIL" -d s.db -p p.conf ingest in.jsonl >/dev/null 2>&1
}
# state ID: what the store says of it.
state() {
	"$HANDRAIL" -d s.db show --json "$1" | jq -rc "${2-.state}"
}

fresh
script "the list: header, columns, the first row" <<\S
expect s.db  all queues  1 of 8 flagged  1 escalated
expect AGE  DUE  SEV  CONF WHY
cursor You get 30 EUR back.
attr reverse >
expect large refund
expect pii: no rule ma
S
script "moving: the cursor follows, and stops at the ends" <<\S
keys j
cursor Plain words
expect 2 of 8 flagged
keys G
cursor "to"
expect 8 of 8 flagged
keys j
cursor "to"
keys g k
cursor You get 30 EUR
expect 1 of 8 flagged
keys ^D
keys End
cursor "to"
keys Home
cursor You get 30 EUR
S
script "columns fall away as the window narrows" <<\S
size 50 24
expect OUTPUT
absent MODEL
size 30 24
expect OUTPUT
absent AGE
size 16 24
expect OUTPUT
S
script "a filter is a condition; a wrong one is told" <<\S
keys &
type confidence > 0.75
keys Enter
expect & confidence > 0.75
expect You get 30
absent Plain words
keys & ^U
type confidnce > 1
keys Enter
expect no such column: confidnce; did you mean confidence?
expect & confidnce > 1
keys Esc
expect & confidence > 0.75
keys & ^U
type plain words
keys Enter
expect & plain words
expect Plain words, said twice
absent Mail jane
keys & ^U Enter
absent & plain
expect Mail jane
S
script ": takes a queue and an item's id, and Tab completes both" <<\S
keys :
type queue sup
keys Tab Enter
expect s.db  support  1 of 8 flagged
keys :
type queue
keys Enter
expect s.db  all queues
keys :
type queue suport
keys Enter
expect no queue suport; did you mean support?
expect s.db  all queues
keys :
type s
keys Tab
expect s1
type 5
keys Enter
expect Fifth.
keys q :
type nosuch
keys Enter
expect no such action, nor item: nosuch
S
script ": completes only what does something here" <<\S
keys :
type second
keys Tab
expect no name begins so
keys ^U
type escalate
keys Tab
expect : escalated
keys Esc Enter :
type escalate
keys Tab
absent : escalated
keys Enter
expect Escalate. Reason
keys Esc :
type queue
keys Tab
expect no name begins so
keys Esc q D :
type second
keys Tab
expect : second-look
S
script "Esc drops a filter, q goes from the escalated back to the list" <<\S
keys &
type confidence > 0.75
keys Enter
absent Plain words
keys Esc
expect Plain words
keys X
expect An unsure answer.
keys q
expect Plain words
S
script "Esc is one level back from wherever q is, and leaves nothing from the first list" <<\S
keys Enter
expect yours until
keys p Esc
expect yours until
keys Esc
expect 1 of 8 flagged
keys ? Esc i Esc M Esc D Esc
expect 1 of 8 flagged
keys X Enter Esc
expect 1 of 1 escalated
keys Esc
expect 1 of 8 flagged
keys Esc
expect there is no filter; Q leaves
S
script "sorted by age and by confidence" <<\S
keys s
expect by age
keys s
expect by confidence
cursor Mail jane
keys s
absent by confidence
S
script "search in the list" <<\S
keys /
type sixth
keys Enter
cursor Sixth.
keys /
type no such words
keys Enter
expect not found: no such words
S
script "an item: why, panels, findings, search" <<\S
keys /
type mail jane
keys Enter Enter
expect yours until
expect no rule matched
expect not confident: confidence 0.5 < 0.92, failures 1 != 0
attr underline,color jane.roe
expect 1  Mail
keys ]
attr bold,reverse jane.roe
expect 1 of 1: medium pii
cursor jane.roe
keys G [
cursor jane.roe
keys 3
expect medium  pii  EMAIL_ADDRESS
expect 5-25: jane.roe@example.com
expect Rules tried
expect NULL   large refund: amount null
expect no     confident: confidence 0.5 < 0.92, failures 1 != 0
keys Tab
expect p@1
keys 1 /
type NOW
keys Enter
expect not found: NOW
keys /
type now
keys Enter
attr reverse now.
keys q
expect Enter:open
S
is "$(state s2 .lease.by)" null "q gives the item back"
script "side by side from 120 columns" <<\S
keys Enter
expect -- 1 asked --
size 120 30
expect -- 2 answered
expect | user      Question of s4?
size 160 30
expect -- 1 asked
expect | You get 30 EUR back.
expect | Rules tried
S
script "JSON is shown indented, its findings in place" <<\S
keys G Enter
expect   "to": "jane.roe@example.com",
attr underline,color jane.roe
S
script "no colour where NO_COLOR is set; the marks stay" <<\S
keys G Enter
S
cat >keys.script <<\S
keys G Enter
attr underline jane.roe
S
ok "and are seen without it" env NO_COLOR=1 HANDRAIL_SCRIPT=keys.script "$HANDRAIL" -d s.db review

"$HANDRAIL" -d s.db next --json >held.json
script "what another session holds opens read only, the holder named" <<\S
expect >o
keys Enter
expect read only: s4: held by
keys a
expect accept: read only
keys J
expect yours until
keys Enter
expect it is yours already
keys K
expect read only
S

TZ=IST-5:30
script "times are local ones, and say so" <<\S
keys Enter
expect (you, elsewhere) until 2026-11-24T11:45:00+05:30
keys J 5
expect 2026-11-24T11:30:00+05:30  routed: flag
S
TZ=UTC

fresh
script "accepting hidden characters asks, with another key" <<\S
keys /
type zero
keys Enter Enter
expect 1 hidden character
attr underline,reverse,color <U+200B>
keys a
expect hidden characters. Accept it all the same?
keys a
expect not accepted
keys a y
expect accepted: s3
S
is "$(state s3)" accepted "then it goes through"
script "skip, labels, reject with nothing said" <<\S
keys Enter
expect You get 30
keys S
expect skipped
expect Plain words
keys l
expect 1[ ]hallucination
keys 2
expect 2[x]unsafe
keys Enter r
expect 1 wrong fact
keys Enter
expect rejected: s1
S
is "$(state s1 '[.state, .decisions[-1].reason, .decisions[-1].labels]')" \
    '["rejected",null,["unsafe"]]' "the label is kept, no reason"
is "$(state s4)" flagged "what was skipped is as it was"

cat >editor.sh <<'EDITOR'
#!/bin/sh
cat next-text >"$1"
EDITOR
chmod +x editor.sh
EDITOR=./editor.sh
export EDITOR
printf 'Mail jim.poe@example.org now.' >next-text
script "an edit in which something is found is shown" <<\S
keys /
type mail jane
keys Enter Enter e
expect Your edit: 1 finding
expect EMAIL_ADDRESS
attr underline,color jim.poe
keys d
expect [-jane.roe@example.com-]{+jim.poe@example.org+}
attr underline,color [-jane
attr bold,color {+jim
keys q Esc
expect edit dropped
expect jane.roe
S
is "$(state s2)" flagged "Esc dropped it"
script "Enter keeps it; the item below still takes labels, and no decision" <<\S
keys /
type mail jane
keys Enter Enter e
expect Your edit: 1 finding
keys :
type accept
keys Enter
expect accept does nothing in this view
keys :
type labels
keys Enter
expect Labels (Enter: done)
keys 2 Enter
expect Your edit: 1 finding
keys Enter
expect edited: s2
S
is "$(state s2 '.decisions[-1] | [.output, .labels]')" \
	'["Mail jim.poe@example.org now.",["unsafe"]]' "as it was typed"
printf 'You get 30 EUR back.\n' >next-text
script "an edit that changes nothing is none" <<\S
keys g Enter
expect You get 30
keys e
expect not changed
S
printf '\n' >next-text
script "an emptied file is no edit: an empty text would go out" <<\S
keys g Enter e
expect not edited: the new text is empty
expect yours until
S
is "$(state s4)" flagged "nothing is decided"
is "$(find "$XDG_STATE_HOME" -type f 2>/dev/null)" "" "no draft is left behind"
EDITOR=false
script "an editor that fails changes nothing" <<\S
keys g Enter e
expect not edited: the editor ended with 1
S
is "$(find "$XDG_STATE_HOME" -type f 2>/dev/null)" "" "and leaves no draft where it did nothing"
printf '%s\n' '#!/bin/sh' 'echo half an answer >"$1"' 'exit 3' >failing.sh
chmod +x failing.sh
EDITOR=./failing.sh
script "where it did something, that is kept, and it is said where" <<\S
keys g Enter e
expect the editor ended with 3; the edit is in
S
like "$(cat "$XDG_STATE_HOME"/handrail/edit-*/output.txt)" "^half an answer$" "there it is"
EDITOR="no-such-editor -w"
script "a draft is not forgotten: the next session tells of it" <<S
expect 1 draft of earlier: $XDG_STATE_HOME/handrail
S
script "nor does one that is not there, and it says what to set" <<\S
keys g Enter
expect was never stored. Go on with it?
keys n y e
expect there is no editor no-such-editor -w: set VISUAL or EDITOR
S
rm -rf "$XDG_STATE_HOME"
EDITOR=./editor.sh
script "edited in place" <<\S
keys g Enter E
expect Editing in place
keys Right Right Right Right Right Right Right Right
keys Delete Delete
type 25
keys ^S
expect edited: s4
S
is "$(state s4 '.decisions[-1].output')" "You get 25 EUR back." "by its own small editor"
script "what was edited can be looked at, and its difference" <<\S
keys D
expect WHEN         BY         DECISION
expect edit
keys Enter
expect read only
keys a
expect accept: read only
keys d
expect You get [-30-]{+25+} EUR back.
S

script "in place, the keys of one line leave the others alone" <<\S
keys /
type fifth
keys Enter Enter E End Enter
type two
keys Home
type line 
keys End ^U
expect Fifth.
absent two
keys ^S
expect edited: s5
keys u
expect The edit of s5 is out. Undo and recall it?
keys y
expect undone: flagged again
S
is "$(state s5 '.decisions[0].output | tojson')" '"Fifth.\n"' "the second line is empty again"
script "u in the list of what was decided takes back what is chosen there" <<\S
keys /
type fifth
keys Enter Enter a
expect accepted: s5
keys q D G
cursor accept       0s s3
keys u
expect The accept of s3 is out. Undo and recall it?
keys n
expect not undone
keys g u
expect The accept of s5 is out.
keys y
expect undone: flagged again
S
script "escalate, list it, return it with a note" <<\S
keys /
type fifth
keys Enter Enter x
expect Escalate. Reason (Enter: none):
absent wrong fact
type ask the lead
keys Enter
expect escalated: s5
keys q X
expect Fifth.
expect An unsure answer
keys /
type fifth
keys Enter Enter
expect escalated
keys x
expect it is escalated already
keys R
type look again
keys Enter
expect flagged: s5
S
is "$(state s5 '[.state, .decisions[-1].note]')" '["flagged","look again"]' "it is back"
script "with an item open the list is left alone, but for its statistics" <<\S
keys Enter
expect yours until
keys :
type sort
keys Enter
expect sort does nothing in this view
keys :
type tag
keys Enter
expect tag does nothing in this view
keys :
type stats
keys Enter
expect Items by state
keys q
expect yours until
S
script "tagged items are decided together, after asking" <<\S
keys /
type fifth
keys Enter t
keys /
type sixth
keys Enter t
expect +
keys ;
expect for 2 tagged
keys a
expect accept 2: 
keys n
expect not decided
keys ; a y
expect 2 decided
absent Sixth.
S
script "all can be tagged, and none; another list has no tags" <<\S
keys T
expect +
keys T
expect nothing is tagged
absent +
keys t
expect +
keys X F ;
expect nothing is tagged
S
script "the next key is for the tagged, unless it is the screen's own" <<\S
keys t ; e
expect that key does nothing for several items; nothing was done
keys e
expect e does nothing here
keys ; s
expect sort: not for several items
keys s
expect sorted by age
keys ; ?
expect Help
keys q a
expect accept 1: 
keys n ; q
expect back: not for several items
keys ; i
expect stats: not for several items
keys ; C
expect runs: not for several items
keys ; P
expect prompts: not for several items
keys a
absent accept 1:
keys q
S
"$HANDRAIL" -d s.db next --where "id = 's7'" --json >held.json
script "what another session of the same person holds is passed over" <<\S
keys /
type seventh
keys Enter t ; r
expect reject: nothing is left to do: 0 high or hidden, 1 in other hands
S
is "$(state s7)" flagged "it is as it was"
"$HANDRAIL" -d s.db lease free s7
is "$(state s5)/$(state s6)" "accepted/accepted" "both are"
script "statistics are counted aside" <<\S
keys i
expect Items by state
expect accepted
keys G
expect Cost
expect USD
keys q
expect OUTPUT
S
script "u from the list; nothing of this session, nothing to undo" <<\S
keys u
expect nothing of this session to undo; D lists what was decided before
S
script "commands by name, the message log, help, unknown keys" <<\S
keys :
type panel-input
keys Enter
expect panel-input: open an item first
keys :
type frobnicate
keys Enter
expect no such action, nor item: frobnicate
keys :
type acept
keys Enter
expect no such action, nor item: acept; did you mean accept?
keys M
expect no such action, nor item: frobnicate
expect open an item first
keys q ?
expect Moving
expect half a page down
keys q z
expect z does nothing here; ? shows the keys
S
fresh
LC_ALL=xx_YY.UTF-8
script "a locale that is not installed is named, and UTF-8 is drawn none the less" <<\S
expect the locale xx_YY.UTF-8 is not installed: C.UTF-8 is taken
keys & ^U
type Größe
expect & Größe
S
LC_ALL=C.UTF-8
fresh
script "Up recalls what was typed, the latest first; Down comes back" <<\S
keys &
type confidence > 0.9
keys Enter &
keys ^U
type nothing
keys Enter & ^U Up
expect & nothing
keys Up
expect & confidence > 0.9
keys Up
expect nothing was typed before that
keys Down
expect & nothing
keys Up Enter
expect & confidence > 0.9
keys / Up
expect nothing was typed before that
keys Esc :
type fl
keys Tab
expect : flagged
keys Enter : Up
expect : flagged
S
script "Tab goes on with columns, functions, rules, guards, models" <<\S
keys &
type conf
keys Tab
expect & confidence
type  > 0.5 AND c
keys Tab
expect confidence  created_at  cost_usd
type ost
keys Tab
expect AND cost_usd
keys ^U
type rule = 'lar
keys Tab
expect & rule = 'large refund
keys ^U
type fail
keys Tab
expect & fail
expect failures  failed(
type ed
keys Tab
type 'pi
keys Tab
expect & failed('pii
keys ^U
type zz
keys Tab
expect no name begins so
S
script "the log's filter has its own columns and lines" <<\S
keys D &
type dw
keys Tab
expect & dwell_ms
keys Esc q L & Up
expect nothing was typed before that
type confidence_
keys Tab
expect & confidence_ppm
S
mkdir -p "$XDG_CONFIG_HOME/handrail"
cat >"$XDG_CONFIG_HOME/handrail/handrail.conf" <<\C
filter "money" = "rule = 'large refund'"
filter "quo\"ted" = "confidence > 2"
filter "half" = "confidence
C
script "a filter by its name; Tab finishes the name; a wrong line is told" <<\S
keys M
expect "half"
keys q &
type mon
keys Tab
expect & money
keys Enter
expect & money
cursor You get 30 EUR back.
absent pii: no rule ma
keys & ^U
type quo"ted
keys Enter
expect Nothing is flagged here under this filter.
S
rm -rf "$XDG_CONFIG_HOME"
mkdir -p "$XDG_CONFIG_HOME/handrail"
printf 'mouse = wheel\ntheme = contrast\n' >"$XDG_CONFIG_HOME/handrail/handrail.conf"
script "a wheel scrolls three lines, and answers nothing; a theme is taken" <<\S
keys WheelDown
expect 4 of
keys WheelUp
expect 1 of
keys & WheelDown
expect &
keys Esc
keys Enter
attr bold -- 1 asked
keys x WheelUp Esc
expect not decided
S
printf 'bind all z help\nbind item q flip\n' >"$XDG_CONFIG_HOME/handrail/handrail.conf"
script "keys of one's own; a wrong line is told" <<\S
keys M
expect flip
keys q z G
expect F1 z
S
rm -rf "$XDG_CONFIG_HOME"
script "--where and --queue" --queue support --where "confidence = 0.67" <<\S
expect Seventh.
absent "to"
expect support
keys a
expect accept: read only: Enter claims it
keys & ^U
type confidence > 2
keys Enter a
expect accept: there is no item here
S
HANDRAIL_SCRIPT=keys.script run -d s.db review --queue suport
is "$code:$err" "2:handrail: review: --queue suport: the policy does not name it, and nothing came for it; did you mean support?" \
    "a queue that there is not is no empty list"
cat >keys.script <<\S
expect no such words at all
S
run -d s.db review
HANDRAIL_SCRIPT=keys.script run -d s.db review
is "$code" 1 "an expectation that does not hold fails"
like "$err" 'keys.script:1: not on the screen: no such words at all' "and is named"
"$HANDRAIL" -d s.db list --json --state all >all
is "$(jq -r 'select(.lease.by != null) | .id' all)" "" "nothing is held afterwards"
run -d s.db audit verify
is "$code" 0 "the log verifies"

# A search that does not look at everything does not say that there is nothing.
jot=0
while [ $jot -lt 5300 ]; do
	jot=$((jot + 1))
	printf '{"id":"n%d","queue":"open","output":"Item %d."}\n' $jot $jot
done >open.jsonl
printf '%s\n' 'queue "open" { guards = { "secrets" } }' >open.conf
test_store n.db
"$HANDRAIL" -d n.db -p open.conf ingest open.jsonl >/dev/null 2>&1
cat >keys.script <<\S
keys /
type item 5299.
keys Enter
expect not in the next 5000 items: item 5299.; & looks through all
keys /
type item 4999.
keys Enter
cursor Item 4999.
keys /
type item 5299.
keys Enter
cursor Item 5299.
keys /
type item 5301.
keys Enter
expect not found: item 5301.
S
ok "a search through many items" env HANDRAIL_SCRIPT=keys.script "$HANDRAIL" -d n.db review

# What accepting would redact goes out as it stands in an edit: that is shown.
basic_policy >redact.conf
record r1 0.5 "Write to ana@example.com." >redact.jsonl
test_store e.db
"$HANDRAIL" -d e.db -p redact.conf ingest redact.jsonl >/dev/null 2>&1
cat >keys.script <<\S
keys Enter
expect accept: 1 redaction
keys E End
type  Soon.
keys ^S
expect Your edit: 1 finding
expect accepting redacts it; an edit goes out as it is typed
keys Esc
expect edit dropped
keys a
expect accepted: r1
S
ok "an edit with what would be redacted asks, though it was known" env HANDRAIL_SCRIPT=keys.script "$HANDRAIL" -d e.db review
is "$("$HANDRAIL" -d e.db releases | jq -r .release)" "Write to <EMAIL_ADDRESS>." "accepting did what was said"

# The first window of a long text is not taken for all of it.
record t1 0.5 "$(jot=0; while [ $jot -lt 60 ]; do jot=$((jot + 1)); printf 'line %d\\n' $jot; done)" >tall.jsonl
test_store t.db
"$HANDRAIL" -d t.db -p redact.conf ingest tall.jsonl >/dev/null 2>&1
cat >keys.script <<\S
keys Enter
expect %, more
keys G
expect to the end
absent %, more
size 40 12
keys 2
expect %, more
S
ok "how much of a text has been in sight is told" env HANDRAIL_SCRIPT=keys.script "$HANDRAIL" -d t.db review

# A policy that is applied while the screen is open holds from the next step on.
sed 's/"wrong fact", "tone"/"brand new"/' redact.conf >newer.conf
{ record w1 0.5; record w2 0.6; } >two.jsonl
test_store w.db
"$HANDRAIL" -d w.db -p redact.conf ingest two.jsonl >/dev/null 2>&1
printf '%s\n' '#!/bin/sh' '"$HANDRAIL" -d w.db policy apply newer.conf >/dev/null' 'echo Better. >"$1"' >applies.sh
chmod +x applies.sh
cat >keys.script <<\S
keys Enter r
expect 1 wrong fact
keys Esc e
expect edited: w1
keys r
expect 1 brand new
S
ok "a policy applied meanwhile is taken over" env EDITOR=./applies.sh HANDRAIL_SCRIPT=keys.script "$HANDRAIL" -d w.db review
is "$("$HANDRAIL" -d w.db audit query --event decision --json | jq -r .policy)" \
    "$("$HANDRAIL" -d w.db policy list --json | jq -r 'select(.current).policy')" "and the decision is logged under it"

# Neither a long id nor a long queue hides whose item it is.
printf '%s\n' '{"id":"6f1c2d3e-4b5a-4c7d-8e9f-0a1b2c3d4e5f","queue":"a-queue-with-a-name-that-goes-on","output":"One","confidence":0.5}' >long.jsonl
test_store l.db
"$HANDRAIL" -d l.db ingest long.jsonl >/dev/null 2>&1
cat >keys.script <<\S
keys Enter
expect 6f1c2d3e
expect ...  a-queue-wi...  flagged
expect yours until
size 130 24
expect 6f1c2d3e-4b5a-4c7d-8e9f-0a1b2c3d4e5f  a-queue
S
ok "a long id is cut, not what is said of the item" env HANDRAIL_SCRIPT=keys.script "$HANDRAIL" -d l.db review

# More choices than one row holds, and a narrow window.
cat >many.conf <<\POLICY
queue "open" { guards = { "secrets" }
    reasons = { "unfaithful to its source", "too long to be read", "missed the point", "wrong in its tone", "other" } }
POLICY
printf '%s\n' '{"id":"o1","queue":"open","output":"One"}' >open.jsonl
test_store m.db
"$HANDRAIL" -d m.db -p many.conf ingest open.jsonl >/dev/null 2>&1
cat >keys.script <<\S
keys Enter r
expect 1 unfaithful to its source 2 too long to be read
expect 5 other
size 40 12
expect Reject. Reason (Enter: none):
expect 4 wrong in its tone
expect 5 other
keys 5
expect rejected: o1
S
ok "every choice is in sight" env HANDRAIL_SCRIPT=keys.script "$HANDRAIL" -d m.db review

# A queue for which the policy names no labels and no reasons.
printf '%s\n' 'queue "open" { guards = { "secrets" } }' >open.conf
printf '%s\n' '{"id":"o1","queue":"open","output":"One","guards":[{"name":"a[1]","result":"fail"}]}' \
    '{"id":"o2","queue":"open","output":"Two"}' >open.jsonl
test_store o.db
"$HANDRAIL" -d o.db -p open.conf ingest open.jsonl >/dev/null 2>&1
cat >keys.script <<\S
expect a[1]: no rule
keys Enter l
expect Labels, a comma between them:
type halluc, style
keys Enter
expect 2 for the decision
keys r Enter
expect rejected: o1
S
ok "labels are typed where none are named" env HANDRAIL_SCRIPT=keys.script "$HANDRAIL" -d o.db review
run -d o.db show --json o1
is "$(json '.decisions[0].labels')" '["halluc","style"]' "and kept"
run -d o.db show --json o2
is "$(json '[.state, .lease.by]')" '["flagged",null]' "no letter of theirs decided on the next item"
cat >keys.script <<\S
keys t Enter a
expect accepted: o2; Queue empty
expect Nothing is flagged here
keys ; r
expect reject: there is no item here
absent reject 1:
S
ok "a list that became empty has nothing tagged to decide on" env HANDRAIL_SCRIPT=keys.script \
	"$HANDRAIL" -d o.db review --where "id = 'o2'"

# What holds no answer says so, and why the model stopped.
cat >stop.jsonl <<\LINES
{"id":"c1","object":"chat.completion","confidence":0.95,"choices":[{"finish_reason":"content_filter","message":{"role":"assistant","content":""}}]}
{"id":"c2","object":"chat.completion","confidence":0.50,"choices":[{"finish_reason":"length","message":{"role":"assistant","content":"Cut off in the mid"}}]}
{"id":"c3","output":null,"confidence":0.95}
LINES
rm -f s.db*
test_store s.db
"$HANDRAIL" -d s.db ingest stop.jsonl >/dev/null
script "an empty output says so, and why it stopped" <<\S
cursor no answer
keys Enter
expect no answer; stop: filter
expect (empty output: stop filter)
keys 4
expect stop           filter
keys q
keys j Enter
expect no rule matched; stop: length
expect Cut off in the mid
absent (empty output
keys q
keys j Enter
expect (no answer in this output)
keys q
keys &
type stop = 'length'
keys Enter
expect Cut off
absent no answer
S

done_testing

#!/bin/sh
# The table of states and decisions, releases and undo, from the command line.
. "$(dirname "$0")/lib.sh"

basic_policy >p.conf
{
	record a1 0.97
	for i in 1 2 3 4 5 6 7 8 9; do record f$i 0.70; done
	record e1 0.10
	record e2 0.10
	record e3 0.10
	record e4 0.10
} >in.jsonl
"$HANDRAIL" -d s.db -p p.conf ingest in.jsonl >/dev/null 2>&1
me=$(id -un)

# state ID: its state and what of it is released.
state() {
	"$HANDRAIL" -d s.db show --json "$1" | jq -rc '[.state,.released,.release]'
}
# decided WANT-STATE NAME ARGS...
decided() {
	want=$1 name=$2; shift 2
	run -d s.db decide "$@"
	is "$code $(state "$1")" "0 $want" "$name${err:+ ($err)}"
}
fallback='A colleague will write to you.'

decided '["accepted",true,"Answer f1."]' "flagged, accept" f1 accept
decided '["rejected",false,"'"$fallback"'"]' "flagged, reject" f2 reject --reason tone --note "too cold" --label unsafe,hallucination
printf 'A better answer.' >new.txt
decided '["edited",true,"A better answer."]' "flagged, edit" f3 edit --output-file new.txt
decided '["escalated",false,"'"$fallback"'"]' "flagged, escalate" f4 escalate --reason "wrong fact"
decided '["accepted",true,"Answer e1."]' "escalated, accept" e1 accept
decided '["edited",true,"A better answer."]' "escalated, edit" e2 edit --output-file new.txt
decided '["rejected",false,"'"$fallback"'"]' "escalated, reject" e3 reject
decided '["flagged",false,"'"$fallback"'"]' "escalated, return" e4 return --note "look again"

run -d s.db show --json f2
is "$(json '.decisions[0]|keys_unsorted')" '["seq","ts","by","role","decision","reason","labels","note","output","ratings","evidence","undone_by"]' "the keys of a decision"
is "$(json '.decisions[0]|[.by,.role,.decision,.reason,.labels,.note,.output,.undone_by]')" \
    '["'"$me"'","owner","reject","tone",["unsafe","hallucination"],"too cold",null,null]' "and their values"
run -d s.db show --json f3
is "$(json '.decisions[0].output')" "A better answer." "an edit keeps its text"
is "$(json .output)" "Answer f3." "and the output as it was"

# What the table does not have.
run -d s.db decide f1 accept
is "$code" 1 "a second decision: exit 1"
like "$err" "^handrail: decide: f1: already accepted by $me at [0-9T:.Z-]+; undo first\$" "who, when, and what to do"
run -d s.db decide a1 reject
is "$code" 1 "an approved item that was not drawn is not decided"
like "$err" '^handrail: decide: a1: ' "and is named"
run -d s.db decide f5 return
is "$code" 1 "return is for escalated items"
run -d s.db decide f5 undo
is "$code" 1 "nothing to undo"
run -d s.db decide f5 edit
is "$code" 2 "an edit needs its text"
printf ' \n\n' >blank.txt
run -d s.db decide f5 edit --output-file blank.txt
is "$code" 2 "nor does a blank one go out, as a failed filter leaves it"
like "$err" '^handrail: decide: the new text is empty, .*; reject it instead$' "and it says what to do"
run -d s.db decide f5 like
is "$code" 2 "no such decision"
run -d s.db decide nothing accept
is "$code" 1 "no such item"
is "$(state f5)" '["flagged",false,"'"$fallback"'"]' "none of them changed it"

# Undo: the latest decision not yet reversed, back to the state before.
run -d s.db decide f1 undo
is "$code $(state f1)" '0 ["flagged",false,"'"$fallback"'"]' "undo of accept"
is "$("$HANDRAIL" -d s.db show --json f1 | jq -c .lease)" null "and nobody holds what nobody has the token of"
decided '["rejected",false,"'"$fallback"'"]' "and decided anew" f1 reject
run -d s.db decide e1 undo
is "$(state e1)" '["escalated",false,"'"$fallback"'"]' "undo goes back to escalated"
run -d s.db decide f6 escalate
run -d s.db decide f6 accept
run -d s.db decide f6 undo
is "$(state f6)" '["escalated",false,"'"$fallback"'"]' "the first undo takes back the accept"
run -d s.db decide f6 undo
is "$(state f6)" '["flagged",false,"'"$fallback"'"]' "the second the escalate"
run -d s.db decide f6 undo
is "$code" 1 "an undo is never undone"
run -d s.db show --json f6
is "$(json '.decisions|map([.decision,.undone_by!=null])')" \
    '[["escalate",true],["accept",true],["undo",false],["undo",false]]' "history keeps all of it"

# The feed of what may go out.
run -d s.db releases --after 0
is "$code" 0 "releases runs"
is "$(json keys_unsorted | sort -u)" '["n","id","queue","state","release","ts"]' "the keys of a release"
is "$(json '[.id,.state,.release]' | grep -v '^\["a1"')" "$(cat <<LINES
["f1","accepted","Answer f1."]
["f2","rejected","$fallback"]
["f3","edited","A better answer."]
["e1","accepted","Answer e1."]
["e2","edited","A better answer."]
["e3","rejected","$fallback"]
["f1","recalled",null]
["f1","rejected","$fallback"]
["e1","recalled",null]
["f6","accepted","Answer f6."]
["f6","recalled",null]
LINES
)" "approve, accept, edit, reject append; escalate and return do not; undo recalls"
is "$(json .n | head -n 1)" 1 "rows are numbered"
is "$(json .n | sort -nu | wc -l)" 12 "each once"
last=$(json .n | tail -n 1)
run -d s.db releases --after "$last"
is "$code:$out" 0: "--after the last there is nothing"
run -d s.db releases --json --after "$last"
is "$code:$out" 0: "--json, as elsewhere, may be said"
run -d s.db releases --after $((last - 1))
is "$(json .n)" "$last" "--after N goes on behind N"

# hold: a decision undone in time leaves no trace in the feed.
sed 's/fallback = .*/&\n    hold = "1h"/' p.conf >hold.conf
record h1 0.5 >h.jsonl
"$HANDRAIL" -d h.db -p hold.conf ingest h.jsonl >/dev/null 2>&1
"$HANDRAIL" -d h.db decide h1 accept >/dev/null
is "$("$HANDRAIL" -d h.db releases --after 0)" "" "held back"
"$HANDRAIL" -d h.db decide h1 undo >/dev/null
is "$("$HANDRAIL" -d h.db releases --after 0)" "" "and gone with the undo"

# Labels are the queue's, where it names any.
record l1 0.7 | "$HANDRAIL" -d l.db -p p.conf ingest - >/dev/null 2>&1
try 2 "a label that the queue does not name" -d l.db decide l1 reject -l unsafe,halucination
is "$err" 'handrail: decide: queue support has no label "halucination"; did you mean hallucination?' "tells the near one"
try 2 "one that is near none" -d l.db decide l1 reject -l other
like "$err" 'no label "other"; labels are hallucination, unsafe$' "tells all"
is "$("$HANDRAIL" -d l.db show --json l1 | jq -r .state)" flagged "and nothing is decided"
try 0 "those that it names" -d l.db decide l1 reject -l unsafe,hallucination
grep -v 'labels *=' p.conf >nolabels.conf
record l2 0.7 | "$HANDRAIL" -d l.db -p nolabels.conf ingest - >/dev/null 2>&1
try 0 "any, where it names none" -d l.db -p nolabels.conf decide l2 reject -l other
done_testing

#!/bin/sh
# review --plain on a terminal: why is asked for, and no lease outlives it.
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
of() {
	"$HANDRAIL" -d s.db show "$1" --json | jq -r "$2"
}
held() {
	"$HANDRAIL" -d s.db list --json --state all | jq -r 'select(.lease.by != null) | .id'
}
is_held() {
	[ "$(held)" = "$1" ]
}
start 80 24 "HANDRAIL=$HANDRAIL"
text '$HANDRAIL -d s.db review --plain'
keys Enter
see "accept, edit, reject" >/dev/null
text r
keys Enter
ok "a reject asks why" see "1 wrong fact, 2 tone, or words"
text 2
keys Enter
ok "then it is decided, and the next one comes" see "The second answer."
is "$(of a1 '.state, .decisions[0].reason' | tr '\n' ' ')" "rejected tone " "a number chooses"
gone "1 wrong fact" >/dev/null
see "accept, edit, reject" >/dev/null
text x
keys Enter
ok "an escalation asks too" see "why, in a line (empty: none)"
is "$(shown | grep -c 'wrong fact')" 0 "but not what is wrong with it"
is "$(held)" a2 "while its item is held"
stop
ok "a hang-up in the question gives it back" until_true is_held ""
is "$(of a2 '"\(.state) \(.decisions | length)"')" "flagged 0" "and decides nothing"
# A store that is no test is witnessed, and what verified is noted beside that.
verified() {
	cat "$XDG_STATE_HOME"/handrail/verified/*
}
start 120 30 "HANDRAIL=$HANDRAIL"
text '$HANDRAIL -d s.db review'
keys Enter
see "1 of 1 flagged" >/dev/null
text L
ok "the log is verified" see "verified up to leaf"
stop
is "$(verified | sed -n 2p)" "$("$HANDRAIL" -d s.db audit show --json | jq -r .size)" "up to where is noted"
note=$(echo "$XDG_STATE_HOME"/handrail/verified/*)
sed '3s/.*/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=/' "$note" >other && cat other >"$note"
start 120 30 "HANDRAIL=$HANDRAIL"
text '$HANDRAIL -d s.db review'
keys Enter
see "1 of 1 flagged" >/dev/null
text L
ok "a log that is not the one that verified is said to be" see "leaves are not those that verified at"
stop
printf '%s\n' x q | "$HANDRAIL" -d s.db review --plain >out 2>&1
is "$(of a2 '"\(.state) \(.decisions[0].reason)"')" "escalated null" "a pipe is not asked: its next line is no reason"
done_testing

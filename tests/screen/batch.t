#!/bin/sh
# Many items decided on as one act: a plan first, one confirmation, one undo; and
# the last decision once more.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/../cli/lib.sh"

cat >p.conf <<\POLICY
guard "claim" { kind = "regex"  pattern = 'cure'  severity = high }
guard "mail" { kind = "regex"  pattern = '@'  severity = low }
queue "support" {
    guards  = { "claim", "mail" }
    reasons = { "wrong fact", "tone" }
}
POLICY
# 1,202 flagged: more than any page, and two that ask for a look of their own.
{
	seq 1 1190 | jq -rc '{id: "i\(.)", queue: "support", output: "plain \(.)"}'
	seq 1 10 | jq -rc '{id: "m\(.)", queue: "support", output: "a@b \(.)"}'
	seq 1 2 | jq -rc '{id: "h\(.)", queue: "support", output: "cure \(.)"}'
} >in.jsonl
test_store s.db
"$HANDRAIL" -d s.db -p p.conf ingest in.jsonl >/dev/null 2>&1 ||
    { echo "Bail out! no store"; exit 1; }
# states: how many there are of each state, "accepted 3".
states() {
	"$HANDRAIL" -d s.db list --state all --limit 9999 --json | jq -r .state |
	    sort | uniq -c | awk '{ print $2, $1 }'
}

script "a condition is tagged without a limit, and the plan says what is in it" <<\S
keys T
expect all 1,202 of the list are tagged
attr reverse +
keys j t ;
expect for 1,201 tagged: accept, reject, escalate, or = again?
keys a
expect accept 1199: 1189 none, 10 mail low; 2 high or hidden left out?
absent under &
expect [y: yes, else
keys n
expect not decided
S
is "$(states)" "flagged 1202" "no is no"
script "one confirmation carries it out; one u takes all of it back" <<\S
keys T ; a y
expect accept: 1200 decided; u takes them back
expect 1 of 2 flagged
keys u
expect Undo all 1200 of the last batch? What is out is recalled.
keys y
expect undone: 1200
expect 1,202 flagged
S
is "$(states)" "flagged 1202" "all are flagged again"
is "$("$HANDRAIL" -d s.db list --limit 9999 --json | jq -r 'select(.lease.by != null).id' | wc -l)" 0 "and free"
ok "the log holds" "$HANDRAIL" -d s.db audit verify
script "reasons go with it; what others hold meanwhile is left out" <<\S
keys &
type id LIKE 'm%'
keys Enter T ; r
expect reject 10 under & id LIKE 'm%': 10 mail low?
keys y
expect Reason (Enter: none)
keys 2
expect reject: 10 decided
S
is "$("$HANDRAIL" -d s.db show --json m7 | jq -rc '[.state, .decisions[-1].reason]')" '["rejected","tone"]' "each has the reason"
script "= decides as before, with the reason, and no less deliberately" <<\S
keys &
type id IN ('i1', 'i2', 'i3', 'i4', 'h1')
keys Enter
expect plain 1
keys Enter =
expect nothing was decided in this session yet
keys r
expect Reason
keys 1
expect rejected: i1
burst j =
expect again: too soon after another key
keys =
expect rejected: i2
keys q t j t ; =
expect reject 2: 1 none, 1 claim high (wrong fact)?
keys y
expect reject: 2 decided
S
is "$("$HANDRAIL" -d s.db show --json i2 | jq -rc '[.state, .decisions[-1].reason]')" '["rejected","wrong fact"]' "with its reason"
cat >other <<S
{ "$HANDRAIL" -d s.db decide i10 undo && "$HANDRAIL" -d s.db decide i10 reject; } >/dev/null 2>&1
S
script "u takes back what was decided here, not what somebody decided since" <<\S
keys &
type id IN ('i10', 'i11', 'i12', 'i13')
keys Enter Enter
expect plain 10
keys a
expect accepted: i10
keys |
type sh ./other
keys Enter
expect done
keys u
expect i10: was rejected anew by
keys u
expect nothing of this session to undo
keys q T t ; a y
expect accept: 2 decided
keys t ; a y
expect accept: 1 decided
keys u y
expect undone: 1
keys u y
expect undone: 2
S
is "$("$HANDRAIL" -d s.db show --json i10 | jq -r .state)" rejected "that stands"

# More kinds than a question has room for.
{
	i=0
	while [ $i -lt 9 ]; do
		i=$((i + 1))
		printf 'guard "g%d" { kind = "regex"  pattern = '"'w[%d-9]'"'  severity = low }\n' $i $i
	done
	echo 'queue "support" { guards = {'
	i=0
	while [ $i -lt 9 ]; do i=$((i + 1)); printf '"g%d"%s' $i "$([ $i = 9 ] || echo ,)"; done
	echo '} }'
} >many.conf
seq 1 60 | jq -rc '{id: "k\(.)", queue: "support", output: "w\(. % 10)"}' >many.jsonl
test_store many.db
"$HANDRAIL" -d many.db -p many.conf ingest many.jsonl >/dev/null 2>&1
script_store=many.db
script "the most frequent are told, and always what answers" <<\S
keys & ^U
type id <> 'k1' AND id <> 'k2' AND id <> 'k3' AND id <> 'k4' AND id <> 'k10' AND 1 = 1 AND 2 = 2
keys Enter T ; r
expect reject 55 under & id <> 'k1'
expect 25 others?
expect y: yes, else no]
keys n
expect not decided
S
done_testing

#!/bin/sh
# What was decided: by whom, when, why; found again by person and time, opened,
# taken back; and what the figures say of it.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/../cli/lib.sh"

basic_policy >p.conf
{
	i=0
	while [ $i -lt 9 ]; do
		i=$((i + 1))
		record "d$i" "0.5$i" "Answer number $i."
	done
} >in.jsonl
HANDRAIL_CLOCK=@clock
export HANDRAIL_CLOCK
# at TIME: the store's clock stands there from now on.
at() {
	echo "$1,1000000" >clock
}
at 1795500000000			# 2026-11-24 06:00 UTC
test_store s.db
"$HANDRAIL" -d s.db -p p.conf ingest in.jsonl >/dev/null 2>&1
"$HANDRAIL" -d s.db decide d1 reject --reason "made up" --note "no such lamp" >/dev/null
"$HANDRAIL" -d s.db decide d2 escalate --reason "legal threat" >/dev/null
at 1795590000000			# a day and an hour later
"$HANDRAIL" -d s.db decide d3 accept >/dev/null
"$HANDRAIL" -d s.db decide d4 accept >/dev/null
"$HANDRAIL" -d s.db decide d4 undo >/dev/null
me=$(id -un)

script "D lists what was decided, the latest first" <<S
keys D
expect Decided: all queues  1 of 4
expect WHEN         BY         DECISION  DWELL ID REASON; NOTE
cursor Nov 25 07:00 $me
cursor d4 (undone)
expect Nov 24 06:00 $me
keys j
cursor accept        - d3
keys G
cursor reject        - d1 made up; no such
keys q
expect CONF WHY
S
script "one person's of one day, and why" <<S
keys D &
type by = '$me' AND decided_at < 'today' AND decision = 'reject'
keys Enter
expect 1 of 1  & by = '$me'
cursor made up; no such
absent legal threat
keys Enter
expect people $me: reject Nov 24 06:00: made up; no such lamp
expect read only
absent a:accept
expect u:undo
keys q & ^U
type by = 'nobody at all'
keys Enter
expect Nothing is here under this filter.
keys & ^U
type decidedat > 1
keys Enter
expect no such column: decidedat; did you mean decided_at?
keys ^U
type REFUND
keys Enter
expect Nothing is here under this filter.
keys & ^U
type Such Lamp
keys Enter
expect 1 of 1  & Such Lamp
cursor made up; no such
S
script "Esc is one level back: the filter, then the list" <<\S
keys D &
type d3
keys Enter
expect 1 of 1  & d3
keys Esc
expect no filter; & and Up bring it back
expect 1 of 4
keys Esc
expect CONF WHY
keys L &
type confidnce_ppm > 1
keys Enter
expect no such column: confidnce_ppm; did you mean confidence_ppm?
keys ^U
type policy-applied
keys Enter
expect & policy-applied
keys Esc
expect no filter
keys Esc
expect CONF WHY
S

script "searched, gone through item by item, taken back" <<\S
keys D /
type LEGAL
keys Enter
expect not found: LEGAL
keys /
type legal
keys Enter
cursor legal threat
keys Enter
expect d2
expect read only: Enter claims it
absent yours until
keys a
expect accept: read only: Enter claims it
keys Enter
expect yours until
keys K
expect d3
keys q
cursor accept        - d3
keys u
expect The accept of d3 is out. Undo and recall it?
keys y
expect undone: flagged again
expect yours until
keys q
cursor d3 (undone)
keys u
expect it is undone already
S
is "$("$HANDRAIL" -d s.db show --json d3 | jq -r .state)" flagged "the store has it so"
script "lists are filtered by it too" --state escalated --where "by = '$me' AND decided_at > ago('2d')" <<\S
expect Answer number 2.
S
is "$("$HANDRAIL" -d s.db list --state all --where "decided_at < ago('yesterday')" --json | jq -r .id)" "" \
    "yesterday is where the local day begins"
is "$("$HANDRAIL" -d s.db list --state all --where "decided_at > ago('yesterday')" --json | jq -rs 'map(.id)|sort|join(" ")')" \
    "d1 d2" "and what is undone does not count"
run -d s.db list --where "decided_at > ago('soon')"
like "$err" "ago[(][)] takes a time in single quotes, like 2026-11-01" "another word is refused"
is "$("$HANDRAIL" -d s.db list --state all --where "decided_at > 'yesterday'" --json | jq -rs 'map(.id)|sort|join(" ")')" \
    "d1 d2" "a word beside a column of times is a time without it"
run -d s.db audit query --where "ts > 'tomorrow'"
like "$err" "ts is a time, which 'tomorrow' is not: write one in single quotes" "and refused where it is none"
is "$("$HANDRAIL" -d s.db audit query --since today --json | jq -rs length)" \
    "$("$HANDRAIL" -d s.db audit query --since 2026-11-25 --json | jq -rs length)" "--since takes days by their name"

script "L is the audit log: all that anybody did" <<S
keys L
expect Audit log: all queues
expect verified up to leaf 
absent u:undo
expect WHEN         BY         EVENT     ID WHAT
expect undo: accepted -> flagged
keys &
type event = 'route' AND by = '$me'
keys Enter
expect no rule matched: flag
absent -> accepted
keys /
type d2
keys Enter Enter
expect people $me: escalate Nov 24 06:00: legal threat
absent yours until
keys q & ^U
type item IS NULL
keys Enter Enter
expect it is about no item
S
script "what can be typed stands above the line until something is" <<\S
keys D &
expect a word, or as by = 'ana' AND decided_at > 'yesterday'; Tab: names
type x
absent a word, or as
keys Esc q :
expect an action by its name, queue NAME, or an item's id; Tab: names
keys Esc &
expect words, or as confidence < 0.9
S
"$HANDRAIL" -d s.db backup altered.db >/dev/null 2>&1
altered altered.db "UPDATE decisions SET by = 'eve' WHERE seq = (SELECT min(seq) FROM decisions)"
script_store=altered.db
script "one that was altered is said to be" <<\S
keys L
expect NOT verified: 1 problem
expect the log does NOT verify: decision
keys q
absent NOT verified
S
script_store=
script "pace, and what is left at the end" --where "id > 'd6'" <<\S
keys Enter
absent an hour
keys a
expect accepted: d7
absent an hour
keys a
expect 2 done
expect median 0 s
keys u
expect The accept of d8 is out.
keys y
expect undone: flagged again
absent done, median
keys a
expect 2 done
keys a
expect Queue empty: 3 decided
S
script "figures by hour and by confidence" <<\S
size 80 50
keys i
expect Decided by hour
expect Nov 24 06:00         2
expect Nov 25 07:00         3
expect 0.5  25%
expect Items by confidence (share changed)
S
done_testing

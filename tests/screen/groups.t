#!/bin/sh
# Headings above the items of one priority, and names that are cut in the middle.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/../cli/lib.sh"

HANDRAIL_CLOCK=1795500000000,1000000
export HANDRAIL_CLOCK
cat >p.conf <<\POLICY
queue "support" {
    rule "toxic" { when = "confidence < 0.2" route = flag priority = 6 }
    rule "large" { when = "confidence < 0.3" route = flag priority = 5 }
    rule "other" { when = "confidence < 0.4" route = flag priority = 5 }
    rule "secret" { when = "confidence < 0.5" route = escalate priority = 5 }
}
POLICY
# records FIRST LAST CONFIDENCE
records() {
	for i in $(seq "$1" "$2"); do record "i$i" "$3" "Number $i."; done
}
{ records 1 2 0.1; records 3 14 0.2; records 15 16 0.35; records 17 30 0.8
  record call-0192aa54-77d1-4f2a 0.45 "Escalated."; } >in.jsonl
test_store s.db
"$HANDRAIL" -d s.db -p p.conf ingest in.jsonl >/dev/null 2>&1

script "each priority has a heading with its rules and count, and the cursor passes it over" <<\S
size 80 14
expect -- priority 6: toxic (2)
attr bold priority 6
cursor >    0m 24h       0.10 toxic
expect -- priority 5: large, other (14)
absent the rest
absent secret
keys j j
expect 3 of 30 flagged
cursor >    0m 24h       0.20 large              i3
keys k
expect 2 of 30 flagged
S
script "pages pass none over, up and down" <<\S
size 80 14
keys Space
expect -- priority 5: large, other (14)
expect i9
absent i8
keys Space
expect -- the rest (14)
expect i17
keys b
expect i8
expect i16
absent i7 
keys b
expect -- priority 6: toxic (2)
expect i8
keys G
expect 30 of 30 flagged
expect -- the rest (14)
absent priority
keys k k k k k k k k k k k k k
expect 17 of 30 flagged
cursor i17
keys k
cursor i16
expect -- priority 5
expect -- the rest
keys j j j j j j j j
expect 24 of 30 flagged
cursor i24
S
# One line down at a time, and one up: every item comes under the cursor once.
{ echo size 80 14
  for i in $(seq 1 30); do echo "cursor i$i "; echo "expect $i of 30 flagged"; echo keys j; done
  for i in $(seq 30 -1 1); do echo "cursor i$i "; echo "expect $i of 30 flagged"; echo keys k; done
} >walk
script "line by line, every item in its turn, down and up" <walk
script "without them where the order is another, the window low, or all are of one priority" <<\S
size 80 14
keys s
expect sorted by age
absent priority
keys s s &
type number 2
keys Enter
expect priority 6: toxic (1)
expect -- the rest (
S
script "and where a window has no room for them, or nothing else is there" --where "confidence > 0.5" <<\S
expect i17
absent the rest
S
script "one who was escalated: its heading names the rules of both routes" --state escalated <<\S
expect 1 of 1 escalated
expect call-…-4f2a
absent priority
keys Enter
expect call-0192aa54-77d1-4f2a  support
S
script "a key has a second name, n and N look on in both directions" <<\S
size 80 14
keys PageDown
expect i9
keys PageUp
expect priority 6
keys F1
expect Help
keys q Enter
expect i1  support
keys Left
expect Enter:open
keys /
type Number 2
keys Enter
cursor i2 
keys n
cursor i20
keys n
cursor i21
keys N
cursor i20
S
script "any id of the store is completed, listed or not" <<\S
keys :
type call-0
keys Tab Enter
expect call-0192aa54-77d1-4f2a  support
keys q :
type i
keys Tab
expect i1
keys ^U
type i2
keys Tab
expect i20  i21
S
done_testing

#!/bin/sh
# A second look at what others decided: blind, in the log, and without effect.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/../cli/lib.sh"

"$HANDRAIL" demo --keep d </dev/null >/dev/null 2>&1 ||
    { echo "Bail out! no demo"; exit 1; }
script_store=d/demo.db
given() {
	"$HANDRAIL" -d d/demo.db show --json "$1" | jq -c "$2"
}
"$HANDRAIL" -d d/demo.db export --format jsonl >before.jsonl 2>/dev/null
"$HANDRAIL" -d d/demo.db releases --after 0 --json >feed
script "what was decided is hidden until the second look is given" <<\S
keys D &
type id = 'tkt-4690-1'
keys Enter R
expect tkt-4690-1  support  second look 1 of 1
absent =:again
absent u:undo
absent ben
absent legal
absent rejected
absent a photo first
keys 5
expect 5 history (0)
burst j a
expect accept: too soon after another key
keys a
expect differs on tkt-4690-1: ben said reject: policy
expect 1 second look, 0 agree
expect Decided: all queues
S
is "$(given tkt-4690-1 '[.state, (.opinions[] | .value, .agrees, .by == "'"$(id -un)"'"), (.decisions | length)]')" \
    '["rejected","accept",false,true,1]' "it is kept beside the decision, which stands"
is "$(given tkt-4690-1 '.opinions[0].of == .decisions[0].seq')" true "and names it"
"$HANDRAIL" -d d/demo.db show tkt-4690-1 >shown 2>&1
like "$(cat shown)" "^  .* accept, where it was reject\$" "show has it"
script "it is given once" <<\S
keys D &
type id = 'tkt-4690-1'
keys Enter R
expect nothing is here that another decided and you have not looked at again
keys & ^U
type decision = 'accept'
keys Enter R
expect second look 1 of 2
keys a
expect second look 2 of 2
keys a
expect 2 second looks, 2 agree
keys & ^U
type decision = 'escalate'
keys Enter R
expect second look 1 of 1
keys x
expect agreed on tkt-4693-1: ana said escalate
keys q i G
expect Second looks: 3 of 4 agree, 75%
expect kappa 0.56
expect reject   then accept           1
S
is "$("$HANDRAIL" -d d/demo.db stats --json | jq -c '.agreement | [.second_looks, .agreed, (.kappa * 100 | round), .pairs[1]]')" \
    '[4,3,56,{"first":"reject","second":"accept","items":1}]' "stats has them"
like "$("$HANDRAIL" -d d/demo.db stats)" '^agreement +3 of 4 second looks, 75.0%, kappa 0.56$' "in words too"
"$HANDRAIL" -d d/demo.db export --format jsonl >after.jsonl 2>/dev/null
ok "an export is what it was" cmp before.jsonl after.jsonl
"$HANDRAIL" -d d/demo.db releases --after 0 --json >after
ok "and so is the feed" cmp feed after
ok "the log holds" "$HANDRAIL" -d d/demo.db audit verify
is "$("$HANDRAIL" -d d/demo.db audit query --event opinion --json | jq -r .value | tr '\n' ' ')" "accept accept accept escalate " "with a leaf each"
for change in "UPDATE opinions SET value = 'edit' WHERE value = 'escalate'" "UPDATE opinions SET by = 'eve'" \
    "UPDATE opinions SET decision = decision + 1 WHERE value = 'escalate'" "UPDATE opinions SET review_ms = 7" \
    "DELETE FROM opinions WHERE value = 'escalate'" "INSERT INTO opinions SELECT 0, item, seq, ts_ms, uid, by, role, via, value, 1 FROM opinions LIMIT 1"; do
	rm -f c.db*; "$HANDRAIL" -d d/demo.db backup c.db 2>/dev/null; forget
	sqlite3 c.db "$change"
	run -d c.db audit verify
	is "$code" 1 "found: $change"
done
"$HANDRAIL" -d d/demo.db decide tkt-4690-1 undo >/dev/null 2>&1
is "$("$HANDRAIL" -d d/demo.db stats --json | jq -c '.agreement.second_looks')" 3 "that of an undone decision does not count"
done_testing

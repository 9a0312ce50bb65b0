#!/bin/sh
# What a queue asks for beside a decision, on the screen: a key each.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/../cli/lib.sh"

cat >p.conf <<\POLICY
queue "support" {
    reasons = { "wrong fact", "tone" }
    evidence = true
    skip_reasons = { "not my language", "needs an expert" }
    rating "helpful" { max = 5 }
    rating "polite" { max = 3 }
}
queue "plain" { }
POLICY
for id in a1 a2 a3 a4; do
	printf '{"id":"%s","queue":"support","output":"Zw\303\266lf Tage, h\303\266chstens.\\nSo steht es da."}\n' $id
done >in.jsonl
printf '{"id":"p1","queue":"plain","output":"As it is."}\n' >>in.jsonl
test_store s.db
"$HANDRAIL" -d s.db -p p.conf ingest in.jsonl >/dev/null 2>&1 ||
    { echo "Bail out! no store"; exit 1; }
# of ID FILTER
of() {
	"$HANDRAIL" -d s.db show --json "$1" | jq -c "$2"
}
script "evidence is marked with a cursor, ratings are a key each" <<\S
keys Enter
expect a1  support
keys m
attr reverse Evidence: to its first character
keys w m e
attr reverse Tage,
expect Evidence: to its last character
keys m
expect 1 span of evidence for the decision
expect labels evidence 6-11
keys m w w j Esc
expect no evidence any more
absent labels evidence
keys m m w h m m j m G m
expect labels evidence 0-6, 23-38
keys a
expect helpful, 1 to 5 (Enter: none):
burst 6 x
expect 1 to 5, Enter for none, or Esc
keys 4
expect polite, 1 to 3 (Enter: none):
keys Enter
expect accepted: a1
expect a2  support
S
is "$(of a1 '.decisions[0] | [.ratings, .evidence]')" \
    '[{"helpful":4},[{"start":0,"end":6},{"start":23,"end":38}]]' "as they were given"
script "Esc decides nothing; what was said does not go with the next decision" <<\S
keys Enter
expect a2  support
keys r 2
expect helpful
keys 5
expect polite
keys Esc
expect not decided
keys a Enter Enter
expect accepted: a2
keys S
expect 1 not my language 2 needs an expert
keys Esc
expect not skipped
keys S 2
expect a4  support
keys r 1 3 2
expect rejected: a4
expect p1  plain
keys m
expect this queue asks for no evidence
keys S
expect skipped
S
is "$(of a2 '.decisions | length, (.[0] | .reason, .ratings)' | tr '\n' ' ')" '1 null {} ' "nothing of it stuck"
is "$(of a4 '.decisions[0] | [.reason, .ratings]')" '["wrong fact",{"helpful":3,"polite":2}]' "a reason and ratings"
is "$(of a3 '.skips[0].reason') $(of p1 '.skips')" '"needs an expert" []' "a skip with its reason, and one without"
script "the history has them" <<\S
keys D &
type id = 'a1'
keys Enter Enter 5
expect ratings: {"helpful":4}
expect evidence: [{"start":0,"end":6},
S
script "and the statistics" <<\S
size 80 60
keys i G
expect Ratings (average, how many)
expect 3.50         2  helpful
S
printf '{"id":"a9","queue":"support","output":"As it is."}\n' | "$HANDRAIL" -d s.db ingest >/dev/null 2>&1
sed 's/"helpful"/"useful"/' p.conf >renamed.conf
script "a rating that a new policy renamed is asked for by its new name" --where "id = 'a9'" <<\S
keys Enter a
expect helpful, 1 to 5
keys Esc |
type $HANDRAIL -d s.db policy apply renamed.conf
keys Enter q a 4 2
expect asks for no rating "helpful"
keys a
expect useful, 1 to 5
keys 4 2
expect accepted: a9
S
is "$(of a9 '.decisions[0].ratings')" '{"useful":4,"polite":2}' "and kept"
printf '{"id":"b1","queue":"support","output":"As it is."}\n' | "$HANDRAIL" -d s.db ingest >/dev/null 2>&1
script "the review ends between a reason and its ratings" --where "id = 'b1'" <<\S
keys Enter r
type Too slow
keys Enter
expect useful, 1 to 5
S
is "$(cat state/handrail/typed-b1-*)" "Too slow" "and the reason is kept"
script "gone on with" --where "id = 'b1'" <<\S
keys Enter n y r
type Too slow
keys Enter
expect useful, 1 to 5
keys 4 2
expect rejected: b1
S
is "$(ls state/handrail)" "" "it goes with the decision"
ok "the log holds" "$HANDRAIL" -d s.db audit verify
done_testing

#!/bin/sh
# An item as one page: what was asked, what was answered, what was found and why,
# without a key at 80x24; side by side where there is room.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/../cli/lib.sh"

cat >p.conf <<\POLICY
guard "pii"    { kinds = { "EMAIL_ADDRESS" }  redact = label }
guard "schema" { kind = "json-schema"  schema = "s.json" }
queue "q" {
    rule "wrong" { when = "num(metadata->>'amount') > 500 OR confidence > 9"  route = flag  suggest = "ask the bank" }
    rule "sure"  { when = "confidence >= 0.9 AND failures = 0"  route = approve }
    guards     = { "pii" }
    guidelines = "g.md"
    fallback   = "Somebody will write to you."
    labels     = { "tone", "fact" }
}
queue "json" { guards = { "schema" } }
queue "calls" { guards = { "pii" } }
POLICY
printf '{"properties":{"total":{"type":"number"}}}\n' >s.json
sed 's/> 500/> 5000/; s/ask the bank/never/' p.conf >later.conf
seq -f "Rule %g of the house." 1 12 >g.md
perl -MJSON::PP -e '
	my $j = JSON::PP->new->canonical;
	my @turns = map { ({ role => "user", content => "Old question $_." },
	    { role => "assistant", content => "Old answer $_." }) } 1 .. 6;
	print $j->encode($_), "\n" for
	    { id => "talk", queue => "q", confidence => 0.5,
	      messages => [ @turns, { role => "user", content => "When does it come?" } ],
	      context => [ { title => "order", url => "https://shop.example/7", text => "Order 7, one lamp. " . "Sent on Monday. " x 20 . "No scan since." } ],
	      output => "Soon.\nWrite to jane\@example.com.\nBye." },
	    { id => "refund", queue => "q", confidence => 0.55, metadata => { amount => 1240 }, output => "Done." },
	    { id => "long", queue => "q", confidence => 0.6,
	      messages => [ { role => "user", content => join("\n", map { "Point $_." } 1 .. 40) } ],
	      output => "A short answer." },
	    { id => "picture", queue => "q", confidence => 0.7,
	      messages => [ { role => "user", content => [ { type => "text", text => "What is this?" },
	          { type => "image_url", image_url => { url => "data:image/png;base64," . "iVBO" x 1000 } } ] } ],
	      output => "# A lamp\n\nIn code:\n```\nlamp = 1\n```" },
	    { id => "bill", queue => "json", confidence => 0.8,
	      output => { total => "1,960", scan => "iVBORw0KGgo" . "A" x 3000 } },
	    { id => "tool", queue => "calls", confidence => 0.9,
	      messages => [ { role => "user", content => "Weather?" },
	          { role => "assistant", tool_calls => [ { id => "c1", type => "function",
	              function => { name => "find_city", arguments => "{\"q\":\"Berlin\"}" } } ] },
	          { role => "tool", tool_call_id => "c1", content => "city 12" } ],
	      output => [ { id => "c2", type => "function", function => { name => "get_weather",
	          arguments => "{\"city\":\"Berlin\",\"days\":3}" } } ] },
	    { id => "odd", queue => "calls", confidence => 0.95,
	      output => [ { id => "c3", type => "function", sudo => \1, function => { name => "wipe",
	          arguments => "{}" } } ] };
' >in.jsonl
HANDRAIL_CLOCK=1795500000000,1000000
export HANDRAIL_CLOCK
test_store s.db
"$HANDRAIL" -d s.db -p p.conf ingest in.jsonl >/dev/null 2>&1

script "question, answer, findings, why, what goes out: no key beside Enter" --where "id = 'talk'" <<\S
size 80 24
keys Enter
expect why    no rule matched
expect sends  accept: 1 redaction (p shows it); reject: "Somebody will
expect -- 1 asked -----
expect 12 earlier: z --
expect user      When does it come?
absent Old question
expect [1] order <https://shop.example/7>: Order 7, one lamp.
expect  ...
expect whole: z --
expect -- 2 answered  0.50 -----
expect 1  Write to jane@example.com.
attr underline,color jane@example.com
expect ^1 pii EMAIL_ADDRESS, medium: accepting redacts it; email address
expect Bye.
expect -- guidelines
S
like "$("$HANDRAIL" -d s.db show refund)" '^  not   sure: confidence 0.55 < 0.9' "a line that is printed tells it, too"
like "$(echo q | "$HANDRAIL" -d s.db review --plain --where "id = 'refund'")" '^  not   sure: confidence 0.55 < 0.9' "and line by line"
is "$("$HANDRAIL" -d s.db show talk | grep -c 'sure: confidence')" 1 "once, where the rule was tried"
"$HANDRAIL" -d s.db decide refund escalate --reason "legal threat" --note "ask the lead" >/dev/null
"$HANDRAIL" -d s.db policy apply later.conf >/dev/null
script "why in values, what to do, and what a colleague said" --state escalated <<\S
keys Enter
expect why    wrong: amount 1240 > 500; not sure: confidence 0.55 < 0.9
expect suggested: ask the bank
expect : escalate Nov 24
expect : legal threat; ask the lead
keys 3
expect yes    wrong: amount 1240 > 500
S
is "$("$HANDRAIL" -d s.db show --json refund | jq -c '.rules,.suggest')" \
    '[{"name":"wrong","value":true,"because":{"amount":1240,"confidence":0.55}}]
"ask the bank"' "show has the same, by the policy that routed it"
like "$("$HANDRAIL" -d s.db show refund)" "yes   wrong: amount 1240 > 500; suggested: ask the bank" "for people too"
printf '%s\n' '{"id":"v","queue":"q","output":"x","confidence":0.5,"metadata":{"amount":900}}' >v.jsonl
is "$("$HANDRAIL" -p p.conf check v.jsonl | jq -c '[.rule,.suggest]')" '["wrong","ask the bank"]' "and a verdict"
like "$("$HANDRAIL" -p p.conf check --explain v.jsonl)" "rule wrong: true  [(]amount 900, confidence 0.5[)]  <- matched; suggested: ask the bank" "and check --explain"
"$HANDRAIL" -d s.db policy apply p.conf >/dev/null
script "p shows what accepting sends beside the answer" --where "id = 'talk'" <<\S
keys Enter p
expect The answer, and what accepting sends
expect 1  Write to jane@example.com.
expect | Write to <EMAIL_ADDRESS>.
keys a
expect a does nothing here
keys q
expect sends  accept
S
script "z unfolds what the cursor is in, and folds it again" --where "id = 'talk'" <<\S
size 80 60
keys Enter z
expect user      Old question 1.
expect assistant Old answer 6.
absent earlier: z
keys z
expect 12 earlier: z
absent Old question
keys /
type No scan since
keys Enter
cursor No scan since.
keys 2
cursor -- 2 answered
keys z
expect nothing is folded here
keys 6
cursor -- 6 record
expect "confidence":0.5
S
script "a long question gives way to the answer" --where "id = 'long'" <<\S
size 80 24
keys Enter
expect user      Point 1.
expect more lines: z --
expect A short answer.
keys z
expect Point 15.
absent A short answer.
size 80 90
expect Point 40.
S
script "Tab goes from part to part, and back" --where "id = 'talk'" <<\S
keys Enter Tab
cursor -- 2 answered
keys Tab
cursor -- 3 findings
keys Tab Tab
cursor -- 5 history (0)
keys Backtab
cursor -- 4 metadata
S
script "images are told, not shown; Markdown has its looks" --where "id = 'picture'" <<\S
keys Enter
expect user      What is this?
expect [image, 3 kB]
absent iVBOiVBO
attr bold # A lamp
attr color lamp = 1
S
script "JSON is laid out, the failing place marked" --where "id = 'bill'" <<\S
keys Enter
expect 1    "total": "1,960"
expect ^1 schema type, medium: /total: expected number
expect "scan": [image, 2 kB]
S
script "calls are written as calls" --where "id = 'tool'" <<\S
keys Enter
expect assistant find_city(q: "Berlin")
expect tool      city 12
expect get_weather(city: "Berlin", days: 3)
absent "arguments"
keys 2
expect "arguments"
S
script "what a call does not say is shown all the same" --where "id = 'odd'" <<\S
keys Enter
expect wipe()
expect "sudo": true
S
script "two columns from 120, three from 160, and the keys in each" --where "id = 'talk'" <<\S
size 120 30
keys Enter
expect Soon.
expect  | -- 1 asked
expect | Rules tried
absent -- 1 asked ----------------------------------------------- |
size 170 30
expect -- 1 asked
expect  | -- 2 answered
expect  | -- 3 findings
keys 1
cursor -- 1 asked
keys z z
expect Old answer 6.
keys 3
cursor | -- 3 findings
S
script "side by side, only what has no room is folded" --where "id = 'talk'" <<\S
size 170 60
keys Enter
expect Old question 1.
expect Old answer 6.
expect No scan since.
absent earlier: z
absent whole: z
keys 1 z
expect 12 earlier: z
absent Old question
S
script "what was asked has the room before its context" --where "id = 'talk'" <<\S
size 170 29
keys Enter
expect Old answer 6.
expect whole: z
absent No scan since.
S
script "d compares with the one other item that is tagged" --where "id IN ('long', 'picture')" <<\S
keys Enter d
expect nobody edited it; t in the list tags one other item
keys q t Enter d
expect By word: [-long-] {+picture+}
expect [-short-]
expect {+lamp
S
script "and in the list, or it is said what to tag" --where "id IN ('long', 'picture', 'talk')" <<\S
keys d
expect t tags an item; d on another one compares the two
keys t k d
expect this is the one that is tagged: d on another one compares the two
keys j j d
expect By word: [-talk-] {+picture+}
expect [-Soon.
keys q k t G d
expect By word: [-talk-] {+long+}
keys q t d
expect more than two are tagged: d compares two
S
script "labels that are chosen stand above, until they are given" --where "id = 'talk'" <<\S
keys Enter l 1 2 Enter
expect labels tone, fact (with the decision)
S
script "a colleague's words stand above" --where "id = 'talk'" <<\S
keys Enter c
type ask the lead
keys Enter
expect people
expect note Nov 24 06:
expect : ask the lead
S
script "usable at 40x10, alive at 1x1" --where "id = 'talk'" <<\S
size 40 10
keys Enter
expect why
expect When does it
size 1 1
keys j k 2
size 80 24
expect Soon.
S
done_testing

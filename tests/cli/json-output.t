#!/bin/sh
# JSON outputs from record to release: found behind escapes, redacted as JSON,
# and kept back where they cannot be.
. "$(dirname "$0")/lib.sh"

cat >p.conf <<'POLICY'
guard "pii" { redact = label }
queue "default" {
	guards = { "pii", "secrets", "hidden" }
	rule "sure" { when = "confidence > 0.9"  route = approve }
}
POLICY
cat >in.jsonl <<'RECORDS'
{"id":"call","output":[{"name":"pay","arguments":"{\"card\":4111111111111111,\"note\":\"To:\\nana\\u0040example.com\"}"}]}
{"id":"sent","confidence":1,"output":{"to":"mail:\nana@example.com","ok":true}}
{"id":"key","output":{"ana@example.com":1}}
{"id":"sure","confidence":1,"output":{"ana@example.com":1}}
{"id":"long","output":"DE89 3704 0044 0532 0130 00_0@example.cm"}
RECORDS
run -p p.conf check in.jsonl
is "$(printf '%s\n' "$out" | jq -c '[.id,.route,.rule,(.findings[]|[.kind,.pointer,.start,.end])]')" \
'["call","flag","no rule matched",["CREDIT_CARD","/0/arguments/card",38,54],["EMAIL_ADDRESS","/0/arguments/note",72,93]]
["sent","approve","sure",["EMAIL_ADDRESS","/to",14,29]]
["key","flag","no rule matched",["EMAIL_ADDRESS","/ana@example.com",2,17]]
["sure","flag","redaction incomplete",["EMAIL_ADDRESS","/ana@example.com",2,17]]
["long","flag","no rule matched",["IBAN_CODE",null,0,27]]' \
    "what was found, where, and where that leads"
is "$(printf '%s\n' "$out" | jq -r 'select(.id == "sent").release')" \
    '{"to":"mail:\n<EMAIL_ADDRESS>","ok":true}' "what goes out is JSON, and the rest of it as it came"
run -p p.conf check --explain in.jsonl
like "$out" 'in /0/arguments/card' "explained with its place"

"$HANDRAIL" -d s.db -p p.conf ingest in.jsonl >/dev/null 2>&1
run -d s.db show --json call
is "$(json '[.findings[].pointer]')" '["/0/arguments/card","/0/arguments/note"]' "the store keeps the place"
run -d s.db show call
like "$out" 'CREDIT_CARD "4111111111111111" in /0/arguments/card' "show says it"
run -d s.db decide call accept
is "$code" 0 "accepted"
run -d s.db decide long accept
is "$code" 0 "and one of which something sticks out"
for id in key sure; do
	run -d s.db decide $id accept
	is "$code" 1 "what cannot be redacted is not accepted: $id"
	like "$err" "$id: .*edit it, or reject it" "and what to do"
done
printf '{"a":1}' >new.json
run -d s.db decide key edit --output-file new.json
is "$code" 0 "it can be edited"
is "$("$HANDRAIL" -d s.db releases --after 0 | jq -r '.id + " " + .release')" \
'sent {"to":"mail:\n<EMAIL_ADDRESS>","ok":true}
call [{"name":"pay","arguments":"{\"card\":\"<CREDIT_CARD>\",\"note\":\"To:\\n<EMAIL_ADDRESS>\"}"}]
long <IBAN_CODE><EMAIL_ADDRESS>
key {"a":1}' "what went out"
run -d s.db audit verify
is "$code" 0 "and the log vouches for it"
run -d s.db export --format jsonl --redact
is "$(printf '%s\n' "$out" | grep -c example.com)" 0 "an export tells none of them, in keys neither"
is "$(printf '%s\n' "$out" | jq -c 'select(.id == "key").output')" '{"<EMAIL_ADDRESS>":1}' "and is JSON"

# The review line by line.
printf 'a\n' | "$HANDRAIL" -d s.db review --plain >.out 2>&1
like "$(cat .out)" 'redaction cannot take out all' "refused line by line too"
is "$("$HANDRAIL" -d s.db show --json sure | jq -r .state)" flagged "and left where it is"

# JSON in strings deeper than anybody reads: nothing passes by failing.
deep='{"a":"ana\\u0040example.com"}'
for _ in 1 2 3 4 5 6 7 8 9; do
	deep=$(jq -nc --arg a "$deep" '{a: $a}')
done
jq -nc --arg o "$deep" '{id: "deep", confidence: 0.99, output: $o}' >deep.jsonl
run check deep.jsonl
is "$(json '[.route, .rule]')" '["flag","guard error: profanity"]' "too deep to be read is flagged"

# A pattern over each value.
cat >l.conf <<'POLICY'
guard "x" { kind = regex  pattern = '^b$'  on = leaves }
queue "default" { guards = { "x" } }
POLICY
echo '{"output":{"a":"\u0062"}}' >l.jsonl
run -p l.conf check l.jsonl
is "$(json '.findings[0].pointer')" /a "a pattern reads the leaves where it is told to"
sed -i 's/leaves/leafs/' l.conf
run policy check l.conf
like "$err$out" 'leaves' "another word is refused, with those there are"
done_testing

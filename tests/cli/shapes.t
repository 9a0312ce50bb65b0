#!/bin/sh
# Other programs' records: how each arrives, is kept, and is answered.
. "$(dirname "$0")/lib.sh"
shapes=$root/tests/data/shapes

# --format: what it made of a record stays so, although the bytes say other.
cat >forced.jsonl <<\LINES
{"id":"resp","object":"response","output":[{"type":"message","content":[{"type":"output_text","text":"hi"}]}]}
LINES
echo '{"id":"bare","choices":[{"message":{"content":"no mark here"}}]}' >bare.jsonl
try 0 "--format native on a Responses object" -d f.db ingest --format native forced.jsonl
try 0 "--format openai-chat on what has no mark of it" -d f.db ingest --format openai-chat bare.jsonl
run -d f.db show --json resp
is "$(json '.output[0].type')" message "its output is the array"
run -d f.db show --json bare
is "$code$(json .output)" "0no mark here" "read again in the shape that was forced"
is "$("$HANDRAIL" -d f.db list --json --where "output like '%mark%'" | jq -r .id)" bare "conditions too"
run -d f.db decide bare accept
run -d f.db releases --after 0
is "$(json .release)" "no mark here" "and the release"
try 0 "the log agrees" -d f.db audit verify
is "$("$HANDRAIL" -d f.db audit query --json --where "event = 'route'" | jq -r .shape)" "native
openai-chat" "and names the shapes"
"$HANDRAIL" -d f.db backup g.db >/dev/null
sqlite3 g.db "UPDATE payloads SET shape = NULL WHERE item = 1"
run -d g.db audit verify
is "$code" 1 "a shape that was changed is noticed"
like "$err$out" 'resp: its record is read in another shape than leaf [0-9]+ says' "and told"
run -d h.db ingest --format nothing bare.jsonl
is "$code" 2 "no such shape: exit 2"
like "$err" '^handrail: ingest: .*nothing.*openai-chat' "with the shapes there are"

# A store from before there was a place for it.
"$HANDRAIL" -d old.db ingest "$shapes/openai-chat.jsonl" >/dev/null 2>&1
sqlite3 old.db "ALTER TABLE payloads DROP COLUMN shape; PRAGMA user_version = 1"
try 0 "an older store is brought up to date" -d old.db ingest "$shapes/anthropic.jsonl"
run -d old.db show --json chatcmpl-9aXk
is "$(json .output)" "Thirty euros." "with what it held"
try 0 "and its log" -d old.db audit verify

# Actions that wait for a decision: the release is the answer to them.
cat >a.conf <<\CONF
queue "default" {
    fallback = "A colleague will write to you."
    rule "safe" { when = "metadata->>'action' = 'read'"  route = approve }
}
queue "mail" {
    guards = { "mask" }
    rule "all" { when = "1"  route = approve }
}
guard "mask" { kind = "pii"  kinds = { "EMAIL_ADDRESS" }  redact = label }
CONF
inbox() {
	printf '{"id":"%s","queue":"%s","action_request":{"action":"%s","args":{"to":"%s"}},"config":{"allow_ignore":true,"allow_respond":true,"allow_edit":%s,"allow_accept":%s},"description":"d"}\n' "$@"
}
chain() {
	printf '{"id":"%s","action_requests":[{"name":"%s","args":{"q":1}}%s],"review_configs":[{"action_name":"%s","allowed_decisions":[%s]}]}\n' "$1" "$2" "$3" "$2" "$4"
}
{
	inbox i1 default send a true true
	inbox i2 default send a true true
	inbox i3 default send a true true
	inbox i4 default send a true true
	inbox i5 default send a false true
	inbox i6 default read a true true
	inbox i7 default read a true false
	inbox m1 mail send ana@example.com true true
	inbox m2 mail send ana@example.com false true
	chain c1 run '' '"approve","edit","reject"'
	chain c2 run '' '"approve","edit","reject"'
	chain c3 run '' '"approve","edit","reject"'
	chain c4 run ',{"name":"b","args":{}}' '"approve","edit","reject"'
	chain c5 run '' '"approve"'
	chain c6 read '' '"approve"'
} >actions.jsonl
try 0 "actions are taken in" -d a.db -p a.conf ingest --verdicts v.jsonl actions.jsonl
is "$(jq -c 'select(.id=="i6" or .id=="i1")|[.id,.route,.released,.release]' v.jsonl)" \
    '["i1","flag",false,null]
["i6","approve",true,"[{\"type\":\"accept\",\"args\":{\"action\":\"read\",\"args\":{\"to\":\"a\"}}}]"]' \
    "a verdict holds the answer, and no fallback where there is none yet"
run -d a.db show --json i7
is "$(json '[.state,.rule,.release,.errors]')" \
    '["flagged","guard error: answer",null,[{"guard":"answer","message":"the request does not allow accept (allow_accept)"}]]' \
    "what the policy would approve and the request forbids waits for a person"
run -d a.db show --json m2
is "$(json '[.state,.errors[0].message]')" \
    '["flagged","the request does not allow edit (allow_edit)"]' "so does one that a redaction would change"

printf '{"action":"draft","args":{"to":"b"}}' >draft.json
printf '{"action":"draft","args":"b"}' >wrong.json
printf 'send it to b' >prose.txt
printf '{"name":"run","args":{"q":2}}' >run.json
printf '[{"name":"run", "args":{"q":1}}, {"name":"b","args":{"z":1}}]\n' >both.json
run -d a.db decide i3 edit --output-file prose.txt
is "$code" 2 "an edit that is no JSON is refused"
like "$err" '^handrail: decide: i3: the edited action is not JSON: byte 0: ' "and why"
run -d a.db decide i3 edit --output-file wrong.json
is "$code$err" '2handrail: decide: i3: the edited action is not {"action": text, "args": object}' "and one that is no action"
run -d a.db decide i5 edit --output-file draft.json
is "$code$err" "1handrail: decide: i5: the request does not allow edit (allow_edit)" "and one that may not be"
run -d a.db decide c5 reject
is "$code$err" "1handrail: decide: c5: the request does not allow reject of run (allowed_decisions)" "a rejection too"
is "$("$HANDRAIL" -d a.db releases --after 0 | wc -l)" 3 "none of them left anything"

for words in "i1 accept" "i2 reject" "i3 edit --output-file draft.json" \
    "i4 reject --reason tone" "c1 accept" "c2 reject --reason tone" \
    "c3 edit --output-file run.json" "c4 edit --output-file both.json"; do
	# shellcheck disable=SC2086 # words
	try 0 "$words" -d a.db decide $words
done
answers() {
	"$HANDRAIL" -d a.db releases --after 0 | jq -c '[.id,.state,(.release|fromjson? // .)]'
}
is "$(answers)" '["i6","approved",[{"type":"accept","args":{"action":"read","args":{"to":"a"}}}]]
["m1","approved",[{"type":"edit","args":{"action":"send","args":{"to":"<EMAIL_ADDRESS>"}}}]]
["c6","approved",{"decisions":[{"type":"approve"}]}]
["i1","accepted",[{"type":"accept","args":{"action":"send","args":{"to":"a"}}}]]
["i2","rejected",[{"type":"ignore","args":null}]]
["i3","edited",[{"type":"edit","args":{"action":"draft","args":{"to":"b"}}}]]
["i4","rejected",[{"type":"response","args":"tone"}]]
["c1","accepted",{"decisions":[{"type":"approve"}]}]
["c2","rejected",{"decisions":[{"type":"reject","message":"tone"}]}]
["c3","edited",{"decisions":[{"type":"edit","edited_action":{"name":"run","args":{"q":2}}}]}]
["c4","edited",{"decisions":[{"type":"approve"},{"type":"edit","edited_action":{"name":"b","args":{"z":1}}}]}]' \
    "each release is the answer that is waited for"
run -d a.db show --json i3
is "$(json '[.released,(.release|fromjson[0].type),(.decisions[0].output|fromjson.action),.output.action]')" \
    '[true,"edit","draft","send"]' "show: the answer, what was typed, the action as it came"
run -d a.db show --json i4
is "$(json '[.released,(.release|fromjson[0].type)]')" '[true,"response"]' "a rejection has an answer too"
"$HANDRAIL" -d a.db decide i3 undo >/dev/null
is "$(answers | tail -n 1)" '["i3","recalled",null]' "undo recalls it"
try 0 "the log vouches for them" -d a.db audit verify
"$HANDRAIL" -d a.db backup b.db >/dev/null
sqlite3 b.db "DROP TRIGGER decisions_erase; UPDATE decisions SET output = '{}' WHERE decision = 'edit'"
run -d b.db audit verify
is "$code" 1 "an edit that was changed afterwards is noticed"
run -d a.db export --format dpo -o pairs.jsonl
is "$code" 0 "export goes on"
done_testing

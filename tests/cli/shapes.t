#!/bin/sh
# Other programs' records: how each arrives, is kept, and is answered.
. "$(dirname "$0")/lib.sh"
shapes=$root/tests/data/shapes

# --format: what it made of a record stays so, although the bytes say other.
cat >forced.jsonl <<\LINES
{"id":"resp","object":"response","output":[{"type":"message","content":[{"type":"output_text","text":"hi"}]}]}
LINES
echo '{"id":"bare","choices":[{"text":"no mark here"}]}' >bare.jsonl
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
"$HANDRAIL" -d f.db backup m.db >/dev/null
sqlite3 m.db "UPDATE payloads SET mapping = 1 WHERE item = 2"
run -d m.db audit verify
like "$code$err$out" '^1.*bare: its record is read by another mapping than leaf [0-9]+ says' "so is another mapping"
run -d h.db ingest --format nothing bare.jsonl
is "$code" 2 "no such shape: exit 2"
like "$err" '^handrail: ingest: .*nothing.*openai-chat' "with the shapes there are"

# A store from before there was a place for it.
"$HANDRAIL" -d old.db ingest "$shapes/openai-chat.jsonl" >/dev/null 2>&1
older_store old.db 1
try 0 "an older store is brought up to date" -d old.db ingest "$shapes/anthropic.jsonl"
run -d old.db show --json chatcmpl-9aXk
is "$(json .output)" "Thirty euros." "with what it held"
try 0 "and its log" -d old.db audit verify

# What was taken before a mapping changed is read as it was then.
echo '{"id":"served","output":{"type":"ai","content":"Hello."}}' >ai.jsonl
"$HANDRAIL" -d first.db ingest --format native ai.jsonl >/dev/null
older_store first.db 17
sqlite3 first.db "UPDATE payloads SET shape = NULL"
"$root/tests/fault/relog.py" first.db shape; forget
try 0 "a store from before there were several mappings" -d first.db ingest forced.jsonl
try 0 "is verified" -d first.db audit verify
run -d first.db show --json served
is "$(json .output.content)" Hello. "and has the output that was judged"
run -d now.db ingest ai.jsonl
run -d now.db show --json served
is "$(json .output)" Hello. "which is the text by now"

# The steps of a trace are no answers: told once a file.
run_of() {
	printf '{"id":"%s","run_type":"%s","start_time":"2026-11-28T10:00:00Z","outputs":{"output":"%s"}}\n' "$@"
}
{ run_of r1 chain hello; run_of r2 retriever found; run_of r3 tool found; } >runs.jsonl
run -d t.db ingest runs.jsonl
is "$code" 1 "runs of tools and retrievers are refused"
is "$(printf '%s\n' "$err" | grep 'a step on the way')" "handrail: ingest: runs.jsonl:2: byte 0: a step on \
the way to an answer, such as a tool's or a retriever's: what it found is no output (and 1 more like it)" "and \
told together"
is "$("$HANDRAIL" -d t.db list --json --state all | jq -r .id)" r1 "the chain's is taken"

# A stream that is not joined is told once, and nothing of it is taken.
for event in '"start","messageId":"m1"' '"text-start","id":"t1"' '"text-delta","id":"t1","delta":"Hi"' \
    '"tool-output-available","toolCallId":"c1","output":{"found":1}' '"text-end","id":"t1"' '"finish"'; do
	printf 'data: {"type":%s}\n\n' "$event"
done >ui.sse
printf 'data: [DONE]\n\n' >>ui.sse
run -d u.db ingest ui.sse
is "$code$(printf '%s\n' "$err" | grep -c ui.sse:)" 11 "a UI message stream is refused once"
like "$err" 'ui.sse:1: byte 0: an event of a UI message stream.*record the message itself.* \(and 5 more like it\)' \
    "by its name"
like "$out" '^ingested 0: .* 6 refused' "whole"

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

# Every example arrives; what is to be made of each stands beside it, and is
# tests/unit/test_shape.c's to compare.
taken=0 all=0
for items in "$shapes"/*.items; do
	name=${items##*/}
	name=${name%.items}
	run -d all.db ingest --json "$shapes/$name.jsonl"
	is "$(json '"\(.ingested + .duplicates + .conflicts) \(.refused)"')" \
	    "$(grep -c '^[a-z]' "$items") $(grep -c '^!' "$items")" "$name: as many as its examples hold"
	taken=$((taken + $(json .ingested))) all=$((all + $(grep -c '^[a-z]' "$items")))
done
run -d all.db ingest --json "$shapes"
is "$(json '[.ingested,.duplicates,.conflicts]')" "[0,$all,0]" "again, as a folder: all of it is there"
ids=$("$HANDRAIL" -d all.db list --json --limit 999 | jq -r .id)
is "$(printf '%s\n' "$ids" | wc -l)" "$taken" "all are listed"
bad=
for id in $ids; do
	{ "$HANDRAIL" -d all.db show --json "$id" >shown.json &&
	    jq -e 'has("output")' shown.json >/dev/null; } || bad="$bad $id"
done
is "$bad" "" "and shown"
show() {
	"$HANDRAIL" -d all.db show --json "$1" | jq -c "$2"
}
is "$(show chatcmpl-9aXk '[.output,(.confidence*1000|round),.input_tokens,.guards,(.findings|map([.guard,.kind,.score]))]')" \
    '["Thirty euros.",819,19,["moderation"],[["moderation","harassment",0.81]]]' \
    "openai-chat: logprobs without -9999, usage, moderation"
is "$(show chatcmpl-9aXk .errors)" '[{"guard":"moderation-input","message":"timed out"}]' "a moderation that failed is an error"
is "$(show chatcmpl-json '.confidence*1000|round')" 607 "of JSON the value tokens count"
is "$(show chatcmpl-ref .output)" '"I cannot help with that."' "a refusal is the output"
is "$(show 'chatcmpl-two#2' '.output[0].function.name')" '"refund"' "a call is the output, of the second choice"
is "$(show msg_01YG '[.output[].type]')" '["text","tool_use"]' "anthropic: what was thought is left out"
is "$(show first .input_tokens)" 42 "cached tokens count as input"
is "$(show chatcmpl-lite '[.cost_usd,.latency_ms,.created_at,.guards,(.errors|map(.guard))]')" \
    '[0.0031,1250,"2026-11-23T10:00:00.250Z",["lakera"],["bedrock"]]' "litellm: cost, times as seconds, guardrails"
is "$(show lite-iso '[.cost_usd,.latency_ms,.created_at]')" '[0.5,2000,"2026-11-23T10:00:00.000Z"]' "and times as text"
is "$(show chatcmpl-otel '[.confidence,.guards,.messages[0].content,.metadata["gen_ai.provider.name"]]')" \
    '[0.83,["toxicity"],"Weather in Paris?","openai"]' "otlp: an evaluation is the confidence or a guard"
is "$(show eee19b7ec3c1b174 '[.input_tokens,.output_tokens,.prompt,(.messages|map(.role))]')" \
    '[5,6,"greet@3",["system","user"]]' "and older names are read"
is "$(for i in 1 2 3 4; do show "chatcmpl-four#$i" '.output|if type == "array" then .[0].function.name elif type == "object" then .content, .tool_calls[0].id else . end'; done)" \
    '"Order 11 came from Lyon."
"cancel_order"
"Cancelling it."
"call_2"
"It came from Lyon."' "each event of a choice is an item, a call in it not lost"
run -d all.db show chatcmpl-four
is "$code" 1 "and none has the response's bare id"
is "$(show 'eee19b7ec3c1b172#2' .output)" '"B"' "so is each message of the output"
is "$(show 'chatcmpl-indexed#2' '[.output[].function.name],(.messages|map(.content // .tool_calls[0].function.name))')" \
    '["get_weather","get_tide"]
["Be brief.","Weather in \"Paris\"?","get_weather","rain, 14 C","Rain, 14 degrees.","And tomorrow?"]' \
    "attributes with a number in their name are messages and choices, in its order"
is "$(show 'chatcmpl-indexed#1' '.output,(.metadata|keys|map(select(startswith("gen_ai.prompt") or startswith("gen_ai.completion"))))')" \
    '"I do not know yet."
["gen_ai.completion.0.finish_reason","gen_ai.completion.1.finish_reason"]' "and no longer metadata"
is "$(show msg_01Indexed .output)" '"{\"refund\": true}"' "a thought before the answer is none"
is "$("$HANDRAIL" check "$shapes/otlp.jsonl" | jq -c 'select(.id|startswith("chatcmpl-indexed"))|[.id,.route]')" \
    '["chatcmpl-indexed#1","flag"]
["chatcmpl-indexed#2","flag"]' "check gives each its verdict"
is "$(show obs-1 '[.confidence,.guards,.metadata.scores.toxicity]')" '[0.7,["promises"],0.9]' "langfuse: scores"
is "$(show 9f1c2d3e4b5a6978 '[.output,.model,.prompt,.created_at,.latency_ms,.input_tokens,.cost_usd,(.messages|map(.content))]')" \
    '["In \"Lyon\".","gpt-4o-2024-08-06","support@7","2026-11-23T10:00:00.250Z",1750,31,0.0003,["Be brief.","Where is order 11?"]]' \
    "the export's names, its times without a zone, a message that is JSON in a text"
is "$(show obs-sdk '[.output,.model,.latency_ms,.confidence,.guards,.cost_usd]')" \
    '["{\"refund\":true}","claude-sonnet-4-20250514",500,0.9,["tone"],0.001]' "the Python SDK's names"
sed -n 3p "$shapes/langfuse.jsonl" | jq -c '.type = "SPAN" | .output = ""' >empty.jsonl
run -d others.db ingest empty.jsonl
is "$code" 1 "an exported span that put nothing out is refused"
like "$err" 'empty\.jsonl:1: byte 0: an observation without "output"' "and why"
cat >others.jsonl <<\LINES
{"id":"own","output":"x","type":"llm","trace_id":"t","start_time":"2026-11-23T10:00:00Z"}
{"id":"span","output":"x","type":"SPAN","trace_id":"t","span_id":"s","start_time":"2026-11-23T10:00:00Z"}
{"id":"numbered","output":"x","type":1,"trace_id":"t","start_time":"2026-11-23T10:00:00Z"}
{"id":"run","run_type":"llm","trace_id":"t","start_time":"2026-11-23T10:00:00Z","outputs":{}}
LINES
run -d others.db ingest --json others.jsonl
is "$(json '[.ingested,.refused]')" "[3,1]" "other records with a trace_id"
is "$("$HANDRAIL" -d others.db list --json | jq -c '.created_at' | sort -u)" null "are not taken for observations"
is "$(show int-1 '[.queue,.output.action,.context[0].text]')" '["mail","send_email","# Send an e-mail"]' "agent-inbox: the action"

# Batch output joined with its requests, which stay with the item.
cat >requests.jsonl <<\LINES
{"custom_id":"request-1","method":"POST","url":"/v1/chat/completions","body":{"model":"gpt-4o","messages":[{"role":"system","content":"s"},{"role":"user","content":"refund?"}]}}
{"custom_id":"request-2","method":"POST","url":"/v1/responses","body":{"model":"gpt-4o","instructions":"i","input":"bomb?"}}
LINES
run -d batch.db ingest --json --inputs requests.jsonl "$shapes/openai-batch.jsonl"
is "$(json '[.ingested,.refused]')" "[3,1]" "batch lines with --inputs"
like "$err" 'openai-batch\.jsonl:3: byte [0-9]+: the request failed: batch_expired: ' "a failed request says why"
batch() {
	"$HANDRAIL" -d batch.db show --json "$1" | jq -c '.messages|map(.content)'
}
is "$(batch 'request-1#1')$(batch 'request-1#2')$(batch request-2)" \
    '["s","refund?"]["s","refund?"]["i","bomb?"]' "each has its request, whatever their order"
gzip -k requests.jsonl
"$HANDRAIL" -d batch.db ingest --json --inputs requests.jsonl.gz "$shapes/openai-batch.jsonl" >again.json 2>/dev/null
is "$(jq .duplicates again.json)" 3 "the requests may be compressed"
{ echo skipped; cat requests.jsonl; } >later.jsonl
{ read -r _; "$HANDRAIL" -d batch.db ingest --json --inputs - "$shapes/openai-batch.jsonl" >again.json 2>/dev/null; } <later.jsonl
is "$(jq .duplicates again.json)" 3 "or stand on standard input"
cp requests.jsonl changing.jsonl
mkfifo in
"$HANDRAIL" check --inputs changing.jsonl <in >changing.out 2>changing.err &
pid=$!
exec 3>in
sed -n 1p "$shapes/openai-batch.jsonl" >&3
n=0
until [ -s changing.out ] || [ $n -gt 200 ]; do sleep 0.05; n=$((n + 1)); done
echo >changing.jsonl
sed -n 2p "$shapes/openai-batch.jsonl" >&3
exec 3>&-
wait $pid
is "$? $(wc -l <changing.out)" "2 1" "requests that are changed under way end the run"
like "$(cat changing.err)" 'changing\.jsonl: changed while it was read' "and are named"
rm requests.jsonl
is "$(batch request-2)" '["i","bomb?"]' "also when the file is gone"
run -d batch.db ingest --json "$shapes/openai-batch.jsonl"
is "$(json .conflicts)" 3 "without the requests it is another item: a conflict"
run -d batch.db ingest --inputs "$shapes/openai-chat.jsonl" "$shapes/openai-batch.jsonl"
is "$code" 2 "request lines that are none: exit 2"
like "$err" 'openai-chat\.jsonl:1: neither a batch.s request line' "and why"

# Scores that were exported apart.
printf '%s\n' '{"id":"obs-9","traceId":"t9","type":"GENERATION","startTime":"2026-11-23T10:00:00Z","output":"Hello."}' \
    '{"id":"t9","timestamp":"2026-11-23T10:00:00Z","sessionId":"s","output":"Hello all."}' >obs.jsonl
cat >scores.jsonl <<\LINES
{"id":"s1","observationId":"obs-9","traceId":"t9","name":"tone","value":0,"stringValue":"fail","dataType":"CATEGORICAL","comment":"curt"}
{"id":"s2","observationId":"obs-9","traceId":"t9","name":"correctness","value":0.75,"dataType":"NUMERIC"}
{"id":"s3","observationId":"obs-9","traceId":"t9","name":"toxicity","value":0.1,"dataType":"NUMERIC"}
{"id":"s4","observationId":null,"traceId":"t9","name":"helpfulness","value":0.5,"dataType":"NUMERIC"}
{"id":"s5","observationId":"other","traceId":"t9","name":"tone","value":1,"dataType":"BOOLEAN"}
LINES
echo '{"name":"csat","value":1,"sessionId":"s1"}' >>scores.jsonl
run -d scores.db ingest --json --scores scores.jsonl obs.jsonl
is "$(printf '%s\n' "$err" | grep -v made)" 'handrail: ingest: scores.jsonl: 2 of 6 scores went to no record: there is none with the id "other" of line 5; 1 of a session or a data set'"'s run, which is no one answer's" \
    "scores that are nobody's are told of"
run check --scores scores.jsonl obs.jsonl
like "$err" '^handrail: check: scores.jsonl: 2 of 6 scores went to no record' "by check too"
sed '/other/d; /csat/d' scores.jsonl >all.jsonl
run check --scores all.jsonl obs.jsonl
is "$err" "" "and nothing where each has its record"
run -d scores.db ingest --json --scores scores.jsonl obs.jsonl
rm scores.jsonl
is "$(json .duplicates) $("$HANDRAIL" -d scores.db show --json obs-9 | jq -c '[.confidence,.guards,.metadata.scores,.findings[0].message]')" \
    '2 [0.75,["tone"],{"toxicity":0.1},"curt"]' "--scores: an observation's, in a file that is gone since"
is "$("$HANDRAIL" -d scores.db show --json t9 | jq -c '[.confidence,.guards]')" '[0.5,[]]' "a trace's are its own"
printf ' \r\n{"name":"csat","value":1,"sessionId":"s1"}\n{"name":"x","value":1}\n' >scores.jsonl
run -d scores.db ingest --scores scores.jsonl obs.jsonl
is "$code$err" "2handrail: ingest: scores.jsonl:3: neither a batch's request line (\"custom_id\", \"recordId\" or \
\"key\") nor a score (\"name\", with \"observationId\" or \"traceId\")" "a score of nothing is told with its line"
run -d scores.db ingest --inputs a --scores b obs.jsonl
is "$code" 2 "requests or scores, not both"

# The same id in another shape.
echo '{"id":"chatcmpl-ref","output":"I cannot help with that."}' >same.jsonl
run -d all.db ingest --json same.jsonl
is "$code$(json .conflicts)" 11 "the same id in another shape is a conflict"
like "$err" 'same\.jsonl:1: conflict: chatcmpl-ref is in queue default already, with other bytes' "and named"

# Compressed, in parts, from several files: the same verdicts.
"$HANDRAIL" check "$shapes"/*.jsonl >plain.out 2>/dev/null
is "$(wc -l <plain.out)" "$(cat "$shapes"/*.items | grep -c '^[a-z!]')" "check reads them all"
mkdir packed
for f in "$shapes"/*.jsonl; do
	case $f in
	*/o*) zstd -qc "$f" >"packed/${f##*/}.zst" ;;
	*) gzip -c "$f" >"packed/${f##*/}.gz" ;;
	esac
done
"$HANDRAIL" check packed >packed.out 2>/dev/null
ok "a folder of .gz and .zst" cmp plain.out packed.out
cat packed/*.gz | "$HANDRAIL" check 2>/dev/null >gz.out
cat packed/*.zst | "$HANDRAIL" check 2>/dev/null >zst.out
is "$(cat gz.out zst.out | grep -v '"error"' | sort)" "$(grep -v '"error"' plain.out | sort)" "members one after another, from a pipe"

# What is no record says what was seen.
{
	echo '{"foo":1,"choices":[],"created":3}'
	echo '{"foo":1}'
	echo '[{"output":"x"}]'
	printf '{\n"output":"x"}\n'
	perl -e 'print "[", join(",", ("{\"call_type\":\"c\",\"response\":\"" . "x" x 1000000 . "\"}") x 9), "]\n"'
	echo '{"output":"good"}'
	echo '{"question":"q","reply":"r"}'
	echo '{"object":"chat.completion.chunk","choices":[{"delta":{"content":"x"}}]}'
	echo '{"object":"list","data":[{"embedding":[0.1]}]}'
	echo '{"created":1,"data":[{"b64_json":"AAAA"}]}'
	echo '{"model":"m","messages":[{"role":"user","content":"q"}]}'
	echo '{"message":"Too many tokens","__type":"ThrottlingException"}'
	echo '{"output":"x","choices":[]}'
} >unknown.jsonl
run -d u.db ingest --json unknown.jsonl
is "$(json '[.ingested,.refused]')" "[1,13]" "the good one lands"
is "$(printf '%s\n' "$err" | sed -n 's/.*unknown\.jsonl://p' | sort -n)" \
    '1: byte 0: no "output" and no known shape: its keys are foo, choices, created; nearest is openai-chat (object is chat.completion, or none, and choices hold a message)
2: byte 0: no "output" and no known shape: its keys are foo
3: byte 0: an array of records that come one a line (jq -c '"'.[]'"' makes lines of it)
4: byte 1: unexpected end; a record is one line (jq -c . makes it one)
5: byte 8: text after the value
6: the line is over 8 MiB; jq -c '"'.[]'"' makes a line of each record in it
8: byte 0: no "output" and no known shape: its keys are question, reply; if "reply" is the output: jq -c '"'.output = .reply'"'
9: byte 0: a piece of a stream (chat.completion.chunk): give the server-sent events as they came, which are joined, or the whole response
10: byte 0: an embedding: it has no output to judge
11: byte 0: an image response: it has no text to judge
12: byte 0: a request without its response
13: byte 0: an API error: ThrottlingException: Too many tokens
14: byte 0: "output" beside "choices", which is another program'"'"'s: --format native takes the output' \
    "each refusal tells what it is, or the keys and the nearest shape, and what to do"
# Of many that are alike the first is told, with what its nearest shape wants.
printf '[%s,\n%s,\n%s,\n{"output":"good"},\n%s]\n' '{"done":true,"model":"m"}' \
    '{"done":true,"model":"n"}' '{"instruction":"x","completion":"y"}' \
    '{"done":true,"model":"o"}' >alike.json
why1='no "output" and no known shape: its keys are done, model; nearest is ollama (done, and an object message or a text response); missing: message, response'
why3='no "output" and no known shape: its keys are instruction, completion; if "completion" is the output: jq -c '"'.output = .completion'"
run -d u.db ingest alike.json
is "$err" "handrail: ingest: alike.json:1: byte 0: $why1 (and 2 more like it)
handrail: ingest: alike.json:3: byte 0: $why3" "a shape that is not known: one line of each file"
like "$out" ', 4 refused$' "and how many"
run check alike.json
is "$(printf '%s\n' "$out" | jq -r 'select(.error != null)|"\(.line) \(.error)"')$err" \
    "1 byte 0: $why1
3 byte 0: ${why3}handrail: check: alike.json: 2 more like line 1" "check too"
is "$("$HANDRAIL" check - <alike.json 2>/dev/null | wc -l)" 5 "but a line for each of standard input"
try 0 "--format native takes an output beside what is another program's" \
    check --format native - <<\LINE
{"output":"x","choices":[]}
LINE

done_testing

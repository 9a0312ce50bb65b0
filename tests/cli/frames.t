#!/bin/sh
# Files that are no lines: arrays, objects over several lines, streams of events; and
# what is no text at all.
. "$(dirname "$0")/lib.sh"

# outputs STORE: what each item's output is, in the order that they came in.
outputs() {
	"$HANDRAIL" -d "$1" list --json --limit 99 | jq -rs 'sort_by(.id)|.[].id' | while read -r id; do
		"$HANDRAIL" -d "$1" show --json "$id" | jq -c '[.id,.output,.stop]'
	done
}
# twice FILE NEW: that many, and the second time none of them is new.
twice() {
	run -d "$1.db" ingest --json "$1"
	is "$(json '[.ingested,.duplicates,.conflicts]')" "[$2,0,0]" "$1: all of it"
	run -d "$1.db" ingest --json "$1"
	is "$(json '[.ingested,.duplicates,.conflicts]')" "[0,$2,0]" "and again: it is there"
}

cat >array.json <<\FILE
[
  {
    "id": "a1",
    "output": "one"
  },
  {"id": "a2", "output": "two [x] {y} \" , ]"},

  { "id": "a3", "confidence": 7,
    "output": "bad" },
  { "id": "a4",
    "context": [
{ "text": "an object at the beginning of a line" }
    ],
    "output": "four" }
]
FILE
twice array.json 3
like "$err" '^handrail: ingest: array\.json:8: byte [0-9]+: confidence is outside 0\.\.1$' "the bad one is told by its line"
is "$(outputs array.json.db)" '["a1","one",null]
["a2","two [x] {y} \" , ]",null]
["a4","four",null]' "brackets in strings are no brackets"

printf '[{"id":"b1","output":"one"},{"id":"b2","output":"two"}]\n[{"id":"b3","output":"three"}]' >line.json
twice line.json 3

# Objects over several lines; one that is broken takes no other with it.
printf '{\n  "id": "c1",\n  "output": "one"\n}\n{\n  "id": "c2",\n  "output": "two\n}\n{\n  "id": "c3",\n  "output": "three"\n}\n' >pretty.json
twice pretty.json 2
like "$err" 'pretty\.json:5: byte [0-9]+: control character in a string' "a broken one is told"
is "$(outputs pretty.json.db)" '["c1","one",null]
["c3","three",null]' "the next one is read"
"$HANDRAIL" -d rejects.db ingest --rejects no.jsonl pretty.json >/dev/null 2>&1
is "$(wc -l <no.jsonl)" 1 "and rejected as one line"

# In pieces of any size, from a pipe.
perl -e '$| = 1; while (read(STDIN, $c, 7)) { print $c }' <array.json | "$HANDRAIL" check >pieces.out 2>&1
"$HANDRAIL" check array.json >whole.out 2>&1
ok "an array in pieces of seven bytes is the same" cmp pieces.out whole.out

# Server-sent events are joined.
event() {
	printf 'data: %s\n\n' "$1"
}
{
	printf ': a comment\n\n'
	event '{"id":"chat","object":"chat.completion.chunk","created":1795428000,"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":"Hello"},"finish_reason":null}]}'
	event '{"id":"chat","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":" \"Ana\"."},"logprobs":{"content":[{"token":"x","logprob":-0.2}]},"finish_reason":"stop"}]}'
	event '{"id":"chat","object":"chat.completion.chunk","choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2}}'
	event '[DONE]'
	event '{"id":"chat2","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"c1","type":"function","function":{"name":"f","arguments":""}}]}}]}'
	event '{"id":"chat2","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"a\":1}"}}]},"finish_reason":"tool_calls"}]}'
	event '{"id":"chat3","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"cut o"}}]}'
} >chat.sse
twice chat.sse 3
is "$(outputs chat.sse.db)" '["chat","Hello \"Ana\".","end"]
["chat2",[{"id":"c1","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}}],"tool"]
["chat3","cut o","error"]' "chunks of a chat: text, calls, one that was cut off"
is "$("$HANDRAIL" -d chat.sse.db show --json chat | jq -c '[.input_tokens,.output_tokens,.model,(.confidence*100|round)]')" \
    '[3,2,"m",82]' "with usage, model and log-probabilities"
{
	event '{"type":"message_start","message":{"id":"msg","type":"message","role":"assistant","content":[],"model":"c","usage":{"input_tokens":25,"output_tokens":1}}}'
	event '{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":""}}'
	event '{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"hm"}}'
	event '{"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}}'
	event '{"type":"ping"}'
	event '{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"Hello"}}'
	event '{"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"t1","name":"f","input":{}}}'
	event '{"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"{\"a\":"}}'
	event '{"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"1}"}}'
	event '{"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{"output_tokens":15}}'
	event '{"type":"message_stop"}'
	event '{"type":"response.created","response":{"id":"resp","object":"response","status":"in_progress","output":[]}}'
	event '{"type":"response.completed","response":{"id":"resp","object":"response","status":"completed","output":[{"type":"message","role":"assistant","content":[{"type":"output_text","text":"Hi."}]}]}}'
	event '{"candidates":[{"content":{"parts":[{"text":"Hel"}],"role":"model"},"index":0}],"modelVersion":"g","responseId":"gem"}'
	event '{"candidates":[{"content":{"parts":[{"text":"lo."}],"role":"model"},"finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":2,"candidatesTokenCount":2},"modelVersion":"g","responseId":"gem"}'
	event '{"error":{"type":"overloaded_error","message":"Overloaded"}}'
} >others.sse
twice others.sse 3
like "$err" 'an API error: overloaded_error: Overloaded' "an error among the events is told"
is "$(outputs others.sse.db)" '["gem","Hello.","end"]
["msg",[{"type":"text","text":"Hello"},{"type":"tool_use","id":"t1","name":"f","input":{"a":1}}],"tool"]
["resp","Hi.","end"]' "events of Anthropic, of Responses, of Gemini"
cat >ollama.jsonl <<\FILE
{"model":"l","created_at":"2026-11-23T10:00:00Z","message":{"role":"assistant","content":"Bl"},"done":false}
{"model":"l","created_at":"2026-11-23T10:00:01Z","message":{"role":"assistant","content":"ue."},"done":false}
{"model":"l","created_at":"2026-11-23T10:00:02Z","message":{"role":"assistant","content":""},"done":true,"done_reason":"stop","eval_count":3}
FILE
twice ollama.jsonl 1
is "$(outputs ollama.jsonl.db | jq -c '.[1:]')" '["Blue.","end"]' "Ollama's lines"
# What some leave out of a chat's pieces, repeat or tell late.
piece() {
	event "{\"id\":\"$1\",\"object\":\"chat.completion.chunk\",\"model\":\"m\",\"choices\":[{\"index\":0,$2}]$3}"
}
{
	event '{"id":"","object":"","model":"","choices":[],"prompt_filter_results":[{"prompt_index":0,"content_filter_results":{"jailbreak":{"filtered":true,"detected":true}}}]}'
	piece azure '"delta":{"role":"assistant","content":"Hi."}'
	event '{"id":"","object":"","model":"","choices":[{"index":0,"finish_reason":null,"content_filter_results":{"hate":{"filtered":true,"severity":"high"}},"content_filter_offsets":{}}]}'
	piece azure '"delta":{},"finish_reason":"stop"'
	piece thought '"delta":{"content":[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]}]}'
	piece thought '"delta":{"content":[{"type":"text","text":"Bl"}]}'
	piece thought '"delta":{"content":"ue."},"finish_reason":"stop"' ',"x_groq":{"usage":{"prompt_tokens":5,"completion_tokens":2}}'
	piece old '"delta":{"function_call":{"name":"f","arguments":"{\"a\":"}}'
	piece old '"delta":{"function_call":{"arguments":"1}"}},"finish_reason":"function_call"'
	piece many '"delta":{"tool_calls":[{"id":"a","function":{"name":"f","arguments":"{}"}}]}'
	piece many '"delta":{"tool_calls":[{"id":"b","function":{"name":"g","arguments":"{"}}]}'
	piece many '"delta":{"tool_calls":[{"id":"b","function":{"name":"g","arguments":"}"}}]},"finish_reason":"tool_calls"'
	piece found '"delta":{"content":"So.","annotations":[{"type":"url_citation","url_citation":{"url":"https://a.example","title":"A"}}]}'
	piece found '"delta":{},"finish_reason":"stop"' ',"citations":["https://b.example"]'
} >late.sse
twice late.sse 5
is "$(outputs late.sse.db)" '["azure","Hi.","end"]
["found","So.","end"]
["many",[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}},{"id":"b","type":"function","function":{"name":"g","arguments":"{}"}}],"tool"]
["old",{"name":"f","arguments":"{\"a\":1}"},"tool"]
["thought","Blue.","end"]' "a chat's pieces: Azure's without a name, parts, calls without an index or with one id, a function_call"
shown() {
	"$HANDRAIL" -d late.sse.db show --json "$1" | jq -c "$2"
}
is "$(shown azure '[.model,.guards]')$(shown thought '[.input_tokens,.output_tokens]')$(shown found '.context|map(.url)')" \
    '["m",["content_filter","content_filter-input"]][5,2]["https://a.example","https://b.example"]' "with Azure's filters, Groq's usage, and sources"

# Streams of a text, in pieces or all of it so far.
{
	event '{"response":"Hi","p":"ab"}'
	event '{"response":".","p":"a","usage":{"prompt_tokens":3,"completion_tokens":2}}'
	event '{"model_id":"w","results":[{"generated_text":"Hi","stop_reason":"not_finished"}]}'
	event '{"model_id":"w","results":[{"generated_text":" you","stop_reason":"eos_token","generated_token_count":2}]}'
	event '{"request_id":"dash","output":{"choices":[{"message":{"role":"assistant","content":"Hi"},"finish_reason":"null"}]},"usage":{"input_tokens":5}}'
	event '{"request_id":"dash","output":{"choices":[{"message":{"role":"assistant","content":"Hi all"},"finish_reason":"stop"}]},"usage":{"input_tokens":5,"output_tokens":2}}'
	event '{"Id":"hun","Choices":[{"Delta":{"Role":"assistant","Content":"Hi"}}]}'
	event '{"Id":"hun","Choices":[{"Delta":{"Content":" there"},"FinishReason":"stop"}]}'
	# Pieces that begin as the one before by chance.
	event '{"response":"1","p":"a"}'
	event '{"response":"10 days","p":"a"}'
	event '{"request_id":"chance","output":{"text":"1","finish_reason":"null"}}'
	event '{"request_id":"chance","output":{"text":"10","finish_reason":"null"}}'
	event '{"request_id":"chance","output":{"text":" days.","finish_reason":"stop"}}'
} >texts.sse
twice texts.sse 6
is "$(outputs texts.sse.db | jq -c '.[1:]' | sort)" '["110 days",null]
["110 days.","end"]
["Hi all","end"]
["Hi there","end"]
["Hi you","end"]
["Hi.",null]' "of Workers AI, watsonx.ai, DashScope and Hunyuan"

# LangGraph's other streams: the last answer of each run.
ai() {
	printf '{"type":"%s","id":"%s","content":"%s","additional_kwargs":{}%s}' "$1" "$2" "$3" "${4:-}"
}
{
	event '{"run_id":"r1","attempt":1}'
	event "[$(ai AIMessageChunk tuple "" ',"tool_call_chunks":[{"name":"f","args":"{\"a\"","id":"c1","index":0}]'),{\"langgraph_node\":\"agent\"}]"
	event "[$(ai AIMessageChunk tuple "" ',"tool_call_chunks":[{"name":null,"args":":1}","index":0}]'),{\"langgraph_node\":\"agent\"}]"
	event '{"run_id":"r2","attempt":1}'
	event '{"part":{"metadata":{}}}'
	event "[$(ai ai part Hel)]"
	event "[$(ai ai part Hello. ',"response_metadata":{"finish_reason":"stop","model_name":"m"}')]"
	event '{"run_id":"r3","attempt":1}'
	event "{\"agent\":{\"messages\":[$(ai ai step "" ',"tool_calls":[{"name":"f","args":{},"id":"c"}]')]}}"
	event '{"tools":{"messages":[{"type":"tool","content":"4","tool_call_id":"c"}]}}'
	event "{\"writer\":{\"messages\":[$(ai ai node Four.)]}}"
	event '{"run_id":"r4","attempt":1}'
	event "[$(ai AIMessageChunk both Hi),{\"langgraph_node\":\"agent\"}]"
	event "{\"messages\":[{\"type\":\"human\",\"content\":\"q\"},$(ai ai both Hi)]}"
	event "[$(ai AIMessageChunk both .),{\"langgraph_node\":\"agent\"}]"
	event '{"run_id":"r5","attempt":1}'
	event "[$(ai AIMessageChunk turns Ana),{\"langgraph_node\":\"one\"}]"
	event "[$(ai AIMessageChunk beside No),{\"langgraph_node\":\"two\"}]"
	event "[$(ai ai other No),{\"langgraph_node\":\"three\"}]"
	event "[$(ai AIMessageChunk turns .),{\"langgraph_node\":\"one\"}]"
} >graph.sse
twice graph.sse 5
is "$(outputs graph.sse.db)" '["both","Hi",null]
["node","Four.",null]
["part","Hello.","end"]
["tuple",[{"name":"f","id":"c1","args":{"a":1},"type":"tool_call"}],null]
["turns","Ana.",null]' "pieces, messages so far, updates, and states, which win"

# Agents on a command line: one answer of each run, with what it cost.
{
	echo '{"type":"system","subtype":"init","session_id":"s1","model":"c","uuid":"u0"}'
	echo '{"type":"assistant","message":{"type":"message","role":"assistant","model":"c","content":[{"type":"tool_use","id":"t","name":"Bash","input":{}}]},"session_id":"s1"}'
	echo '{"type":"user","message":{"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":"a.txt"}]},"session_id":"s1"}'
	echo '{"type":"assistant","message":{"type":"message","role":"assistant","model":"c","content":[{"type":"text","text":"One file."}],"stop_reason":"end_turn"},"session_id":"s1"}'
	echo '{"type":"result","subtype":"success","is_error":false,"result":"One file.","session_id":"s1","total_cost_usd":0.5,"duration_ms":9,"usage":{"input_tokens":8,"output_tokens":3},"uuid":"done"}'
	echo '{"type":"system","subtype":"init","session_id":"s2","model":"c"}'
	echo '{"type":"assistant","message":{"id":"cut","type":"message","role":"assistant","content":[{"type":"text","text":"I will"}]},"session_id":"s2"}'
} >claude.jsonl
twice claude.jsonl 2
is "$(outputs claude.jsonl.db | jq -c '.[1:]')$("$HANDRAIL" -d claude.jsonl.db show --json 'done' | jq -c '[.model,.input_tokens,.cost_usd]')" '["I will","error"]
["One file.","end"]["c",8,0.5]' "Claude Code's, and a run that was cut off"
jq -s . claude.jsonl | jq -c . >claude.json
run -d claude.jsonl.db ingest --json claude.json
is "$(json .duplicates)" 2 "and as an array"
{
	echo '{"type":"init","session_id":"gem","model":"g"}'
	echo '{"type":"message","role":"user","content":"List"}'
	echo '{"type":"message","role":"assistant","content":"One ","delta":true}'
	echo '{"type":"tool_use","tool_name":"ls","tool_id":"b","parameters":{}}'
	echo '{"type":"message","role":"assistant","content":"file.","delta":true}'
	echo '{"type":"result","status":"success","stats":{"input_tokens":5,"output_tokens":2,"duration_ms":7}}'
} >gemini.jsonl
twice gemini.jsonl 1
{
	echo '{"type":"thread.started","thread_id":"th"}'
	echo '{"type":"turn.started"}'
	echo '{"type":"item.completed","item":{"id":"i0","type":"reasoning","text":"hm"}}'
	echo '{"type":"item.completed","item":{"id":"i1","type":"agent_message","text":"One file."}}'
	echo '{"type":"turn.completed","usage":{"input_tokens":5,"output_tokens":2}}'
} >codex.jsonl
twice codex.jsonl 1
is "$(for d in gemini codex; do outputs $d.jsonl.db; done | jq -c '.[1:]')" '["One file.","end"]
["One file.",null]' "Gemini CLI's and Codex's"
# A run that was cut off takes nothing with it of what comes behind.
{
	sed '$d' gemini.jsonl
	echo '{"id":"own","output":"A record."}'
	sed '5,$d' claude.jsonl
	sed '$d; s/"gem"/"gem2"/' gemini.jsonl
	sed '$d' codex.jsonl
	echo '{"id":"own-too","type":"error","output":"Another."}'
} >cut.jsonl
twice cut.jsonl 6
is "$(outputs cut.jsonl.db | jq -c '.[1:]' | sort)" '["A record.",null]
["Another.",null]
["One file.","end"]
["One file.","error"]
["One file.","error"]
["One file.","error"]' "runs that were cut off, each told of"
{
	echo '{"type":"thread.started","thread_id":"none"}'
	echo '{"type":"turn.started"}'
	echo '{"type":"system","subtype":"init","session_id":"none","model":"m"}'
	echo '{"type":"stream_event","session_id":"none","event":{"type":"message_start"}}'
} >silent.jsonl
twice silent.jsonl 2
is "$(outputs silent.jsonl.db | jq -c '.[1:]')" '["","error"]
["","error"]' "those that said nothing, too"
for type in system assistant init message result; do
	echo "{\"type\":\"$type\",\"session_id\":\"s\",\"id\":\"$type\",\"output\":\"$type\"}"
done >own.jsonl
twice own.jsonl 5

# Whatever it is, a byte order mark before it is no part of it.
for file in ollama.jsonl chat.sse array.json pretty.json; do
	{ printf '\357\273\277' && cat $file; } >marked
	"$HANDRAIL" check $file >plain.out 2>&1
	"$HANDRAIL" check marked 2>&1 | sed "s/marked/$file/" >marked.out
	ok "$file behind a byte order mark" cmp marked.out plain.out
	perl -e '$| = 1; while (read(STDIN, $c, 1)) { print $c; select undef, undef, undef, .01 if $n++ < 5 }' <marked |
	    "$HANDRAIL" check - 2>&1 | sed "s/^handrail: check: -/handrail: check: $file/" >marked.out
	ok "and a byte at a time" cmp marked.out plain.out
done

# What is no text is told once, whatever its size.
told() {
	run check "$1"
	is "$(printf '%s\n' "$out" | jq -r .error)" "$2" "$3"
}
printf 'PAR1\0\0\n\n\nPAR1' >x.parquet
told x.parquet "this is Parquet: duckdb -c \"COPY (FROM 'FILE') TO 'FILE.jsonl'\" makes lines of JSON of it" Parquet
printf '{"output":"x"}\n{"output":"y"}\n' | iconv -t UTF-16 >x.utf16
told x.utf16 "this is UTF-16: iconv -f UTF-16 -t UTF-8 makes UTF-8 of it" UTF-16
printf 'PK\3\4\n\n\n' >x.xlsx
told x.xlsx "this is a ZIP archive, as XLSX is too: unpack it, or save the sheet as lines of JSON" XLSX
printf 'id,output\n1,hello\n2,there\n' >x.csv
told x.csv "this is CSV: csvjson --stream, or jq -R with split, makes lines of JSON of it; the answer's column is \"output\"" CSV
while IFS='|' read -r line want; do
	printf '%b\n' "$line" >bad.jsonl
	told bad.jsonl "$want" "$line"
done <<\LINES
{"output":"x","n":NaN}|byte 18: NaN is not JSON: null says that there is no number
{"output":"x","n":-Infinity}|byte 19: -Infinity is not JSON: null says that there is no number
{"output":"x","n":None}|byte 18: None is Python's null: json.dumps() writes JSON, print() does not
{'output': 'x'}|byte 1: a string in single quotes, as Python prints it: json.dumps() writes JSON
{"output":"x",}|byte 14: a comma before the end: JSON has none there
{"output":"x"},|byte 14: a comma behind the record: a line of JSON ends without one
{"output":"x"} {"output":"y"}|byte 15: two records on a line: jq -c . makes a line of each
{output:"x"}|byte 1: a key without quotes, as JavaScript has them: JSON.stringify() writes JSON
{"output":"caf\0351"}|byte 14: invalid UTF-8; if it is Windows-1252: iconv -f WINDOWS-1252 -t UTF-8
LINES

# Over many blocks each is still told by its line.
perl -e 'print "[\n"; for (1 .. 9000) { print $_ > 1 ? "," : "", "{\n\"id\": \"$_\",\n\"output\": \"", "word " x 100, "\"", $_ == 8999 ? ",\n\"confidence\": 2" : "", "\n}\n" } print "]\n"' >big.json
run check big.json
is "$(printf '%s\n' "$out" | grep -vc '"error"') $(printf '%s\n' "$out" | jq -c 'select(.error)|.line')" "8999 35994" "an array of 5 MB"

# States of a graph, each with the messages so far: the last one has the answer.
printf '%s\n\n' 'event: metadata
data: {"run_id":"r1","attempt":1}' 'event: values
data: {"messages":[{"type":"human","content":"When?","id":"h1"}]}' 'event: values
data: {"messages":[{"type":"human","content":"When?","id":"h1"},{"type":"ai","content":"On Monday.","id":"a1"}]}' 'event: end
data: null' >state.sse
cat state.sse >states.sse
sed 's/When/Where/; s/h1/h2/; s/On Monday/Lyon/; s/a1/a2/' state.sse >>states.sse
run -d states.db ingest --json states.sse
is "$code $(json '[.ingested,.refused]')" "0 [2,0]" "states of a graph: one item of each run"
is "$("$HANDRAIL" -d states.db show --json a1 | jq -c '[.output,(.messages|map(.content))]')" \
    '["On Monday.",["When?"]]' "with the last state's answer"

# Streams whose events tell of the response step by step.
cat >steps.sse <<\FILE
event: interaction.created
data: {"interaction":{"id":"v1_s","status":"in_progress","object":"interaction","model":"gemini"},"event_type":"interaction.created"}

event: step.start
data: {"index":0,"step":{"type":"thought"},"event_type":"step.start"}

event: step.stop
data: {"index":0,"event_type":"step.stop"}

event: step.start
data: {"index":1,"step":{"type":"model_output"},"event_type":"step.start"}

event: step.delta
data: {"index":1,"delta":{"text":"It \"leaves\" ","type":"text"},"event_type":"step.delta"}

event: step.delta
data: {"index":1,"delta":{"text":"on Monday.","type":"text"},"event_type":"step.delta"}

event: interaction.completed
data: {"interaction":{"id":"v1_s","status":"completed","object":"interaction","model":"gemini"},"event_type":"interaction.completed"}

event: interaction.created
data: {"interaction":{"id":"v1_broken","status":"in_progress","object":"interaction"},"event_type":"interaction.created"}

FILE
twice steps.sse 1
is "$(outputs steps.sse.db)" '["v1_s","It \"leaves\" on Monday.","end"]' "Google's interactions: the steps joined"
like "$err" 'the interaction failed$' "one that broke off is refused"
cat >cohere.sse <<\FILE
event: message-start
data: {"id":"co-1","type":"message-start","delta":{"message":{"role":"assistant"}}}

data: {"type":"content-start","index":0,"delta":{"message":{"content":{"type":"text","text":""}}}}

data: {"type":"content-delta","index":0,"delta":{"message":{"content":{"text":"On "}}}}

data: {"type":"content-delta","index":0,"delta":{"message":{"content":{"text":"Monday."}}}}

data: {"type":"message-end","delta":{"finish_reason":"COMPLETE"}}

data: {"id":"co-2","type":"message-start","delta":{"message":{"role":"assistant"}}}

data: {"type":"tool-call-start","index":0,"delta":{"message":{"tool_calls":{"id":"c1","type":"function","function":{"name":"find","arguments":""}}}}}

data: {"type":"tool-call-delta","index":0,"delta":{"message":{"tool_calls":{"function":{"arguments":"{\"id\":"}}}}}

data: {"type":"tool-call-delta","index":0,"delta":{"message":{"tool_calls":{"function":{"arguments":"7}"}}}}}

data: {"type":"message-end","delta":{"finish_reason":"TOOL_CALL"}}

FILE
twice cohere.sse 2
is "$(outputs cohere.sse.db)" '["co-1","On Monday.","end"]
["co-2",[{"id":"c1","type":"function","function":{"name":"find","arguments":"{\"id\":7}"}}],"tool"]' "Cohere's chat"
printf 'data:{"token":{"text":"On "},"generated_text":null}\n\ndata:{"token":{"text":"Monday."},"generated_text":"On Monday.","details":{"finish_reason":"eos_token"}}\n\n' >tgi.sse
twice tgi.sse 1
is "$(outputs tgi.sse.db | cut -d, -f2-)" '"On Monday.","end"]' "TGI: the last event has it all"
printf 'data: {"content":"On ","stop":false}\n\ndata: {"content":"Monday.","stop":false}\n\ndata: {"content":"","stop":true,"stop_type":"limit","tokens_predicted":2}\n\n' >llama.sse
twice llama.sse 1
is "$(outputs llama.sse.db | cut -d, -f2-)" '"On Monday.","length"]' "llama.cpp"

cat >claude2.sse <<\FILE
event: ping
data: {"type":"ping"}

event: completion
data: {"type":"completion","id":"compl_1","completion":" On","stop_reason":null,"model":"claude-2.1"}

event: ping
data: {"type":"ping"}

event: completion
data: {"type":"completion","id":"compl_1","completion":" Monday.","stop_reason":"stop_sequence","model":"claude-2.1"}

FILE
twice claude2.sse 1
is "$(outputs claude2.sse.db | cut -d, -f2-)" '" On Monday.","end"]' "Anthropic's completions"

cat >run.sse <<\FILE
event: thread.run.created
data: {"id":"run_1","object":"thread.run","status":"queued"}

event: thread.message.created
data: {"id":"msg_1","object":"thread.message","status":"in_progress","role":"assistant","content":[]}

event: thread.message.delta
data: {"id":"msg_1","object":"thread.message.delta","delta":{"content":[{"index":0,"type":"text","text":{"value":"Mon"}}]}}

event: thread.message.completed
data: {"id":"msg_1","object":"thread.message","status":"completed","role":"assistant","content":[{"type":"text","text":{"value":"Monday.","annotations":[]}}]}

event: thread.run.completed
data: {"id":"run_1","object":"thread.run","status":"completed"}

event: done
data: [DONE]

FILE
twice run.sse 1
is "$(outputs run.sse.db)" '["msg_1","Monday.",null]' "a run of OpenAI's Assistants"

printf 'data: {"id":"c1","object":"text_completion","choices":[{"index":0,"text":"Mon"}]}\n\ndata: {"id":"c1","object":"text_completion","choices":[{"index":0,"text":"day."}]}\n\ndata: {"id":"c1","object":"text_completion","choices":[{"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n' >mixed.sse
twice mixed.sse 1
is "$(outputs mixed.sse.db)" '["c1","Monday.","end"]' "completions that end as a chat does"

printf 'data: {"event":"workflow_started","task_id":"t"}\n\nevent: ping\n\ndata: {"event":"message","task_id":"t","message_id":"d1","answer":"Mon"}\n\ndata: {"event":"message","task_id":"t","message_id":"d1","answer":"day."}\n\ndata: {"event":"message_end","task_id":"t","message_id":"d1","metadata":{"usage":{"prompt_tokens":3,"completion_tokens":2}}}\n\ndata: {"event":"message","task_id":"u","message_id":"d2","answer":"Tues"}\n\n' >dify.sse
twice dify.sse 2
is "$(outputs dify.sse.db)" '["d1","Monday.",null]
["d2","Tues","error"]' "Dify, and one that broke off"

printf 'data: {"id":"as-1","object":"chat.completion","sentence_id":0,"is_end":false,"result":"Mon","need_clear_history":false}\n\ndata: {"id":"as-1","object":"chat.completion","sentence_id":1,"is_end":true,"result":"day.","need_clear_history":false,"finish_reason":"normal"}\n\n' >ernie.sse
twice ernie.sse 1
is "$(outputs ernie.sse.db)" '["as-1","Monday.","end"]' "ERNIE"

for event in '{"messageStart":{"role":"assistant"}}' '{"contentBlockDelta":{"contentBlockIndex":0,"delta":{"reasoningContent":{"text":"hm"}}}}' \
    '{"contentBlockDelta":{"contentBlockIndex":0,"delta":{"text":"I "}}}' '{"contentBlockDelta":{"contentBlockIndex":0,"delta":{"text":"look."}}}' '{"contentBlockStop":{"contentBlockIndex":0}}' \
    '{"contentBlockStart":{"contentBlockIndex":1,"start":{"toolUse":{"toolUseId":"t1","name":"find"}}}}' '{"contentBlockDelta":{"contentBlockIndex":1,"delta":{"toolUse":{"input":"{\"id\""}}}}' \
    '{"contentBlockDelta":{"contentBlockIndex":1,"delta":{"toolUse":{"input":":7}"}}}}' '{"contentBlockStop":{"contentBlockIndex":1}}' '{"messageStop":{"stopReason":"tool_use"}}' \
    '{"metadata":{"usage":{"inputTokens":3,"outputTokens":4},"metrics":{"latencyMs":5}}}' '{"messageStart":{"role":"assistant"}}' '{"contentBlockDelta":{"contentBlockIndex":0,"delta":{"text":"Mon"}}}'; do
	printf 'data: %s\n\n' "$event"
done >converse.sse
twice converse.sse 2
is "$(outputs converse.sse.db | cut -d, -f2- | sort)" '"Mon","error"]
[{"text":"I look."},{"toolUse":{"toolUseId":"t1","name":"find","input":{"id":7}}}],"tool"]' "Bedrock's ConverseStream, and one that broke off"

# A call of Gemini's whose arguments come by their paths, a text in pieces.
{
	printf 'data: {"candidates":[{"content":{"role":"model","parts":[{"functionCall":{"name":"cook","willContinue":true},"thoughtSignature":"x"}]}}],"responseId":"g1"}\n\n'
	for args in '{"jsonPath":"$.list[0].amount","stringValue":"16 ","willContinue":true}' '{"jsonPath":"$.list[0].amount","stringValue":"oz"}' \
	    '{"jsonPath":"$.list[1].amount","numberValue":3},{"jsonPath":"$.list[1].fresh","boolValue":true}' '{"jsonPath":"$.note","nullValue":null}'; do
		printf 'data: {"candidates":[{"content":{"role":"model","parts":[{"functionCall":{"partialArgs":[%s],"willContinue":true}}]}}],"responseId":"g1"}\n\n' "$args"
	done
	printf 'data: {"candidates":[{"content":{"role":"model","parts":[{"functionCall":{}}]},"finishReason":"STOP"}],"responseId":"g1"}\n\n'
} >args.sse
twice args.sse 1
is "$(outputs args.sse.db)" '["g1",[{"functionCall":{"name":"cook","args":{"list":[{"amount":"16 oz"},{"amount":3,"fresh":true}],"note":null}}}],"tool"]' \
    "arguments by their paths"
# Streams that tell the whole response last: where that does not come, what came counts.
# broken NAME WANTED: what comes of the events of NAME.sse.
broken() {
	run -d "$1.db" ingest "$1.sse"
	is "$(outputs "$1.db" | cut -d, -f2-)" "$2" "$1: broke off"
}
made() {
	event '{"type":"response.created","response":{"id":"'"$1"'","object":"response","status":"in_progress","model":"gpt-5","output":[]}}'
	event '{"type":"response.output_item.added","output_index":0,"item":{"id":"m","type":"message","status":"in_progress","role":"assistant","content":[]}}'
	event '{"type":"response.output_text.delta","item_id":"m","delta":"Half an "}'
	event '{"type":"response.output_text.delta","item_id":"m","delta":"\"ans"}'
}
item='{"id":"m","type":"message","status":"completed","role":"assistant","content":[{"type":"output_text","text":"Hello."}]}'
made r1 >response.sse
broken response '"Half an \"ans","error"]'
{ made r1; event '[DONE]'; } >response-done.sse
broken response-done '"Half an \"ans","error"]'
{ made r1; event '{"type":"response.output_item.done","output_index":0,"item":'"$item"'}'; } >response-item.sse
broken response-item '"Hello.","error"]'
{
	event '{"type":"response.created","response":{"id":"r2","object":"response","status":"in_progress","output":[]}}'
	event '{"type":"response.output_item.added","item":{"id":"f","type":"function_call","call_id":"c","name":"find","arguments":"","status":"in_progress"}}'
	event '{"type":"response.function_call_arguments.delta","item_id":"f","delta":"{\"id\":"}'
} >response-call.sse
broken response-call '[{"id":"f","type":"function_call","call_id":"c","name":"find","arguments":"{\"id\":","status":"incomplete"}],"error"]'
{
	made r3
	event '{"type":"keepalive"}'
	event '{"type":"response.completed","response":{"id":"r3","object":"response","status":"completed","output":['"$item"']}}'
} >response-alive.sse
broken response-alive '"Hello.","end"]'
{
	made r4
	event '{"type":"response.created","response":{"id":"r5","object":"response","status":"in_progress","output":[]}}'
	event '{"type":"response.completed","response":{"id":"r5","object":"response","status":"completed","output":['"$item"']}}'
} >response-two.sse
broken response-two '"Half an \"ans","error"]
"Hello.","end"]'
event '{"type":"response.created","response":{"id":"r6","object":"response","status":"in_progress","output":[]}}' >response-nothing.sse
broken response-nothing '"","error"]'
{
	event '{"index":1,"token":{"id":1,"text":"Half","logprob":-0.1,"special":false},"generated_text":null,"details":null}'
	event '{"index":2,"token":{"id":2,"text":" a","logprob":-0.1,"special":false},"generated_text":null,"details":null}'
} >tokens.sse
broken tokens '"Half a","error"]'
{
	event '{"index":1,"token":{"id":1,"text":"Half","special":false},"generated_text":null,"details":null}'
	event '{"index":1,"token":{"id":1,"text":"On ","special":false},"generated_text":null,"details":null}'
	event '{"index":2,"token":{"id":1,"text":"Monday.","special":false},"generated_text":"On Monday.","details":{"finish_reason":"eos_token"}}'
} >tokens-two.sse
broken tokens-two '"On Monday.","end"]
"Half","error"]'
{
	event '{"is_finished":false,"event_type":"stream-start","generation_id":"g1"}'
	event '{"is_finished":false,"event_type":"text-generation","text":"Half an "}'
	event '{"is_finished":false,"event_type":"text-generation","text":"ans"}'
} >cohere-v1.sse
broken cohere-v1 '"Half an ans","error"]'
{
	event '{"id":"run_1","object":"thread.run","status":"in_progress"}'
	event '{"id":"msg_1","object":"thread.message","status":"in_progress","role":"assistant","content":[]}'
	event '{"id":"msg_1","object":"thread.message.delta","delta":{"content":[{"index":0,"type":"text","text":{"value":"Half "}}]}}'
	event '{"id":"msg_1","object":"thread.message.delta","delta":{"content":[{"index":0,"type":"text","text":{"value":"an ans"}}]}}'
} >thread.sse
broken thread '"Half an ans","error"]'
event '{"id":"run_1","object":"thread.run","status":"in_progress"}' >thread-run.sse
broken thread-run ''
like "$err" 'thread-run\.sse:1: byte 0: an object of an API that is no answer' "a run without a message is told"

# Gemini's stream as an array, as its API sends it: joined as its events are.
chunk() {
	printf '{\n  "candidates": [\n    {\n      "content": {"parts": [{"text": "%s"}], "role": "model"}%s\n    }\n  ],\n  "modelVersion": "g", "responseId": "%s"\n}\n' "$2" "$3" "$1"
}
end=', "finishReason": "STOP"'
{ printf '['; chunk ga 'Do '; printf ',\r\n'; chunk ga '[not] '; printf ',\r\n'; chunk ga 'pay.' "$end"; printf ',\r\n'; chunk gb 'Yes.' "$end"; printf ']\n'; } >chunks.json
twice chunks.json 2
is "$(outputs chunks.json.db)" '["ga","Do [not] pay.","end"]
["gb","Yes.","end"]' "an array of the pieces of two answers"
perl -e '$| = 1; while (read(STDIN, $c, 7)) { print $c }' <chunks.json | "$HANDRAIL" check >pieces.out 2>&1
"$HANDRAIL" check chunks.json >whole.out 2>&1
ok "in pieces of seven bytes it is the same" cmp pieces.out whole.out
# cut_array NAME WANTED: what comes of the bytes in NAME.json.
cut_array() {
	run -d "$1.db" ingest "$1.json"
	is "$(outputs "$1.db" | cut -d, -f2-)" "$2" "$1"
}
jq -c 'del(.[].responseId) | .[:3]' chunks.json >chunks-nameless.json
cut_array chunks-nameless '"Do [not] pay.","end"]'
jq -c '.[:2]' chunks.json >chunks-cut.json
cut_array chunks-cut '"Do [not] ","error"]'
head -c 250 chunks.json >chunks-half.json
cut_array chunks-half '"Do ","error"]'
like "$err" '^handrail: ingest: chunks-half\.json:1: byte ' "half of a piece is refused"
{ printf '['; chunk ga 'Do '; } >chunks-first.json
cut_array chunks-first '"Do ","error"]'
jq -c 'map(del(.candidates[].finishReason)) | [.[0], .[3]]' chunks.json >chunks-apart.json
cut_array chunks-apart '"Do ",null]
"Yes.",null]'
jq -c '.[:1]' chunks.json >chunks-one.json
cut_array chunks-one '"Do ",null]'
jq -c '[.[] | {finish_reason: .candidates[0].finishReason, text: .candidates[0].content.parts} | {candidates: [{content: {parts: .text}, finish_reason}], response_id: "sdk"}] | .[:3]' chunks.json >chunks-sdk.json
cut_array chunks-sdk '"Do [not] pay.","end"]'


# The same pieces as bare lines; whole responses stay a record a line.
jq -c '.[]' chunks.json >chunks-lines.jsonl
twice chunks-lines.jsonl 2
is "$(outputs chunks-lines.jsonl.db)" '["ga","Do [not] pay.","end"]
["gb","Yes.","end"]' "lines that are the pieces of two answers"
jq -c '.[2], .[3]' chunks.json >chunks-whole.jsonl
twice chunks-whole.jsonl 2
is "$(outputs chunks-whole.jsonl.db)" '["ga","pay.","end"]
["gb","Yes.","end"]' "lines that are whole are no pieces"

# What was spoken counts by its transcript.
{
	event '{"id":"said","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"role":"assistant","content":null,"audio":{"id":"audio_1","transcript":"On "}}}]}'
	event '{"id":"said","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"audio":{"transcript":"\"Monday\"."}}}]}'
	event '{"id":"said","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"audio":{"data":"AAAA"}}}]}'
	event '{"id":"said","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"audio":{"expires_at":1795428000}},"finish_reason":"stop"}]}'
	event '[DONE]'
} >spoken.sse
twice spoken.sse 1
is "$(outputs spoken.sse.db)" '["said","On \"Monday\".","end"]' "a chat that was spoken"

# Where an event cannot be read what is left is no whole answer.
# without NAME N WANTED: NAME.sse, whose Nth event lost its end.
without() {
	awk -v n="$2" '/^data:/ && ++i == n { $0 = substr($0, 1, length($0) - 3) } { print }' "$1.sse" >"$1-$2.sse"
	run -d "$1-$2.db" ingest "$1-$2.sse"
	is "$(outputs "$1-$2.db" | cut -d, -f2- | sort)" "$3" "$1 with event $2 broken"
	like "$err" "$1-$2\.sse:1: byte " "which is refused"
}
for text in 'Do ' 'not ' 'pay him.'; do
	event '{"id":"pay","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"'"$text"'"},"finish_reason":null}]}'
done >pay.sse
event '{"id":"pay","object":"chat.completion.chunk","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}' >>pay.sse
event '[DONE]' >>pay.sse
event '{"id":"next","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"Yes."},"finish_reason":"stop"}]}' >>pay.sse
without pay 2 '"Do pay him.","error"]
"Yes.","end"]'
without pay 1 '"Yes.","end"]
"not pay him.","error"]'
without llama 2 '"On ","error"]'
without claude2 3 '" On Monday.","error"]'
without ernie 1 '"day.","error"]'
without dify 4 '"Monday.","error"]
"Tues","error"]'
without cohere 3 '"Monday.","error"]
[{"id":"c1","type":"function","function":{"name":"find","arguments":"{\"id\":7}"}}],"tool"]'
without converse 4 '"Mon","error"]
[{"text":"I "},{"toolUse":{"toolUseId":"t1","name":"find","input":{"id":7}}}],"error"]'
without tgi 1 '"On Monday.","end"]'
sed '2s/.}$//' ollama.jsonl >ollama-broken.jsonl
run -d broken.db ingest ollama-broken.jsonl
is "$(outputs broken.db | cut -d, -f2-)" '"Bl","error"]' "Ollama's with a broken line"

# One that broke off takes nothing of the next.
{
	sed -n 1,7p cohere.sse | sed s/co-1/co-0/
	cat cohere.sse
} >cohere-two.sse
broken cohere-two '"On ","error"]
"On Monday.","end"]
[{"id":"c1","type":"function","function":{"name":"find","arguments":"{\"id\":7}"}}],"tool"]'
head -n 6 claude2.sse | sed s/compl_1/compl_0/ | cat - claude2.sse >completion-two.sse
broken completion-two '" On","error"]
" On Monday.","end"]'
head -n 1 llama.sse >llama-cut.sse
broken llama-cut '"On ","error"]'

# A file that is none for us is not read to its end, which may never come.
out=$(yes '<?xml version' 2>/dev/null | timeout 60 "$HANDRAIL" check - 2>&1)
is "$out" '{"line":1,"error":"this is XML"}' "what is refused is let go at once"
done_testing

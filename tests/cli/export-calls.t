#!/bin/sh
# Calls in training files: of whatever service, as tool_calls with the tools, or
# skipped with the reason.
. "$(dirname "$0")/lib.sh"

cat >in.jsonl <<\LINES
{"id":"chat","object":"chat.completion","messages":[{"role":"user","content":"Mail Ana"}],"tools":[{"type":"function","function":{"name":"send","parameters":{"type":"object"}}}],"choices":[{"message":{"role":"assistant","content":null,"tool_calls":[{"id":"call_1","type":"function","function":{"name":"send","arguments":"{\"to\":\"ana\"}"}}]},"finish_reason":"tool_calls"}]}
{"id":"both","object":"chat.completion","messages":[{"role":"user","content":"Mail Ana"}],"choices":[{"message":{"role":"assistant","content":"I will.","reasoning_content":"private","tool_calls":[{"id":"call_1","type":"function","function":{"name":"send","arguments":"{\"to\":\"ana\"}"}}]},"finish_reason":"tool_calls"}]}
{"id":"lc","messages":[{"type":"human","content":"Mail Ana"},{"type":"ai","content":[{"type":"text","text":"I will."},{"type":"tool_use","id":"call_1","name":"send","input":{"to":"ana"}}],"tool_calls":[{"name":"send","args":{"to":"ana"},"id":"call_1","type":"tool_call"}]}]}
{"id":"claude","request":{"messages":[{"role":"user","content":"Mail Ana"}],"tools":[{"name":"send","description":"Sends","input_schema":{"type":"object"}},{"type":"web_search_20250305","name":"web_search"}]},"response":{"type":"message","role":"assistant","content":[{"type":"text","text":"I will."},{"type":"tool_use","id":"call_1","name":"send","input":{"to":"ana"}}],"stop_reason":"tool_use"}}
{"id":"responses","request":{"input":"Mail Ana","tools":[{"type":"function","name":"send","parameters":{"type":"object"},"strict":true}]},"response":{"object":"response","status":"completed","output":[{"type":"message","role":"assistant","content":[{"type":"output_text","text":"I will."}]},{"type":"function_call","call_id":"call_1","name":"send","arguments":"{\"to\":\"ana\"}"}]}}
{"id":"gemini","request":{"contents":[{"role":"user","parts":[{"text":"Mail Ana"}]}],"tools":[{"functionDeclarations":[{"name":"send","parameters":{"type":"object"}}]}]},"response":{"candidates":[{"content":{"parts":[{"text":"I will."},{"functionCall":{"name":"send","args":{"to":"ana"}},"thoughtSignature":"x"}]},"finishReason":"STOP"}]}}
{"id":"bedrock","request":{"messages":[{"role":"user","content":[{"text":"Mail Ana"}]}],"toolConfig":{"tools":[{"toolSpec":{"name":"send","inputSchema":{"json":{"type":"object"}}}}]}},"response":{"output":{"message":{"role":"assistant","content":[{"text":"I will."},{"toolUse":{"toolUseId":"call_1","name":"send","input":{"to":"ana"}}}]}},"stopReason":"tool_use"}}
{"id":"unknown","request":{"input":"Click"},"response":{"object":"response","status":"completed","output":[{"type":"computer_call","call_id":"c","action":{"type":"click"}},{"type":"function_call","call_id":"call_1","name":"send","arguments":"{}"}]}}
{"id":"search","type":"message","role":"assistant","messages":[{"role":"user","content":"When open?"}],"content":[{"type":"text","text":"I look. "},{"type":"server_tool_use","id":"s","name":"web_search","input":{"query":"hours"}},{"type":"web_search_tool_result","tool_use_id":"s","content":[{"type":"web_search_result","url":"https://shop.example","title":"Shop, 212 555 0123","encrypted_content":"EqgfCio"}]},{"type":"text","text":"At nine."}],"stop_reason":"end_turn"}
{"id":"json","output":{"refund":true},"messages":[{"role":"user","content":"Refund?"}]}
LINES
"$HANDRAIL" -d s.db ingest in.jsonl >/dev/null 2>&1
for id in $("$HANDRAIL" -d s.db list --json --limit 99 | jq -r .id); do
	"$HANDRAIL" -d s.db decide "$id" accept >/dev/null
done
run -d s.db export --format sft
call='"tool_calls":[{"id":"call_1","type":"function","function":{"name":"send","arguments":"{\"to\":\"ana\"}"}}]'
tools='"tools":[{"type":"function","function":{"name":"send","parameters":{"type":"object"}}}]'
ask='{"messages":[{"role":"user","content":"Mail Ana"},'
is "$out" "$ask{\"role\":\"assistant\",\"content\":null,$call}],$tools}
$ask{\"role\":\"assistant\",\"content\":\"I will.\",$call}]}
$ask{\"role\":\"assistant\",\"content\":\"I will.\",$call}]}
$ask{\"role\":\"assistant\",\"content\":\"I will.\",$call}],\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"send\",\"description\":\"Sends\",\"parameters\":{\"type\":\"object\"}}}]}
$ask{\"role\":\"assistant\",\"content\":\"I will.\",$call}],$tools}
$ask{\"role\":\"assistant\",\"content\":\"I will.\",$call}],$tools}
$ask{\"role\":\"assistant\",\"content\":\"I will.\",$call}],$tools}
{\"messages\":[{\"role\":\"user\",\"content\":\"When open?\"},{\"role\":\"assistant\",\"content\":\"I look. At nine.\"}]}
{\"messages\":[{\"role\":\"user\",\"content\":\"Refund?\"},{\"role\":\"assistant\",\"content\":\"{\\\"refund\\\":true}\"}]}" \
    "sft: calls of seven services are the same"
like "$err" '1 .*the answer calls a tool in an unknown form' "one that a chat has no form for is skipped, with the reason"
run -d s.db export --format kto
is "$(json 'select(.completion[0].tool_calls)|.completion[0].tool_calls[0].function.name+(.label|tostring)' | sort -u)" sendtrue "kto: calls too"
is "$(json 'select(.tools)|.tools[0].function.name' | wc -l)" 5 "with the tools"

# An edit of calls is calls, in both halves of a pair; what was found is in neither.
jq -c 'select(.id=="chat" or .id=="search")|.id+="2"' in.jsonl >pairs.jsonl
"$HANDRAIL" -d s.db ingest pairs.jsonl >/dev/null 2>&1
printf '[{"id":"call_1","type":"function","function":{"name":"send","arguments":"{\\"to\\":\\"bea\\"}"}}]' >calls.json
printf 'At ten.' >text.txt
"$HANDRAIL" -d s.db decide chat2 edit --output-file calls.json >/dev/null
"$HANDRAIL" -d s.db decide search2 edit --output-file text.txt >/dev/null
run -d s.db export --format dpo
is "$(json '[.chosen[0].tool_calls[0].function.arguments,.rejected[0].tool_calls[0].function.arguments,.tools[0].function.name]' | head -1)" \
    '["{\"to\":\"bea\"}","{\"to\":\"ana\"}","send"]' "dpo: both halves are calls"
is "$(json '[.chosen[0].content,.rejected[0].content]' | tail -1)" '["At ten.","I look. At nine."]' "search hits are no rejected text"
run -d s.db export --format dpo-openai
is "$(json '[.preferred_output[0].tool_calls[0].function.arguments,.input.tools[0].function.name]' | head -1)" \
    '["{\"to\":\"bea\"}","send"]' "dpo-openai: the tools are in the input"

# The forms that others' outputs have: all of them are the same call.
n=0
while read -r form; do
	n=$((n + 1))
	printf '{"id":"form%s","queue":"forms","messages":[{"role":"user","content":"Mail Ana"}],"output":%s}\n' "$n" "$form"
done >forms.jsonl <<\FORMS
[{"name":"send","args":{"to":"ana"},"id":"call_1","type":"tool_call"}]
[{"function":{"name":"send","arguments":{"to":"ana"}}}]
[{"type":"tool-call","toolCallId":"call_1","toolName":"send","input":{"to":"ana"}}]
[{"type":"tool-call","toolCallId":"call_1","toolName":"send","args":{"to":"ana"}}]
[{"tool_call":{"tool_name":"send","arguments":{"to":"ana"},"id":"call_1"}}]
[{"block_type":"tool_call","tool_call_id":"call_1","tool_name":"send","tool_kwargs":{"to":"ana"}}]
[{"part_kind":"tool-call","tool_name":"send","args":{"to":"ana"},"tool_call_id":"call_1"}]
[{"id":"call_1","type":"function","name":"send","arguments":"{\"to\":\"ana\"}"}]
[{"content_type":"function_call","id":"call_1","name":"send","arguments":"{\"to\":\"ana\"}"}]
[{"$type":"FunctionCallContent","Id":"call_1","FunctionName":"send","Arguments":{"to":"ana"}}]
[{"$type":"functionCall","callId":"call_1","name":"send","arguments":{"to":"ana"}}]
[{"functionCall":{"name":"send","arguments":{"to":"ana"}}}]
[{"type":"function.call","tool_call_id":"call_1","name":"send","arguments":"{\"to\":\"ana\"}"}]
{"name":"send","arguments":"{\"to\":\"ana\"}"}
{"tool_name":"send","tool_input":{"to":"ana"}}
FORMS
"$HANDRAIL" -d forms.db ingest forms.jsonl >/dev/null 2>&1
for id in $("$HANDRAIL" -d forms.db list --json --limit 99 | jq -r .id); do
	"$HANDRAIL" -d forms.db decide "$id" accept >/dev/null
done
for format in sft kto; do
	run -d forms.db export --format $format
	is "$(printf '%s\n' "$out" | wc -l) $(printf '%s\n' "$out" | sort -u | jq -c '(.messages[1]//.completion[0]).tool_calls')" \
	    "$n ${call#*:}" "$format: each form of a call is the same one"
done

# What was called and came back before, in Anthropic's blocks and Responses' items.
cat >before.jsonl <<\LINES
{"id":"blocks","queue":"b","request":{"messages":[{"role":"user","content":[{"type":"text","text":"Order 7?","cache_control":{"type":"ephemeral"}}]},{"role":"assistant","content":[{"type":"thinking","thinking":"private","signature":"x"},{"type":"text","text":"I look."},{"type":"tool_use","id":"c1","name":"find","input":{"id":7}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"c1","content":[{"type":"text","text":"sent"}]},{"type":"text","text":"And?"}]}]},"response":{"type":"message","role":"assistant","content":[{"type":"text","text":"It was sent."}],"stop_reason":"end_turn"}}
{"id":"items","queue":"b","request":{"input":[{"role":"user","content":[{"type":"input_text","text":"Order 7?"}]},{"type":"reasoning","id":"r","summary":[]},{"type":"function_call","call_id":"c1","name":"find","arguments":"{\"id\":7}"},{"type":"function_call_output","call_id":"c1","output":"sent"}]},"response":{"object":"response","status":"completed","output":[{"type":"message","role":"assistant","content":[{"type":"output_text","text":"It was sent."}]}]}}
{"id":"image","queue":"b","request":{"messages":[{"role":"user","content":[{"type":"image","source":{"type":"base64","data":"AAAA"}}]}]},"response":{"type":"message","role":"assistant","content":[{"type":"text","text":"A lamp."}],"stop_reason":"end_turn"}}
LINES
"$HANDRAIL" -d b.db ingest before.jsonl >/dev/null 2>&1
for id in blocks items image; do "$HANDRAIL" -d b.db decide "$id" accept >/dev/null; done
find='"tool_calls":[{"id":"c1","type":"function","function":{"name":"find","arguments":"{\"id\":7}"}}]'
sent='{"role":"tool","tool_call_id":"c1","content":"sent"}'
for format in sft kto; do
	run -d b.db export --format "$format"
	is "$(json '(.messages // .prompt)|map(del(.weight))|.[1:4]')" \
	    "[{\"role\":\"assistant\",\"content\":\"I look.\",$find},$sent,{\"role\":\"user\",\"content\":\"And?\"}]
$([ $format = sft ] && echo "[{\"role\":\"assistant\",\"content\":null,$find},$sent,{\"role\":\"assistant\",\"content\":\"It was sent.\"}]" ||
	    echo "[{\"role\":\"assistant\",\"content\":null,$find},$sent]")" "$format: calls of the conversation, and what came back"
	like "$err" '1 .*a message has content of an unknown form' "$format: what has no place is skipped"
done

# The same in pairs; and of an answer that was rejected, or that a table has, what was
# found is no part either.
printf 'It was sent on Monday.' >sent.txt
"$HANDRAIL" -d p.db ingest before.jsonl >/dev/null 2>&1
for id in blocks items image; do "$HANDRAIL" -d p.db decide "$id" edit --output-file sent.txt >/dev/null; done
for format in dpo dpo-openai; do
	run -d p.db export --format "$format"
	is "$(json '(.prompt // .input.messages)[1:3]|tojson' | sort -u | wc -l)" 2 "$format: two conversations"
	is "$(json '(.prompt // .input.messages)[1]')" "{\"role\":\"assistant\",\"content\":\"I look.\",$find}
{\"role\":\"assistant\",\"content\":null,$find}" "$format: with the calls before"
	is "$(json '(.prompt // .input.messages)[2]' | sort -u)" "$sent" "$format: and what came back"
	like "$err" '1 .*a message has content of an unknown form' "$format: what has no place is skipped"
done
jq -c 'select(.id=="search")|.id="no"' in.jsonl >no.jsonl
"$HANDRAIL" -d s.db ingest no.jsonl >/dev/null 2>&1
"$HANDRAIL" -d s.db decide no reject --reason 'wrong' >/dev/null
run -d s.db export --format kto --where "id = 'no'"
is "$(json '[.completion[0].content,.label]')" '["I look. At nine.",false]' "kto: search hits are no rejected text"
for format in csv labelstudio argilla; do
	run -d s.db export --format "$format" --where "id IN ('no', 'search', 'claude')"
	is "$(printf '%s' "$out" | grep -c EqgfCio)" 0 "$format: nothing that was found"
	like "$out" 'I look\. At nine\.' "$format: the answer's text"
	like "$out" 'tool_use' "$format: a call as the JSON that was judged"
done
done_testing

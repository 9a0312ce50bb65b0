#!/bin/sh
# The protocols of other guard services: what each asks, and how the policy's routes
# and redactions are answered in its words.
. "$(dirname "$0")/lib.sh"
need_service

CHAT_KEY=chat-0123456789abcdef ALL_KEY=all-0123456789abcdef
READ_KEY=read-0123456789abcdef
export CHAT_KEY ALL_KEY READ_KEY
cat >p.conf <<CONF
serve { listen = { "unix:$work/s.sock" } }
key "chat" { token_env = "CHAT_KEY" may = { "check" } queues = { "chat" } }
key "all"  { token_env = "ALL_KEY"  may = { "check" } }
key "read" { token_env = "READ_KEY" may = { "read", "submit" } }
guard "pii"   { redact = label  kinds = { "EMAIL_ADDRESS", "PHONE_NUMBER" } }
guard "abuse" { kind = contains  pattern = 'idiot'  category = "harassment" }
guard "asked" { kind = contains  pattern = 'please'  on = input  category = "begging" }
guard "down"  { kind = http  url = "http://127.0.0.1:1/"  shape = presidio  retries = 0 }
queue "chat" { guards = { "pii", "abuse", "asked" }  fallback = "One moment."
  rule "abuse"  { when = "failed('abuse')" route = flag }
  rule "asked"  { when = "failed('asked') AND metadata->>'\$.side' = 'request'" route = escalate }
  rule "team"   { when = "metadata->>'\$.request.team' = 'x'" route = flag }
  rule "fine"   { when = "1" route = approve } }
queue "secret" { guards = { "secrets", "pii" }  rule "fine" { when = "1" route = approve } }
queue "open"   { guards = { "abuse" }  rule "fine" { when = "1" route = approve } }
queue "broken" { guards = { "down" }   rule "fine" { when = "1" route = approve } }
CONF
ok "it begins" begin_service

# post PATH BODY [ARGS...]: the answer.  status: its status; code: the error's code too.
post() {
	path=$1 sent=$2; shift 2
	curl -s -m 60 --unix-socket s.sock -H "x-api-key: ${key:-$CHAT_KEY}" "$@" \
	    --data-binary "$sent" "http://localhost$path"
}
code() {
	post "$@" -w '%{http_code}' | jq -Rrs 'split("\n") |
	    [(.[0] | fromjson | .error.code), .[-1]] | join(" ")'
}

litellm=/beta/litellm_basic_guardrail_api
asks() {	# SIDE TEXTS [MORE]
	post $litellm "{\"texts\":$2,\"input_type\":\"$1\",\"litellm_call_id\":\"c\"${3-}}"
}
is "$(asks request '["Hello.","How are you?"]')" '{"action":"NONE"}' "litellm: what is clean"
is "$(asks response '["A\u00e9","Write to ana@example.com",""," \n"]')" \
    '{"action":"GUARDRAIL_INTERVENED","texts":["A\u00e9","Write to <EMAIL_ADDRESS>",""," \n"]}' \
    "as many texts as came, what is covered in its place"
is "$(asks response '["You idiot, ana@example.com","Fine."]')" \
    '{"action":"BLOCKED","blocked_reason":"abuse (abuse, pii)"}' "flagged: the rule and the guards"
is "$(asks request '["Oh please"]')" '{"action":"BLOCKED","blocked_reason":"asked (asked)"}' \
    "guards of inputs look at requests, and rules know the side"
is "$(asks response '["Oh please"]')" '{"action":"NONE"}' "not at responses"
is "$(asks request '["Hi"]' ',"request_data":{"team":"x"}')" \
    '{"action":"BLOCKED","blocked_reason":"team"}' "rules know what came along"
is "$(asks request '[]' | jq -r .action) $(asks request '[""]' | jq -r .action)" "NONE NONE" "nothing to look at"
is "$(asks request '["Hi"]' ',"images":["data:image/png;base64,AA=="]' | jq -r .action)" BLOCKED \
    "an image cannot be looked at"
is "$(asks request '["Hi"]' ',"images":[],"tools":null' | jq -r .action)" NONE "none is none"
is "$(asks response '["Hi"]' ',"tool_calls":[{"id":"1","type":"function","function":{"name":"f","arguments":"{\"to\":\"ana@example.com\"}"}}]')" \
    '{"action":"BLOCKED","blocked_reason":"what was found has no place where it could be covered (pii)"}' \
    "a call's arguments, which the answer has no place for"
is "$(asks response '["Hi"]' ',"tool_calls":[{"function":{"name":"f","arguments":"{}"}}]')" \
    '{"action":"NONE"}' "that are clean"
is "$(asks response '["\u200b\u2060"]' | jq -r .action)" BLOCKED "what is merely hidden is not empty"
for b in '{}' '{"texts":["CANARY"]}' '{"texts":["x"],"input_type":"CANARY"}' \
    '{"texts":"CANARY","input_type":"request"}' '{"texts":[1],"input_type":"request"}' \
    '{"texts":[null],"input_type":"request"}' '[]' '"CANARY"' 'null'; do
	is "$(code $litellm "$b")" "invalid_request 400" "no request: $b"
	post $litellm "$b" >>said
done
for b in '' '{' '{"texts":["CANARY\ud800"],"input_type":"request"}' \
    '{"texts":["CANARY\u0000"],"input_type":"request"}' '{"texts":[],"texts":[]}'; do
	is "$(code $litellm "$b")" "invalid_json 400" "no JSON: $b"
	post $litellm "$b" >>said
done
is "$(grep -c CANARY said)" 0 "no error repeats what was sent"
python3 -c 'import json
json.dump({"texts": ["x"] * 5000, "input_type": "request"}, open("many", "w"))
json.dump({"texts": ["x"] * 4095 + ["idiot"], "input_type": "request"}, open("most", "w"))
json.dump({"texts": [" ".join("word%d" % i for i in range(90000)) + " idiot"],
    "input_type": "request"}, open("long", "w"))'
is "$(code $litellm @many)" "invalid_request 400" "too many texts"
is "$(post $litellm @most | jq -r .action) $(post $litellm @long | jq -r .action)" \
    "BLOCKED BLOCKED" "the last of many, the end of a long one"
gzip -c long >long.gz
is "$(post $litellm @long.gz -H 'Content-Encoding: gzip' | jq -r .action)" BLOCKED "gzipped"

# Whose queue?
q='{"texts":["ana@example.com"],"input_type":"request"}'
is "$(key=$ALL_KEY code $litellm "$q")" "no_queue 400" "a key of several queues names one"
is "$(key=$ALL_KEY post "$litellm?queue=open" "$q" | jq -r .action)" NONE "in the query"
is "$(key=$ALL_KEY post $litellm "$q" -H 'x-handrail-queue: chat' | jq -r .action)" \
    GUARDRAIL_INTERVENED "in a field"
is "$(key=$ALL_KEY code "$litellm?queue=nope" "$q")" "unknown_queue 404" "one that is not there"
is "$(code "$litellm?queue=open" "$q")" "unknown_queue 404" "one that the key may not see"
is "$(key=$READ_KEY code $litellm "$q")" "not_allowed 403" "a key without the right"
is "$(key=$ALL_KEY post "$litellm?queue=broken" "$q")" \
    '{"action":"BLOCKED","blocked_reason":"guard error: down"}' "a guard that cannot run blocks"

# agentgateway and kgateway.
is "$(post /request '{"body":{"messages":[{"role":"system","content":"Be kind."},{"role":"user","content":"Hi"}]}}')" \
    '{"action":{}}' "agentgateway: what is clean passes"
is "$(post /request '{"body":{"messages":[{"role":"user","content":"I am ana@example.com"},{"role":"user","name":"A","content":"Hi"}]}}')" \
    '{"action":{"body":{"messages":[{"role":"user","content":"I am <EMAIL_ADDRESS>"},{"role":"user","name":"A","content":"Hi"}]},"reason":"covered"}}' \
    "what is private is covered, the rest as it came"
is "$(post /response '{"body":{"choices":[{"message":{"role":"assistant","content":"idiot"}}]}}')" \
    '{"action":{"body":"One moment.","status_code":403,"reason":"abuse (abuse)"}}' \
    "what is flagged is rejected with the fallback"
is "$(post /response '{"body":{"choices":[{"message":{"role":"assistant","content":"please"}},{"message":{"role":"assistant","content":"ana@example.com"}}]}}' |
    jq -c '.action.body.choices[].message.content')" '"please"
"<EMAIL_ADDRESS>"' "every choice"
is "$(post /request '{"body":{"messages":[{"role":"user","content":[{"type":"image_url","text":"Hi","image_url":{"url":"x"}}]}]}}' |
    jq -c .action.status_code)" 403 "an image"
for b in '{}' '{"body":[]}' '{"body":{"messages":{}}}' '{"body":{"choices":[]}}'; do
	is "$(code /request "$b")" "invalid_request 400" "no request: $b"
done

# Portkey.
hook() {	# EVENT REQUEST RESPONSE
	post /hooks/portkey "{\"eventType\":\"$1\",\"request\":$2,\"response\":$3,\"metadata\":{}}"
}
asked() {
	hook beforeRequestHook "{\"json\":$1,\"text\":\"${2-}\"}" '{"json":null,"text":null}'
}
answered() {
	hook afterRequestHook '{"json":{"model":"m","messages":[{"role":"user","content":"please"}]}}' \
	    "{\"json\":$1,\"text\":\"${2-}\",\"statusCode\":200}"
}
is "$(asked '{"model":"m","messages":[{"role":"user","content":"Hi"}]}')" '{"verdict":true}' \
    "portkey: what is clean"
is "$(asked '{"messages":[{"role":"user","content":[{"type":"text","text":"ana@example.com"}]}],"n":1.0}')" \
    '{"verdict":true,"transformedData":{"request":{"json":{"messages":[{"role":"user","content":[{"type":"text","text":"<EMAIL_ADDRESS>"}]}],"n":1.0}}}}' \
    "a request with what is private covered"
is "$(answered '{"choices":[{"message":{"content":"idiot"}}]}')" \
    '{"verdict":false,"data":{"reason":"abuse (abuse, asked)"}}' "an answer that is flagged"
# verdict BODY...: those of requests.
verdicts() {
	for b; do asked "$b" | jq -c .verdict; done | sort | uniq -c | sed 's/^ *//'
}
is "$(verdicts '{"messages":[{"content":"idiot"}]}' '{"prompt":"idiot"}' '{"prompt":["Hi","idiot"]}' \
    '{"system":"idiot","messages":[]}' '{"system":[{"type":"text","text":"idiot"}],"messages":[]}' \
    '{"input":"idiot"}' '{"input":["Hi","idiot"]}' '{"instructions":"idiot","input":"Hi"}' \
    '{"input":[{"role":"user","content":[{"type":"input_text","text":"idiot"}]}]}' \
    '{"input":[{"type":"function_call","name":"f","arguments":"{\"a\":\"idiot\"}"}]}' \
    '{"input":[{"type":"function_call_output","output":"idiot"}]}' \
    '{"messages":[{"role":"assistant","content":null,"tool_calls":[{"function":{"arguments":"idiot"}}]}]}' \
    '{"messages":[{"role":"user","content":[{"type":"tool_result","content":[{"type":"text","text":"idiot"}]}]}]}' \
    '{"messages":[{"role":"assistant","content":[{"type":"tool_use","input":{"deep":["idiot"]}}]}]}' \
    '{"messages":[{"role":"assistant","content":[{"type":"thinking","thinking":"idiot"}]}]}' \
    '{"messages":[{"role":"assistant","content":"Hi","reasoning_content":"idiot"}]}')" \
    "16 false" "wherever in a request a text stands"
is "$(verdicts '{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"x"}}]}]}' \
    '{"messages":[{"role":"user","content":[{"type":"input_audio","text":"Hi"}]}]}' \
    '{"messages":[{"role":"user","content":5}]}' '{"messages":"Hi"}' '{"messages":[null]}' \
    '{"prompt":[1,2,3]}' '{"messages":[{"role":"user","content":[{"type":"new","text":"Hi"}]}]}' \
    '{"messages":[{"role":"assistant","audio":{"id":"x"}}]}' '{"other":1}' 'null' '{"input":[[1,2]]}')" \
    "11 false" "what cannot be read is not passed"
is "$(asked '{"other":1}' idiot | jq .verdict) $(asked '{"other":1}' Hi | jq .verdict) $(
    asked '{"other":1}' ana@example.com | jq .verdict)" "false true false" \
    "of another API the text alone, which cannot be covered"
is "$(for b in '{"choices":[{"text":"idiot"}]}' '{"content":[{"type":"text","text":"idiot"}]}' \
    '{"output":[{"type":"message","content":[{"type":"output_text","text":"idiot"}]}]}' \
    '{"output":[{"type":"web_search_call","action":{"query":"idiot"}}]}' \
    '{"choices":[{"message":{"content":"Hi"}},{"message":{"content":null,"refusal":"idiot"}}]}' \
    '{"choices":[{}]}'; do answered "$b" | jq .verdict; done | sort | uniq -c | sed 's/^ *//')" \
    "6 false" "wherever in an answer"
is "$(post /hooks/portkey '{"eventType":"beforeRequestHook","request":{"json":{"messages":[{"content":"\ud800"}]}}}' -w '%{http_code}')" \
    '{"verdict":false,"data":{"reason":"byte 76: lone surrogate in a string"}}
200' "what is no JSON is no reason to pass"
is "$(post /hooks/portkey '{"eventType":"other"}' | jq .verdict)" false "nor another event"

# Moderations.
is "$(post /v1/moderations '{"input":"Hi","model":"omni-moderation-latest"}' |
    jq -c '[.model, (.results[] | .flagged, (.categories | length), (.categories | any))]')" \
    '["omni-moderation-latest",false,14,false]' "moderations: what is clean"
is "$(post /v1/moderations '{"input":["Hi","idiot","ana@example.com","please"]}' | jq -c '.results[] |
    [.flagged, (.categories | to_entries[] | select(.value) | .key), .category_scores.harassment]')" \
    '[false,0]
[true,"harassment",1]
[true,0]
[true,"begging",0]' "a category of a guard; what would not go out as it is, is flagged"
is "$(post /v1/moderations '{"input":[{"type":"text","text":"Hi"},{"type":"text","text":"idiot"}]}' |
    jq -c '[.results[] | .flagged]')" '[true]' "of parts one result"
is "$(post /v1/moderations '{"input":[{"type":"text","text":"Hi"},{"type":"image_url","image_url":{"url":"x"}}]}' |
    jq -c '[.results[] | .flagged, (.categories | any)]')" '[true,false]' "an image"
is "$(post /v1/moderations '{"input":[]}' | jq -c .results)" '[]' "nothing"
for b in '{}' '{"input":null}' '{"input":5}' '{"input":["a",{}]}'; do
	is "$(code /v1/moderations "$b")" "invalid_request 400" "no input: $b"
done

echo 'guard "a" { kind = contains  pattern = "x"  category = "" }' | sed "s/\"x\"/'x'/" >bad.conf
is "$("$HANDRAIL" -p bad.conf policy check 2>&1)" \
    'handrail: policy: bad.conf:1:56: guard "a": category has 1 to 64 bytes' "a category has a name"

# Presidio.
is "$(post /analyze '{"text":"\u00fc\ud83d\ude00 ana@example.com, +49 30 901820","language":"en"}')" \
    '[{"entity_type":"EMAIL_ADDRESS","start":3,"end":18,"score":1,"analysis_explanation":null},{"entity_type":"PHONE_NUMBER","start":20,"end":33,"score":0.75,"analysis_explanation":null}]' \
    "presidio: what was found, in code points"
found() {	# BODY: the types
	post /analyze "$1" | jq -c 'map(if type == "array" then map(.entity_type) else .entity_type end)'
}
t='"text":"ana@example.com, bob@example.com, +49 30 901820"'
is "$(found "{$t,\"entities\":[\"PHONE_NUMBER\",\"PERSON\"]}")" '["PHONE_NUMBER"]' "of these types"
is "$(found "{$t,\"entities\":[],\"score_threshold\":0.9}")" '["EMAIL_ADDRESS","EMAIL_ADDRESS"]' \
    "from this score on"
is "$(found "{$t,\"allow_list\":[\"bob@example.com\"]}")" '["EMAIL_ADDRESS","PHONE_NUMBER"]' \
    "but these texts"
is "$(found '{"text":["Hi","ana@example.com",""]}')" '[[],["EMAIL_ADDRESS"],[]]' "several texts"
is "$(post /analyze '{"text":"ana@example.com","return_decision_process":true}' |
    jq -c '.[0].analysis_explanation | [.recognizer, .score]')" '["pii",1]' "and by which guard"
python3 -c 'import json
for n in 999, 1000: json.dump({"text": "ana@example.com " * n}, open("mails%d" % n, "w"))'
is "$(found @mails999 | jq length) $(code /analyze @mails1000) $(code /anonymize @mails1000)" \
    "999 invalid_request 400 invalid_request 400" "more than a guard lists is not left out unsaid"
is "$(found '{"text":"idiot"}')" '[]' "not what is not private"
for b in '{}' '{"text":5}' '{"text":[5]}' '{"text":"x","entities":"PERSON"}' '{"text":"x","score_threshold":"1"}' \
    '{"text":"x","ad_hoc_recognizers":[{}]}' '{"text":"x","allow_list_match":"regex"}'; do
	is "$(code /analyze "$b")" "invalid_request 400" "not so: $b"
done
is "$(key=$ALL_KEY code '/analyze?queue=open' '{"text":"ana@example.com"}')" "no_guard 400" \
    "a queue without such a guard does not say that there is nothing"
is "$(key=$ALL_KEY code '/analyze?queue=broken' '{"text":"ana@example.com"}')" "guard_error 503" \
    "nor does one that cannot run"
is "$(curl -s --unix-socket s.sock -H "x-api-key: $CHAT_KEY" http://localhost/supportedentities)" \
    '["EMAIL_ADDRESS","PHONE_NUMBER"]' "what can be found"
is "$(curl -s --unix-socket s.sock -H "x-api-key: $ALL_KEY" 'http://localhost/supportedentities?queue=secret' |
    jq -r '[index("jwt") != null, .[-1], group_by(.)[] | select(type == "boolean" or type == "string" or length > 1)] | tostring')" \
    '[true,"PHONE_NUMBER"]' "each once, of all guards"
basic() {
	curl -s --unix-socket s.sock "$@" http://localhost/analyze -d '{"text":"Hi"}' | jq -c .
}
is "$(basic -u "any:$CHAT_KEY")" '[]' "a key as the password of a URL"
is "$(for a in "any:$CHAT_KEY." any: "$CHAT_KEY:"; do basic -u "$a" | jq -r .error.code; done |
    uniq -c | sed 's/^ *//')" "3 wrong_key" "one that is none"
is "$(for a in Basic 'Basic =' 'Basic ====' 'Basic YQ' 'Basic YTpi!' 'Basic YQ==' 'Basic YW55'; do
	basic -H "Authorization: $a" | jq -r .error.code; done | sort | uniq -c | sed 's/^ *//')" \
    "7 no_key" "what is no password"
is "$(curl -s --unix-socket s.sock http://localhost/health)" ok "its health needs no key"
anonymized() {	# MORE
	post /anonymize "{\"text\":\"I am J\u00f6rg Doe, call 030 901820.\",$1}"
}
results='"analyzer_results":[{"entity_type":"PHONE_NUMBER","start":20,"end":30,"score":0.9},{"entity_type":"PERSON","start":5,"end":13,"score":0.8}]'
is "$(anonymized "$results")" '{"text":"I am <PERSON>, call <PHONE_NUMBER>.","items":[{"start":20,"end":34,"entity_type":"PHONE_NUMBER","text":"<PHONE_NUMBER>","operator":"replace","score":0.9},{"start":5,"end":13,"entity_type":"PERSON","text":"<PERSON>","operator":"replace","score":0.8}]}' \
    "what is given is replaced"
covered() {	# ANONYMIZERS
	anonymized "$results,\"anonymizers\":$1" | jq -r .text
}
is "$(covered '{"PERSON":{"type":"redact"},"PHONE_NUMBER":{"type":"mask","masking_char":"*","chars_to_mask":4,"from_end":true}}')" \
    "I am , call 030 90****." "redacted, masked from the end"
is "$(covered '{"DEFAULT":{"type":"mask","masking_char":"\u2022","chars_to_mask":99},"PHONE_NUMBER":{"type":"keep"}}')" \
    "I am ••••••••, call 030 901820." "masked whole, kept"
is "$(covered '{"PERSON":{"type":"hash","salt":"0123456789abcdef"},"DEFAULT":{"type":"replace","new_value":"\u00a7"}}')" \
    "I am $(printf 'J\303\266rg Doe0123456789abcdef' | sha256sum | cut -d' ' -f1), call §." \
    "hashed with a salt as Presidio has it"
hash='{"PERSON":{"type":"hash"}}'
like "$(covered "$hash")" '^I am [0-9a-f]{64}, call' "hashed under the store's key"
is "$(covered "$hash")" "$(covered "$hash")" "the same value in the same way"
settled() {	# RESULTS, each TYPE:START:END:SCORE
	printf '%s\n' "$@" | jq -Rcs 'split("\n")[:-1] | map(split(":") | {entity_type: .[0],
	    start: (.[1] | tonumber), end: (.[2] | tonumber), score: (.[3] | tonumber)}) |
	    {text: "abcd efghij", analyzer_results: .}' >given
	post /anonymize @given | jq -r .text
}
is "$(settled A:0:3:1 A:2:4:1)|$(settled A:0:4:0.5 B:1:2:1)|$(settled A:0:4:0.5 B:0:4:0.9)|$(
    settled A:0:3:1 B:2:4:1)|$(settled A:0:4:1 A:5:11:1)|$(settled B:6:7:1 A:0:1:1)" \
    "<A> efghij|<A> efghij|<B> efghij|<A><B> efghij|<A>|<A>bcd e<B>ghij" \
    "of what overlaps, as Presidio does"
is "$(post /anonymize '{"text":"I am ana@example.com"}' | jq -r .text)" "I am <EMAIL_ADDRESS>" \
    "without results our own guards find them"
is "$(post /anonymize '{"text":["ana@example.com",""],"analyzer_results":[[],[]]}' | jq -c 'map(.text)')" \
    '["ana@example.com",""]' "several texts"
for b in '{"text":"ab","analyzer_results":{}}' '{"text":"ab","analyzer_results":[{}]}' \
    '{"text":"ab","analyzer_results":[{"entity_type":"A","start":0,"end":3}]}' \
    '{"text":"ab","analyzer_results":[{"entity_type":"A","start":1,"end":1}]}' \
    '{"text":"ab","analyzer_results":[{"entity_type":"A","start":-1,"end":1}]}' \
    '{"text":["ab"],"analyzer_results":[]}' '{"text":"ab","analyzer_results":[],"anonymizers":[]}' \
    '{"text":"ab","analyzer_results":[],"anonymizers":{"A":{"type":"encrypt","key":"x"}}}' \
    '{"text":"ab","analyzer_results":[{"entity_type":"A","start":0,"end":1}],"anonymizers":{"A":{"type":"mask"}}}' \
    '{"text":"ab","analyzer_results":[{"entity_type":"A","start":0,"end":1}],"anonymizers":{"A":{"type":"hash","salt":"short"}}}'; do
	is "$(code /anonymize "$b")" "invalid_request 400" "not so: $b"
done
python3 -c 'import json
n = 4000
json.dump({"text": "ab" * n, "anonymizers": {"DEFAULT": {"type": "replace", "new_value": "x" * 1000000}},
    "analyzer_results": [{"entity_type": "A", "start": 2 * i, "end": 2 * i + 1} for i in range(n)]},
    open("grows", "w"))'
is "$(code /anonymize @grows)" "invalid_request 400" "an answer that would grow without end"

is "$("$HANDRAIL" -d s.db list --json --state all | wc -l)" 0 "nothing of all this is kept"
kill $pid
wait $pid
is "$?" 0 "it ends"
done_testing

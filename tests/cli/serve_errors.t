#!/bin/sh
# Every error that handrail-serve.1 lists, as its client gets it: the status, the whole
# body in the form of the API that was asked, and what the head says beside it.
. "$(dirname "$0")/lib.sh"
need_service

ALL_KEY=all-0123456789abcdef CHECK_KEY=check-0123456789abcdef EU_KEY=eu-0123456789abcdef
POOR_KEY=poor-0123456789abcdef DAY_KEY=day-0123456789abcdef MONTH_KEY=month-0123456789abcdef
NO_DAY_KEY=noday-0123456789abcdef NO_MONTH_KEY=nomonth-0123456789abcdef
export ALL_KEY CHECK_KEY EU_KEY POOR_KEY DAY_KEY MONTH_KEY NO_DAY_KEY NO_MONTH_KEY
begin_models
up="url = \"http://127.0.0.1:$port/v1\" shape"
cat >p.conf <<CONF
serve { listen = { "unix:$work/s.sock" } body_max = "9MiB" inflight = 4 }
key "all"   { token_env = "ALL_KEY" may = { "gateway", "check", "submit", "read" } }
key "check" { token_env = "CHECK_KEY" may = { "check" } queues = { "open" } }
key "eu"    { token_env = "EU_KEY" may = { "gateway" } regions = { "eu" } gateways = { "o", "a" } }
key "poor"  { token_env = "POOR_KEY" may = { "gateway" } request_tokens = 50 }
key "day"   { token_env = "DAY_KEY" may = { "gateway" } tokens_day = 100 }
key "month" { token_env = "MONTH_KEY" may = { "gateway" } usd_month = 0.05 }
key "noday" { token_env = "NO_DAY_KEY" may = { "gateway" } tokens_day = 100 }
key "nomonth" { token_env = "NO_MONTH_KEY" may = { "gateway" } usd_month = 0.05 }
guard "down"   { kind = http  url = "http://127.0.0.1:1/"  shape = presidio  retries = 0 }
guard "foul"   { kind = contains  pattern = 'plugh'  must = absent  max_match = 10 }
guard "asked"  { kind = contains  pattern = 'forbidden'  must = absent  on = input }
queue "open"   { rule "fine" { when = "1" route = approve } }
queue "broken" { guards = { "down" }  rule "fine" { when = "1" route = approve } }
queue "q"      { guards = { "foul", "asked" }  fallback = "One moment."
  rule "fine" { when = "failures = 0" route = approve } }
upstream "o" { $up = openai  region = "us" }
upstream "a" { $up = anthropic  region = "us" }
$(for m in s400 s401 s429 s500 hang close nodone; do
	echo "upstream \"o$m\" { $up = openai } upstream \"a$m\" { $up = anthropic }
model \"o$m\" { upstream = \"o$m\" name = \"$m/3\" } model \"a$m\" { upstream = \"a$m\" name = \"$m/3\" }
gateway \"o$m\" { queue = q try = { \"o$m\" } retries = 0 deadline = 1s }
gateway \"a$m\" { queue = q try = { \"a$m\" } retries = 0 deadline = 1s }
gateway \"wo$m\" { queue = q try = { \"o$m\" } retries = 0 stream = window window = 20 }
gateway \"wa$m\" { queue = q try = { \"a$m\" } retries = 0 stream = window window = 20 }"
done)
upstream "one" { $up = openai in_flight = 1 }
model "one" { upstream = one name = "hang" }
gateway "one" { queue = q try = { one } retries = 0 deadline = 1s }
gateway "long" { queue = q try = { one } retries = 0 deadline = 100s }
model "o" { upstream = o name = "ok" in_usd = 1000 out_usd = 1000 }
model "a" { upstream = a name = "ok" }
gateway "o" { queue = q try = { o } on_flag = block refuse = "failed('asked')" }
gateway "a" { queue = q try = { a } on_flag = block refuse = "failed('asked')" }
gateway "prompted" { queue = q prompt = "nobody@production" try = { o } }
CONF
# What is freed goes back to the system, and has to be had from it anew.
MALLOC_MMAP_THRESHOLD_=131072 MALLOC_ARENA_MAX=1
export MALLOC_MMAP_THRESHOLD_ MALLOC_ARENA_MAX
ok "it begins" begin_service
[ -S s.sock ] || exit 1
curl -s --unix-socket s.sock -H "x-api-key: $ALL_KEY" \
    -d '{"id":"i","queue":"q","output":"x"}' http://localhost/v1/items >/dev/null

# Clients that are slow hear so after ten seconds: meanwhile the rest goes on.
python3 - <<'PY' &
import socket
head = b"POST /v1/messages HTTP/1.1\r\nHost: localhost\r\nx-api-key: all-0123456789abcdef\r\n"
slow = {}
for name, sent in ("head", head), ("body", head + b"Content-Length: 99\r\n\r\n{"):
    slow[name] = socket.socket(socket.AF_UNIX)
    slow[name].connect("s.sock")
    slow[name].sendall(sent)
for name, s in slow.items():
    got = b""
    while piece := s.recv(4096):
        got += piece
    open("slow." + name, "wb").write(got)
PY
slow=$!
keep $slow

# row API PATH "STATUS TYPE CODE MESSAGE" "FIELDS" ARGS...: what curl gets of the path, with
# ARGS; FIELDS are those of the head that are not in every answer.  API names the
# form: openai or anthropic.
row() {
	api=$1 path=$2 heads=$4 args=$3; shift 4
	curl -s -m 60 --path-as-is --unix-socket s.sock -D head.txt -o body.txt "$@" "http://localhost$path"
	said
}
# said: the same of head.txt and body.txt.
said() {
	read -r status type code message <<A
$args
A
	[ $api = openai ] && want="{\"error\":{\"message\":\"$message\",\"type\":\"$type\",\"param\":null,\"code\":\"$code\"}}" ||
	    want="{\"type\":\"error\",\"error\":{\"type\":\"$type\",\"message\":\"$message\",\"code\":\"$code\"}}"
	got=$(awk -v ORS='\r\n' -v RS='\r\n' '/^HTTP/ { s = $2; h = "" }
	    !/^(HTTP|Date|Content-|Cache-Control|X-Content-Type|Connection|x-handrail-id|$)/ { h = h $0 }
	    END { printf "%s %s ", s, h }' head.txt; cat body.txt)
	is "$got" "$status $heads $want" "$status $code: $path"
}
auth="x-api-key: $ALL_KEY"
msgs='"max_tokens":9,"messages":[{"role":"user","content":"say: '
chat=/v1/chat/completions resp=/v1/responses mess=/v1/messages

# Who may come in.
row openai $chat "401 invalid_request_error no_key a key is wanted: Authorization: Bearer TOKEN, or x-api-key" \
    "WWW-Authenticate: Bearer" -d x
row anthropic $mess "401 authentication_error no_key a key is wanted: Authorization: Bearer TOKEN, or x-api-key" \
    "WWW-Authenticate: Bearer" -d x
row anthropic $mess "401 authentication_error wrong_key no key has this token" "WWW-Authenticate: Bearer" \
    -d x -H "x-api-key: nobody"
row openai $resp "403 permission_error not_allowed the key check may not do this: its may = { ... } in the policy does not have it" \
    "" -d x -H "x-api-key: $CHECK_KEY"
row anthropic $mess "403 permission_error host_not_allowed the Host is none of this machine's, nor one of serve { hosts = { ... } }" \
    "" -d x -H "$auth" -H "Host: evil.example"
row openai /v1/queues "403 permission_error origin_not_allowed pages in a browser may not call this service" \
    "" -H "$auth" -H "Origin: http://evil.example"
row openai $chat "403 permission_error region_not_allowed the gateway o asks models outside the regions of the key eu" \
    "" -H "x-api-key: $EU_KEY" -d '{"model":"o","messages":[]}'
row anthropic $mess "403 permission_error region_not_allowed the gateway a asks models outside the regions of the key eu" \
    "" -H "x-api-key: $EU_KEY" -d '{"model":"a","max_tokens":1,"messages":[]}'

is "$(curl -s --unix-socket s.sock -H "x-api-key: $EU_KEY" http://localhost/v1/models)" \
    '{"object":"list","data":[]}' "nor does a key see gateways outside its regions"

# Where to.
row openai /v1/nothing "404 invalid_request_error unknown_path there is nothing at this path; handrail-serve(1) lists what there is" \
    "" -H "$auth"
foreign="unsupported_endpoint gateways serve /v1/chat/completions, /v1/responses and /v1/messages, and of /v1/models the list"
row openai /v1/embeddings "404 invalid_request_error $foreign" "" -H "$auth" -d x
row anthropic $mess/count_tokens "404 not_found_error $foreign" "" -H "$auth" -d x
row openai $chat "405 invalid_request_error method_not_allowed this path takes POST" "Allow: POST" -H "$auth"
row anthropic $mess "405 invalid_request_error method_not_allowed this path takes POST" "Allow: POST" -H "$auth"
row openai /metrics "405 invalid_request_error method_not_allowed this path takes GET, HEAD" "Allow: GET, HEAD" -H "$auth" -d x
row openai /v1/items/q/none "404 invalid_request_error unknown_item there is no such item, or the key may not see it" "" -H "$auth"
row openai '/v1/items/q/%ff' "400 invalid_request_error invalid_path the path has an escape that is none, NUL or no UTF-8" "" -H "$auth"
row openai '/v1/check?queue=q' "404 invalid_request_error unknown_queue the key check may see no such queue" "" \
    -H "x-api-key: $CHECK_KEY" -d x
row openai '/v1/check?format=none' "400 invalid_request_error unknown_format the parameter format is no shape of a record; handrail-record(5) lists them" \
    "" -H "$auth" -d x
row openai '/v1/releases?wait=x' "400 invalid_request_error invalid_parameter the parameter wait is a whole number of 0 to 600" "" -H "$auth"
row openai '/v1/releases?after=99' "409 conflict_error behind_the_end the feed ends before 99: after a restore begin again at the backup's last" \
    "x-should-retry: false" -H "$auth"
row openai /v1/moderations "400 invalid_request_error no_queue which queue's guards and rules?  Name one by ?queue= or X-Handrail-Queue, or give the key one queue" \
    "" -H "$auth" -d '{"input":"x"}'
row openai /analyze "400 invalid_request_error no_guard the queue open has no guard that finds private data" \
    "" -H "x-api-key: $CHECK_KEY" -d '{"text":"x","language":"en"}'
row openai '/v1/moderations?queue=none' "404 invalid_request_error unknown_queue the policy has no such queue, or the key may not see it" \
    "" -H "$auth" -d '{"input":"x"}'

# What was sent.
row openai / "400 invalid_request_error bad_request Host is missing" "" -H Host: -H "$auth"
row openai "/$(printf %9000s x | tr ' ' a)" "414 invalid_request_error bad_request the target is too long" ""
row openai / "431 invalid_request_error bad_request the head is too long" "" -H "x: $(printf %17000s x | tr ' ' a)"
row openai / "501 server_error bad_request Transfer-Encoding other than chunked" "" -H "Transfer-Encoding: gzip" -d x
row openai / "417 invalid_request_error bad_request Expect other than 100-continue" "" -H "Expect: x"
row openai $chat "400 invalid_request_error invalid_json byte 9: unexpected end" "" -H "$auth" -d '{"model":'
row anthropic $mess "400 invalid_request_error invalid_json byte 9: unexpected end" "" -H "$auth" -d '{"model":'
row openai $chat "400 invalid_request_error invalid_request model: must be a name" "" -H "$auth" -d '{"model":1}'
row openai /v1/check "400 invalid_request_error invalid_json byte 14: duplicate key" "" -H "$auth" -d '{"output":"a","output":"b"}'
row openai /v1/check "422 invalid_request_error record_refused the record is refused: byte 0: no \\\"output\\\" and no known shape" "" -H "$auth" -d '{"id":"a"}'
row openai /v1/check "400 invalid_request_error invalid_encoding the body is no gzip, or a damaged one" "" -H "$auth" -d 'no gzip, but long enough for its head' -H 'Content-Encoding: gzip'
row openai /v1/check "415 invalid_request_error unsupported_encoding a body comes as it is, or with Content-Encoding: gzip" \
    "" -H "$auth" -d x -H 'Content-Encoding: br'
row openai /v1/traces "415 invalid_request_error unsupported_type spans come as JSON: OTEL_EXPORTER_OTLP_TRACES_PROTOCOL=http/json" \
    "" -H "$auth" -d x -H 'Content-Type: application/x-protobuf'
head -c 9500000 /dev/zero | tr '\0' a >big
row anthropic $mess "413 request_too_large body_too_large the body is too long" "" -H "$auth" --data-binary @big
row openai $chat "413 invalid_request_error body_too_large the body is too long" "" -H "$auth" \
    -H 'Transfer-Encoding: chunked' --data-binary @big
head -c 8388700 /dev/zero | tr '\0' a >record
row openai /v1/check "413 invalid_request_error body_too_large a record may have 8388608 bytes; several come as application/x-ndjson" \
    "" -H "$auth" --data-binary @record
row openai /v1/items "413 invalid_request_error body_too_large the body may have 8388608 bytes" "" -H "$auth" --data-binary @record
row openai /v1/items "409 conflict_error conflict an item of this queue and id is there with other bytes" \
    "x-should-retry: false" -H "$auth" -d '{"id":"i","queue":"q","output":"y"}'

# What a gateway does not take.
row openai $chat "404 invalid_request_error model_not_found the model that is asked for is no gateway that the key all may use; /v1/models lists them" \
    "" -H "$auth" -d '{"model":"none","messages":[]}'
row anthropic $mess "404 not_found_error unsupported_endpoint the gateway o serves /v1/chat/completions and /v1/responses: nothing is translated between APIs" \
    "" -H "$auth" -d '{"model":"o","max_tokens":1,"messages":[]}'
row openai $resp "404 invalid_request_error unsupported_endpoint the gateway a serves /v1/messages: nothing is translated between APIs" \
    "" -H "$auth" -d '{"model":"a","input":"x"}'
row openai $resp "400 invalid_request_error unsupported background: a guarded answer is given in the call that asks for it" \
    "" -H "$auth" -d '{"model":"o","input":"x","background":true}'
row openai $chat "503 server_error prompt_missing the prompt of the gateway prompted: nobody: no such prompt; see handrail prompt list" \
    "Retry-After: 1" -H "$auth" -d '{"model":"prompted","messages":[]}'
row openai $chat "429 rate_limit_error budget_exceeded the request may take 114 tokens, and the key poor may spend 50 on one: ask for fewer" "x-should-retry: false" \
    -H "x-api-key: $POOR_KEY" -d "{\"model\":\"o\",\"max_tokens\":99,\"messages\":[]}"
row openai $chat "429 rate_limit_error budget_exceeded the request may take 114 tokens, and the key day has 100 of its day left: ask for fewer, or after 00:00 UTC" "x-should-retry: false" \
    -H "x-api-key: $DAY_KEY" -d "{\"model\":\"o\",\"max_tokens\":99,\"messages\":[]}"
row openai $chat "429 rate_limit_error budget_exceeded the request may cost 0.1140 USD, and the key month has 0.0500 of its month (UTC) left: ask for fewer tokens" "x-should-retry: false" \
    -H "x-api-key: $MONTH_KEY" -d "{\"model\":\"o\",\"max_tokens\":99,\"messages\":[]}"
sqlite3 s.db "INSERT INTO spend (key, span, tokens, usd) VALUES ('noday', strftime('%Y-%m-%d', 'now'), 100, 0)"
sqlite3 s.db "INSERT INTO spend (key, span, tokens, usd) VALUES ('nomonth', strftime('%Y-%m', 'now'), 0, 0.05)"
row openai $chat "429 rate_limit_error budget_exceeded the key noday has spent its tokens of the day; the next one begins at 00:00 UTC" "x-should-retry: false" \
    -H "x-api-key: $NO_DAY_KEY" -d "{\"model\":\"o\",\"max_tokens\":1,\"messages\":[]}"
row openai $chat "429 rate_limit_error budget_exceeded the key nomonth has spent its budget of the month (UTC)" "x-should-retry: false" \
    -H "x-api-key: $NO_MONTH_KEY" -d "{\"model\":\"o\",\"max_tokens\":1,\"messages\":[]}"
refused="content_filter the input is refused by this service's policy"
for stream in false true; do
	row openai $resp "400 invalid_request_error $refused" "x-handrail-route: flag" -H "$auth" \
	    -d "{\"model\":\"o\",\"stream\":$stream,\"input\":\"forbidden\"}"
	row anthropic $mess "400 invalid_request_error $refused" "x-handrail-route: flag" -H "$auth" \
	    -d "{\"model\":\"a\",\"stream\":$stream,${msgs}forbidden\"}]}"
	row openai $chat "400 invalid_request_error content_filter the answer is held back by this service's policy" \
	    "x-handrail-route: flag" -H "$auth" -d "{\"model\":\"o\",\"stream\":$stream,${msgs}plugh\"}]}"
done

# What its model's service does.
row openai "/analyze?queue=broken" "503 server_error guard_error the guard down could not run" "Retry-After: 1" -H "$auth" -d '{"text":"x","language":"en"}'
for api in o:openai:$chat:rate_limit_error:server_error:server_error a:anthropic:$mess:rate_limit_error:api_error:timeout_error; do
	IFS=: read -r m form path limit broken late <<A
$api
A
	row $form $path "502 $broken upstream_refused the model's service refused the call with status 401" "" \
	    -H "$auth" -d "{\"model\":\"${m}s401\",${msgs}x\"}]}"
	row $form $path "429 $limit rate_limited the model's service takes no more calls for now" "Retry-After: 1" \
	    -H "$auth" -d "{\"model\":\"${m}s429\",${msgs}x\"}]}"
	row $form $path "429 $limit rate_limited the models of the gateway take no more calls for now" "Retry-After: 1" \
	    -H "$auth" -d "{\"model\":\"${m}s429\",${msgs}x\"}]}"
	row $form $path "502 $broken upstream_error no model gave a whole answer" "" \
	    -H "$auth" -d "{\"model\":\"${m}nodone\",\"stream\":true,${msgs}x\"}]}"
	row $form $path "504 $late upstream_timeout no model answered within the gateway's deadline" "x-should-retry: false" \
	    -H "$auth" -d "{\"model\":\"${m}hang\",${msgs}x\"}]}"
	for _ in 1 2 3 4 5; do
		row $form $path "502 $broken upstream_error no model gave a whole answer" "" \
		    -H "$auth" -d "{\"model\":\"${m}s500\",${msgs}x\"}]}"
	done
	row $form $path "503 $(echo $broken | sed s/api_/overloaded_/) upstream_unavailable the models of the gateway failed again and again, and are not asked for a moment" \
	    "Retry-After: 10" -H "$auth" -d "{\"model\":\"${m}s500\",${msgs}x\"}]}"
done

# Once something of a stream is out, an error is its last event, and no clean end follows.
long="The weather is fine and the sea is calm and the boats are out at the sea"
ends() {	# PATH NAME BODY WANT
	is "$(post $ALL_KEY "$1" "$3" | grep . | tail -n 2 | sed 's/\("sequence_number":\)[0-9]*/\1N/')" "$4" "$2"
}
broken='"message":"no model gave a whole answer"'
openai='"error":{'"$broken"',"type":"server_error","param":null,"code":"upstream_error"}'
ends $chat "in a stream: chat" "{\"model\":\"wonodone\",\"stream\":true,${msgs}$long\"}]}" \
    "$(post $ALL_KEY $chat "{\"model\":\"wonodone\",\"stream\":true,${msgs}$long\"}]}" | grep . | tail -n 2 | head -n 1)
data: {$openai}"
ends $resp "in a stream: responses" "{\"model\":\"wonodone\",\"stream\":true,\"input\":\"say: $long\"}" \
    "event: error
data: {\"type\":\"error\",\"code\":\"upstream_error\",$broken,\"param\":null,\"sequence_number\":N,$openai}"
ends $mess "in a stream: messages" "{\"model\":\"wanodone\",\"stream\":true,${msgs}$long\"}]}" \
    "event: error
data: {\"type\":\"error\",\"error\":{\"type\":\"api_error\",$broken,\"code\":\"upstream_error\"}}"
numbers=$(post $ALL_KEY $resp "{\"model\":\"wonodone\",\"stream\":true,\"input\":\"say: $long\"}" |
    sed -n 's/.*"sequence_number": *\([0-9]*\).*/\1/p')
is "$numbers" "$(seq 0 $(($(echo "$numbers" | wc -l) - 1)))" "whose number is the next"
is "$(post $ALL_KEY $chat "{\"model\":\"os400\",${msgs}x\"}]}" -w ' %{http_code}')" \
    '{"error": {"message": "told to", "type": "t", "param": null, "code": "c"}} 400' \
    "what the service says of the request is passed on"

# Time that is over: while another has the place at its service, and of clients.
post $ALL_KEY $chat "{\"model\":\"long\",${msgs}hold\"}]}" -m 200 >long.out &
long=$!
keep $long
await grep -q "say: hold" up.log
row openai $chat "504 server_error deadline no model answered within the gateway's deadline" \
    "x-should-retry: false" -H "$auth" -d "{\"model\":\"one\",${msgs}x\"}]}"
wait $slow
for what in head body; do
	sed '/^\r$/q' slow.$what >head.txt
	sed '1,/^\r$/d' slow.$what >body.txt
	api=anthropic path="a $what that does not come" heads=
	[ $what = body ] || api=openai
	args="408 invalid_request_error timeout the request came too slowly"
	said
done

# No memory for a body, and there is some again.
if grep -qaE "__(a|t)san_init" "$HANDRAIL"; then
	diag "a sanitizer has an allocator of its own"
else
	head -c 6000000 /dev/zero | tr "\0" a >most
	prlimit --pid $pid --as=4096:unlimited
	row anthropic $mess "503 overloaded_error no_memory out of memory" "Retry-After: 1" -H "$auth" --data-binary @most
	prlimit --pid $pid --as=unlimited:unlimited
	row openai $chat "400 invalid_request_error invalid_json byte 0: expected a value" "" -H "$auth" --data-binary @most
fi

# As many calls as may be; a service that ends.
curl -s --unix-socket s.sock -H "$auth" -d '{"id":"w","queue":"q","output":"plugh"}' http://localhost/v1/items >/dev/null
waits=
for n in 1 2 3; do	# beside the one above
	curl -s -m 60 --unix-socket s.sock -H "$auth" -D wait$n.head "http://localhost/v1/items/q/w/release?wait=60" >wait$n.out &
	waits="$waits $!"
done
await sh -c "curl -s --unix-socket s.sock -H '$auth' http://localhost/healthz -o /dev/null &&
    curl -s --unix-socket s.sock -H '$auth' http://localhost/v1/queues | grep -q overloaded"
row anthropic $mess "503 overloaded_error overloaded as many calls are under way as may be; try again" \
    "Retry-After: 1" -H "$auth" -d "{\"model\":\"a\",${msgs}x\"}]}"
kill $pid
stops="503 overloaded_error stopping the service is stopping"
await sh -c "curl -s --unix-socket s.sock http://localhost/readyz | grep -q stopping"
row anthropic $mess "$stops" "Retry-After: 1" -H "$auth" -d "{\"model\":\"a\",${msgs}x\"}]}"
row openai /readyz "$(echo $stops | sed s/overloaded_/server_/)" "Retry-After: 1"
wait $waits
is "$(cat wait1.out)" '{"id":"w","queue":"q","state":"flagged","route":"flag","rule":"no rule matched","released":false,"release":"One moment."}' \
    "who waits gets what there is when it ends"
kill $long
wait $pid
is $? 0 "and it ends"
done_testing

#!/bin/sh
# What others' programs send to the service: bodies that are gzipped, and the spans of
# OpenTelemetry.
. "$(dirname "$0")/lib.sh"
need_service

SHOP_KEY=shop-0123456789abcdef CHECK_KEY=check-0123456789abcdef
OPS_KEY=ops-0123456789abcdef
export SHOP_KEY CHECK_KEY OPS_KEY
cat >p.conf <<CONF
serve { listen = { "unix:$work/s.sock" } body_max = "1MiB" }
key "shop"  { token_env = "SHOP_KEY"  may = { "submit", "check", "read" }
              queues = { "support" } }
key "check" { token_env = "CHECK_KEY" may = { "check" } }
key "ops"   { token_env = "OPS_KEY"   may = { "submit" } }
queue "support" { guards = { "pii" }
  rule "clean" { when = "failures = 0" route = approve } }
queue "other" { }
CONF
ok "it begins" begin_service

# As ever, but with a type, and the status on a line of its own.
call() {
	key=$1 path=$2; shift 2
	curl -s -m 60 --unix-socket s.sock -H "x-api-key: $key" \
	    -H "Content-Type: ${type:-application/json}" -w '\n%{http_code}\n' "$@" \
	    "http://localhost$path"
}
body() {
	call "$@" | head -n 1
}
# posted FILE [PATH [KEY]]: its code, or its body where that has none.
gz() {
	body "${3-$SHOP_KEY}" "${2-/v1/check}" -H 'Content-Encoding: gzip' --data-binary @"$1"
}

# Bodies that come packed.
printf '{"id":"g1","queue":"support","output":"Nothing here."}' >one
gzip -c one >one.gz
is "$(gz one.gz | jq -r .route)" approve "a gzipped body is read"
{ gzip -c one; printf '\n' | gzip -c; } >two.gz
is "$(gz two.gz | jq -r .route)" approve "one of two members too"
is "$(gz one.gz | jq -r .route; gz one.gz | jq -r .id)" "approve
g1" "and so is the next"
is "$(body $SHOP_KEY /v1/check -H 'Content-Encoding: identity' -d @one | jq -r .id)" g1 \
    "identity says nothing"
head -c $(($(wc -c <one.gz) - 4)) one.gz >short.gz
{ cat one.gz; echo more; } >more.gz
for f in short.gz more.gz one; do
	is "$(code $SHOP_KEY /v1/check -H 'Content-Encoding: gzip' --data-binary @$f)" \
	    "invalid_encoding 400" "$f is refused"
done
is "$(code $SHOP_KEY /v1/check -H 'Content-Encoding: gzip' -X POST)" \
    "invalid_encoding 400" "and so is nothing"
is "$(code $SHOP_KEY /v1/check -H 'Content-Encoding: gzip' -H 'Content-Encoding: gzip' \
    --data-binary @one.gz)" "unsupported_encoding 415" "packed twice"
is "$(code $SHOP_KEY /v1/check -H 'Content-Encoding: zstd' --data-binary @one)" \
    "unsupported_encoding 415" "another packing"
python3 -c 'print("{\"output\":\"" + "a" * 500000 + "\"}")' | gzip -9c >bomb.gz
is "$(call $SHOP_KEY /v1/check -H 'Content-Encoding: gzip' --data-binary @bomb.gz |
    jq -Rr 'fromjson? | .error?.message?')" \
    "the body unpacks to more than a hundred times its size" "a bomb"
python3 -c 'import random
random.seed(1)
print("{\"output\":\"" + "".join(random.choice("abcdefgh ") for i in range(1100000)) + "\"}")' |
    gzip -9c >large.gz
is "$(wc -c <large.gz | awk '{ print ($1 < 1000000) }') $(call $SHOP_KEY /v1/check \
    -H 'Content-Encoding: gzip' --data-binary @large.gz |
    jq -Rr 'fromjson? | .error?.message?')" \
    "1 the body is too large once it is unpacked" "the limit is that of what is unpacked"

# Spans.
cat >span.py <<'PY'
import json, sys
def attribute(key, value):
    return {"key": key, "value": {"intValue": value} if isinstance(value, int)
            else {"stringValue": value}}
def span(n, name, **attributes):
    return {"traceId": "5b8efff798038103d269b633813fc60c", "spanId": "eee19b7ec3c1b1%02d" % n,
            "name": name, "kind": 3, "startTimeUnixNano": "1544712660000000000",
            "endTimeUnixNano": "1544712661500000000",
            "attributes": [attribute(k.replace("__", "."), v) for k, v in attributes.items()]}
def output(text):
    return json.dumps([{"role": "assistant", "parts": [{"type": "text", "content": text}],
                        "finish_reason": "stop"}])
def chat(n, text, **more):
    return span(n, "chat m1", gen_ai__operation__name="chat", gen_ai__request__model="m1",
                gen_ai__usage__output_tokens=7, gen_ai__output__messages=output(text), **more)
def request(*spans):
    return {"resourceSpans": [{"resource": {"attributes": []}, "schemaUrl": "x",
            "scopeSpans": [{"scope": {"name": "t"}, "spans": list(spans)}]}]}
print(json.dumps(eval(sys.argv[1])))
PY
spans() {
	python3 span.py "$1"
}
spans 'request(chat(1, "All is well."), span(2, "GET /"), chat(3, "Write to ana@example.com."))' >a
is "$(body $SHOP_KEY /v1/traces -d @a)" "{}" "spans are taken"
is "$("$HANDRAIL" -d s.db list --json --state all 2>&1 | jq -rc '[.id, .queue, .state, .model]' | sort)" \
    '["eee19b7ec3c1b101","support","approved","m1"]
["eee19b7ec3c1b103","support","flagged","m1"]' "those with an output are items of the key's queue"
is "$(body $SHOP_KEY /v1/traces -d @a)" "{}" "what is sent again is there already"
gzip -c a >a.gz
is "$(gz a.gz /v1/traces)" "{}" "gzipped too"
is "$("$HANDRAIL" -d s.db list --json --state all | wc -l)" 2 "and nothing is stored twice"
spans 'request(chat(1, "Other words."), span(4, "chat", gen_ai__operation__name="chat"),
    chat(5, "Fine."))' >b
is "$(body $SHOP_KEY /v1/traces -d @b)" "$(printf %s \
    '{"partialSuccess":{"rejectedSpans":2,"errorMessage":"2 of 3 spans not taken: ' \
    'span 2: byte 0: the span holds no output (gen_ai.output.messages)"}}')" \
    "what is not taken is said"
is "$("$HANDRAIL" -d s.db list --json --state all | wc -l)" 3 "and the rest is stored"
spans 'request(chat(6, "A"), chat(7, "B", note="N \ud83d"), span(8, "x", y="\u0000"))' >c
is "$(body $SHOP_KEY /v1/traces -d @c | jq -c '[.partialSuccess.rejectedSpans,
    (.partialSuccess.errorMessage | test("span 2: .*surrogate"))]')" "[1,true]" \
    "a text that was cut in half is that span's fault alone"
for b in '{}' '{"resourceSpans":null}' '{"resourceSpans":[]}' '{"resourceSpans":[{}]}' \
    '{"resourceSpans":[{"scopeSpans":[{"spans":[]}]}]}' \
    '{"resourceSpans":[{"scopeSpans":[{"spans":[1,null,[],{}]}]}],"more":1}'; do
	is "$(body $SHOP_KEY /v1/traces -d "$b")" "{}" "nothing in it: $b"
done
for b in '' '[]' '1' '{"resourceSpans":{}}' '{"resourceSpans":[1]}' '{"resourceSpans":[' \
    '{"resourceSpans":[{"scopeSpans":1}]}' '{"resourceSpans":[{"scopeSpans":["CANARY"]}]}' \
    '{"resourceSpans":[],"resourceSpans":[]}'; do
	is "$(code $SHOP_KEY /v1/traces -d "$b")" "invalid_json 400" "no spans: $b"
done
is "$(type=application/x-protobuf; code $SHOP_KEY /v1/traces -d x)" \
    "unsupported_type 415" "protocol buffers are not read"
is "$(code $CHECK_KEY /v1/traces -d @a)" "not_allowed 403" "the right to check is not enough"
is "$(code $OPS_KEY /v1/traces -d @a)" "no_queue 400" "a key of several queues names one"
is "$(body $OPS_KEY '/v1/traces?queue=other' -d @a)" "{}" "in the query"
is "$(body $OPS_KEY /v1/traces -H 'X-Handrail-Queue: other' -d @c |
    jq .partialSuccess.rejectedSpans)" 1 "or in a field"
is "$("$HANDRAIL" -d s.db list --json --state all --queue other | wc -l)" 3 "and they are there"
is "$(code $OPS_KEY '/v1/traces?queue=nope' -d @a)" "unknown_queue 404" "no such queue"
is "$(code $SHOP_KEY '/v1/traces?queue=other' -d @a)" "unknown_queue 404" "nor another's"
is "$(call $SHOP_KEY /v1/traces -d @c | grep -c 'N ')" 0 "no answer repeats what was sent"

kill $pid
wait $pid
is "$?" 0 "it ends"
done_testing

#!/bin/sh
# promptfoo's provider "http": requests of one's own making, and a path into the answer.
. "$(dirname "$0")/lib.sh"
command -v python3 >/dev/null || skip_all "no python3"

HANDRAIL_STORE=$work/s.db
export HANDRAIL_STORE
python3 "$root/tests/cli/model.py" port log >/dev/null 2>&1 &
model=$!
trap 'kill $model 2>/dev/null; rm -rf "$work"' EXIT
await test -s port
: >log
url=http://127.0.0.1:$(cat port)/echo
outputs() {	# RUN FILTER: of each case
	"$HANDRAIL" run show "$1" --json | jq -c "[.rows[].output | $2]"
}
cat >h.yaml <<YAML
prompts: ['Say {{q}}']
providers:
  - id: https
    label: object
    config:
      url: '$url/{{where}}'
      headers: { 'X-Key': 'k-{{env.HTTP_KEY}}-{{where}}' }
      body: { text: '{{prompt}}', deep: [{ n: '{{n}}', where: 'in {{where}}' }] }
      transformResponse: 'json.said[0]'
  - id: $url/get
    label: get
    config: { transformResponse: "json?.said[0]['path']" }
  - { id: http, label: text, config: { url: $url, method: PUT, body: 'a={{q}}', transformResponse: json.said.0 } }
  - { id: http, label: put, config: { url: $url, method: PUT, body: 'a={{q}}' } }
  - { id: http, label: quoted, config: { url: $url, headers: { content-type: application/json }, body: '{"q": "{{q}}"}', transformResponse: 'json.said[0].body' } }
  - { id: http, label: all, config: { url: $url, body: '{{prompt}}', transformResponse: text } }
tests:
  - vars: { q: 'a "b"', where: x, n: 5 }
    assert: [{ type: contains, value: '/echo' }]
  - vars: { q: c, where: y, n: [[1, 2]] }
YAML
HTTP_KEY=secret
export HTTP_KEY
try 2 "a step that is none" eval h.yaml
like "$err" 'providers: provider http: "transformResponse" of its config is not known: only text, json and a path' "is named"
is "$(cat log)" "" "and nothing was asked"
try 1 "--skip leaves that provider out" eval h.yaml --skip --json
is "$(json '.runs | map([.variant, .passed, .errors]) | tostring')" \
    '[["object",2,0],["get",2,0],["put",2,0],["quoted",1,0],["all",2,0]]' "each provider is a variant"
is "$(outputs 1 '(fromjson | [.method, .path, .type, .key, .body]) | tostring')" \
    '["[\"POST\",\"/echo/x\",\"application/json\",\"k-secret-x\",\"{\\\"text\\\":\\\"Say a \\\\\\\"b\\\\\\\"\\\",\\\"deep\\\":[{\\\"n\\\":5,\\\"where\\\":\\\"in x\\\"}]}\"]","[\"POST\",\"/echo/y\",\"application/json\",\"k-secret-y\",\"{\\\"text\\\":\\\"Say c\\\",\\\"deep\\\":[{\\\"n\\\":[1,2],\\\"where\\\":\\\"in y\\\"}]}\"]"]' \
    "an object is filled in, and what is JSON in it is no text"
is "$(outputs 2 .)" '["/echo/get","/echo/get"]' "a URL alone is asked by GET; a path with names in brackets"
is "$(outputs 3 'fromjson | .said[0] | [.method, .type, .body] | tostring')" \
    '["[\"PUT\",\"text/plain\",\"a=a \\\"b\\\"\"]","[\"PUT\",\"text/plain\",\"a=c\"]"]' "a text, with its method; without a path all of the answer"
is "$(outputs 4 .)" '["{\"q\":\"a \\\"b\\\"\"}","{\"q\":\"c\"}"]' "a text that is JSON keeps its quotes"
n=$(wc -l <log)
HTTP_KEY=other
run eval h.yaml --skip
is "$(wc -l <log)" "$n" "nothing is asked twice, whatever the key is now"

# What cannot be sent or read is no pass.
cat >e.yaml <<YAML
prompts: ['{{q}}']
providers:
  - { id: http, config: { url: $url, body: { a: '{{prompt}}' }, transformResponse: json.said.text } }
tests:
  - vars: { q: a }
    assert: [{ type: not-contains, value: nothing }]
YAML
try 1 "a path that leads nowhere" eval e.yaml --json
is "$(json '.runs[0].failing[0].error')" "the answer has nothing at the path of transformResponse" "is an error, and no pass"
sed "s/body: { a: '{{prompt}}' }/headers: { X-Key: '{{q}}' }/; s/q: a }/q: \"a\\\\r\\\\nX: y\" }/" e.yaml >f.yaml
try 2 "a header with a line break" eval f.yaml
like "$err" 'provider http: header X-Key: a line break' "is refused"
sed "s/X-Key: '{{q}}'/X-Key: '{{env.NO_SUCH}}'/" f.yaml >g.yaml
try 2 "a variable that is not set" eval g.yaml
like "$err" 'header X-Key: no variable is called env.NO_SUCH' "is named"
sed 's/config: { url/transform: output.x, config: { url/' e.yaml >t.yaml
try 2 "a provider's transform" eval t.yaml
like "$err" "providers: a provider's \"transform\" is not known" "is named too"
sed 's/not-contains, value: nothing/llm-rubric, value: nice, provider: echo/' e.yaml >j.yaml
try 2 "a provider that cannot judge" eval j.yaml
like "$err" 'test 1: cannot be asked to judge: provider echo' "is named"

# Two of one name, each with its own config, are two.
cat >two.yaml <<YAML
prompts: ['{{q}}']
providers:
  - { id: http, config: { url: $url/1 } }
  - { id: http, config: { url: $url/2 } }
tests: [{ vars: { q: a }, assert: [{ type: contains, value: /echo/1 }] }]
YAML
try 1 "two of one name" eval two.yaml --json
is "$(json '.runs | map([.variant, .passed])')" '[["http",1],["http#2",0]]' "are two variants"
# Assertions that a service answers.
at=${url%/echo}
cat >s.yaml <<YAML
prompts: ['{{q}}']
providers: [echo]
defaultTest:
  assert:
    - { type: webhook, value: $at/hook }
    - { type: moderation }
    - { type: moderation, metric: violence, value: [violence] }
    - { type: not-classifier, metric: not-neg, value: NEG, threshold: 0.5, provider: { id: 'huggingface:text-classification:m', config: { apiEndpoint: $at/classify } } }
tests:
  - vars: { q: good, other: 1 }
  - vars: { q: bad }
  - vars: { q: mumble }
YAML
OPENAI_BASE_URL=$at/v1
export OPENAI_BASE_URL
n=$(wc -l <log)
try 1 "services that judge" eval s.yaml --json
is "$(json '.runs[0].checks | map([.name, .passed, .failed, .error]) | tostring')" \
    '[["webhook",1,1,1],["moderation",1,1,1],["violence",2,0,1],["not-neg",1,1,1]]' "pass, miss, or are no answer"
is "$(json '.runs[0].failing[0].checks | map(.reason) | tostring')" '["so says the hook","flagged: hate","score 0.9, 0.5 is asked for"]' "with what they say"
is "$(json '.runs[0].failing[1].checks[0].reason')" 'the answer has no "pass" that is true or false' "an answer of another form is an error"
is "$(sed -n 's/^service //p' log | jq -c . | sort | sed -n '1p;3p;5p')" \
    '{"inputs":"bad"}
{"model":"omni-moderation-latest","input":"bad"}
{"output":"bad","context":{"prompt":"bad","vars":{"q":"bad"}}}' "in their own forms, each asked once"
n=$(wc -l <log)
run eval s.yaml
is "$(wc -l <log)" "$n" "and what they said is kept"
cat >n.yaml <<YAML
prompts: ['{{q}}']
providers: [echo]
tests:
  - { vars: { q: a }, assert: [{ type: moderation, provider: 'replicate:moderation:x' }] }
  - { vars: { q: b }, assert: [{ type: webhook, value: hook.py }] }
  - { vars: { q: c }, assert: [{ type: assert-set, assert: [{ type: moderation }] }] }
YAML
try 2 "one that cannot be asked" eval n.yaml
like "$err" 'test 1: moderation: provider replicate:moderation:x cannot be asked from here: openai:moderation can' "is named"
like "$err" 'test 2: webhook: a value that begins with http' "a webhook that is no URL"
like "$err" 'test 3: moderation within an assert-set is not asked here' "and one within a set"
chat() {	# ID FINISH
	printf '{"id":"%s","object":"chat.completion","choices":[{"index":0,"finish_reason":"%s","message":{"role":"assistant","content":"x"}}]}\n' "$1" "$2"
}
{ chat a content_filter; chat b stop; printf '{"id":"c","output":"x"}\n'; } >r.jsonl
printf 'description: g\ntests:\n  - {description: a, assert: [{type: guardrails}]}\n  - {description: b, assert: [{type: guardrails}]}\n  - {description: c, assert: [{type: guardrails}]}\n' >g2.yaml
try 1 "guardrails" eval g2.yaml --records r.jsonl --json
is "$(json '.runs[0].checks[0] | [.passed, .failed, .error]')" '[1,1,1]' "are why the model stopped; where nothing says so it is an error"
done_testing

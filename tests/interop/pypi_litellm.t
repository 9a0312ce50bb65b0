#!/bin/sh
# LiteLLM's proxy asks the service: by its generic guardrail, by its Presidio one, and
# as the model that it calls.
. "$(dirname "$0")/../cli/lib.sh"
. "$root/tests/interop/pypi.sh"

proxy=$(free_port) master=sk-0123456789abcdef0123456789abcdef
cat >config.yaml <<CONF
model_list:
  - model_name: m1
    litellm_params: { model: openai/ok, api_key: x, api_base: "$model/v1" }
  - model_name: m2
    litellm_params: { model: openai/reply, api_key: $GATE_KEY, api_base: "$at/v1" }
guardrails:
  - guardrail_name: handrail
    litellm_params:
      guardrail: generic_guardrail_api
      mode: [pre_call, post_call]
      api_base: $at
      headers: { x-api-key: $GATE_KEY }
  - guardrail_name: after
    litellm_params:
      guardrail: generic_guardrail_api
      mode: post_call
      api_base: $at
      headers: { x-api-key: $GATE_KEY }
  - guardrail_name: presidio
    litellm_params:
      guardrail: presidio
      mode: pre_call
      presidio_analyzer_api_base: "http://any:$GATE_KEY@127.0.0.1:$port/"
      presidio_anonymizer_api_base: "http://any:$GATE_KEY@127.0.0.1:$port/"
general_settings: { master_key: $master }
CONF
"$pypi/bin/litellm" --config config.yaml --host 127.0.0.1 --port $proxy >proxy.out 2>&1 &
litellm=$!
# It takes a minute to begin.
up=1
for try in 1 2 3 4 5 6; do
	await curl -sf "http://127.0.0.1:$proxy/health/liveliness" && up=0 && break
	diag "waiting for the proxy: $try"
done
is $up 0 "the proxy begins"

ask() {	# MODEL GUARDRAIL TEXT: what the model said, or the error
	curl -s "http://127.0.0.1:$proxy/v1/chat/completions" -H "Authorization: Bearer $master" \
	    -H 'Content-Type: application/json' -d "{\"model\":\"$1\"${2:+,\"guardrails\":[\"$2\"]},
	    \"messages\":[{\"role\":\"user\",\"content\":\"$3\"}]}" |
	    jq -r '.choices[0].message.content // .error.message'
}
asked() {	# What the model was asked last.
	tail -n 1 up.log | jq -r '.body.messages[-1].content'
}
is "$(ask m1 handrail 'say: hello')" "hello" "what is clean passes"
is "$(ask m1 handrail 'I am ana@example.com, say: hi')|$(asked)" \
    "hi|I am <EMAIL_ADDRESS>, say: hi" "what is private is covered before the model has it"
is "$(ask m1 handrail 'you idiot')" "abuse (abuse)" "what is flagged is blocked"
is "$(ask m1 after 'say: Ask ana@example.com.')|$(ask m1 after 'say: you idiot')" \
    "Ask <EMAIL_ADDRESS>.|abuse (abuse)" "an answer is covered, or blocked"
is "$(ask m1 presidio 'tel +49 30 901820, ana@example.com, say: hi')|$(asked)" \
    "hi|tel <PHONE_NUMBER>, <EMAIL_ADDRESS>, say: hi" "by its client of Presidio"
is "$(ask m2 '' 'say: Ask ana@example.com.')|$(ask m2 '' 'say: you idiot')" \
    "Ask <EMAIL_ADDRESS>.|One moment." "the gateway is a model to it"

kill $litellm
wait $litellm 2>/dev/null
ends

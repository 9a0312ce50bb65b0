#!/bin/sh
# LiteLLM's proxy asks the service: by its generic guardrail, and by its Presidio one.
. "$(dirname "$0")/../cli/lib.sh"
. "$root/tests/interop/pypi.sh"

mock=$(free_port) proxy=$(free_port) master=sk-0123456789abcdef0123456789abcdef
cat >config.yaml <<CONF
model_list:
  - model_name: m1
    litellm_params: { model: openai/m1, api_key: x, api_base: "http://127.0.0.1:$mock/v1" }
guardrails:
  - guardrail_name: handrail
    litellm_params:
      guardrail: generic_guardrail_api
      mode: [pre_call, post_call]
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
"$pypi/bin/python" "$root/tests/interop/pypi_model.py" $mock &
model=$!
"$pypi/bin/litellm" --config config.yaml --host 127.0.0.1 --port $proxy >proxy.out 2>&1 &
litellm=$!
# It takes a minute to begin.
up=1
for try in 1 2 3 4 5 6; do
	await curl -sf "http://127.0.0.1:$proxy/health/liveliness" && up=0 && break
	diag "waiting for the proxy: $try"
done
is $up 0 "the proxy begins"

ask() {	# GUARDRAIL TEXT: what the model was asked and said, or the error
	curl -s "http://127.0.0.1:$proxy/v1/chat/completions" -H "Authorization: Bearer $master" \
	    -H 'Content-Type: application/json' -d "{\"model\":\"m1\",\"guardrails\":[\"$1\"],
	    \"messages\":[{\"role\":\"user\",\"content\":\"$2\"}]}" |
	    jq -r '.choices[0].message.content // .error.message'
}
is "$(ask handrail hello)" "asked: hello" "what is clean passes"
is "$(ask handrail 'I am ana@example.com')" "asked: I am <EMAIL_ADDRESS>" \
    "what is private is covered before the model has it"
is "$(ask handrail 'you idiot')" "abuse (abuse)" "what is flagged is blocked"
is "$(ask handrail leak)" "Write to <EMAIL_ADDRESS>." "an answer is covered"
is "$(ask handrail curse)" "abuse (abuse)" "or blocked"
is "$(ask presidio 'tel +49 30 901820, ana@example.com')" \
    "asked: tel <PHONE_NUMBER>, <EMAIL_ADDRESS>" "by its client of Presidio"

kill $litellm $model
wait $litellm $model 2>/dev/null
ends

#!/bin/sh
# The packages openai and anthropic from PyPI: moderations, and both APIs' gateways.
. "$(dirname "$0")/../cli/lib.sh"
. "$root/tests/interop/pypi.sh"

cat >openai_ask.py <<'PY'
import sys
import openai

client = openai.OpenAI(base_url=sys.argv[1] + "/v1", api_key=sys.argv[2], max_retries=0)
for result in client.moderations.create(input=["Hi", "you idiot", "ana@example.com"]).results:
    print(result.flagged, result.categories.harassment, result.categories.violence,
          result.category_scores.harassment, result.category_applied_input_types.harassment)
try:
    openai.OpenAI(base_url=sys.argv[1] + "/v1", api_key="wrong-0123456789abcdef",
                  max_retries=0).moderations.create(input="Hi")
except openai.AuthenticationError as e:
    print(e.status_code, e.code)


def chat(text, **more):
    return client.chat.completions.create(
        model="reply", messages=[{"role": "user", "content": text}], **more)


for text in "say: All is well.", "say: Ask ana@example.com.", "say: You idiot.":
    choice = chat(text).choices[0]
    chunks = list(chat(text, stream=True))
    streamed = "".join(c.choices[0].delta.content or "" for c in chunks if c.choices)
    response = client.responses.create(model="reply", input=text)
    print(choice.message.content, choice.finish_reason, streamed,
          chunks[-1].choices[0].finish_reason, response.output_text, response.status, sep="|")
PY
is "$("$pypi/bin/python" openai_ask.py "$at" $GATE_KEY)" "False False False 0.0 []
True True False 1.0 ['text']
True False False 0.0 []
401 wrong_key
All is well.|stop|All is well.|stop|All is well.|completed
Ask <EMAIL_ADDRESS>.|stop|Ask <EMAIL_ADDRESS>.|stop|Ask <EMAIL_ADDRESS>.|completed
One moment.|content_filter|One moment.|content_filter|One moment.|incomplete" "openai"
cat >anthropic_ask.py <<'PY'
import sys
import anthropic

client = anthropic.Anthropic(base_url=sys.argv[1], api_key=sys.argv[2], max_retries=0)
for text in "say: All is well.", "say: Ask ana@example.com.", "say: You idiot.":
    ask = dict(model="claude", max_tokens=99, messages=[{"role": "user", "content": text}])
    whole = client.messages.create(**ask)
    with client.messages.stream(**ask) as stream:
        streamed = "".join(stream.text_stream)
        final = stream.get_final_message()
    print(whole.content[0].text, whole.stop_reason, streamed, final.stop_reason, sep="|")
try:
    anthropic.Anthropic(base_url=sys.argv[1], api_key="wrong-0123456789abcdef",
                        max_retries=0).messages.create(**ask)
except anthropic.AuthenticationError as e:
    print(e.status_code, e.body["error"]["type"])
PY
is "$("$pypi/bin/python" anthropic_ask.py "$at" $GATE_KEY)" "All is well.|end_turn|All is well.|end_turn
Ask <EMAIL_ADDRESS>.|end_turn|Ask <EMAIL_ADDRESS>.|end_turn
One moment.|refusal|One moment.|refusal
401 authentication_error" "anthropic"
ends

#!/bin/sh
# The openai package from PyPI asks for moderations.
. "$(dirname "$0")/../cli/lib.sh"
. "$root/tests/interop/pypi.sh"

cat >ask.py <<'PY'
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
PY
is "$("$pypi/bin/python" ask.py "$at" $GATE_KEY)" "False False False 0.0 []
True True False 1.0 ['text']
True False False 0.0 []
401 wrong_key" "flags, categories and errors are its own"
ends

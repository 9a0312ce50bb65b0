#!/bin/sh
# Other programs' records: how each arrives, is kept, and is answered.
. "$(dirname "$0")/lib.sh"
shapes=$root/tests/data/shapes

# --format: what it made of a record stays so, although the bytes say other.
cat >forced.jsonl <<\LINES
{"id":"resp","object":"response","output":[{"type":"message","content":[{"type":"output_text","text":"hi"}]}]}
LINES
echo '{"id":"bare","choices":[{"message":{"content":"no mark here"}}]}' >bare.jsonl
try 0 "--format native on a Responses object" -d f.db ingest --format native forced.jsonl
try 0 "--format openai-chat on what has no mark of it" -d f.db ingest --format openai-chat bare.jsonl
run -d f.db show --json resp
is "$(json '.output[0].type')" message "its output is the array"
run -d f.db show --json bare
is "$code$(json .output)" "0no mark here" "read again in the shape that was forced"
is "$("$HANDRAIL" -d f.db list --json --where "output like '%mark%'" | jq -r .id)" bare "conditions too"
run -d f.db decide bare accept
run -d f.db releases --after 0
is "$(json .release)" "no mark here" "and the release"
try 0 "the log agrees" -d f.db audit verify
is "$("$HANDRAIL" -d f.db audit query --json --where "event = 'route'" | jq -r .shape)" "native
openai-chat" "and names the shapes"
"$HANDRAIL" -d f.db backup g.db >/dev/null
sqlite3 g.db "UPDATE payloads SET shape = NULL WHERE item = 1"
run -d g.db audit verify
is "$code" 1 "a shape that was changed is noticed"
like "$err$out" 'resp: its record is read in another shape than leaf [0-9]+ says' "and told"
run -d h.db ingest --format nothing bare.jsonl
is "$code" 2 "no such shape: exit 2"
like "$err" '^handrail: ingest: .*nothing.*openai-chat' "with the shapes there are"

# A store from before there was a place for it.
"$HANDRAIL" -d old.db ingest "$shapes/openai-chat.jsonl" >/dev/null 2>&1
sqlite3 old.db "ALTER TABLE payloads DROP COLUMN shape; PRAGMA user_version = 1"
try 0 "an older store is brought up to date" -d old.db ingest "$shapes/anthropic.jsonl"
run -d old.db show --json chatcmpl-9aXk
is "$(json .output)" "Thirty euros." "with what it held"
try 0 "and its log" -d old.db audit verify
done_testing

#!/bin/sh
# prompt: versions that never change, labels, templates, shapes of others.
. "$(dirname "$0")/lib.sh"

HANDRAIL_STORE=$work/s.db
export HANDRAIL_STORE
printf 'Answer {{question}} for {{ user.name }}. {{question}}' >a.txt
echo '[{"role":"system","content":"Be {{tone}}."},{"content":"{{q}}","role":"user"}]' >chat.json
echo '{"temperature": 0.20, "model":"m-1", "a":{"z":1e2,"b":[true,null]}}' >config.json

try 0 "add" prompt add refund a.txt --note 'the first'
is "$out" "refund@1 added: a text, variables question, user.name" "it says which version, and its variables"
try 0 "the same bytes again" prompt add refund a.txt
is "$out" "refund@1 is that already: a text, variables question, user.name" "are the same version"
try 0 "messages and a config" prompt add refund chat.json --config config.json --label staging --json
is "$(json '[.name,.version,.added,.variables]')" '["refund",2,true,["tone","q"]]' "are the next"
try 0 "list" prompt list --json
is "$(json '[.prompt,.type,.labels,.note,.by]')" "$(printf '%s\n' '["refund@1","text",[],"the first","'"$(id -un)"'"]' '["refund@2","chat",["staging"],null,"'"$(id -un)"'"]')" "every version"
try 0 "show" prompt show refund@1
like "$out" '^Answer \{\{question\}\} for' "the template"
like "$out" '^note +the first$' "and what is known of it"
try 0 "show, of a version with a label" prompt show refund@staging
like "$out" "^label      staging, since 20[^ ]+ by $(id -un)\$" "says who moved it there, and when"
try 0 "show, as JSON" prompt show refund --json
is "$(json '[.prompt,.text,.messages[0].role,.config]')" '["refund@2",null,"system",{"a":{"b":[true,null],"z":100},"model":"m-1","temperature":0.2}]' "a name alone is the newest"
is "$(json .sha256)" "$(printf %s '{"config":{"a":{"b":[true,null],"z":100},"model":"m-1","temperature":0.2},"messages":[{"content":"Be {{tone}}.","role":"system"},{"content":"{{q}}","role":"user"}]}' | sha256sum | cut -c1-64)" "named by the SHA-256 of its canonical bytes"

try 0 "label" prompt label refund@1 production
is "$out" "refund@production: 1" "set"
try 0 "label, by another label" prompt label refund@staging production
is "$out" "refund@production: 1 -> 2" "moved"
try 0 "label, there already" prompt label refund@2 production --json
is "$out" '{"name":"refund","label":"production","from":2,"to":2}' "says so"
run audit query --json --event prompt.label
is "$(json '[.prompt,.label,.from,.to]')" "$(printf '%s\n' '["refund","staging",null,2]' '["refund","production",null,1]' '["refund","production",1,2]')" "each move is a leaf, and nothing else"
run audit query --where "label = 'production' AND \"from\" = 1"
like "$out" ' prompt\.label +prompt=refund label=production from=1 to=2$' "which says who moved what, from where to where"
try 1 "diff" prompt diff refund@1 refund@production
like "$out" '^\+Be \{\{tone\}\}\.' "two versions"
try 0 "diff of one with itself" prompt diff refund@2 refund@production
is "$out" "" "is nothing"

# render: a value is never filled in again.
echo '{"question":"{{user.name}}","user":{"name":[1,"x"]}}' >vars.json
try 0 "render" prompt render refund@1 --vars vars.json
is "$out" 'Answer {{user.name}} for [1,"x"]. {{user.name}}' "texts as they are, other values as JSON"
echo '{"tone":"kind","q":"a\"b","spare":1}' | "$HANDRAIL" prompt render refund@production --vars - >.out 2>.err
is "$?:$(cat .out)" '0:[{"role":"system","content":"Be kind."},{"role":"user","content":"a\"b"}]' "messages"
is "$(cat .err)" "handrail: prompt: variable spare: the prompt has none of that name" "a variable too many is told"
echo '{"tone":"","q":"","a":1,"b":1,"c":1,"d":1,"e":1,"f":1,"g":1}' | "$HANDRAIL" prompt render refund@production --vars - 2>.err >.out
is "$(wc -l <.err):$(tail -n 1 .err)" "6:handrail: prompt: and 2 more variables" "of many the first are"
unset_variable() {	# VARS NAME
	echo "$1" >v.json
	run prompt render refund@1 --vars v.json
	is "$code:$out:$err" "2::handrail: prompt: refund@1: variable $2: not set" "unset: $1"
}
unset_variable '{"user":{"name":"x"}}' question
unset_variable '{"question":null,"user":{"name":"x"}}' question
unset_variable '{"question":"x","user":"ana"}' user.name
unset_variable '{"question":"x","user.name":"ana"}' user.name
try 2 "variables that are no object" prompt render refund@1 --vars chat.json
like "$err" 'variables: an object is wanted' "are refused"

try 2 "a file that is not there" prompt add refund nowhere.txt
try 2 "nor its variables" prompt render refund@1 --vars nowhere.json

# What is no template of ours is refused with its place, and nothing is stored.
refused() {	# TEXT REGEX
	printf '%b' "$1" >bad.txt
	run prompt add bad bad.txt --text
	is "$code:$out" 2: "refused: $1"
	like "$err" "^handrail: prompt: bad\.txt: $2" "$err"
}
refused 'a\n\304\207 {%% if x %%}' 'line 2, column 3: \{% begins a statement'
refused '{{{x}}}' 'line 1, column 1: \{\{\{'
refused 'x {{a' 'line 1, column 3: \{\{ without \}\}'
refused '{{a | upper}}' 'line 1, column 1: .*no name: a \| upper;'
refused '{{}}' 'line 1, column 1: .*no name;'
refused '{{a..b}}' '.*no name: a\.\.b'
refused '{{1a}}' '.*no name: 1a'
refused '@@@langfusePrompt:name=a|label=b@@@' 'line 1, column 1: @@@langfusePrompt stands for another'
refused '' 'no text in it'
refused 'a\377b' 'byte 1: not UTF-8'
bad_chat() {	# JSON REGEX
	printf '%s' "$1" >bad.json
	run prompt add bad bad.json
	is "$code:$out" 2: "refused: $1"
	like "$err" "^handrail: prompt: bad\.json: $2" "$err"
}
bad_chat '[{"role":"user","content":"x"},]' 'not JSON at byte'
bad_chat '[{"role":"user","role":"user","content":"x"}]' 'not JSON at byte .*duplicate'
bad_chat '{"prompt":"x"}' 'key "prompt" is not taken'
bad_chat '[{"role":"tool","content":"x"}]' 'message 1: role tool: system,'
bad_chat '[{"role":"user","content":["x"]}]' 'message 1: content: a text is wanted'
bad_chat '[{"role":"user","content":"x","name":"ana"}]' 'message 1: key "name" is not taken'
bad_chat '[{"role":"user","content":"ok"},{"role":"user","content":"{%"}]' 'message 2: line 1, column 1: '
bad_chat '{"messages":[{"role":"user","content":"x"}],"config":{"n":12345678901234567890123}}' 'config: 12345678901234567890123: more digits'
echo '{"a":1,"a":2}' >twice.json
try 2 "a config with a key twice" prompt add bad a.txt --config twice.json
like "$err" '^handrail: prompt: twice\.json: not JSON at byte' "is refused"
for name in '' 'a@b' 'a,b' ' a' "$(printf 'a\nb')" "$(printf 'a\342\200\256b')" "$(printf '%129s' '' | tr ' ' a)"; do
	try 2 "refused as a name: $(printf %s "$name" | tr -c 'a-z@, ' '?')" prompt add "$name" a.txt
done
for label in latest 12 'a b' 'a/b' "$(printf '%65s' '' | tr ' ' a)"; do
	try 2 "refused as a label: $label" prompt label refund@1 "$label"
done
try 2 "a label for no version" prompt label refund production
like "$err" 'of which version\? refund@latest is the newest' "asks for one"
missing() {	# REF REGEX
	run prompt show "$1"
	is "$code:$out" 1: "not there: $1"
	like "$err" "^handrail: prompt: $2" "$err"
}
missing refnud 'refnud: no such prompt'
missing refund@7 'refund@7: no such version; the newest is refund@2'
missing refund@canary 'refund@canary: no version has that label'
try 2 "an option of another action" prompt list --vars v.json
like "$err" '^handrail: prompt: --vars does not go with prompt list' "is refused"
is "$("$HANDRAIL" prompt list --json | wc -l)" 2 "none of these was stored"

# Shapes of others: what one wrote the other reads, and comes back the same.
cat >in.jsonl <<'END'
{"name":"movie/critic","type":"text","prompt":"As a {{level}} critic: {{movie}}?","config":{"model":"m","temperature":0.5},"version":3,"labels":["production","latest"],"tags":["movies","films"],"commitMessage":"three"}
{"name":"movie/critic","type":"chat","prompt":[{"type":"chatmessage","role":"system","content":"{{level}}"}],"config":null,"version":4,"labels":[],"tags":[],"id":"x"}
{"name":"qa","version":"2","template":[{"role":"user","content":"{{q}}"}],"aliases":["champion"],"tags":{"team":"x"},"commit_message":"two","model_config":{"temperature":0.1},"response_format":{"type":"object"}}
END
try 0 "import" prompt import in.jsonl
is "$out" "imported 3; 0 known, 0 conflicts, 0 refused" "of both shapes, recognised"
try 0 "import again" prompt import in.jsonl --json
is "$out" '{"imported":0,"known":3,"conflicts":0,"refused":0}' "adds nothing"
is "$("$HANDRAIL" prompt show movie/critic@production --json | jq -c '[.version,.note,.tags]')" '[3,"three",["movies","films"]]' "versions, labels, notes and tags are kept"
"$HANDRAIL" prompt export movie/critic@3 qa -o out.jsonl
is "$(jq -c '[.name,.version,.labels,.tags,.config,.commitMessage]' out.jsonl)" "$(printf '%s\n' '["movie/critic",3,["production"],["movies","films"],{"model":"m","temperature":0.5},"three"]' '["qa",2,["champion"],["team=x"],{"response_format":{"type":"object"},"temperature":0.1},"two"]')" "export for Langfuse"
is "$("$HANDRAIL" prompt export -f mlflow movie/critic@3 qa | jq -c '[.version,.aliases,.tags,.model_config,.response_format,(.template|type)]')" "$(printf '%s\n' '[3,["production"],{"movies":"","films":""},{"model":"m","temperature":0.5},null,"string"]' '[2,["champion"],{"team":"x"},{"temperature":0.1},{"type":"object"},"array"]')" "and for MLflow"
for format in langfuse mlflow; do
	"$HANDRAIL" prompt export -f $format | jq -s . >$format.json
	rm -f again.db*
	"$HANDRAIL" -d again.db prompt import $format.json >.out 2>&1
	is "$("$HANDRAIL" -d again.db prompt list --json | jq -c '[.prompt,.sha256,.labels]')" "$("$HANDRAIL" prompt list --json | jq -c '[.prompt,.sha256,.labels]')" "$format: the same versions come back, by their names"
done
import_refused() {	# JSON REGEX
	printf '%s\n' "$1" '{"name":"fine","prompt":"x"}' >bad.jsonl
	run prompt import bad.jsonl
	is "$code:$out" "1:imported 0; 1 known, 0 conflicts, 1 refused" "import: $1"
	like "$err" "^handrail: prompt: line 1: $2" "$err"
}
printf '{"name":"fine","prompt":"x"}' | "$HANDRAIL" prompt import - >/dev/null
import_refused '{"name":"h","type":"chat","prompt":[{"role":"user","content":"x"},{"type":"placeholder","name":"history"}]}' 'h: message 2: a placeholder stands for messages'
import_refused '{"name":"h","prompt":"{% for x in y %}"}' 'h: line 1, column 1: \{%'
import_refused '{"name":"h","prompt":"a @@@langfusePrompt:name=b|label=c@@@"}' 'h: line 1, column 3: @@@langfusePrompt'
import_refused '{"name":"h","template":"a {# note #}"}' 'h: template: \{# begins a comment'
import_refused '{"name":"h","prompt":"x","prompt":"y"}' 'not JSON at byte'
import_refused '{"name":["h"],"prompt":"x"}' 'name: a text is wanted'
import_refused '{"name":"h","prompt":{}}' 'h: prompt: a text or an array'
import_refused '{"name":"h","prompt":"x","type":"chat"}' 'h: type: not that of its prompt'
import_refused '{"name":"h","prompt":"x","version":0}' 'h: version: a whole number'
import_refused '{"name":"h","prompt":"x","labels":"production"}' 'h: labels: an array'
import_refused '{"name":"h","prompt":"x","labels":["7"]}' 'h: labels: 7: a label is a word'
import_refused '{"name":"h","prompt":"x","config":[]}' 'h: config: an object'
import_refused '{"name":"h","template":"x","response_format":{},"model_config":{"response_format":1}}' 'h: response_format: stands in model_config too'
import_refused '{"name":"h"}' 'neither "prompt" \(langfuse\) nor "template"'
import_refused '[1]' 'neither'
import_refused '{"name":"h","prompt":"x"' 'not JSON at byte'
try 2 "a file that is no JSON" prompt import a.txt
like "$err" '^handrail: prompt: a\.txt: not JSON at byte 0' "is refused"
echo '{"name":"refund","prompt":"other","version":1,"labels":["production"]}' >other.json
try 1 "another text under a version that is there" prompt import other.json
like "$err" '^handrail: prompt: refund@1: is there with other text' "is a conflict"
echo '{"name":"refund","prompt":"new","version":9,"labels":["production"]}' >new.json
try 0 "a label that points elsewhere" prompt import new.json
like "$err" '^handrail: prompt: refund@production stays at 2, not 9: --move' "stays, which is told"
try 0 "or moves, where that is asked for" prompt import new.json --move
is "$("$HANDRAIL" prompt show refund@production --json | jq .version)" 9 "to the version of the file"
try 0 "the next version comes behind the highest" prompt add refund - --text <vars.json
like "$out" '^refund@10 added' "whatever is between"

# Items carry their prompt.
record i1 0.5 x ',"metadata":{}' | sed 's/"p@1"/"refund@2"/' | "$HANDRAIL" ingest - >/dev/null 2>&1
is "$("$HANDRAIL" list --json --where "prompt = 'refund@2'" | jq -r .id)" i1 "list --where knows the prompt of an item"
is "$("$HANDRAIL" stats --json | jq -c '[.by_prompt[].name]')" '["refund@2"]' "and so do the figures"

# Nothing that others wrote reaches the terminal as it is.
printf 'a \033[31m {{x}}' >esc.txt
"$HANDRAIL" prompt add esc esc.txt --note "$(printf '\033]0;t\007')" >/dev/null
is "$( { "$HANDRAIL" prompt show esc; "$HANDRAIL" prompt show esc --json; "$HANDRAIL" prompt list; } 2>&1 | grep -c "$(printf '\033')")" 0 "escape sequences of a template are shown, not sent"

# Two processes move one label at once: each move is there, one after the other.
move() {
	for i in 1 2 3 4 5 6 7 8 9 10; do "$HANDRAIL" prompt label "refund@$((1 + i % 2))" "$1" || echo bad; done >moves.$2 2>&1
}
move race 1 & move race 2 & wait
is "$(cat moves.1 moves.2 | grep -vcE '^refund@race(: [12]| is [12] already)')" 0 "labels moved by two at once"
is "$("$HANDRAIL" audit query --json --where "label = 'race'" | jq -s '[.[]|[.from,.to]] as $m | [range(1;$m|length)|select($m[.][0] != $m[.-1][1])]|length')" 0 "each goes from where the one before led"

run audit verify
is "$code" 0 "all of it verifies"
# What the store holds is what was added, and points where it was moved to.
tampered() {	# NAME SQL
	rm -f t.db t.db-*
	for file in s.db*; do cp "$file" "t.db${file#s.db}"; done
	altered t.db "$2" || return
	run -d t.db audit verify
	is "$code" 1 "found: $1"
}
tampered "a template altered" "UPDATE prompts SET bytes = replace(bytes, 'Answer', 'Refuse') WHERE n = 1"
run -d t.db prompt render refund@1 --vars vars.json
is "$code:$out" 2: "and is not used"
like "$err" 'refund@1: its bytes in the store are not those it is named by' "with the reason"
tampered "a template altered with its hash" "UPDATE prompts SET (bytes, sha256) = (SELECT bytes, sha256 FROM prompts WHERE n = 2) WHERE n = 1"
tampered "a version renumbered" "UPDATE prompts SET version = 77 WHERE n = 2"
tampered "a version renamed" "UPDATE prompts SET name = 'x' WHERE n = 2"
tampered "a version removed" "DELETE FROM prompts WHERE n = 2"
tampered "a version put in" "INSERT INTO prompts SELECT max(n) + 1, 'new', 1, sha256, bytes, note, tags, seq, ts_ms, by FROM prompts"
tampered "a note altered" "UPDATE prompts SET note = 'else' WHERE n = 1"
tampered "tags altered" "UPDATE prompts SET tags = '[]' WHERE tags IS NOT NULL"
tampered "who added a version" "UPDATE prompts SET by = 'nobody' WHERE n = 1"
tampered "a label turned back" "UPDATE prompt_labels SET version = 1 WHERE n = (SELECT max(n) FROM prompt_labels WHERE version = 2)"
tampered "a move put in" "INSERT INTO prompt_labels SELECT max(n) + 1, name, label, 2, 1, seq, ts_ms, by FROM prompt_labels"
tampered "the last move removed" "DELETE FROM prompt_labels WHERE n = (SELECT max(n) FROM prompt_labels)"
tampered "when a label was moved" "UPDATE prompt_labels SET ts_ms = ts_ms - 1 WHERE n = 1"
sqlite3 s.db "UPDATE prompts SET note = 'x'" 2>.err
like "$(cat .err)" 'versions of a prompt never change' "a mistake is stopped before"

# A store from before there were prompts.
record o1 0.7 | "$HANDRAIL" -d old.db ingest - >/dev/null 2>&1
older_store old.db 6
try 0 "an older store gets prompts" -d old.db prompt add refund a.txt
try 0 "and verifies" -d old.db audit verify
done_testing

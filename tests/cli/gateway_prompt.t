#!/bin/sh
# Prompts of gateways: filled in before the client's messages, by the label or by the
# version that the client names; a label that moves is followed.
. "$(dirname "$0")/lib.sh"
need_service

SHOP_KEY=shop-0123456789abcdef ONE_KEY=one-0123456789abcdef
export SHOP_KEY ONE_KEY
begin_models
cat >p.conf <<CONF
serve { listen = { "unix:$work/s.sock" } }
key "shop" { token_env = "SHOP_KEY" may = { "gateway", "read" } }
key "one" { token_env = "ONE_KEY" may = { "gateway" } gateways = { "greet" } }
guard "asked" { kind = contains pattern = 'forbidden' must = absent on = input }
queue "support" { guards = { "asked" } rule "all" { when = "1" route = approve } }
upstream "up" { url = "http://127.0.0.1:$port/v1" shape = openai }
upstream "claude" { url = "http://127.0.0.1:$port/v1" shape = anthropic }
model "ok" { upstream = up }
model "claude" { upstream = claude name = "ok" }
gateway "reply" { queue = support prompt = "refund@production" try = { ok } refuse = "failed('asked')" }
gateway "chat" { queue = support prompt = "chat@1" try = { ok } }
gateway "anthropic" { queue = support prompt = "chat2@1" try = { claude } }
gateway "greet" { queue = support prompt = "greet" try = { ok } }
gateway "greet2" { queue = support prompt = "greet@production" try = { ok } }
gateway "tuned" { queue = support prompt = "tuned" try = { ok } }
gateway "plain" { queue = support try = { ok } }
CONF
HANDRAIL_STORE=$work/s.db
export HANDRAIL_STORE
add() {	# NAME TEXT ARGS...
	printf '%s' "$2" >text; name=$1; shift 2
	"$HANDRAIL" prompt add "$name" text "$@" >/dev/null
}
add refund 'say: one {{what}}' --label production
add refund 'say: two {{what}}'
chat='[{"role":"system","content":"Be {{how.much}}."},{"role":"user","content":"say: hi"}]'
add chat "$chat" --chat
add chat2 "$chat" --chat
add greet 'say: hello' --label staging
begin_service
chat() {	# MODEL MEMBERS
	post $SHOP_KEY /v1/chat/completions "{\"model\":\"$1\"$2}"
}
said() {
	jq -r '.choices[0].message.content // .error.message'
}
vars() {
	printf ',"prompt":{"variables":%s}' "$1"
}
last() {	# what the service was asked
	tail -n 1 up.log | jq -c '.body | [.messages, .input, .system, .prompt] | map(select(. != null))'
}
field() {	# ITEM FILTER
	"$HANDRAIL" show "$1" --json | jq -c "$2"
}
newest() {
	sqlite3 -readonly s.db "SELECT id FROM items ORDER BY item DESC LIMIT 1"
}

is "$(chat reply "$(vars '{"what":"{{what}} {% \"q\""}')" | said)" 'one {{what}} {% "q"' \
    "the label's prompt, with the client's variables; what is in them is not filled in again"
is "$(last)" '[[{"role":"user","content":"say: one {{what}} {% \"q\""}]]' "is all that the service gets"
is "$(field "$(newest)" '[.prompt, .metadata.gateway, .metadata.variables.what, .messages[0].content[0:8]]')" \
    '["refund@1","reply","{{what}} {% \"q\"","say: one"]' "and the item says which version it was"
is "$(chat reply "$(vars '{"what":"x"}'),\"stream\":true" | sed -n 's/^data: {/{/p' |
    jq -rs '[.[].choices[]?.delta.content // empty] | join("")')" "one x" "in a stream"
is "$(chat reply "$(vars '{"what":"x"}'),\"messages\":[{\"role\":\"user\",\"content\":\"say: mine\"}]" | said)" \
    "mine" "the client's messages stand behind"
is "$(last)" '[[{"role":"system","content":"say: one x"},{"role":"user","content":"say: mine"}]]' \
    "and the text before them is the system's"
is "$(chat chat "$(vars '{"how":{"much":3}}')" | said)" hi "a chat, with a variable of an object"
is "$(last)" '[[{"role":"system","content":"Be 3."},{"role":"user","content":"say: hi"}]]' "has its messages"
is "$(chat reply "$(vars '{"what":"forbidden"}')" | jq -r .error.code)" content_filter \
    "guards of the input read it filled in"
is "$(field "$(newest)" .prompt)" '"refund@1"' "an input that was refused says its prompt too"

# Other APIs.
is "$(post $SHOP_KEY /v1/responses "{\"model\":\"chat\",\"input\":\"say: mine\"$(vars '{"how":{"much":"brief"}}')}" |
    jq -r '.output[0].content[0].text')" mine "Responses"
is "$(last)" '[[{"role":"system","content":"Be brief."},{"role":"user","content":"say: hi"},{"role":"user","content":"say: mine"}]]' \
    "a text of its own is a message behind"
is "$(post $SHOP_KEY /v1/messages "{\"model\":\"anthropic\",\"max_tokens\":9,\"system\":\"Also.\"$(vars '{"how":{"much":"brief"}}')}" \
    -H 'anthropic-version: 2023-06-01' | jq -r '.content[0].text')" hi "Messages"
is "$(last)" '[[{"role":"user","content":"say: hi"}],[{"type":"text","text":"Be brief."},{"type":"text","text":"Also."}]]' \
    "have what the system says apart"

# The config's parameters of the model.
echo '{"temperature":0.25,"max_tokens":77,"model":"other","languages":["en"]}' >config.json
add tuned 'say: tuned {{what}}' --config config.json
is "$(chat tuned@1 "$(vars '{"what":"x"}')" | said)" "tuned x" "a prompt with a config"
is "$(tail -n 1 up.log | jq -c '.body | [.temperature, .max_completion_tokens, .model, .languages]')" \
    '[0.25,77,"ok",null]' "sets what a model takes, and no more"
is "$(chat tuned@1 "$(vars '{"what":"x"}'),\"temperature\":1" | said) $(tail -n 1 up.log | jq -c .body.temperature)" \
    "tuned x 1" "unless the client does"

# A version that the client names.
is "$(chat refund@2 "$(vars '{"what":"x"}')" | said)" "two x" "PROMPT@VERSION"
is "$(field "$(newest)" '[.prompt, .metadata.gateway]')" '["refund@2","reply"]' "is what the item says"
is "$(chat refund@production "$(vars '{"what":"x"}')" | said)" "one x" "PROMPT@LABEL"
is "$(post $ONE_KEY /v1/chat/completions '{"model":"greet@staging","prompt":{}}' | said)" hello \
    "by the only gateway of the key that has it"
is "$(chat greet@1 ',"prompt":{}' | said)" "the gateways greet and greet2 both have that prompt: ask for one of them" \
    "with two it is refused"
# refused STATUS MESSAGE MODEL MEMBERS
refused() {
	out=$(post $SHOP_KEY /v1/chat/completions "{\"model\":\"$3\"$4}" -w '\n%{http_code}')
	is "$(printf %s "$out" | tail -n 1) $(printf %s "$out" | head -n 1 | jq -r .error.message)" "$1 $2" "refused: $2"
}
n=$(wc -l <up.log)
refused 404 "the prompt of the gateway reply has no such version or label" refund@9 "$(vars '{"what":"x"}')"
like "$(chat nobody@1 "$(vars '{}')" | said)" 'is no gateway that the key shop may use' "a prompt that no gateway has"
refused 400 "prompt: variable what: not set" reply "$(vars '{}')"
refused 400 "prompt: variable what: not set" reply ',"messages":[]'
refused 400 "prompt: variable what: not set" reply "$(vars '{"what":null}')"
refused 400 "prompt: variable who: the prompt has none of that name" reply "$(vars '{"what":1,"who":2}')"
refused 400 "prompt.variables: must be an object" reply "$(vars '[]')"
refused 400 "prompt: the gateway reply has its own, and takes its variables alone" reply ',"prompt":{"id":"pmpt_1"},"messages":[]'
refused 400 "prompt: the gateway plain has none whose variables could be set" plain "$(vars '{}')"
refused 503 "the prompt of the gateway greet2: greet@production: no version has that label; the newest is greet@1" greet2 ',"prompt":{}'
is "$(wc -l <up.log)" "$n" "and no service was asked"

# Labels that move, and bundles.
"$HANDRAIL" prompt label refund@2 production >/dev/null
ok "a label that moves is followed" await grep -q 'prompt refund@production is refund@2' serve.err
is "$(chat reply "$(vars '{"what":"x"}')" | said)" "two x" "at once"
"$HANDRAIL" prompt label greet@1 production >/dev/null
ok "one that is set for the first time" await grep -q 'prompt greet@production is greet@1' serve.err
is "$(chat greet2 ',"prompt":{}' | said)" hello "too"
"$HANDRAIL" bundle make refund@1 >/dev/null && "$HANDRAIL" bundle use 1 >/dev/null
ok "a bundle that is used" await sh -c "tail -n 1 serve.err | grep -q 'prompt refund@production is refund@1'"
is "$(chat reply "$(vars '{"what":"x"}')" | said)" "one x" "too"
ok "the log is whole" "$HANDRAIL" audit verify
kill $pid; wait $pid
is $? 0 "it ends"
done_testing

#!/bin/sh
# The gateway: a model service behind the policy.  Each answer is judged, logged and
# released, withheld or held for a person; each failure of a service is met.
. "$(dirname "$0")/lib.sh"
need_service

SHOP_KEY=shop-0123456789abcdef POOR_KEY=poor-0123456789abcdef UP_KEY=up-key
export SHOP_KEY POOR_KEY UP_KEY
begin_models
cat >p.conf <<CONF
serve { listen = { "unix:$work/s.sock" } }
key "shop" { token_env = "SHOP_KEY" may = { "gateway", "read", "check" } }
key "poor" { token_env = "POOR_KEY" may = { "gateway" } gateways = { "plain" }
    tokens_day = 500 request_tokens = 300 usd_month = 1 }
guard "mail" { kind = pii kinds = { "EMAIL_ADDRESS", "US_PASSPORT" } redact = label }
guard "asked" { kind = contains pattern = 'forbidden' must = absent on = input }
guard "hide" { kind = pii kinds = { "EMAIL_ADDRESS" } on = input redact = placeholder }
queue "private" { guards = { "hide", "profanity" } fallback = "One moment."
  rule "bad" { when = "failed('profanity') OR severity >= 3" route = flag }
  rule "all" { when = "1" route = approve } }
queue "support" { guards = { "mail", "profanity", "asked" } fallback = "One moment."
  rule "foul" { when = "failed('profanity')" route = flag }
  rule "unsure" { when = "confidence < 0.5" route = flag }
  rule "all" { when = "1" route = approve } }
upstream "up" { url = "http://127.0.0.1:$port/v1" shape = openai token_env = "UP_KEY" }
upstream "slow" { url = "http://127.0.0.1:$port/v1/" shape = openai }
upstream "gone" { url = "http://127.0.0.1:1/v1" shape = openai }
upstream "claude" { url = "http://127.0.0.1:$port/v1" shape = anthropic token_env = "UP_KEY" }
$(for m in s500 s429 s400 s401 s302 hang close nodone error nousage usage2 call think logs ok \
    once-s429 once-s500; do
	up=up
	case $m in s302 | s500 | s429 | once-s429 | once-s500 | error | close | nodone) up=$m
		echo "upstream \"$m\" { url = \"http://127.0.0.1:$port/v1\" shape = openai }" ;;
	esac
	echo "model \"$m\" { upstream = \"$up\" in_usd = 1 out_usd = 2 }
gateway \"g-$m\" { queue = support try = { \"$m\" } retries = 1 deadline = $([ $m = hang ] && echo 2 || echo 4)s
    refuse = \"failed('asked')\" }"
done)
model "small" { upstream = up name = "ok/3" }
model "big" { upstream = up name = "ok/40" }
model "nodone3" { upstream = nodone name = "nodone/3" }
model "claude" { upstream = claude name = "ok/2" }
model "gone" { upstream = gone }
model "late" { upstream = "up" }
gateway "g-late" { queue = support try = { late } deadline = 5s }
gateway "plain" { queue = support try = { ok } }
gateway "pieces" { queue = support try = { small } }
gateway "block" { queue = support try = { ok } on_flag = block }
gateway "wait" { queue = support try = { ok } on_flag = wait wait = 20s }
gateway "brief" { queue = support try = { ok } on_flag = wait wait = 1s }
gateway "second" { queue = support try = { nodone, ok } }
gateway "away" { queue = support try = { gone, ok } }
gateway "tiers" { queue = support try = { small, ok } next = "instr(output, 'dunno') > 0" }
gateway "private" { queue = private try = { ok } }
gateway "privatecall" { queue = private try = { call } }
gateway "privatew" { queue = private try = { small } stream = window window = 20 }
gateway "window" { queue = support try = { small } stream = window window = 20 }
gateway "fast" { queue = support try = { big } stream = window window = 20 }
gateway "brokenw" { queue = support try = { nodone3 } stream = window window = 20 }
gateway "claudew" { queue = support try = { claude } stream = window window = 20 }
gateway "claude" { queue = support try = { claude } }
CONF

# chat MODEL TEXT [MEMBERS [ARGS...]]
chat() {
	model=$1 text=$2 more=${3-}
	shift 2; [ $# -eq 0 ] || shift
	post $SHOP_KEY /v1/chat/completions "{\"model\":\"$model\"$more,\"messages\":[{\"role\":\
\"user\",\"content\":\"$text\"}]}" "$@"
}
# said: the texts of a completion, and why each ended; of a stream too.
said() {
	jq -r '[.choices[] | "\(.message.content) \(.finish_reason)"] | join("; ")'
}
streamed() {
	sed -n 's/^data: //p' | grep -v '^\[DONE\]' |
	    jq -rs '[.[].choices[]?.delta.content // empty] | join("")'
}

like "$("$HANDRAIL" policy check p.conf 2>&1 >/dev/null)" \
    'warning: gateway "claude": confidence is asked about, and its API has none' \
    "policy check warns of what an API has not"
is "$(unset UP_KEY; "$HANDRAIL" -d n.db -p p.conf serve 2>&1 | tail -n 1)" \
    'handrail: serve: upstream "up": UP_KEY: the variable is not set' \
    "a service whose token is not there is named at the start"
ok "it begins" begin_service --wait 1s
[ -S s.sock ] || exit 1

# What comes is what the service said.
out=$(chat plain "say: Hello there" '' -D head.txt)
is "$(printf %s "$out" | said)" "Hello there stop" "an answer"
is "$(tr -d '\r' <head.txt | sed -n 's/^x-handrail-\(route\|model\): /\1 /p')" "route approve
model ok" "and what became of it"
id=$(tr -d '\r' <head.txt | sed -n 's/^x-handrail-id: //p')
is "$(sql "SELECT state, model, input_tokens, output_tokens, round(cost_usd * 1e6) FROM items
    WHERE id = '$id'")" "approved|real-ok|7|5|17.0" "is an item, with its tokens and cost"
is "$("$HANDRAIL" -d s.db show "$id" --json |
    jq -rc '[.output, .messages[0].content, .metadata.gateway, .metadata.key]')" \
    '["Hello there","say: Hello there","plain","shop"]' "with the request and the answer"
is "$("$HANDRAIL" -d s.db show "$id" --json | jq -c '[.input_tokens, .output_tokens, .attempts,
    .tier, .sent, .first_token_ms >= 0]')" '[7,5,1,"ok",null,true]' "with its tokens and model"
is "$("$HANDRAIL" -d s.db show "$id" | grep -cE '^(tokens +7 in, 5 out|cost +0.000017 USD|tier +ok|attempts +1|first token +after [0-9]+ ms)$')" \
    5 "and for people"
is "$(tail -n 1 up.log | jq -c '[.auth, .body.model]')" '["Bearer up-key","ok"]' \
    "the service got its own name and token"
perl -e 'print "{\"model\":\"plain\",\"messages\":[{\"role\":\"system\",\"content\":\"",
    "be kind; " x 150000, "\"},{\"role\":\"user\",\"content\":\"say: Long\"}]}"' >long.json
is "$(post $SHOP_KEY /v1/chat/completions @long.json | said)" "Long stop" "a request of 1.3 MB"
is "$(tail -n 1 up.log | jq -c '[.auth, .expect]')" '["Bearer up-key",null]' \
    "that waits for no 100 of the service"
is "$(chat pieces "say: One two three" ',"stream":true' | streamed)" "One two three" \
    "a stream"
is "$(chat pieces "say: One" ',"stream":true' | tail -n 2 | head -n 1)" "data: [DONE]" \
    "that ends as it should"
is "$(chat plain "say: a|say2: b" ',"n":2' | said)" "a stop; b stop" "two choices"

# What is found is covered; what is flagged is withheld.
is "$(chat plain "say: ask ana@example.com" | said)" "ask <EMAIL_ADDRESS> stop" "redacted"
is "$(chat pieces "say: ask ana@example.com now" ',"stream":true' | streamed)" \
    "ask <EMAIL_ADDRESS> now" "in a stream too"
is "$(chat plain "say: fuck" | said)" "One moment. content_filter" "flagged: the fallback"
is "$(chat plain "say: fine|say2: fuck" ',"n":2' | said)" \
    "fine stop; One moment. content_filter" "each choice by itself"
is "$(chat pieces "say: fuck" ',"stream":true' | streamed)" "One moment." "in a stream"
is "$(chat g-call "say: ask ana@example.com" |
    jq -rc '.choices[0].message.tool_calls[0].function.arguments')" \
    '{"text": "ask <EMAIL_ADDRESS>"}' "a call's arguments are redacted"
is "$(chat g-think "say: fine|think: fuck" |
    jq -rc '.choices[0].message | [.content, .reasoning_content]')" '["fine",null]' \
    "what is found in thoughts is not sent"
is "$(chat g-think "say: fine|think: well" |
    jq -rc '.choices[0].message | [.content, .reasoning_content]')" '["fine","well"]' \
    "and others are"
is "$(post $SHOP_KEY /v1/responses '{"model":"g-logs","input":"say: fine|logs: fuck"}' |
    jq -rc '[.status, .incomplete_details.reason]') $(sql "SELECT state, rule, snippet FROM items
    ORDER BY item DESC LIMIT 1")" '["incomplete","content_filter"] flagged|found beside the output|fine' \
    "what a tool of the service printed: the client does not get it, and somebody looks at it"
is "$(chat block "say: fuck" | jq -r .error.code)" content_filter "on_flag = block"
is "$(chat g-ok "say: fine, not forbidden" | jq -r .error.code)" content_filter \
    "an input that is refused"
is "$(sql "SELECT state, stop FROM items ORDER BY item DESC LIMIT 1")" "flagged|filter" \
    "is kept as an item"
is "$(grep -c forbidden up.log)" 0 "and no service saw it"

# A person decides while the client waits; meanwhile others wait for their time.
chat brief "say: fuck it" >brief.out &
brief=$!
chat g-hang x '' -w '%{http_code}' >hang.out &
hang=$!
chat wait "say: fuck off" >wait.out &
client=$!
await sh -c "sqlite3 -readonly s.db \"SELECT 1 FROM items WHERE snippet = 'fuck off'\" |
    grep -q 1"
id=$(sql "SELECT id FROM items WHERE snippet = 'fuck off'")
printf "Please leave." | "$HANDRAIL" -d s.db decide "$id" edit -o - >/dev/null 2>decide.err
wait $client
is "$(said <wait.out)" "Please leave. stop" "an edit is what the waiting client gets"
wait $brief
is "$(said <brief.out)" "One moment. content_filter" \
    "where nobody decides in time, the fallback"

# Services that fail.
chat g-once-s429 "say: ok" >once.out &
once=$!
is "$(chat second "say: again" | said)" "again stop" "no stream: a whole answer is one"
is "$(chat second "say: again" ',"stream":true' | streamed)" "again" \
    "a stream without its last event: the next model"
is "$(chat away "say: here" | said)" "here stop" "no connection: the next model"
is "$(sql "SELECT group_concat(model || ' ' || state || ' ' || coalesce(reason, '-'), ', ')
    FROM (SELECT * FROM calls WHERE gateway = 'away' ORDER BY attempt)")" \
    "gone failed no connection, ok answered -" "each attempt is on record"
is "$(chat g-once-s500 "say: yes" | said)" "yes stop" "a failure is tried again"
is "$(chat g-s500 x '' -w '%{http_code}' | jq -Rrs 'split("\n") |
    .[1] + " " + (.[0] | fromjson | .error.code)')" "502 upstream_error" "one that lasts is said"
is "$(chat g-error x ',"stream":true' | jq -r .error.code)" upstream_error \
    "an error event in the place of an answer"
is "$(chat g-close x | jq -r .error.code)" upstream_error "an answer that breaks off"
is "$(chat g-s400 x | jq -r .error.message)" "told to" "what is wrong with the request"
is "$(chat g-s401 x | jq -r .error.code)" upstream_refused \
    "a refused token is not the client's"
is "$(chat g-s302 x | jq -r .error.message)" "the model's service refused the call with status 302" \
    "a redirect is not followed"
is "$(chat g-s429 x | jq -r .error.code)" rate_limited "429 that lasts"
is "$(chat g-s429 x '' -D head.txt | jq -r .error.code) $(tr -d '\r' <head.txt |
    sed -n 's/^Retry-After: [12]$/soon/p')" "rate_limited soon" "all rest: said at once"
wait $hang
is "$(jq -Rrs 'split("\n") | .[1] + " " + (.[0] | fromjson | .error.code)' hang.out)" "504 upstream_timeout" "the deadline"
for _ in 1 2 3 4 5; do chat g-s500 x >/dev/null; done
n=$(wc -l <up.log)
is "$(chat g-s500 x | jq -r .error.code) $(($(wc -l <up.log) - n))" \
    "upstream_unavailable 0" "five failures in a row open the breaker"
is "$(chat plain "say: fine" | said)" "fine stop" "other services are asked on"
wait $once
is "$(said <once.out)" "ok stop" "429: once its time is over"

# Tiers, usage, logprobs.
is "$(chat tiers "say: dunno" '' -D head.txt | said) $(tr -d '\r' <head.txt |
    sed -n 's/^x-handrail-model: //p')" "dunno stop ok" "next holds: the next model"
is "$(sql "SELECT group_concat(model || ' ' || state, ', ') FROM (SELECT * FROM calls
    WHERE gateway = 'tiers' ORDER BY attempt)")" "small next, ok answered" "on record"
is "$("$HANDRAIL" -d s.db list --state all --where "attempts = 2 AND tier = 'ok' AND snippet = 'dunno'" \
    --json | jq -c '[.attempts, .tier]')" '[2,"ok"]' "a condition may ask for it"
"$HANDRAIL" -d s.db stats --json >stats.json
is "$(jq -c '.by_tier[] | select(.name == "small") | [.next, .failed, .input_tokens > 0]' stats.json) $(
    jq '.calls < .attempts and .first_token_ms.p50 >= 0' stats.json)" "[1,0,true] true" "and stats count it"
like "$("$HANDRAIL" -d s.db stats)" '^  small +[0-9]+ +1 +0 +[0-9]+ +[0-9]+ +0\.[0-9]+$' "for people"
is "$(chat plain "say: a" | jq -c '[.choices[0].logprobs, .usage.total_tokens]')" \
    '[null,12]' "logprobs are asked for and not passed on"
is "$(tail -n 1 up.log | jq -c .body.logprobs)" true "since a rule names confidence"
is "$(chat plain "say: a" ',"logprobs":true' | jq -c '.choices[0].logprobs.content[0].token')" \
    '"a"' "unless the client asks too"
is "$(chat pieces "say: a" ',"stream":true' | grep -c usage)" 0 \
    "usage that nobody asked for"
is "$(chat pieces "say: a" ',"stream":true,"stream_options":{"include_usage":true}' |
    sed -n 's/^data: //p' | grep -v DONE | jq -c 'select(.choices == []) |
    .usage.total_tokens')" 12 "and that the client asked for"
is "$(chat g-nousage "say: abcdefgh" | jq -c '.usage | [.prompt_tokens > 0,
    .completion_tokens]')" "[true,2]" "a service that does not say: an estimate"
is "$(sql "SELECT estimated FROM calls WHERE model = 'nousage'")" 1 "marked as one"

# Budgets.
poor() {
	post $POOR_KEY /v1/chat/completions "{\"model\":\"plain\",\"max_tokens\":$1,\
\"messages\":[{\"role\":\"user\",\"content\":\"say: fine\"}]}"
}
is "$(poor 50 | said)" "fine stop" "within the budget"
is "$(tail -n 1 up.log | jq -c .body.max_tokens)" 50 "as it was asked"
is "$(sql "SELECT tokens FROM spend WHERE key = 'poor' AND length(span) = 10")" 12 \
    "what it took counts, not what was set aside"
is "$(poor 299 | jq -r .error.code)" budget_exceeded "over what one request may take"
post $POOR_KEY /v1/chat/completions '{"model":"plain","messages":[{"role":"user",
    "content":"say: fine"}]}' >/dev/null
is "$(tail -n 1 up.log | jq -c '.body.max_tokens < 300')" true \
    "a limit for the answer is set where none is"
for _ in 1 2 3; do poor 200 >/dev/null; done
is "$(post $POOR_KEY /v1/chat/completions '{"model":"pieces","messages":[]}' |
    jq -r .error.code)" model_not_found "a gateway that the key has not"
shop_spent() {
	sql "SELECT tokens FROM spend WHERE key = 'shop' AND length(span) = 10"
}
spent=$(shop_spent)
chat g-hang "say: x" >hang.out &
client=$!
ok "a call is under way" becomes "SELECT count(*) FROM calls WHERE model = 'hang' AND
    state = 'asked'" 1
is "$(shop_spent)" "$spent" "a key without a budget has nothing set aside in the store"
wait $client
ok "what it took counts" becomes "SELECT tokens >= $spent FROM spend WHERE key = 'shop' AND
    length(span) = 10" 1

# What a client does wrong.
is "$(post $SHOP_KEY /v1/chat/completions '{"model":' | jq -r .error.message)" \
    "byte 9: unexpected end" "no JSON"
is "$(post $SHOP_KEY /v1/chat/completions '{"model":"nope","messages":[]}' |
    jq -r .error.code)" model_not_found "a model that is no gateway"
is "$(post $SHOP_KEY /v1/messages '{"model":"plain","max_tokens":5,"messages":[{"role":
    "user","content":"x"}]}' | jq -rc '[.type, .error.type]')" '["error","not_found_error"]' \
    "another API: said in its own form"
is "$(curl -s --unix-socket s.sock -H 'x-api-key: wrong' -d x http://localhost/v1/messages |
    jq -rc '[.type, .error.type]')" '["error","authentication_error"]' "a wrong key too"
is "$(curl -s --unix-socket s.sock -H "x-api-key: $POOR_KEY" http://localhost/v1/models |
    jq -c '[.data[].id]')" '["plain"]' "the models are the key's gateways"

# Messages.
claude() {
	post $SHOP_KEY /v1/messages "{\"model\":\"${3-claude}\",\"max_tokens\":99${2-},\"messages\":[{\
\"role\":\"user\",\"content\":\"$1\"}]}" -H 'anthropic-version: 2023-06-01'
}
is "$(claude "say: ask ana@example.com" | jq -rc '[.content[0].text, .stop_reason]')" \
    '["ask <EMAIL_ADDRESS>","end_turn"]' "a message, redacted"
is "$(tail -n 1 up.log | jq -rc '[.auth, .version, .path]')" \
    '["up-key","2023-06-01","/v1/messages"]' "asked for as its service wants it"
is "$(claude "say: fuck" | jq -rc '[.content[0].text, .stop_reason]')" \
    '["One moment.","refusal"]' "withheld"
is "$(claude "say: ask ana@example.com" ',"stream":true' | sed -n 's/^data: //p' |
    jq -rs '[.[].delta.text // empty] | join("")')" "ask <EMAIL_ADDRESS>" "a stream"
is "$(curl -s --unix-socket s.sock -H "x-api-key: $SHOP_KEY" -H 'anthropic-version: 1' \
    http://localhost/v1/models | jq -c '.data[0].type')" '"model"' "the list in its form"

# By a window: what is far enough from the end goes out while the rest comes.
long="The weather is fine and the sea is calm and the boats are out at the sea"
flow() {
	chat "$@" | tee flow.txt | streamed
}
is "$(flow window "say: $long" ',"stream":true')" "$long" "a stream by a window"
ok "in many events" [ "$(grep -c ^data: flow.txt)" -gt 12 ]
is "$(flow window "say: $long. Write to ana@example.com, $long" ',"stream":true')" \
    "$long. Write to <EMAIL_ADDRESS>, $long" "what is found is covered on its way"
far=$(printf "and $long %.0s" $(seq 120))end
is "$(flow fast "say: Her passport number is 512345678, $far" ',"stream":true' | md5sum)" \
    "$(printf 'Her passport number is <US_PASSPORT>, %s\n' "$far" | md5sum)" \
    "and stays so once what says what it is lies far behind"
is "$(flow window "say: $long fuck you $long" ',"stream":true')" "$long" \
    "what is found and not approved is cut"
is "$(grep -c fuck flow.txt) $(tail -n 2 flow.txt | head -n 1) $(sed -n 's/^data: //p' flow.txt |
    grep -v DONE | jq -rc '.choices[0].finish_reason // empty')" \
    "0 data: [DONE] content_filter" "with its own end"
is "$("$HANDRAIL" -d s.db list --json --where 'sent > 0' | jq -c '[.state, .sent, .tier]')" \
    "[\"flagged\",${#long},\"small\"]" "and flagged, with how much was out"
is "$("$HANDRAIL" -d s.db audit query --json | jq -c '.sent // empty')" ${#long} \
    "its leaf says so too"
is "$(sql "SELECT count(*) FROM calls WHERE gateway = 'window' AND state = 'answered'")" 3 \
    "logged as ever"
is "$(flow window "say: fuck" ',"stream":true')" "One moment." \
    "where nothing is out yet, the fallback"
is "$(flow window "say: {\\\"a\\\": \\\"$long fuck\\\"}" ',"stream":true')" "One moment." \
    "JSON is held until it is whole"
is "$(chat brokenw "say: $long" ',"stream":true' | tee flow.txt | grep -c DONE)" 0 \
    "a service that breaks off once something is out: no clean end"
is "$(grep ^data: flow.txt | tail -n 1 | cut -c 7- | jq -r .error.code)" upstream_error \
    "but an error"
is "$(claude "say: $long ana@example.com $long" ',"stream":true' claudew |
    sed -n 's/^data: //p' | jq -rs '[.[].delta.text // empty] | join("")')" \
    "$long <EMAIL_ADDRESS> $long" "messages"
is "$(sed 's/name = "ok\/3" }/&\nguard "r" { kind = regex pattern = '"'x'"' }/; s/queue "support" { guards = {/& "r",/' p.conf >bad.conf
    "$HANDRAIL" policy check bad.conf 2>&1 | sed 's/.*gateway "window": //')" \
    'stream = window sends before the answer is whole, and the guard "r" (regex) has to see all of it: it takes must = absent and a max_match' \
    "a guard that has to see the whole is refused"

# What no service sees.
hide="ana@example.com and bob@example.com and ana@example.com"
is "$(chat private "say: write to $hide" | said)" "write to $hide stop" \
    "values of the input are put back into the answer"
is "$(tail -n 1 up.log | jq -r '.body.messages[0].content')" "say: write to \
<EMAIL_ADDRESS_1> and <EMAIL_ADDRESS_2> and <EMAIL_ADDRESS_1>" "and no service saw them"
is "$(sql "SELECT snippet FROM items WHERE queue = 'private'")" \
    "write to <EMAIL_ADDRESS_1> and <EMAIL_ADDRESS_2> and <EMAIL_ADDRESS_1>" \
    "nor does the item show them"
is "$(chat privatecall "say: write to ana@example.com" |
    jq -r '.choices[0].message.tool_calls[0].function.arguments')" \
    '{"text": "write to ana@example.com"}' "in a call's arguments too"
is "$(chat privatew "say: write to $hide now" ',"stream":true' | streamed)" \
    "write to $hide now" "in a stream"
is "$(chat private "say: see https://evil.example/?q=ana@example.com" | said)" \
    "One moment. content_filter" "one that comes back in a URL is a finding"
is "$(chat private "say: <EMAIL_ADDRESS_1> is ana@example.com" | said)" \
    "<EMAIL_ADDRESS_1> is ana@example.com stop" "one that stands there literally stays"
is "$(post $SHOP_KEY /v1/responses '{"model":"private","previous_response_id":"r","input":
    "ana@example.com"}' | jq -r .error.code)" unsupported "what goes on from before is refused"

# A client that leaves.
chat g-hang "say: x" '' -m 0.3 >/dev/null
await sh -c "[ \"\$(sqlite3 -readonly s.db \"SELECT count(*) FROM calls WHERE
    state = 'left'\")\" = 1 ]"
is "$(sql "SELECT reason FROM calls WHERE state = 'left'")" "the client left" \
    "a client that leaves is on record"

# cpu: what the service has used, in clock ticks.
cpu() {
	awk '{ print $14 + $15 }' "/proc/$pid/stat"
}

# Nothing passes unlogged: the store cannot be written to for a while.
chat g-late "say: kept" ',"stream":true' >late.out &
client=$!
await sh -c "[ \"\$(sqlite3 -readonly s.db \"SELECT count(*) FROM calls WHERE model = 'late'
    AND state = 'asked'\")\" = 1 ]"
lock_store
touch speak
before=$(cpu)
wait $client
ok "while it waits it sleeps" [ $(($(cpu) - before)) -lt 60 ]
is "$(jq -r .error.code <late.out)" store_error "an answer that cannot be logged in time"
unlock_store
await sh -c "[ \"\$(sqlite3 -readonly s.db \"SELECT count(*) FROM calls WHERE model = 'late'
    AND state = 'answered'\")\" = 1 ]"
is "$(sql "SELECT snippet FROM items ORDER BY item DESC LIMIT 1")" kept \
    "is not lost, but stored once it can be"

kill $pid; wait $pid
is "$?" 0 "it ends"
is "$(sed -n 's/^handrail: serve: upstream "s500", //p' serve.err | head -n 1)" \
    'model "s500": the service failed, status 500' "it said which service fails"
is "$(grep -c '^handrail: serve: upstream "s302", model "s302": the service refused it, status 302: no redirect is followed$' serve.err)" 1 \
    "and an address in the policy that is another's"
is "$(sed -n 's/^handrail: serve: upstream "gone", .*: no connection: .*connect.*/once/p' serve.err)" \
    "once" "and why, once"
"$HANDRAIL" -d s.db audit verify >verify.out 2>&1
is "$?" 0 "the log verifies"
done_testing

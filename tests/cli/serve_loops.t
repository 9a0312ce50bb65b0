#!/bin/sh
# serve { loops = N }: connections are divided among threads, and what a key may spend,
# how many calls a model's service has, the policy and the counts are those of all.
. "$(dirname "$0")/lib.sh"
need_service

SHOP_KEY=shop-0123456789abcdef POOR_KEY=poor-0123456789abcdef
OLD_TOKEN=old-token NEW_TOKEN=new-token
export SHOP_KEY POOR_KEY OLD_TOKEN NEW_TOKEN
begin_models
policy() {
	cat <<CONF
serve { listen = { "unix:$work/s.sock" } loops = ${1-4} }
key "shop" { token_env = "SHOP_KEY" may = { "gateway", "read", "check" } }
key "poor" { token_env = "POOR_KEY" may = { "gateway" } tokens_day = 520 }
queue "support" { rule "all" { when = "1" route = approve } }
upstream "up" { url = "http://127.0.0.1:$port/v1" shape = openai }
upstream "narrow" { url = "http://127.0.0.1:$port/v1" shape = openai in_flight = 1
  token_env = "${2-OLD}_TOKEN" }
model "ok" { upstream = "up" }
model "slow" { upstream = "up" name = "late" }
model "one" { upstream = "narrow" name = "ok" }
model "late" { upstream = "narrow" }
gateway "plain" { queue = support try = { ok } }
gateway "slow" { queue = support try = { slow } }
gateway "one" { queue = support try = { one } deadline = 20s }
gateway "late" { queue = support try = { late } }
gateway "soon" { queue = support try = { ok } deadline = 1s }
CONF
}
names="a b c d e f g h i j"
for n in $names; do
	echo "gateway \"$n\" { queue = support try = { ok } prompt = \"$n\" }"
done >prompts
clients() {
	python3 "$root/tests/cli/serve_loops.py" s.sock "$@"
}
metric() {
	curl -s --unix-socket s.sock -H "x-api-key: $SHOP_KEY" http://localhost/metrics |
	    sed -n "s/^$1 //p"
}

policy >policy.conf
policy 17 >p.conf
try 2 "more loops than there may be are refused" -d s.db -p p.conf serve
like "$err" 'p.conf:1:.*loops.* 16' "and it is said how many"
{ policy; cat prompts; } >p.conf
ok "it begins with four" begin_service
[ -S s.sock ] || exit 1
is "$(sed -n 's/.*serve: prompt \([a-j]\):.*answer 503$/\1/p' serve.err | xargs)" "$names" \
    "what all find missing is said once of each"
"$HANDRAIL" -d s.db policy apply policy.conf >/dev/null
await grep -q 'is in force' serve.err

is "$(clients $SHOP_KEY calls 12 | sort | uniq -c | xargs)" "12 200" "twelve connections are answered"
ok "each call is logged" becomes "SELECT count(*) FROM calls WHERE state = 'answered'" 12
is "$(metric 'handrail_requests_total{path="\/v1\/chat\/completions",code="2xx"}')" 12 \
    "and counted, whichever loop had it"

# Twelve at once, each of which sets some 75 tokens of 520 aside until all have asked.
: >up.log
rm -f speak
is "$(clients $POOR_KEY budget 12 | sort | uniq -c | xargs)" "6 200 6 429" \
    "the budget of a key is one, whichever loops its calls have"
is "$(grep -c '"path"' up.log)" 6 "and what is over it reaches no model"
rm -f speak

: >up.log
is "$(clients $SHOP_KEY places 5 | xargs)" "1 200 200 200 200" \
    "a place that one loop leaves goes to who waits in another"

# The row of a call waits for the store until the call's time is over.
: >up.log
python3 -c 'import sqlite3, time
c = sqlite3.connect("s.db", isolation_level=None)
c.execute("begin immediate")
open("locked", "w").close()
time.sleep(1.5)
c.execute("rollback")' &
holder=$!
keep $holder
await [ -f locked ]
like "$(post $SHOP_KEY /v1/chat/completions '{"model":"soon","messages":[{"role":"user",
    "content":"say: fine"}]}')" '"code":"upstream_timeout"' "a call that the store kept too long"
wait $holder
is "$(cat up.log)" "" "is asked of no model"

# A policy that is applied is in force in all of them when it is told.
mkfifo look whole
clients $SHOP_KEY doubt 2 <whole >doubts &
doubter=$!
keep $doubter
exec 6>whole
await [ -f begun ]
clients $SHOP_KEY models 8 <look >models &
seer=$!
keep $seer
exec 5>look
echo >&5
await sh -c '[ -f models ] && [ $(wc -l <models) -eq 8 ]'
{ policy; echo 'gateway "more" { queue = support try = { ok } }'; } >p2.conf
ok "another policy is applied" "$HANDRAIL" -d s.db policy apply p2.conf
ok "it is told that it is in force" await sh -c "[ \$(grep -c 'is in force' serve.err) -eq 2 ]"
echo >&5
await sh -c '[ -f models ] && [ $(wc -l <models) -eq 16 ]'
is "$(sed -n '9,$p' models | sort | uniq -c | xargs)" "8 plain slow one late soon more" "all follow it"
is "$(grep -c 'is in force' serve.err)" 2 "which is said once"
echo >&6
wait $doubter
is "$(cat doubts) $(grep -c "a record's queue.* is not in the policy" serve.err)" \
    "200 200 200 200 2" "a queue that none names is told of once under each policy"
exec 6>&-

# A call ends under the policy that it began with: with its token too.
late() {
	post $SHOP_KEY /v1/chat/completions '{"model":"late","stream":true,"messages":[{"role":
	    "user","content":"say: at the end"}]}'
}
: >up.log
rm -f speak
late >/dev/null &
caller=$!
keep $caller
await grep -q late up.log
post $SHOP_KEY /v1/chat/completions '{"model":"one","messages":[{"role":"user",
    "content":"say: fine"}]}' >waited &
waiter=$!
keep $waiter
await sh -c "curl -s --unix-socket s.sock -H 'x-api-key: $SHOP_KEY' http://localhost/metrics |
    grep -q '^handrail_inflight 3'"
policy 4 NEW >p3.conf
ok "one with another token is applied" "$HANDRAIL" -d s.db policy apply p3.conf
await sh -c "[ \$(grep -c 'is in force' serve.err) -eq 3 ]"
touch speak
wait $caller $waiter
post $SHOP_KEY /v1/chat/completions '{"model":"one","messages":[{"role":"user",
    "content":"say: fine"}]}' >/dev/null
is "$(jq -r .auth up.log | xargs)" "Bearer old-token Bearer old-token Bearer new-token" \
    "a call that waits through a change of policy asks with its own token"

: >up.log
rm -f speak
late >last &
caller=$!
keep $caller
await grep -q late up.log
# Who comes as it is told finds it stopping, and learns that.
kill -STOP $pid
clients $SHOP_KEY ready 1 >came &
comer=$!
keep $comer
await [ -f asked ]
kill -TERM $pid
kill -CONT $pid
ok "it is told to stop" await grep -q 'serve: stopping' serve.err
wait $comer
like "$(cat came)" '^503 .*"stopping"' "who comes just then is told so"
touch speak
wait $caller
like "$(cat last)" "at the end" "what is under way is answered"
wait $pid
is $? 0 "then it ends"
exec 5>&-
wait $seer
done_testing

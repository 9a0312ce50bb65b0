#!/bin/sh
# A run that is killed in the middle, and gone on with; one that another process is at;
# a gateway of our own as the endpoint.
. "$(dirname "$0")/lib.sh"
command -v python3 >/dev/null || skip_all "no python3"

KEY=secret SHOP_KEY=shop-0123456789abcdef
export KEY SHOP_KEY
umask 077
python3 "$root/tests/cli/model.py" port log >/dev/null 2>&1 &
model=$!
trap 'kill $model $eval $pid 2>/dev/null; rm -rf "$work"' EXIT
await test -s port
: >log
url=http://127.0.0.1:$(cat port)/v1/chat/completions
suite() {	# FILE CASES URL ENDPOINT OPTIONS
	printf 'suite "live" { cases = "%s"
  endpoint "small" { url = "%s" model = "m" usd_in = 1 usd_out = 10 %s }
  endpoint "judge" { url = "%s" model = "j" token_env = "KEY" usd_in = 1 usd_out = 10 }
  check "same" { when = "output = expect->>%s" }
  check "nice" { rubric = "It is nice." endpoint = "judge" }
  gate { pass_rate = 0.5 confidence = 0.9 } }\n' "$2" "$3" "$4" "$url" "'\$'" >"$1"
}
asked() {
	wc -l <log
}
since() {	# N FILTER: how many of what came after N were of that kind
	tail -n +"$(($1 + 1))" log | jq -c "select(.messages[-1].content | $2)" | wc -l
}
killed() {	# TRIES: an eval killed once so many more questions came
	upto=$(($(asked) + $1))
	"$HANDRAIL" eval s.conf >out 2>&1 &
	eval=$!
	await sh -c "[ \$(wc -l <log) -ge $upto ]"
	kill -9 $eval
	wait $eval 2>/dev/null
}
verdict() {
	json '.runs[0] | [.cases, .results, .passed, .errors, .rate, .lower, .total_usd, .met, .checks, .failing] | tostring'
}

# Six answers, and one that is not to be had at the first.
for i in 1 2 3 4 5 6; do
	printf '{"id":"c%s","messages":[{"role":"user","content":"say good %s"}],"expect":"good %s"}\n' $i $i $((i / 6 * 9 + i))
done >c.jsonl
printf '{"id":"c7","messages":[{"role":"user","content":"wait 1"}],"expect":"you said: wait 1"}\n' >>c.jsonl
suite s.conf c.jsonl "$url" 'token_env = "KEY" in_flight = 1'
HANDRAIL_STORE=$work/s.db
export HANDRAIL_STORE
killed 7
is "$(since 0 'startswith("say good")')" 6 "six were answered before the kill"
n=$(asked)
like "$("$HANDRAIL" run list)" 'broken off' "the run was broken off"
touch go1
run eval s.conf --resume --json
was=$(verdict)
is "$(json '.runs[0] | [.run, .results]')" "[1,7]" "--resume goes on with it"
is "$(since "$n" 'startswith("say good")')" 0 "and asks for nothing that was answered"
n=$(asked)
HANDRAIL_STORE=$work/whole.db
run eval s.conf --json
is "$(verdict)" "$was" "its verdict is that of a run that nobody killed"
HANDRAIL_STORE=$work/s.db

# What an earlier run was answered is not asked for again, whenever the kill comes.
for i in 1 2 3; do
	printf '{"id":"d%s","messages":[{"role":"user","content":"say good 1%s"}],"expect":"x"}\n' $i $i
done >>c.jsonl
printf '{"id":"d4","messages":[{"role":"user","content":"wait 2"}],"expect":"x"}\n' >>c.jsonl
killed 4
touch go2
n=$(asked)
"$HANDRAIL" eval s.conf --resume >/dev/null
is "$(since "$n" 'startswith("You judge") or startswith("wait 2") | not')" 0 "nor for what an earlier run was answered"
try 0 "the log is whole" audit verify

# One that another process is at.
printf '{"id":"e","messages":[{"role":"user","content":"wait 3"}],"expect":"x"}\n' >c.jsonl
"$HANDRAIL" eval s.conf >/dev/null 2>&1 &
eval=$!
n=$(asked)
await sh -c "[ \$(wc -l <log) -gt $n ]"
like "$("$HANDRAIL" run list | head -n 1)" 'under way' "a run that is under way says so"
try 2 "--resume of it" eval s.conf --resume
is "$err" "handrail: eval: --resume: run 3 is not broken off: another process is at work on it" "is refused"
kill -9 $eval
wait $eval 2>/dev/null
like "$("$HANDRAIL" run list | head -n 1)" 'broken off' "till it is killed"

# A gateway of our own.
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
cat >p.conf <<CONF
serve { listen = { "127.0.0.1:$port" } }
key "shop" { token_env = "SHOP_KEY" may = { "gateway" } }
queue "support" { rule "all" { when = "1" route = approve } }
upstream "up" { url = "http://127.0.0.1:$(cat port)/v1" shape = openai token_env = "KEY" }
model "m" { upstream = up }
gateway "small" { queue = support try = { m } }
CONF
"$HANDRAIL" -p p.conf serve >serve.out 2>serve.err &
pid=$!
await sh -c "grep -q listening serve.err || ! kill -0 $pid"
suite g.conf g.jsonl "http://127.0.0.1:$port/v1/chat/completions" 'token_env = "SHOP_KEY"'
sed -i 's/model = "m"/model = "small"/' g.conf
for i in 1 2 3 4 5 6 7 8 9; do
	printf '{"id":"g%s","messages":[{"role":"user","content":"say good g%s"}],"expect":"good g%s"}\n' $i $i $i
done >g.jsonl
n=$(asked)
try 0 "a gateway as the endpoint" eval g.conf --json
is "$(json '.runs[0] | [.variant, .passed, .errors]')" '["small",9,0]' "answers every case"
is "$(since "$n" 'startswith("say good g")')" 9 "the model was asked once for each"
is "$("$HANDRAIL" list --state approved --limit 99 --json | jq -r .queue | sort | uniq -c | tr -s ' ')" " 9 support" \
    "and each is an item of the store"
try 0 "again" eval g.conf --json
is "$(since "$n" 'startswith("say good g")'):$("$HANDRAIL" list --state approved --limit 99 --json | wc -l)" 9:9 \
    "costs nothing"
kill $pid
wait $pid
is $? 0 "the service ends"
try 0 "the log is whole after all" audit verify

done_testing

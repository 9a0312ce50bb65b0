#!/bin/sh
# Suites asked of a model: repeats, what is kept, what goes on, what it costs, judges.
. "$(dirname "$0")/lib.sh"

HANDRAIL_STORE=$work/s.db KEY=secret
export HANDRAIL_STORE KEY
python3 "$root/tests/cli/model.py" port log >/dev/null 2>&1 &
model=$!
trap 'kill $model 2>/dev/null; rm -rf "$work"' EXIT
await test -s port
url=http://127.0.0.1:$(cat port)/v1/chat/completions
asked() {
	[ ! -e log ] || wc -l <log
}

suite() {	# CHECKS [ENDPOINT OPTIONS]
	printf 'suite "live" { cases = "c.jsonl"  prompt_file = "p.txt"
  endpoint "small" { url = "%s" model = "m" token_env = "KEY" usd_in = 1 usd_out = 10 %s }
  %s }\n' "$url" "${2-}" "$1" >s.conf
}
cat >c.jsonl <<\CASES
{"id":"a","vars":{"what":"good","deep":{"n":1}},"expect":"good 1"}
{"id":"b","vars":{"what":"tie","deep":{"n":2}},"expect":"tie 2"}
{"id":"c","vars":{"what":"bad","deep":{"n":3}},"expect":"bad 3"}
{"id":"d","vars":{"what":"mumble","deep":{"n":4}},"expect":"mumble 4"}
CASES
printf 'say {{what}} {{ deep.n }}' >p.txt
same='check "same" { when = "output = expect->>'"'\$'"'" }'
judged='endpoint "judge" { url = "'$url'" model = "j" token_env = "KEY" usd_in = 1 usd_out = 10 }
  check "nice" { rubric = "It is nice." endpoint = "judge" min = 0.5 }'

suite "$same"
try 0 "a suite asked live" eval s.conf --json
is "$(json '[.runs[0].variant, .runs[0].source, .runs[0].passed]')" '["small","live",4]' "every case"
is "$(json '[.runs[0].total_usd, .runs[0].mean_usd, .spent_usd] | map(. * 1e6)')" '[800,200,800]' \
    "by the tokens and their prices"
is "$(sed -n 1p log | jq -c '[.model, (.messages | length), .messages[0].role]')" '["m",1,"user"]' "as a chat"
try 0 "again" eval s.conf --json
is "$(asked):$(json .spent_usd)" "4:0" "nothing is asked twice"
suite "$same check \"short\" { when = \"length(output) < 7\" }"
run eval s.conf --json
is "$(asked):$(json '.runs[0].checks[1].failed')" "4:1" "a new check costs nothing"
suite "$same"
try 0 "--fresh" eval s.conf --fresh
is "$(asked)" 8 "asks again"
try 0 "repeats" eval s.conf --repeat 3 --json
is "$(asked):$(json '[.runs[0].results, .runs[0].cases]')" "16:[12,4]" "are real, and the first is kept"

# Calls that fail
cp c.jsonl kept.jsonl
cat >c.jsonl <<\CASES
{"id":"a","messages":[{"role":"user","content":"say fine"}],"expect":"fine"}
{"id":"b","messages":[{"role":"user","content":"fail 2"}],"expect":"you said: fail 2"}
{"id":"c","messages":[{"role":"user","content":"busy 1"}],"expect":"you said: busy 1"}
{"id":"d","messages":[{"role":"user","content":"say broken"}],"expect":"x"}
{"id":"e","messages":[{"role":"user","content":"say die"}],"expect":"x"}
{"id":"f","messages":[{"role":"user","content":"fail 9"}],"expect":"x"}
CASES
suite "$same" "retries = 2"
sed -i 's/  prompt_file = "p.txt"//' s.conf
run eval s.conf --json
is "$code:$(json '[.runs[0].passed, .runs[0].errors]')" "1:[3,3]" \
    "what may pass is tried again; an error is no pass"
is "$(json '.runs[0].failing | map([.case, (.error | sub("byte.*"; "..."))]) | .[0,2]' | tr '\n' ' ')" \
    '["d","..."] ["f","HTTP status 500: later"] ' "and says why"
out=$(env -u KEY "$HANDRAIL" eval s.conf --fresh 2>&1)
is "$?:$out" '2:handrail: eval: endpoint "small": KEY: the variable is not set' "a token that is not there"
out=$(KEY=wrong "$HANDRAIL" eval s.conf --fresh --json 2>&1)
is "$(json '.runs[0].errors')" 6 "a wrong key"
n=$(asked)
run eval s.conf --json
like "$(($(asked) - n))" '^([6-9]|1[0-9])$' "failures are not kept"

# So many at once
for i in 1 2 3 4 5 6 7 8 9; do
	printf '{"id":"k%s","messages":[{"role":"user","content":"say k%s"}],"expect":"k%s"}\n' $i $i $i
done >c.jsonl
suite "$same" "in_flight = 3"
sed -i 's/  prompt_file = "p.txt"//' s.conf
try 0 "a limit of calls in flight" eval s.conf
n=$(asked)

# Money, and going on
sed 's/say k/say m/; s/"k/"m/g' c.jsonl >c2.jsonl && mv c2.jsonl c.jsonl
try 2 "--max-usd" eval s.conf --max-usd 0.0005
like "$err" 'stopped before --max-usd 0.0005: 0.000[45] USD spent, [2-5] of 9 answered; --resume goes on' "stops before it"
ok "and asked no more" test "$(($(asked) - n))" -le 2
like "$("$HANDRAIL" run list | head -n 1)" 'broken off' "the run is broken off"
try 0 "--resume" eval s.conf --resume --json
is "$(json '[.runs[0].passed, .runs[0].results]'):$(($(asked) - n))" "[9,9]:9" \
    "goes on with it, and asks only for the rest"
try 2 "nothing to go on with" eval s.conf --resume
like "$err" 'no run of s.conf with small was broken off' "is said"
try 0 "the log is whole" audit verify

# A signal: what was answered is kept.
for i in 1 2 3 4 5 6 7 8 9; do
	printf '{"id":"s%s","messages":[{"role":"user","content":"%s %s"}],"expect":"x"}\n' $i \
	    "$([ $i -lt 4 ] && echo say || echo fail)" "$((i * 1000))"
done >c.jsonl
suite "$same" "retries = 20 in_flight = 2"
sed -i 's/  prompt_file = "p.txt"//' s.conf
n=$(asked)
"$HANDRAIL" eval s.conf >/dev/null 2>err &
pid=$!
await sh -c "[ \$(wc -l <log) -gt $((n + 5)) ]"
kill -INT $pid
wait $pid
is "$?:$(cat err)" "2:handrail: eval: interrupted; what was answered is kept, --resume goes on with it" \
    "interrupted"
is "$(sqlite3 s.db "SELECT count(*) FROM eval_cache WHERE answer LIKE '%000\"%'")" 3 "and its answers are kept"

# Judges
mv kept.jsonl c.jsonl
suite "$judged"
run eval s.conf --json
is "$code:$(json '[.runs[0].passed, .runs[0].errors]')" "1:[1,1]" "a judge passes what it passes twice"
is "$(json '.runs[0].failing | map([.case, .checks[0].state])')" \
    '[["b","failed"],["c","failed"],["d","error"]]' "a tie is no pass, a mumble an error"
like "$(json '.runs[0].failing[0].checks[0].reason')" '^a tie' "and says so"
is "$(json '.runs[0].checks[0] | [.passed, .failed, .error]')" "[1,2,1]" "counted apart"
suite "$same ${judged% \}} trust = 0.6 }"
try 0 "a judge that nobody vouches for gates nothing" eval s.conf --json
is "$(json '.runs[0].checks[1].untrusted')" 4 "and is untrusted"

# promptfoo's, with a base from the environment, and a judge
cat >p.yaml <<\YAML
prompts: ['say {{what}}']
providers: [{id: 'openai:chat:m', config: {apiKeyEnvar: KEY, temperature: 0.5}}]
tests:
  - vars: { what: good }
    assert: [{type: llm-rubric, value: is good, provider: 'openai:j2'}, {type: not-llm-rubric, value: x, provider: 'openai:j2'}]
YAML
n=$(asked)
run env OPENAI_API_KEY=secret OPENAI_BASE_URL="${url%/chat/completions}" "$HANDRAIL" eval p.yaml --json
out=$(OPENAI_API_KEY=secret OPENAI_BASE_URL="${url%/chat/completions}" "$HANDRAIL" eval p.yaml --json)
is "$(json '.runs[0].checks | map([.name, .passed])')" '[["llm-rubric",1],["not-llm-rubric",0]]' \
    "a promptfoo suite asked live, with its judge"
is "$(tail -n +"$((n + 1))" log | jq -c 'select(.model == "m") | .temperature')" 0.5 "with its parameters"
done_testing

#!/bin/sh
# Suites whose prompts and rubrics are those of the store.
. "$(dirname "$0")/lib.sh"
command -v python3 >/dev/null || skip_all "no python3"

HANDRAIL_STORE=$work/s.db KEY=secret
export HANDRAIL_STORE KEY
python3 "$root/tests/cli/model.py" port log >/dev/null 2>&1 &
model=$!
trap 'kill $model 2>/dev/null; rm -rf "$work"' EXIT
await test -s port
url=http://127.0.0.1:$(cat port)/v1/chat/completions
add() {	# NAME TEXT ARGS...
	printf '%s' "$2" >text; name=$1; shift 2
	"$HANDRAIL" prompt add "$name" text "$@" >/dev/null
}
suite() {	# SETTINGS CHECKS
	printf 'suite "refunds" { cases = "c.jsonl"  %s
  endpoint "small" { url = "%s" model = "m" token_env = "KEY" }
  endpoint "large" { url = "%s" model = "l" token_env = "KEY" }
  %s }\n' "$1" "$url" "$url" "$2" >s.conf
}
same='check "same" { when = "output = expect->>'"'\$'"'" }'
variants() {
	json '.runs | map([.variant, .passed])'
}
cat >c.jsonl <<\CASES
{"id":"a","vars":{"what":"{{deep}} {%","deep":"x"},"expect":"{{deep}} {%"}
{"id":"b","vars":{"what":"good","more":1},"expect":"good"}
CASES
add refund 'say {{what}}' --label production
add refund 'say it: {{what}}' --label next
add team/refund '[{"role":"system","content":"be brief"},{"role":"user","content":"say {{what}}"}]' --chat

suite 'prompt = "refund@production"' "$same"
try 0 "a prompt of the store" eval s.conf --variant small --json
is "$(variants)" '[["refund@1/small",2]]' "is the run's, by its version; values are not expanded again"
is "$(sed -n 1p log | jq -c '[.model, .messages[0].role]')" '["m","user"]' "as the user's message"
"$HANDRAIL" run label 1 production >/dev/null
run eval s.conf --variant refund@next/small --variant refund@1/large --json
is "$code:$(variants)" '1:[["refund@2/small",0],["refund@1/large",2]]' "--variant names others, and an endpoint"
is "$("$HANDRAIL" run list --json | jq -r .variant | head -n 2 | tr '\n' ' ')" "refund@1/large refund@2/small " \
    "the runs carry them"
try 0 "a name with a slash" eval s.conf --variant team/refund@1 --json
is "$(variants)" '[["team/refund@1/small",2],["team/refund@1/large",2]]' "with every endpoint"
is "$(tail -n 1 log | jq -c '.messages | map(.role)')" '["system","user"]' "a chat has its messages"
"$HANDRAIL" prompt label refund@2 production >/dev/null
run eval s.conf --variant small --baseline production --json
is "$code:$(variants)$(json '.runs[0].baseline.broken')" \
    '1:[["refund@2/small",0]]2' "where the label moves, the next run has the other version"

# Messages of a case stand behind.
printf '{"id":"m","messages":[{"role":"user","content":"say fine"}],"vars":{"what":"w"},"expect":"fine"}\n' >c.jsonl
suite 'prompt = "refund@1"' "$same"
try 0 "a case with messages of its own" eval s.conf --variant small --json
is "$(tail -n 1 log | jq -c '.messages | map([.role, .content])')" '[["system","say w"],["user","say fine"]]' \
    "has the text before them, as the system's"

# Items of the store, asked anew: the prompt that they had is gone.
"$HANDRAIL" ingest >/dev/null <<\REC
{"id":"g1","output":"x","prompt":"refund@1","metadata":{"variables":{"what":"fine"}},"messages":[{"role":"user","content":"say fine"}]}
{"id":"g2","output":"x","prompt":"refund@1","metadata":{"variables":{"what":"brief"}},"messages":[{"role":"system","content":"say brief"},{"role":"user","content":"say more"}]}
{"id":"g3","output":"x","metadata":{"variables":{"what":"other"}},"messages":[{"role":"system","content":"of another"},{"role":"user","content":"say thing"}]}
REC
printf 'suite "anew" { endpoint "small" { url = "%s" model = "anew" token_env = "KEY" } check "any" { when = "1" } }' "$url" >n.conf
try 0 "items asked anew with a prompt of the store" eval n.conf --where 1 --variant refund@2
is "$(grep '"anew"' log | jq -c '.messages | map(.content)' | sort)" '["say it: brief","say more"]
["say it: fine"]
["say it: other","say thing"]' "have it in the place of the one before, with their variables"

# What is not there, before anything is asked.
asked=$(wc -l <log)
printf '{"id":"n","vars":{},"expect":"fine"}\n' >c.jsonl
refused() {	# REGEX ARGS...
	regex=$1; shift
	run eval s.conf "$@"
	is "$code" 2 "refused: $*"
	like "$err" "^handrail: eval: $regex" "$err"
}
refused 'case n: variable what: not set'
refused '--variant refund@9: prompt: refund@9: no such version; the newest is refund@2' --variant refund@9
refused '--variant refund@x/small: prompt: refund@x: no version has that label' --variant refund@x/small
refused '--variant refund@1/tiny: no endpoint of s.conf is called so' --variant refund@1/tiny
suite 'prompt = "nobody@1"' "$same"
refused 'prompt: nobody: no such prompt'
is "$(wc -l <log)" "$asked" "and nothing was asked"

# A rubric of the store.
printf '{"id":"a","vars":{"what":"good"},"expect":{"amount":7}}\n' >c.jsonl
add rubric 'It is about {{what}} and says {{expect.amount}}.'
judged() {
	suite 'prompt = "refund@1"' "check \"helpful\" { judge = \"$1\" endpoint = \"large\" min = 0.5 }"
}
judged rubric@1
try 0 "a judge by a prompt of the store" eval s.conf --variant small --json
is "$(json '.runs[0].checks[0] | [.name, .passed]')" '["helpful",1]' "passes"
is "$(grep -c 'It is about good and says 7[.]' log)" 2 "it reads the prompt with the case's variables, in both orders"
judged rubric
refused 'check "helpful": judge = "rubric": a version is wanted, such as rubric@1'
judged team/refund@1
refused 'check "helpful": judge = "team/refund@1": that prompt has messages'
judged rubric@2
refused 'check "helpful": prompt: rubric@2: no such version'
judged rubric@1
printf '{"id":"a","vars":{"what":"good"}}\n' >c.jsonl
refused 'check "helpful": case a: judge rubric@1: variable expect.amount: not set'
done_testing

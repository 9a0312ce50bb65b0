#!/bin/sh
# Runs listed, shown, compared and labelled; results of other tools taken in.
. "$(dirname "$0")/lib.sh"

HANDRAIL_STORE=$work/s.db
export HANDRAIL_STORE
data=$root/tests/data/evals

# takes FILE ANSWER NAME [OPTIONS]: what run import says of it
takes() {
	file=$1 want=$2 what=$3; shift 3
	run run import "$@" "$data/$file"
	is "$code:$out" "0:$want" "$what"
}
takes promptfoo.json "run 1: Capital of {{country}}?/openai:gpt-4o-mini (promptfoo): 1 of 3 passed, 1 errors" \
    "promptfoo"
takes inspect.json "run 2: openai/gpt-4o-mini (inspect): 3 of 4 passed, 0 errors" "inspect_ai"
takes openai.json "run 3: gpt-4o-mini-2024-07-18 (openai): 1 of 2 passed, 0 errors" \
    "OpenAI's output items"
takes oaieval.jsonl "run 4: gpt-3.5-turbo (oaieval): 1 of 2 passed, 0 errors" "oaieval"
takes langfuse.json "run 5: default (langfuse): 1 of 3 passed, 1 errors" "Langfuse"
takes mlflow.json "run 6: imported (mlflow): 2 of 3 passed, 0 errors" "MLflow"
takes mlflow.json "run 7: imported (mlflow): 1 of 3 passed, 1 errors" "by one score" \
    --score answer_similarity/v1 --threshold 0.85
jq -c '.data[]' "$data/openai.json" >items.jsonl
run run import items.jsonl
is "$code:$out" "0:run 8: gpt-4o-mini-2024-07-18 (openai): 1 of 2 passed, 0 errors" "lines of one each"

run run show 1 --json
is "$(json '[.name, .variant, .passed] | length')" 3 "a run shown"
is "$(json '.rows[1] | [.pass, .latency_ms, .input_tokens, .output] ')" '[false,380,12,"Milan"]' \
    "its results with figures and outputs"
is "$(json '.rows[1].checks | map([.name, .state, .reason])')" \
    '[["contains","failed","Expected output to contain \"Rome\""],["fast","passed",null]]' \
    "and each assertion, by its metric"
is "$(json '.rows[2].error')" "API error: 429 Too Many Requests" "an error is one"
run run show 2 --json
is "$(json '.name')" capitals "a task's name"
is "$(json '.rows | map([.case, .repeat, .pass])')" \
    '[["1",1,true],["2",1,false],["1",2,true],["2",2,true]]' "epochs are repeats"
run run show 5 --json
is "$(json '.rows[2].checks[0].state')" error "a score that cannot be read is an error"
run run list --limit 2
is "$(printf '%s\n' "$out" | awk '{ print $1 }' | tr '\n' ' ')" "8 7 " "the latest first"

# Refused, with nothing kept
n=$("$HANDRAIL" run list | wc -l)
echo '{"a":1}' >odd.json
try 2 "a file of nobody" run import odd.json
like "$err" 'odd.json: no results of a tool that is known' "is refused"
{ head -n 2 "$data/oaieval.jsonl"; echo '{"oops"'; } >cut.jsonl
try 2 "a line that is broken" run import cut.jsonl
like "$err" 'cut.jsonl: line 3: byte 7' "is named"
try 2 "a tool that is not known" run import -f foo odd.json
is "$("$HANDRAIL" run list | wc -l)" "$n" "none of them left a run"

# Compared: 40 cases, 6 fixed and 2 broken; then many.
rows() {	# BROKEN FIXED OF: the results after, for those that passed but the fixed
	jq -nc --argjson b "$1" --argjson f "$2" --argjson n "$3" \
	    '{columns: ["id", "ok/score"], data: [range($n) | ["c\(.)", if . < $b then 0 else 1 end]]}' >after.json
	jq -nc --argjson b "$1" --argjson f "$2" --argjson n "$3" \
	    '{columns: ["id", "ok/score"], data: [range($n) | ["c\(.)", if . >= $b and . < $b + $f then 0 else 1 end]]}' >before.json
	a=$("$HANDRAIL" run import before.json | sed 's/run \([0-9]*\).*/\1/')
	b=$("$HANDRAIL" run import after.json | sed 's/run \([0-9]*\).*/\1/')
}
rows 2 6 40
try 1 "open" run compare "$a" "$b" --json
is "$(json '[.both, .fixed, .broken, .verdict, .diff] ')" '[40,6,2,"undecided",0.1]' "6 against 2 of 40"
is "$(json '[.low, .high, .p] | map(. * 1e6 | round)')" '[-49494,239970,289063]' "with its interval"
like "$("$HANDRAIL" run compare "$a" "$b")" 'more cases would decide' "and what it would take"
rows 0 30 400
try 0 "better" run compare "$a" "$b" --json
is "$(json '.verdict')" better "a verdict"
try 1 "and the other way round worse" run compare "$b" "$a" --json
is "$(json '[.verdict, .need]')" '["worse",null]' "which no more cases would mend"
try 2 "nothing in common" run compare 1 "$a"
try 0 "a label" run label "$b" best
try 0 "names a run" run compare best "$b"
try 2 "a label is a word" run label "$b" 12x
like "$err" 'run: 12x: a label is' "and is named"
run run compare 1 1
is "$(printf '%s\n' "$out" | grep -c 'would decide')" 0 "of a run and itself no more cases decide"
try 1 "a run that is not there" run show 999
try 1 "has no label" run label 999 best
try 2 "and compared it is nobody's fault" run compare 999 "$a"
try 0 "the log vouches for all of them" audit verify
jq -c .data "$data/openai.json" >list.json
run run import list.json
like "$code:$out" '^0:run [0-9]+: gpt-4o-mini-2024-07-18 \(openai\): 1 of 2 passed, 0 errors$' "a list of them"
done_testing

#!/bin/sh
# promptfoo's configurations and cases of others, read as they are.
. "$(dirname "$0")/lib.sh"

HANDRAIL_STORE=$work/s.db
export HANDRAIL_STORE
cat >promptfooconfig.yaml <<\YAML
# yaml-language-server: $schema=https://promptfoo.dev/config-schema.json
description: Capitals
prompts:
  - 'Capital of {{country}}?'
  - label: chat
    raw: '[{"role": "user", "content": "Tell me of {{country}}"}]'
providers: [echo]
defaultTest:
  assert:
    - type: icontains
      value: '{{country}}'
      metric: named
tests:
  - vars: { country: France }
  - description: both
    vars: { country: [Italy, Spain] }
    assert:
      - { type: not-contains, value: Paris }
      - type: assert-set
        threshold: 0.5
        assert: [{type: contains, value: alpha}, {type: contains, value: of}]
  - vars: &v { country: Chad }
    threshold: 0.7
    assert: [{type: contains, value: Chad, weight: 3}, {type: contains, value: gamma}]
  - vars: { <<: *v, other: 1 }
    assert: [{type: regex, value: '\bC\w+d\b'}, {type: word-count, value: {max: 20}}]
YAML
try 0 "a configuration" eval promptfooconfig.yaml --json
is "$(json '.runs | map(.variant)')" '["Capital of {{country}}?/echo","chat/echo"]' \
    "every prompt with every provider is a variant"
is "$(json '.runs | map([.passed, .results])')" '[[5,5],[5,5]]' "every combination is a case"
is "$(json '.runs[0].checks | map([.name, .passed])')" \
    '[["named",5],["not-contains",2],["assert-set",2],["contains",1],["regex",1],["word-count",1]]' \
    "assertions by metric and type"
is "$(json '.suite')" Capitals "by its description"
run run show 1 --json
is "$(json '.rows | map(.case) | .[1:3]')" '["both","both (2)"]' "named by their descriptions"
is "$(json '.rows[0].output')" "Capital of France?" "what was made of the prompt"
printf "prompts: ['{{q}}']\nproviders: [echo]\ntests: [{vars: {q: a}, assert: [{type: contains, value: b}]}]\n" >v.yaml
try 1 "a case without a name" eval v.yaml
like "$out" '  FAIL vars:[0-9a-f]{12} \{"q":"a"\}: contains: ' "is told by its variables"

# What cannot be run
cat >no.yaml <<\YAML
prompts: ['{{ q }}']
providers: [echo, 'anthropic:messages:claude']
tests:
  - vars: { q: a }
    assert: [{ type: javascript, value: 'output.length' }]
  - vars: { q: b }
    assert: [{ type: contains, value: b }]
  - vars: { q: c }
    assert: [{ type: containz, value: b }]
  - vars: { q: d }
    assert: [{ type: contains, value: '{{ q | upper }}' }]
  - vars: { q: d }
    assert: [{ type: contains, value: '{{ nothing }}' }]
  - vars: { q: d }
    options: { transform: 'output.x' }
  - vars: { q: e }
    assert: [{ type: llm-rubric, value: 'is nice' }]
scenarios: []
YAML
try 2 "what cannot be run" eval no.yaml
like "$err" 'test 1: javascript runs code of its own: .*run import' "is named with its test: code"
like "$err" 'test 3: no such assertion: containz' "an assertion that is not known"
like "$err" 'test 4: .*\{\{ q \| upper \}\} is not known' "syntax of templates"
like "$err" 'test 5: no variable is called nothing' "a variable that is not there"
like "$err" 'test 6: an option that is not known: "transform"' "an option"
like "$err" 'test 7: no provider is named to judge by llm-rubric: name one with --grader' "a judge without a model"
like "$err" '"scenarios": not known of a config' "a key"
like "$err" 'provider anthropic:messages:claude cannot be asked from here' "a provider"
like "$err" 'no.yaml: 8 things cannot be run here: --skip leaves out the tests concerned \(6\)' "and all counted"
try 0 "--skip" eval no.yaml --skip --json
is "$(json '[.dropped, .runs[0].results, (.skipped | length)]')" "[6,1,8]" "leaves them out and counts them"

# What is said once for many, and who judges where nobody is named.
cat >ref.yaml <<\YAML
prompts: ['{{ q }}']
providers: [echo]
assertionTemplates:
  noisy: { type: icontains, value: arrr }
defaultTest: { options: { provider: { text: 'openai:gpt-j', embedding: 'openai:embedding:e' } } }
tests:
  - vars: { q: Arrr me }
    assert: [{ $ref: '#/assertionTemplates/noisy' }]
  - vars: { q: no }
    assert: [{ $ref: '#/assertionTemplates/none' }]
YAML
try 0 "an assertion by its template" eval ref.yaml --skip --json
is "$(json '[.runs[0].checks[0].name, .runs[0].passed, .dropped]')" '["icontains",1,1]' "is it; one that is not there is left out"
like "$(json '.skipped[0]')" 'test 2: no such template: ' "and named"
run eval no.yaml --grader openai:gpt-4.1
like "$err" 'no.yaml: 7 things' "--grader judges where nobody is named"
try 2 "one that cannot be asked" eval no.yaml --grader anthropic:x
like "$err" '--grader anthropic:x: cannot be asked from here' "is refused"

# Broken files
printf 'a: 1\na: 2\n' >twice.yaml
try 2 "a name twice" eval twice.yaml
is "$err" "handrail: eval: twice.yaml: line 2: this name stands here twice" "is refused with its line"
cat >unset.yaml <<\YAML
prompts: ['[{"role":"user","content":"{{x}}"}]']
providers: [echo]
tests: [{ vars: { x: 1 }, assert: [{ type: equals, value: { a: "{{gone}}" } }] }]
YAML
try 2 "a variable that no test sets" eval unset.yaml
like "$err" 'test 1: no variable is called gone' "is named, within a value too"
for itself in 'a: &v { b: *v }' 'a: &v { b: { <<: *v } }' 'a: &v [*v]'; do
	printf '%s\n' "$itself" >itself.yaml
	try 2 "an alias within what it names" eval itself.yaml
	is "$err" "handrail: eval: itself.yaml: line 1: it is nested too deep" "is refused: $itself"
done
printf 'prompts: [a\n' >cut.yaml
try 2 "no YAML" eval cut.yaml
like "$err" 'cut.yaml: line [0-9]+: ' "has a line"
# Each alias ten of the one before.
{ echo 'a0: &a0 [x,x,x,x,x,x,x,x,x,x]'
for i in 1 2 3 4 5 6 7 8 9; do
	p=$((i - 1))
	echo "a$i: &a$i [*a$p,*a$p,*a$p,*a$p,*a$p,*a$p,*a$p,*a$p,*a$p,*a$p]"
done; } >laughs.yaml
try 2 "aliases that grow" eval laughs.yaml
like "$err" 'too large' "are stopped"

# Tests of a CSV file, outputs with them
cat >t.csv <<\CSV
city,__expected1,__expected2,__providerOutput,__description
Rome,"contains-any: Roma, Rome",levenshtein(12): Rome is it,Rome is old,one
Bonn,icontains: BONN,"not-regex: ^\s",Bonn is small,two
"Köln, am Rhein",Köln,,Kölle,three
CSV
printf 'prompts: [x]\ntests: file://t.csv\n' >csv.yaml
try 1 "a CSV file" eval csv.yaml --json
is "$(json '[.runs[0].passed, .runs[0].results, .runs[0].source]')" '[2,3,"suite"]' \
    "with its outputs"
is "$(json '.runs[0].failing | map([.case, .checks[0].name])')" '[["three","equals"]]' "a bare text is to be equal"

# OpenAI's evals, and our own
cat >e.jsonl <<\CASES
{"input":[{"role":"user","content":"2+2?"}],"ideal":"4"}
{"input":"3+3?","ideal":["6","six"]}
{"item":{"q":"4+4?","answer":"8"}}
CASES
cat >e.conf <<\CONF
suite "sums" { cases = "e.jsonl"
  check "right" { when = "instr(coalesce(expect->>'answer', expect), num(output)) > 0" } }
CONF
printf '{"id":"%s","output":"8"}\n' "$(printf '{"id":"x","output":"1"}\n' |
    "$HANDRAIL" eval e.conf -r - --json | jq -r '.runs[0].failing[2].case')" >e.out
run eval e.conf -r e.out --json
is "$(json '[.runs[0].cases, .runs[0].passed, .runs[0].errors]')" "[3,1,2]" \
    "cases of OpenAI's evals have names that stay"

# What such a case brings is judged, and what it cannot have is named.
printf '%s\n' '{"id":"a","input":"2+2?","ideal":"4","output":"4"}' \
    '{"id":"b","item":{"answer":"8"},"output":"9"}' >e.jsonl
try 1 "outputs that the cases bring" eval e.conf --json
is "$(json '[.runs[0].cases, .runs[0].passed, .runs[0].errors]')" "[2,1,0]" "are judged"
printf '{"id":"z","output":"4"}\n' >z.jsonl
printf '%s\n' '{"id":"z","expect":4}' >zc.jsonl
sed 's/e.jsonl/zc.jsonl/' e.conf >z.conf
run eval z.conf -r z.jsonl -b 1
like "$out" 'against .*no case in common' "nothing is said of what has no case in common"
is "$(printf '%s\n' "$out" | grep -c 'cases in both')" 0 "and no difference is made up"
printf '%s\n' '{"id":"a","input":"2+2?","ideal":"4","expect":"5"}' >e.jsonl
try 2 "a member of another form" eval e.conf
like "$err" 'e.jsonl:1: expect does not go with input' "is named"
done_testing

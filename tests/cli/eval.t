#!/bin/sh
# Suites over outputs that are there: checks, gate, baseline, reports, and runs that
# the audit log vouches for.
. "$(dirname "$0")/lib.sh"

HANDRAIL_STORE=$work/s.db
export HANDRAIL_STORE
cat >p.conf <<\CONF
guard "tone" { kind = "regex" pattern = '(?i)\bguarantee' severity = low }
queue "support" { guards = { "tone" }  rule "all" { when = "1" route = approve } }
CONF
cat >s.conf <<\CONF
suite "refunds" { cases = "c.jsonl"  queue = "support"
  check "no promise" { when = "NOT failed('tone')" }
  check "amount"     { when = "instr(output, expect->>'amount') > 0" weight = 2 }
  check "short"      { when = "words(output) < 5 AND levenshtein(output, 'x') < 40" }
}
CONF
for i in 1 2 3 4 5 6 7 8; do
	printf '{"id":"c%s","vars":{"n":%s},"expect":{"amount":"%s0"}}\n' $i $i $i
done >c.jsonl
for i in 1 2 3 4 5 6 7 8; do
	printf '{"id":"c%s","output":"You get %s0 EUR.","cost_usd":0.001,"latency_ms":1%s}\n' $i $i $i
done >good.jsonl
sed 's/You get 50/We guarantee 50/; s/You get 60/You get 6/; /"c7"/d' good.jsonl >bad.jsonl

try 0 "a suite whose every result passes" -p p.conf eval s.conf -r good.jsonl --json
is "$(json '[.runs[0].passed, .runs[0].errors, .runs[0].cases, .met]')" \
    "[8,0,8,true]" "and its figures"
is "$(json '.runs[0].lower * 1e6 | round' )" "687656" "with the exact lower bound"
is "$(json '.runs[0].checks | map(.name)')" '["no promise","amount","short"]' \
    "each check by its name"
try 0 "a run gets a label" run label 1 production
try 1 "one that got worse fails" -p p.conf eval s.conf -r bad.jsonl -b production --json
is "$(json '[.runs[0].passed, .runs[0].errors, .runs[0].baseline.broken]')" "[5,1,3]" \
    "a record that is missing is an error, and no pass"
is "$(json '.runs[0].failing | map([.case, .error, (.checks | map(.name))])')" \
    '[["c5",null,["no promise"]],["c6",null,["amount"]],["c7","no record has the id of this case",[]]]' \
    "what failed, and by which check"
run policy list
is "$out" "" "the policy that judged is not applied"

# Reports
"$HANDRAIL" -p p.conf eval s.conf -r bad.jsonl --junit o.xml --markdown o.md --tap >o.tap
like "$(cat o.xml)" '<testsuite name="records" tests="8" failures="2" errors="1"' "JUnit counts"
like "$(cat o.xml)" 'name="c6"[^>]*><failure message="amount: instr' "and names the check"
like "$(cat o.tap)" '^not ok 5 - c5' "TAP"
like "$(cat o.md)" '^\| c6 \| amount' "Markdown"

# The lines for CI that the manual has
cp s.conf refunds.conf; cp good.jsonl out.jsonl; mkdir bin; ln -s "$HANDRAIL" bin/handrail
sed -n 's/^- run: //p; s/^  - \(handrail .*\)/\1/p' "$root/man/handrail-eval.1" >ci
is "$(wc -l <ci)" 2 "a step of GitHub Actions and a script of GitLab"
n=0
while read -r line; do
	n=$((n + 1))
	ok "run: $line" env PATH="$work/bin:$PATH" HANDRAIL_POLICY="$work/p.conf" sh -e -c "$line"
	like "$(cat out.xml)" '<testsuite name="records" tests="8" failures="0"' "and gives its report"
	rm out.xml
done <ci
sed 's/You get/We guarantee/' good.jsonl >out.jsonl
is "$(env PATH="$work/bin:$PATH" HANDRAIL_POLICY="$work/p.conf" sh -e -c "$(head -n 1 ci)" >/dev/null 2>&1; echo $?)" 1 "a gate that is not met fails the job"

# The gate
gate() {
	sed "s/^}/  gate { $1 } }/" s.conf >g.conf
	run -p p.conf eval g.conf -r bad.jsonl --json
}
gate 'pass_rate = 0.6'
is "$code:$(json '.runs[0].gate[0].met')" "0:true" "a rate that is reached"
gate 'pass_rate = 0.6 confidence = 0.95'
is "$code:$(json '.runs[0].gate[0].met')" "1:false" "is not with a confidence"
gate 'each = 1'
is "$code" 1 "each case"
gate 'p95_ms = 10'
is "$code" 1 "latency"
gate 'mean_usd = 0.0005'
is "$code" 1 "cost"
gate 'baseline = "next"'
is "$code:$(json '.runs[0].run > 0')" "1:true" "a baseline that is yet to come: the run is kept"
gate 'baseline = "production" undecided = pass'
is "$code:$(json '.runs[0].baseline.verdict')" "0:undecided" "an open verdict, as the gate says"
try 2 "a baseline that is named has to be there" -p p.conf eval s.conf -r bad.jsonl -b nowhere

i=0
while [ $((i += 1)) -le 51 ]; do "$HANDRAIL" -d many.db -p p.conf eval s.conf -r good.jsonl >/dev/null 2>&1; done
run -d many.db run list
is "$(printf '%s\n' "$out" | wc -l) $err" \
    "50 handrail: run: 50, and there are more; --limit 0 lists all" "run list tells what it leaves out"
run -d many.db run list --limit 0
is "$(printf '%s\n' "$out" | wc -l)$err" 51 "and lists all"
runs=$("$HANDRAIL" run list --limit 1)
try 2 "a file that cannot be made" -p p.conf eval s.conf -r good.jsonl --junit nowhere/o.xml
like "$err" 'nowhere/o.xml: cannot be made in nowhere: No such file' "is told"
is "$("$HANDRAIL" run list --limit 1)" "$runs" "before anything is run"
try 2 "two forms at once" -p p.conf eval s.conf -r good.jsonl --tap --json
echo 'suite "o" { endpoint "e" { url = "http://127.0.0.1:9/v1" model = "m" retries = 0 }
  check "c" { when = "1" } }' >once.conf
try 0 "an endpoint that is asked once only" -p p.conf eval once.conf -r good.jsonl

# Repeats: several records of one case
{ cat good.jsonl bad.jsonl; } | grep -v '"c7"' >twice.jsonl
sed 's/^}/  gate { pass_rate = 0.8 each = 0.5 } }/' s.conf >g.conf
run -p p.conf eval g.conf -r twice.jsonl --json
is "$code:$(json '[.runs[0].cases, .runs[0].results]')" "1:[8,15]" "records of one id are repeats"

# Mistakes say where they are, and store nothing.
runs=$("$HANDRAIL" run list | wc -l)
sed 's/expect->>/expcet->>/' s.conf >m.conf
try 2 "a wrong condition" -p p.conf eval m.conf -r good.jsonl
is "$err" "handrail: eval: m.conf:3:31: check \"amount\": no such column: expcet; did you mean expect?" "says where"
try 2 "a queue that is not there" eval s.conf -r good.jsonl
like "$err" 'queue: the policy has no queue "support"' "says so"
try 2 "nothing to judge" -p p.conf eval s.conf
like "$err" 'names no endpoint to ask: bring the outputs with --records or --where' "says what to do"
printf 'suite "x" { cases = "c.jsonl" chek "a" { when = "1" } }\n' >m.conf
try 2 "a section that is not known" eval m.conf -r good.jsonl
like "$err" "m.conf:1:31: no such option 'chek'; did you mean check" "is named"
echo '{"id":"c1","vars":{},"expcet":1}' >m.jsonl
printf 'suite "x" { cases = "m.jsonl" check "a" { when = "1" } }\n' >m.conf
try 2 "a case with a key that is not known" eval m.conf -r good.jsonl
is "$err" 'handrail: eval: m.jsonl:1: "expcet" is not known of a case' "is named"
is "$("$HANDRAIL" run list | wc -l)" "$runs" "none of them left a run"

# A guard that cannot run is no pass, though NOT failed() holds.
cat >h.conf <<\CONF
guard "far" { kind = "http" url = "http://127.0.0.1:9/x" shape = generic retries = 0
    timeout_ms = 200 result = "/ok" passes = { "true" } }
queue "support" { guards = { "far" } rule "all" { when = "1" route = approve } }
CONF
printf 'suite "x" { cases = "c.jsonl" queue = "support"
  check "far" { when = "NOT failed(%s)" } check "f2" { guard = "far" } }\n' "'far'" >m.conf
run -p h.conf eval m.conf -r good.jsonl --json
is "$code:$(json '[.runs[0].passed, .runs[0].errors]')" "1:[0,8]" "a guard that cannot run is an error"

# Items of the store
"$HANDRAIL" -p p.conf ingest >/dev/null <<\REC
{"id":"i1","queue":"support","output":"ok","metadata":{"k":1}}
{"id":"i2","queue":"support","output":"we guarantee it","metadata":{"k":1}}
{"id":"i3","queue":"support","output":"other","metadata":{"k":2}}
REC
printf 'suite "live" { queue = "support" check "no promise" { when = "NOT failed(%s)" } }\n' "'tone'" >i.conf
run eval i.conf --where "metadata->>'k' = 1" --json
is "$code:$(json '[.runs[0].source, .runs[0].passed, .runs[0].results]')" '1:["items",1,2]' \
    "items of the store are cases"
is "$(json '.runs[0].failing[0].case')" "i2" "by their ids"
try 2 "no item at all" eval i.conf --where "metadata->>'k' = 9"

# The log
try 0 "the log vouches for the runs" audit verify
run audit query --event run --json
like "$out" '"results_sha256":"[0-9a-f]{64}"' "a leaf a run"
run audit query --event run.label --json
is "$(json '[.run, .from, .label]')" '[1,null,"production"]' "and one a label"
sqlite3 s.db "UPDATE results SET pass = 1 WHERE run = 2 AND case_id = 'c5'"
try 1 "a result that was altered is found" audit verify
like "$err" 'run 2: its results are not those of leaf' "by its run"
sqlite3 s.db "UPDATE results SET pass = 0 WHERE run = 2 AND case_id = 'c5'"
try 0 "and is well once it is back" audit verify
sqlite3 s.db "INSERT INTO run_labels (seq, label, run) VALUES (1, 'production', 2)"
try 1 "a label that nobody moved is found" audit verify
done_testing

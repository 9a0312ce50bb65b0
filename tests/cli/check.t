#!/bin/sh
# check: a filter from records to verdicts that touches no store.
. "$(dirname "$0")/lib.sh"

basic_policy >p.conf
{
	record a1 0.97
	record f1 0.95 'Größe 5: write to ana@example.com, or bob@example.com.'
	record e1 0.10
	printf '{"id":"x","output":1,"id":"y"}\n'
	record f2 0.99 'Yes.' ',"metadata":{"amount":501}'
} >in.jsonl

run -p p.conf check in.jsonl
is "$code" 1 "a refused record leaves exit 1"
is "$(json '.id // .line')" "$(printf 'a1\nf1\ne1\n4\nf2')" "one verdict a record, in input order"
is "$(json '.route // "refused"')" "$(printf 'approve\nflag\nescalate\nrefused\nflag')" "with its route"
is "$(json 'select(.id=="f2").rule')" "large refund" "and the rule that led to it"
is "$(json 'select(.id=="f1").rule')" "no rule matched" "or that none did"
first=$(printf '%s\n' "$out" | head -n 1)
is "$(json keys_unsorted "$first")" '["id","queue","route","rule","policy","findings","released","release"]' "the keys of a verdict"
is "$(json '[.released,.release]' "$first")" '[true,"Answer a1."]' "what is approved is released as it is"
is "$(json 'select(.id=="f1")|[.released,.release]')" '[false,"A colleague will write to you."]' "else the fallback stands"
is "$(json 'select(.id=="f1").findings[0]|keys_unsorted')" \
    '["guard","kind","severity","score","start","end","message"]' "the keys of a finding"
is "$(json 'select(.id=="f1").findings|map([.guard,.kind,.severity,.start,.end])')" \
    '[["pii","EMAIL_ADDRESS","medium",18,33],["pii","EMAIL_ADDRESS","medium",38,53]]' \
    "spans count code points, half open"
is "$(printf '%s\n' "$out" | sed -n 4p | jq -c keys_unsorted)" '["line","error"]' "the keys of a refusal"
like "$(json 'select(.line).error')" 'byte [0-9]+: .*duplicate key' "and its reason"
like "$(json .policy "$first")" '^[0-9a-f]{12}$' "the policy is named by twelve digits"
is "$(find . -name '*.db*' -o -name data)" "" "no store is made"

cp "$work/.out" once
run -p p.conf check - <in.jsonl
ok "standard input gives the same bytes" cmp once "$work/.out"

# Redaction of what is approved in spite of a finding.
cat >r.conf <<'POLICY'
guard "pii" { redact = label  kinds = { "EMAIL_ADDRESS" } }
queue "support" {
    guards = { "pii" }
    rule "all" { when = "1"  route = approve }
}
POLICY
run -p r.conf check in.jsonl
is "$(json 'select(.id=="f1").release')" "Größe 5: write to <EMAIL_ADDRESS>, or <EMAIL_ADDRESS>." "a finding with redact is taken out of the release"

# Flushed whenever no further input waits: a caller may talk to it.
mkfifo to
"$HANDRAIL" -p p.conf check - <to >from &
pid=$!
exec 3>to
record live 0.97 >&3
n=0
while [ ! -s from ] && [ $n -lt 100 ]; do n=$((n + 1)); sleep 0.05; done
is "$(jq -r .id from)" live "a verdict comes before the input ends"
exec 3>&-
wait $pid
is $? 0 "and the end of input ends it"

run check in.jsonl
is "$(json 'select(.id=="a1")|[.route,.rule]')" '["approve","confident"]' "without -p the built-in policy judges"
is "$(json 'select(.id=="f2").route')" approve "which knows no large refund"

run -d s.db check in.jsonl
like "$err" '^handrail: check: -d s.db is not used: check opens no store; the built-in policy judges, -p names another$' \
    "a store that is named is not passed over without a word"
is "$code:$(find . -name 's.db*')" 1: "nor made"
HANDRAIL_STORE=s.db run -p p.conf check in.jsonl
is "$(printf '%s\n' "$err" | grep -c 'not used')" 0 "the one that commands are for anyway is none of that"

# A policy that cannot be read.
printf 'queue "q" {\n  rule "unsure" { when = "confidnce < 0.4"  route = flag }\n}\n' >broken.conf
run -p broken.conf check in.jsonl
is "$code" 2 "a broken policy: exit 2"
is "$err" 'handrail: check: broken.conf:2:26: rule "unsure": no such column: confidnce; did you mean confidence?' "and its place and reason"
is "$out" "" "and no verdict"
run -p none.conf check in.jsonl
is "$code" 2 "no such policy: exit 2"
like "$err" '^handrail: .*none\.conf: No such file' "and its name"

run -p p.conf check --explain in.jsonl
like "$out$err" 'large refund' "--explain names the rules tried"
cat >why.conf <<'EOF'
queue "default" {
    rule "long" { when = "words(output) > 3 AND length(model) < 9"  route = flag }
}
EOF
echo '{"output":"one two three four","model":"m-1"}' >why.jsonl
run -p why.conf check --explain why.jsonl
like "$out" 'rule long: true  \(words\(output\) 4, length\(model\) 3, model "m-1"\)' \
    "and what the functions in their conditions came to"
done_testing

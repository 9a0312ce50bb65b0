#!/bin/sh
# stats: one object, every key, numbers that add up.
. "$(dirname "$0")/lib.sh"

basic_policy >p.conf
{
	record a1 0.97; record a2 0.98; record f1 0.7; record f2 0.7
	record f3 0.7; record f4 0.95 "Write to ana@example.com."; record e1 0.1
} >in.jsonl
"$HANDRAIL" -d s.db -p p.conf ingest in.jsonl >/dev/null 2>&1
printf 'Better.' >new.txt
"$HANDRAIL" -d s.db decide f1 accept >/dev/null
"$HANDRAIL" -d s.db decide f2 edit --output-file new.txt >/dev/null
"$HANDRAIL" -d s.db decide f3 reject >/dev/null

run -d s.db stats --json
is "$code" 0 "stats runs"
is "$(json keys_unsorted)" \
    '["since","until","states","routes","decisions","override_rate","sla_breached","oldest_flagged_at","by_rule","by_guard","by_model","by_prompt","by_reviewer","review_ms","latency_ms","cost_usd","input_tokens","output_tokens","calls","attempts","first_token_ms","by_tier","agreement","ratings"]' "its keys"
is "$(json '.states|to_entries|map(select(.value>0))|sort_by(.key)|from_entries')" \
    '{"accepted":1,"approved":2,"edited":1,"escalated":1,"flagged":1,"rejected":1}' "states"
is "$(json '.routes|[.approve,.flag,.escalate]')" '[2,4,1]' "routes"
is "$(json '.decisions|[.accept,.edit,.reject]')" '[1,1,1]' "decisions"
is "$(json '.override_rate*1000|round')" 667 "override rate: (edit + reject) / (accept + edit + reject)"
is "$(json '.by_rule[0]|keys_unsorted')" '["name","items","accept","edit","reject","escalate","override_rate"]' "the keys of a rule's row"
is "$(json '.by_rule[]|select(.name=="no rule matched")|[.items,.accept,.edit,.reject,.escalate]')" '[4,1,1,1,0]' "a rule's row"
is "$(json '.by_rule[]|select(.name=="confident")|[.items,.override_rate]')" '[2,null]' "no decision, no rate"
is "$(json '.by_guard|map(.name)')" '["pii"]' "guards that failed"
is "$(json '.by_model[0]|[.name,.items]')" '["m1",7]' "models"
is "$(json '.latency_ms|[.p50,.p95,.p99]')" '[100,100,100]' "latency"
is "$(json '.cost_usd*1000|round')" 14 "cost"
is "$(json '[.input_tokens,.output_tokens,.calls,.by_tier]')" '[70,35,0,[]]' "tokens; no call of a gateway"
is "$(json .sla_breached)" 0 "no breach"
run -d s.db stats s.db
is "$code" 2 "no operand: exit 2"
like "$err" 's.db: stats takes no operand' "and says so"

# Bars and tables stay inside the terminal, and whole words inside a pipe.
record l1 0.7 'x' ',"metadata":{}' | sed 's/"m1"/"a-model-with-a-name-of-more-than-forty-characters"/' |
    "$HANDRAIL" -d s.db ingest - >/dev/null
for columns in 120 80 64 40; do
	PAGER="cat -" perl "$root/tests/screen/pty.pl" screen $columns 24 "$HANDRAIL" -d s.db stats </dev/null
	tr -d '\r' <screen >table
	ok "$columns columns: no line is wider" test "$(wc -L <table)" -le $columns
	like "$(cat table)" '^  flagged +[0-9]+  █+$' "with bars"
	like "$(cat table)" '^  m1 +7 .* 66\.7%$' "and a row of the models' table"
done
LC_ALL=C "$HANDRAIL" -d s.db stats >plain
ok "ASCII where the locale has no more" sh -c '! LC_ALL=C grep -q "[^ -~]" plain'
run -d s.db stats
like "$out" 'a-model-with-a-name-of-more-than-forty-characters +1 ' "a name is whole in a pipe"
like "$out" 'flagged' "for people: states"

# Late is what still waits for a person, escalated too, and nothing that is decided.
test_store l.db
{ record f1 0.7; record f2 0.7; record e1 0.1; record e2 0.1
sed 's/"support"/"other"/' <<R
$(record o1 0.1)
R
} >late.jsonl
HANDRAIL_CLOCK=1795500000000,1000000
export HANDRAIL_CLOCK
{ cat p.conf; sed 's/"support"/"other"/; /^guard/d' p.conf; } >both.conf
"$HANDRAIL" -d l.db -p both.conf ingest late.jsonl >/dev/null 2>&1
run -d l.db stats --json
is "$(json .sla_breached)" 0 "nothing is late at first"
HANDRAIL_CLOCK=1795520000000,2000000
run -d l.db stats --json
is "$(json .sla_breached)" 5 "what is escalated is late as what is flagged is"
run -d l.db stats --json --queue other
is "$(json .sla_breached)" 1 "of one queue, too"
"$HANDRAIL" -d l.db decide f1 accept >/dev/null
"$HANDRAIL" -d l.db decide e1 reject >/dev/null
run -d l.db stats --json
is "$(json .sla_breached)" 3 "and no longer once it is decided"
done_testing

#!/bin/sh
# Runs and prompts on the screen: checks with their intervals, what broke and what
# is fixed, old and new by word, a broken case made an item; versions and labels.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/../cli/lib.sh"

HANDRAIL_CLOCK=1795500000000,1000000
export HANDRAIL_CLOCK
test_store s.db

script "neither is there at first" <<\S
keys C
expect There is no run yet: handrail eval SUITE
keys q P
expect There is no prompt yet: handrail prompt add
keys q
expect Nothing is flagged
S

cat >suite.conf <<\S
suite "refunds" {
  cases = "cases.jsonl"
  check "no promise" { when = "NOT instr(output, 'promise')" }
  check "amount" { when = "instr(output, expect->>'amount') > 0" }
}
S
# answers BROKEN FILE: what is said in each of nine cases, one of them wrong.
answers() {
	jq -nc --argjson b "$1" 'range(9) | {id: "c\(.)", output:
	    (if . == $b then "You get nothing" elif . == 5 then "We promise 5 EUR"
	    else "You get \(.) EUR back \u001b[31m" end)}' >"$2"
}
jq -nc 'range(9) | {id: "c\(.)", messages: [{role: "user", content: "\(.) back!"}], expect: {amount: "\(.) EUR"}}' >cases.jsonl
answers 3 old.jsonl
answers 7 new.jsonl
"$HANDRAIL" -d s.db eval suite.conf --records old.jsonl >/dev/null
"$HANDRAIL" -d s.db run label 1 production >/dev/null
"$HANDRAIL" -d s.db eval suite.conf --records new.jsonl >/dev/null

# Two that differ in the middle alone, in a store of their own.
script_store=v.db
test_store v.db
for prompt in refund-reply@3 refund-reply@14; do
	"$HANDRAIL" -d v.db eval suite.conf --records old.jsonl >/dev/null
	sqlite3 v.db "UPDATE runs SET variant = 'openai/gpt-4o-2024-11-20 $prompt temperature 0.2 seed 42' WHERE variant = 'records'"
done
script "variants that are wider than the window show where they differ" <<\S
size 80 24
keys C
expect  SUITE        VARIANT
expect refunds      … refund-reply@14…
expect refunds      …0 refund-reply@3…
size 200 24
expect openai/gpt-4o-2024-11-20 refund-reply@3 temperature 0.2 seed 42
S
script_store=
script "C lists the runs, Enter shows what one broke and fixed" <<\S
keys C
expect    RUN BEGUN            PASSED        GATE       SUITE        LABELS     VARIANT
cursor >    2 2026-11-24 06:00      7/9      not met    refunds                 records
expect      1 2026-11-24 06:00      7/9      not met    refunds      production records
keys Enter
expect against run 1 production: undecided, +0.0%
expect records of refunds: 7 of 9 cases passed, 77.8% (40.0 to 97.2); gate not met
expect amount                     8       9 [
expect ===|=
expect Broken (1)
cursor >c7                       0/1 amount: instr(output
attr bold >
expect Fixed (1)
expect  c3                       1/1
expect Failing (1)
expect  c5                       0/1 no promise
expect Passing (6)
keys Enter
expect {+nothing+}
expect ^[[31m
keys q
expect Broken (1)
S
script "f makes a broken case a flagged item, once" <<\S
keys C Enter
expect Broken (1)
keys f
expect flagged: run-2:c7#1
keys f
expect run-2:c7#1 is an item already
keys q q
expect case of run 2
keys Enter
expect You get nothing
expect the case
expect 7 back!
expect amount
S
is "$("$HANDRAIL" -d s.db show --json 'run-2:c7#1' | jq -c '[.state, .rule, .metadata.case, .findings[0].guard]')" \
    '["flagged","case of run 2","c7","amount"]' "the store has it so"
ok "and the log proves it" sh -c '"$HANDRAIL" -d s.db audit verify >/dev/null'
script "t names the run to compare with" <<\S
keys C j t
expect Runs  compared with 1
keys t k Enter
expect Broken (1)
keys q j Enter
expect Run 1
expect Failing (2)
absent Broken
S

printf 'Be kind to {{name}}.\n' >one
printf 'Be very kind to {{name}}.\n' >two
"$HANDRAIL" -d s.db prompt add refund one >/dev/null
"$HANDRAIL" -d s.db prompt add refund two >/dev/null
"$HANDRAIL" -d s.db prompt label refund@1 production >/dev/null
"$HANDRAIL" -d s.db prompt label refund@2 production >/dev/null
script "P lists prompts, who moved their labels; Enter shows what changed" <<S
keys P
expect  refund
expect moved production from @1 to @2
expect $(id -un)
cursor > @1
keys j
cursor [production]
keys Enter
expect Be {+very +}kind to {{name}}.
keys q k Enter
expect Be kind to {{name}}.
absent very
S
printf 'Be short, {{name}}.\n' >three
"$HANDRAIL" -d s.db prompt add refund three >/dev/null
"$HANDRAIL" -d s.db prompt add reply one >/dev/null
script "t names the version to compare with, of any prompt" <<\S
keys P t
expect Enter on another compares it with refund@1
cursor >+@1
keys j j Enter
expect short,
absent very
keys q t t
absent +@1
keys Enter
expect very
S
done_testing

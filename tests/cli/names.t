#!/bin/sh
# A mistyped name is told with the one that may have been meant.
. "$(dirname "$0")/lib.sh"

basic_policy >p.conf
record one 0.5 >one.jsonl
run -d s.db -p p.conf ingest one.jsonl

# says NAME REGEX ARGS...: exit 2, and one line that matches.
says() {
	name=$1 regex=$2; shift 2
	run -d s.db "$@"
	is "$code:$out:$(wc -l <"$work/.err")" 2::1 "$name"
	like "$err" "$regex" "$name: $err"
}
says "the beginning of a column" 'no such column: conf; did you mean confidence\?$' \
    list -w 'conf > 0.4'
says "two letters exchanged" 'no such column: confidnece; did you mean confidence\?$' \
    list -w 'confidnece > 0.4'
says "a text in double quotes" "no such column: support; a text goes in single quotes: 'support'\$" \
    list -w 'queue = "support"'
says "a text whose quotes the shell took" "no such column: t1; a text goes in single quotes: 't1'\$" \
    list -w id=t1
says "a key of the metadata" "metadata->>'amount'\$" list -w 'amount > 5'
says "a function" 'no such function: lenght; did you mean length\?$' \
    list -w 'lenght(output) > 5'
says "a function that asks a guard" 'no such function: faild; did you mean failed\?$' \
    list -w "faild('pii')"
says "a column of the log" 'no such column: evnt; did you mean event\?$' \
    audit query -w "evnt = 'x'"
says "none of the log's columns" 'columns are seq, ts, event, ' \
    audit query -w "quantum = 'x'"

sed "s/failed('secrets')/failed('secret')/" p.conf >guard.conf
says "a guard in a policy" "failed\('secret'\): .*; did you mean secrets\?\$" \
    policy check guard.conf
sed 's/fallback/falback/' p.conf >option.conf
says "an option of a policy" "option.conf:6:5: no such option 'falback'; did you mean fallback\?\$" \
    policy check option.conf

# Queues: of a command, and of records.
for command in list next releases stats 'audit query' 'review --plain'; do
	# shellcheck disable=SC2086 # two words
	says "$command: a queue nearly right" 'queue suport: .*; did you mean support\?$' $command -q suport
done
says "a queue that is nowhere" 'nothing came for it; the queue is support$' list -q elsewhere
printf '{"id":"%s","queue":"%s","output":"x","confidence":0.99}\n' a suport b suport c elsewhere >other.jsonl
echo '{"id":"d","output":"x"}' >>other.jsonl
told=$(cat <<'TOLD'
handrail: COMMAND: queue suport is not in the policy: all of it is flagged; did you mean support?
handrail: COMMAND: queue elsewhere is not in the policy: all of it is flagged; the queue is support
handrail: COMMAND: queue default (of records that name none) is not in the policy: all of it is flagged; the queue is support
TOLD
)
run -p p.conf check other.jsonl
is "$code:$err" "0:$(printf '%s\n' "$told" | sed 's/COMMAND/check/')" "check tells each queue once"
is "$(json '.route + ": " + .rule' | uniq)" "flag: no rule matched" "all of it is flagged"
run -d s.db ingest other.jsonl
is "$code:$err" "0:$(printf '%s\n' "$told" | sed 's/COMMAND/ingest/')" "so does ingest"
run -d s.db list --json -q elsewhere
is "$code:$(json .id)" 0:c "what came for a queue can be listed"
says "and is named" 'did you mean elsewhere\?$' list -q elsewher
run check other.jsonl
is "$code:$err" 0: "the built-in policy takes every queue"
{ cat p.conf; echo 'queue "default" { guards = { "pii" } }'; } >default.conf
run -p default.conf check other.jsonl
is "$err" "handrail: check: queue suport is not in the policy: default's rules hold for it; did you mean support?" \
    "where there is default only what looks mistyped is told"
i=0
while [ $((i += 1)) -le 20 ]; do printf '{"id":"%s","queue":"tenant %s","output":"x"}\n' $i $i; done >tenants.jsonl
run -p p.conf check tenants.jsonl
is "$(printf '%s\n' "$err" | wc -l):$(printf '%s\n' "$err" | tail -n 1)" \
    "9:handrail: check: further queues are not in the policy" "no more than eight are named"
run -d fresh.db -p default.conf init
run -d fresh.db -p default.conf next -q tenant
is "$code:$err" 1: "next waits for a queue that default is for"

# A condition that names what there is not has an empty answer, and says why.
# doubts NAME REGEX CONDITION: one line that matches.
doubts() {
	run -d s.db list --json -w "$3"
	is "$code:$(wc -l <"$work/.err")" 0:1 "$1"
	like "$err" "^handrail: list: condition: $2\$" "$1: $err"
}
doubts "a queue nearly right" "no queue 'suporrt'; did you mean support\?" "queue = 'suporrt'"
doubts "one of several" "no queue 'nowhere'; the queue is support" "queue IN ('support', 'nowhere')"
doubts "a guard" "the policy has no guard 'secret'; did you mean secrets\?" "failed('secret')"
doubts "a rule" "the policy has no rule 'unsur'; did you mean unsure\?" "rule = 'unsur'"
doubts "a state" "no state 'flaged'; did you mean flagged\?" "state = 'flaged'"
# A number is no text: every one is smaller than any text.
says "a severity that is a text" "severity is a number from 0 to 4: 'high' is 3\$" list -w "severity >= 'high'"
says "a number in quotes" "confidence is a number, which '0.5' is not: write 0.5\$" list -w "failures = 1 OR confidence < '0.5'"
says "a text before a number" "words\(\) is a number, which 'a' is not\$" export -w "'a' < words(output || '(')"
run -d s.db list -w "length(model) > 3 AND model > 'a' AND metadata->>'confidence' = '0.5' OR metadata->>'limit' < confidence"
is "$code:$err" 0: "a text that is compared with a text is none of these"
sed "s/confidence < 0.40/confidence < '0.40'/" p.conf >quoted.conf
run policy check quoted.conf
like "$code:$err" "^1:.*quoted.conf:[0-9]+:[0-9]+: rule \"unsure\": confidence is a number, which '0.40' is not: write 0.40: this is so of every item or of none\$" \
    "policy check tells of such a rule"
run -d s.db list --json -w "queue IN ('support', 'elsewhere') AND NOT failed('pii') AND rule <> 'confident' AND model = 'suport'"
is "$code:$err" 0: "what there is is not doubted, nor what is compared with something else"
run -d s.db next -w "queue = 'suporrt'"
like "$code:$err" "^1:handrail: next: condition: no queue 'suporrt'; did you mean support\?\$" "next"
run -d s.db audit query -w "decision = 'acept'"
is "$code:$err" "0:handrail: audit: condition: no decision 'acept'; did you mean accept?" "audit query"
run -d s.db export -w "queue = 'suporrt'"
like "$err" "^handrail: export: condition: no queue 'suporrt'; did you mean support\?\$" "export"

echo '{"id":"asked","output":"x"}' >asked.jsonl
run -d s.db ask -q suporrt --wait 1s asked.jsonl
like "$err" '^handrail: ask: queue suporrt is not in the policy: all of it is flagged; did you mean support\?$' "ask tells before it waits"

says "an event of the log" '^handrail: audit: --event decsion: no such event; there are log.create, .*; did you mean decision\?$' audit query --event decsion

# The service tells of it where it runs.
if command -v curl >/dev/null; then
	{ cat p.conf; printf 'serve { listen = { "unix:%s/n.sock" } }\nkey "k" { token_env = TOKEN may = { check, submit } }\n' "$work"; } >serve.conf
	umask 077
	TOKEN=abcdefghijklmnopqrstuvwxyz0123456789abcdef "$HANDRAIL" -d serve.db -p serve.conf serve >serve.out 2>&1 &
	keep $!
	await curl -sf --unix-socket n.sock http://localhost/healthz
	# sent PATH QUEUE
	sent() {
		curl -s -m 20 --unix-socket n.sock -H 'Authorization: Bearer abcdefghijklmnopqrstuvwxyz0123456789abcdef' \
		    -d '{"queue":"'"$2"'","output":"x"}' "http://localhost/v1/$1" >/dev/null
	}
	sent check suport; sent check suport; sent check support; sent items suporrt; sent items suporrt
	is "$(grep 'not in the policy' serve.out)" "handrail: serve: a record's queue is not in the policy: all of it is flagged; did you mean support?
handrail: serve: a record's queue is not in the policy: all of it is flagged; did you mean support?" "serve tells each queue once, without its name: no log has what a request says"
fi

# A record whose output is mistyped, an option, an order.
echo '{"id":"x","ouput":"text"}' >ouput.jsonl
run check ouput.jsonl
like "$(json .error)" "no \"output\" .*: its keys are id, ouput; if \"ouput\" is the output: jq -c '.output = .ouput'\$" "a key nearly output"
echo '{"id":"x","Output":"text"}' >Output.jsonl
run check Output.jsonl
like "$(json .error)" "if \"Output\" is the output: jq -c '.output = .Output'\$" "one in capitals, which is no API's error"
says "a decision before its ID" '^handrail: decide: the ID comes first: decide one accept; see' decide accept one
says "an option of one letter is no ID" '^handrail: decide: -m: no such option; see handrail decide --help$' decide one accept -m text
done_testing

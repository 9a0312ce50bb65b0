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
done_testing

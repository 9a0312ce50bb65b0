#!/bin/sh
# init, backup, restore, doctor, erase: the store itself.
. "$(dirname "$0")/lib.sh"

basic_policy >p.conf
{ record a1 0.97; record f1 0.70 "Secret sauce."; } >in.jsonl

run -d s.db init
is "$code" 0 "init"
is "$(stat -c %a s.db)" 600 "0600"
like "$out$err" 's\.db' "says where"
cp s.db before
run -d s.db init
is "$code" 0 "a store that is there already is well too"
ok "and is left as it is" cmp before s.db
"$HANDRAIL" -d s.db -p p.conf ingest in.jsonl >/dev/null 2>&1
"$HANDRAIL" -d s.db decide f1 accept >/dev/null

if has backup; then
	run -d s.db backup copy.db
	is "$code" 0 "backup"
	is "$("$HANDRAIL" -d copy.db show --json f1 | jq -r .state)" accepted "has what the store has"
	run -d copy.db audit verify
	is "$code" 0 "and verifies"
	run -d s.db backup copy.db
	is "$code" 2 "a file that is there is not written over"
	like "$err" '^handrail: backup: .*copy\.db' "and is named"
fi

if has doctor; then
	run -d s.db doctor
	is "$code" 0 "doctor: a sound store"
fi
cp s.db damaged.db
printf 'garbage garbage garbage' | dd of=damaged.db bs=1 seek=40 conv=notrunc 2>/dev/null
for command in doctor list; do
	has $command || continue
	run -d damaged.db $command
	ok "$command: a damaged store is refused" test "$code" -eq 2 -o "$code" -eq 1
	like "$err$out" 'damaged\.db' "and named"
done
printf 'no store at all' >other.db
run -d other.db list
is "$code" 2 "a file that is no store: exit 2"
like "$err" '^handrail: .*other\.db' "and its name"

if has erase; then
	run -d s.db erase f1
	is "$code" 0 "erase"
	run -d s.db decide f1 undo
	is "$code" 1 "no decision on what was erased is taken back"
	like "$err" '^handrail: decide: f1: was erased; ' "and it says why"
	is "$("$HANDRAIL" -d s.db show --json f1 2>/dev/null | grep -c sauce)" 0 "the text is gone"
	is "$(cat s.db* | grep -ac 'Secret sauce')" 0 "from the files too"
	run -d s.db audit verify
	is "$code" 0 "and the proof stands"
fi
done_testing

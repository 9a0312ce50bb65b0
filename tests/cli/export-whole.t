#!/bin/sh
# An export appears whole or not at all: a full disk, a limit, a kill in the
# middle, a target that is no file.  Nothing partial stays, and no leaf.
. "$(dirname "$0")/lib.sh"

basic_policy >p.conf
long=$(printf '%20000s' '' | tr ' ' x)
for i in 1 2 3 4 5 6 7 8 9 10; do record w$i 0.70 "$long"; done >in.jsonl
"$HANDRAIL" -d s.db -p p.conf ingest in.jsonl >/dev/null 2>&1
for i in 1 2 3 4 5 6 7 8 9 10; do "$HANDRAIL" -d s.db decide w$i accept >/dev/null; done
mkdir out

exports() {
	"$HANDRAIL" -d s.db audit query --json --where "event = 'export'" | wc -l
}
# nothing NAME: no file and no leaf came of it.
nothing() {
	is "$(ls -A out):$(exports)" ":0" "$1"
}

# 80 KB are less than what there is to write.
(ulimit -f 160 && exec "$HANDRAIL" -d s.db export -o out/a.jsonl) 2>.err
is "$?" 2 "a file over the limit: exit 2"
like "$(cat .err)" '^handrail: export: out/a.jsonl: File too large; it was not written$' "with the file and the reason"
nothing "nothing stays of it"

# Killed when all is written but for its leaf, which another writer holds up.
lock_store
"$HANDRAIL" -d s.db export -f csv -o out/k.csv --split train=0.5,test=0.5 2>/dev/null &
pid=$!
n=0
while [ $n -lt 500 ]; do
	open=$(find /proc/$pid/fd -printf '%l\n' 2>/dev/null | grep "$work/out/")
	[ "$(printf '%s\n' "$open" | wc -l)" -lt 3 ] || break
	n=$((n + 1))
	sleep 0.01
done
is "$(printf '%s\n' "$open" | wc -l)" 3 "two files and a manifest are being written"
kill -KILL $pid
wait $pid 2>/dev/null
unlock_store
case $open in
*'(deleted)'*) nothing "killed in the middle: nothing stays" ;;
*) diag "files without a name cannot be made here: $(stat -f -c %T .)" ;;
esac

mkdir out/dir
try 2 "a folder as the target" -d s.db export -o out/dir
like "$err" 'out/dir: a folder; name a file in it' "says so"
rmdir out/dir
mkfifo pipe
try 2 "a pipe as the target" -d s.db export -o pipe
like "$err" 'pipe: not a regular file' "says so"
ok "and the pipe is still one" test -p pipe
try 2 "the store itself as the target" -d s.db export -o s.db
is "$err" "handrail: export: s.db: a database, such as a store is; write to another file" "is refused"
try 0 "and is whole" -d s.db audit verify
try 2 "no name" -d s.db export -o ''
try 2 "a folder that is not there" -d s.db export -o nowhere/x
is "$err" "handrail: export: nowhere/x: cannot be made in nowhere: No such file or directory" "says which"
nothing "nothing came of these"

for split in 'a=0.5;shares make 0.5' 'a=0.5,b=0.6;shares make 1.1' \
    'a;names with shares' 'a=0.5,a=0.5;a is there twice' \
    ';names with shares' 'a/b=1;names with shares' 'a=nan;names with shares'; do
	try 2 "--split '${split%;*}'" -d s.db export -o out/s --split "${split%;*}"
	like "$err" "${split#*;}" "says what is wrong"
done
try 2 "--split without a file" -d s.db export --split a=0.5,b=0.5
try 2 "a condition with a slip" -d s.db export -o out/w --where 'confidnce > 1'
like "$err" '^handrail: export: condition: no such column: confidnce' "names it"
try 2 "half a condition" -d s.db export -o out/w --where '(confidence > 1'
nothing "nothing came of these"

# What is there is replaced, at once and whole.
echo old >out/x.jsonl
chmod 600 out/x.jsonl
try 0 "over an old file" -d s.db export -o out/x.jsonl
is "$(wc -l <out/x.jsonl)" 10 "the new one stands there"
is "$(find out -type f | sort | tr '\n' ' ')" "out/x.jsonl out/x.jsonl.manifest.json " "and nothing beside it but its manifest"
is "$(stat -c %a out/x.jsonl)" 600 "for its owner alone"
is "$(exports)" 1 "one leaf tells of it"

# The log tells of what left through standard output, even where the reader hung
# up at once or had no room.
"$HANDRAIL" -d s.db export | head -c 1 >/dev/null
is "$(exports)" 2 "a reader who hangs up is in the log"
if [ -w /dev/full ]; then
	"$HANDRAIL" -d s.db export 2>.err >/dev/full
	is "$?" 2 "a full disk behind standard output: exit 2"
	like "$(cat .err)" 'export: standard output: No space left on device; the log has the export' "with the reason"
fi
run -d s.db export -o -
is "$(printf '%s\n' "$out" | wc -l)" 10 "-o -: standard output"
done_testing

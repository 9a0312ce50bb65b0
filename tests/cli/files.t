#!/bin/sh
# Every file that a command writes: no link is followed to it, nothing of somebody
# else's is written over.
. "$(dirname "$0")/lib.sh"

basic_policy >p.conf
{ record a1 0.7; echo '{"broken'; } >in.jsonl
"$HANDRAIL" -d s.db -p p.conf ingest in.jsonl >/dev/null 2>&1
"$HANDRAIL" -d s.db decide a1 accept
echo precious >target

# Each command that writes FILE.
commands='ingest --rejects FILE in.jsonl
ingest --verdicts FILE in.jsonl
export --format jsonl -o FILE
backup FILE'

while read -r command; do
	name=${command%% FILE*}
	ln -sf target link
	# shellcheck disable=SC2046
	run -d s.db $(echo "$command" | sed 's/FILE/link/')
	is "$code" 2 "$name: a symbolic link is refused"
	like "$err" '^handrail: [a-z]+: link: ' "$name: and named"
	ln -sf nowhere link
	# shellcheck disable=SC2046
	run -d s.db $(echo "$command" | sed 's/FILE/link/')
	is "$code" 2 "$name: one that leads nowhere as well"
	ok "$name: nothing is made there" test ! -e nowhere
	is "$(readlink link):$(cat target)" nowhere:precious "$name: link and target stay"
	rm link
	[ "$(id -u)" = 0 ] || continue
	echo precious >theirs
	chown 65534 theirs
	# shellcheck disable=SC2046
	run -d s.db $(echo "$command" | sed 's/FILE/theirs/')
	is "$code:$(cat theirs)" 2:precious "$name: what belongs to another is not written over"
	like "$err" '^handrail: [a-z]+: theirs: ' "$name: and named"
	rm -f theirs
done <<END
$commands
END
ln target twice
for option in --rejects --verdicts; do
	run -d s.db ingest $option twice in.jsonl
	is "$code:$(cat target)" 2:precious "ingest $option: not through a second name"
done

# The system's own links lead to what the caller has open.
run -d s.db ingest --rejects /dev/stderr in.jsonl
like "$err" '^\{"broken$' "--rejects /dev/stderr"
"$HANDRAIL" -d s.db ingest --rejects /dev/fd/3 in.jsonl 3>three >/dev/null 2>&1
is "$(cat three)" '{"broken' "--rejects /dev/fd/3"
ok "--rejects /dev/null" sh -c '"$HANDRAIL" -d s.db ingest --rejects /dev/null in.jsonl 2>&1 | grep -q refused'

# A name is safe once its folder is synced: where that fails it is said.
# Leaks are not looked for under strace: a sanitizer cannot trace what is traced.
ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0
export ASAN_OPTIONS
if command -v strace >/dev/null && strace -f -e trace=none true 2>/dev/null; then
	for command in 'export --format jsonl -o out.jsonl' 'backup copy.db'; do
		last=$(strace -f -e trace=fsync "$HANDRAIL" -d s.db $command 2>&1 >/dev/null | grep -c 'fsync(')
		rm -f out.jsonl* copy.db
		strace -f -o /dev/null -e trace=fsync -e inject=fsync:error=EIO:when="$last" "$HANDRAIL" -d s.db $command >o 2>e
		is "$?" 2 "$command: a folder that cannot be synced: exit 2"
		like "$(cat e)" 'Input/output error' "and said"
		rm -f out.jsonl* copy.db
	done
fi
done_testing

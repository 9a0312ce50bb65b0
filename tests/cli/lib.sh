# shellcheck shell=sh
# TAP for sh: a test file sources this, calls ok/is/like and ends with `done_testing`.
# Each file gets an empty folder of its own, removed at the end, and no store,
# policy or settings of whoever runs it.

root=$(cd "$(dirname "$0")/../.." && pwd)
HANDRAIL=${HANDRAIL:-$root/build/handrail}
HANDRAIL_SHARED=${HANDRAIL_SHARED:-$root/../shared}
unset HANDRAIL_STORE HANDRAIL_POLICY HANDRAIL_CLOCK HANDRAIL_SCRIPT NO_COLOR PAGER
LC_ALL=C.UTF-8 TZ=UTC
export HANDRAIL HANDRAIL_SHARED LC_ALL TZ

work=$(mktemp -d "${TMPDIR:-/tmp}/handrail-test.XXXXXX") || exit 1
kept=
trap 'kill $kept 2>/dev/null; rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
cd "$work" || exit 1
HOME=$work XDG_DATA_HOME=$work/data XDG_CONFIG_HOME=$work/config
XDG_STATE_HOME=$work/state
export HOME XDG_DATA_HOME XDG_CONFIG_HOME XDG_STATE_HOME

tests=0 failed=0

# ok NAME COMMAND...: the command succeeds.
ok() {
	name=$1; shift
	tests=$((tests + 1))
	if "$@" >"$work/.ok" 2>&1; then
		printf 'ok %d - %s\n' $tests "$name"
	else
		failed=$((failed + 1))
		printf 'not ok %d - %s\n' $tests "$name"
		printf '# failed: %s\n' "$*"
		sed 's/^/# /' "$work/.ok"
		shift
		show_files "$@"
	fi
}

# What stands in the files that a failed command was about.
show_files() {
	for file; do
		LC_ALL=C grep -sqI -e . -- "$file" || continue
		printf '#   %s:\n' "$file"
		head -n 20 -- "$file" | sed 's/^/#     /'
	done
}

# is GOT WANTED NAME
is() {
	tests=$((tests + 1))
	if [ "$1" = "$2" ]; then
		printf 'ok %d - %s\n' $tests "$3"
	else
		failed=$((failed + 1))
		printf 'not ok %d - %s\n' $tests "$3"
		printf '%s\n' "$1" | sed 's/^/#   got: /'
		printf '%s\n' "$2" | sed 's/^/#  want: /'
	fi
}

# like GOT REGEX NAME: an extended regular expression matches one line of GOT.
like() {
	tests=$((tests + 1))
	if printf '%s\n' "$1" | grep -Eq -- "$2"; then
		printf 'ok %d - %s\n' $tests "$3"
	else
		failed=$((failed + 1))
		printf 'not ok %d - %s\n' $tests "$3"
		printf '%s\n' "$1" | head -n 20 | sed 's/^/#   got: /'
		printf '#  like: %s\n' "$2"
	fi
}

# run ARGS...: the program with them; leaves $out, $err, $code.
run() {
	"$HANDRAIL" "$@" >"$work/.out" 2>"$work/.err"
	code=$?
	out=$(cat "$work/.out") err=$(cat "$work/.err")
}

# try CODE NAME ARGS...: run, which must exit with CODE.
try() {
	want=$1 what=$2; shift 2
	run "$@"
	is "$code${err:+ }$([ "$code" = "$want" ] || printf %s "$err")" \
	    "$want${err:+ }" "$what"
}

# await COMMAND...: it succeeds within twenty seconds.
await() {
	tries=0
	while ! "$@" >/dev/null 2>&1; do
		tries=$((tries + 1))
		[ $tries -lt 1000 ] || return 1
		sleep 0.02
	done
}

# keep PID: what a test began ends with it at the latest.
keep() {
	kept="$kept $1"
}

# For tests of the service: what they need; the model service of upstream.py at
# $port and as $models, which writes what it is asked to up.log; `handrail serve` as $pid over s.db,
# with p.conf, whose socket is s.sock.
need_service() {
	command -v curl >/dev/null || skip_all "no curl"
	command -v python3 >/dev/null || skip_all "no python3"
	umask 077
}
begin_models() {
	python3 "$root/tests/interop/upstream.py" port up.log 2>up.err &
	models=$!
	keep $models
	await [ -s port ] || skip_all "no model service could be begun"
	port=$(cat port)
}
begin_service() {
	rm -f s.sock
	"$HANDRAIL" -d s.db -p p.conf "$@" serve >>serve.out 2>>serve.err &
	pid=$!
	keep $pid
	await sh -c "curl -sf --unix-socket s.sock http://localhost/healthz || ! kill -0 $pid"
	[ -S s.sock ] || { cat serve.err; false; }
}
# post KEY PATH BODY [ARGS...]: its answer.
post() {
	key=$1 path=$2 body=$3; shift 3
	curl -s -m 60 --unix-socket s.sock -H "Authorization: Bearer $key" "$@" \
	    --data-binary "$body" "http://localhost$path"
}
# call KEY PATH ARGS...: body and status.
call() {
	key=$1 path=$2; shift 2
	curl -s -m 60 --unix-socket s.sock -H "x-api-key: $key" -w '%{http_code}\n' \
	    "$@" "http://localhost$path"
}
# code KEY PATH ARGS...: the error's code and the status.
code() {
	call "$@" | jq -Rrs 'split("\n") | [(.[0] | fromjson | .error.code), .[-2]] |
	    join(" ")'
}
# begin_receiver [PORT]: receiver.py as $receiver, over this folder, at $port.
begin_receiver() {
	rm -f port
	python3 "$root/tests/cli/receiver.py" "${1:-0}" "$work" 2>receiver.err &
	receiver=$!
	keep $receiver
	await [ -s port ]
	port=$(cat port)
}
# sql SQL: what the store has.  becomes SQL ANSWER: has it at last.
sql() {
	sqlite3 -readonly s.db "$1"
}
becomes() {
	await sh -c '[ "$(sqlite3 -readonly s.db "$1")" = "$2" ]' - "$1" "$2"
}
# Another process waits for STORE's lock, and never takes it, until others_go.
others_wait() {
	rm -f waits go
	python3 - "$1-lock" <<'PY' &
import fcntl, os, struct, sys, time
fd = os.open(sys.argv[1], os.O_RDWR)
fcntl.fcntl(fd, 37, struct.pack("hhqqi", fcntl.F_RDLCK, 0, 3, 1, 0))   # F_OFD_SETLK
open("waits", "w").close()
while not os.path.exists("go"):
    time.sleep(0.02)
PY
	waiter=$!
	keep $waiter
	await [ -e waits ]
}
others_go() {
	: >go
	wait "$waiter"
}
# hold STORE FILE: both bytes of its lock, once they are free, as a writer does, until a
# line of input or its end; FILE holds something once it is so.
hold() {
	perl -e '
		use Fcntl;
		open my $f, "+<", "$ARGV[0]-lock" or die;
		my $lock = pack("s s x![q] q q i x![q]", F_WRLCK, 0, 0, 2, 0);
		fcntl($f, 38, $lock) or die "no lock: $!";	# F_OFD_SETLKW
		open my $held, ">", $ARGV[1] or die;
		print $held "held\n";
		close $held;
		<STDIN>;
	' "$1" "$2"
}
# Another process holds s.db so, until unlock_store.
lock_store() {
	rm -f locked unlock
	mkfifo unlock
	hold s.db locked <unlock &
	locker=$!
	keep $locker
	exec 9>unlock
	await [ -s locked ]
}
unlock_store() {
	echo >&9
	exec 9>&-
	wait $locker
}

# test_store FILE...: makes stores that obey HANDRAIL_CLOCK and HANDRAIL_SCRIPT.
test_store() {
	for store_file; do
		"$HANDRAIL" -d "$store_file" init --test >/dev/null 2>&1
	done
}

# has COMMAND [WORD]: does this build have the command, and WORD in its help?
has() {
	"$HANDRAIL" help "$1" 2>/dev/null | grep -Eq -- "(^|[^a-z-])${2-usage}([^a-z-]|$)" ||
	    { diag "not in this build: $*"; false; }
}

# A whole test file that cannot run here; in CI the shared files must be there.
skip_all() {
	if [ -n "${CI:-}" ] && [ -z "${2:-}" ]; then
		printf 'Bail out! %s\n' "$1"
		exit 1
	fi
	printf '1..0 # SKIP %s\n' "$1"
	exit 0
}
need_shared() {
	[ -e "$HANDRAIL_SHARED/$1" ] ||
	    skip_all "no $1 under HANDRAIL_SHARED=$HANDRAIL_SHARED"
}

# need_npm PACKAGE...: those of tests/interop/package.json that the test drives.
need_npm() {
	command -v node >/dev/null || skip_all "no node here"
	for package; do
		[ -e "$root/tests/interop/node_modules/$package" ] ||
		    skip_all "no npm package $package here: make deps-npm"
	done
}

# A port of 127.0.0.1 that nobody has now.
free_port() {
	python3 -c 'import socket
s = socket.socket()
s.bind(("127.0.0.1", 0))
print(s.getsockname()[1])'
}

diag() {
	printf '# %s\n' "$*"
}

# A copy that goes its own way is not what was seen of its log: where a test takes a
# store back, what its person has seen is forgotten.
forget() {
	rm -rf "$XDG_STATE_HOME/handrail/witness"
}

# altered STORE SQL: as by somebody who may write the file: with no trigger in the way,
# and all of them there again afterwards.
altered() {
	{ sqlite3 "$1" "SELECT 'DROP TRIGGER ' || name || ';' FROM sqlite_schema WHERE type = 'trigger'"
	printf '%s;\n' "$2"
	sqlite3 "$1" "SELECT sql || ';' FROM sqlite_schema WHERE type = 'trigger'"; } >altered.sql
	sqlite3 "$1" <altered.sql
}

# older_store FILE VERSION: what the later migrations brought is taken away again.
older_store() {
	case $2 in
	17) "$root/tests/fault/relog.py" "$1" mapping; forget ;;
	?|1[0-6]) "$root/tests/fault/relog.py" "$1" older; forget ;;
	esac
	{
		echo .bail on
		[ "$2" -ge 18 ] || echo 'ALTER TABLE payloads DROP COLUMN mapping;'
		[ "$2" -ge 17 ] || echo 'DROP TABLE bound; DROP INDEX notes_seq; ALTER TABLE notes DROP COLUMN seq;'
		[ "$2" -ge 16 ] || echo 'ALTER TABLE decisions DROP COLUMN ratings;
		    ALTER TABLE decisions DROP COLUMN evidence; DROP TABLE skips;'
		[ "$2" -ge 15 ] || echo 'DROP TABLE opinions;'
		[ "$2" -ge 14 ] || echo 'ALTER TABLE runs DROP COLUMN since_ms;'
		[ "$2" -ge 13 ] || echo 'DROP TABLE search; DROP TABLE search_span;'
		[ "$2" -ge 12 ] || echo 'DROP TABLE leaf_index;'
		[ "$2" -ge 11 ] || echo 'ALTER TABLE items DROP COLUMN sent;'
		[ "$2" -ge 10 ] || echo 'DROP TABLE checkpoints;'
		[ "$2" -ge 9 ] || echo 'DROP TABLE hooks; DROP TABLE hook_queues;
		    DROP TABLE deliveries;'
		[ "$2" -ge 8 ] || for table in suites runs run_labels results \
		    result_texts result_checks eval_cache; do
			echo "DROP TABLE $table;"
		done
		[ "$2" -ge 7 ] || printf 'DROP TABLE %s;\n' prompts prompt_labels bundles bundle_uses
		[ "$2" -ge 6 ] || echo 'DROP TABLE calls; DROP TABLE spend;'
		[ "$2" -ge 5 ] || echo 'ALTER TABLE findings DROP COLUMN pointer;'
		[ "$2" -ge 4 ] || echo 'ALTER TABLE items DROP COLUMN stop;'
		[ "$2" -ge 3 ] || echo 'DROP INDEX held_due;'
		[ "$2" -ge 2 ] || echo 'ALTER TABLE payloads DROP COLUMN shape;'
		echo "PRAGMA user_version = $2;"
	} | sqlite3 "$1"
}

# A policy with one queue, support, that most tests use: confident and clean goes
# out, a secret or doubt escalates, the rest is flagged.
basic_policy() {
	cat <<\POLICY
guard "pii" { redact = label  kinds = { "EMAIL_ADDRESS" } }
queue "support" {
    guards   = { "pii", "secrets", "profanity" }
    lease    = "15m"
    sla      = "4h"
    fallback = "A colleague will write to you."
    rule "leaked secret" { when = "failed('secrets')"  route = escalate }
    rule "unsure"        { when = "confidence < 0.40"  route = escalate }
    rule "large refund"  { when = "num(metadata->>'amount') > 500"  route = flag  priority = 5 }
    rule "confident"     { when = "confidence >= 0.92 AND failures = 0"  route = approve }
    reasons = { "wrong fact", "tone" }
    labels  = { "hallucination", "unsafe" }
}
POLICY
}

# script NAME [ARGS...] <SCRIPT: review takes these keys, and every expectation holds; the
# store is $script_store, or s.db.
script() {
	script_name=$1; shift
	cat >keys.script
	ok "$script_name" env HANDRAIL_SCRIPT=keys.script "$HANDRAIL" -d "${script_store:-s.db}" review "$@"
}

# record ID CONFIDENCE [OUTPUT [MORE]]: one record of queue support; MORE is
# JSON members, with a comma before them.
record() {
	printf '{"id":"%s","queue":"support","model":"m1","prompt":"p@1","variant":"A","messages":[{"role":"user","content":"Question of %s?"}],"output":"%s","confidence":%s,"usage":{"input_tokens":10,"output_tokens":5},"cost_usd":0.002,"latency_ms":100%s}\n' \
	    "$1" "$1" "${3-Answer $1.}" "$2" "${4-}"
}

# json FILTER [TEXT]: jq's answer about TEXT (default: $out).
json() {
	printf '%s\n' "${2-$out}" | jq -rc "$1"
}

done_testing() {
	printf '1..%d\n' $tests
	[ $failed -eq 0 ]
	exit
}

#!/bin/sh
# What the environment says of the time, and a script of keys, are obeyed by a test
# store alone: a real one keeps its times, leases, holds and texts.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

past=1000000000000	# 2001
future=4000000000000	# 2096
cat >p.conf <<\POLICY
queue "default" { hold = "1h"  lease = "15m" }
POLICY
printf '{"id":"%s","output":"one of %s"}\n' a1 a1 a2 a2 a3 a3 a4 a4 >in.jsonl
printf '%s\n' 'expect test store t.db' 'expect one of a2' 'keys q' >keys.script

# late ARGS...: run, with a clock of a hundred years and 70 days of uptime ahead.
late() {
	HANDRAIL_CLOCK=$future,$(($(uptime_ms) + 6048000000)) run "$@"
}
uptime_ms() {
	cut -d . -f 1 /proc/uptime | sed 's/$/000/'
}
# leaves STORE: how many its log has, and how many of them are of 2001.
leaves() {
	"$HANDRAIL" -d "$1" audit query --json | jq -sr '[length, map(select(.ts[:4] == "2001")) | length] | join(" ")'
}

# A store that was made by its first use is a real one, whatever is set.
HANDRAIL_CLOCK=$past run -d r.db -p p.conf ingest in.jsonl
like "$err" '^handrail: made the store r\.db$' "first use makes a real store"
HANDRAIL_CLOCK=$past,1 run -d r.db decide a3 escalate --reason x
is "$(leaves r.db)" "7 0" "no leaf of it is of 2001"
HANDRAIL_CLOCK=$past "$HANDRAIL" -d i.db init >/dev/null 2>&1
is "$(leaves i.db)" "1 0" "nor where init made it"
echo $future >now
HANDRAIL_CLOCK=@now run -d r.db audit query --since 1d --json
is "$(printf '%s\n' "$out" | jq -s length)" "$("$HANDRAIL" -d r.db audit query --json | jq -s length)" \
    "a day ago is a day before now"

# Another's lease.
"$HANDRAIL" -d r.db next --json >held.json
is "$(jq -r .id held.json)" a1 "an item is claimed"
late -d r.db next --json
is "$(json .id)" a2 "another session is given the next one"
late -d r.db lease free a2
late -d r.db next --where "id = 'a1'"
is "$code:$out" 1: "and not the one that is claimed"
like "$(late -d r.db list --json; json 'select(.id == "a1").lease.by')" . "which is still held"
run -d r.db decide a1 accept --token "$(jq -r .lease.token held.json)"
is "$code" 0 "whoever claimed it decides it"

# A release that is held.
"$HANDRAIL" -d r.db decide a4 accept >/dev/null
late -d r.db releases
is "$code:$out" 0: "what is held for an hour stays held"
run -d r.db decide a4 undo
late -d r.db releases
is "$code:$out" 0: "an undo within the hour leaves no trace"

# A purge of the future.
late -d r.db purge --before 2090-01-01
is "$code:$out" 2: "a purge of the future is refused"
like "$err" '^handrail: purge: --before 2090-01-01: that is still to come' "with the reason"
is "$("$HANDRAIL" -d r.db show --json a1 | jq -r .output)" "one of a1" "and the texts are there"

# A script of keys: without a terminal there is no screen, and nothing is done.
HANDRAIL_SCRIPT=keys.script run -d r.db -p p.conf review
script=$code:$out:$err
run -d r.db review
is "$script" "$code:$out:$err" "a script of keys is no terminal"
like "$err" '^handrail: review: review needs a terminal' "and it says so"
sed 's/1h/2h/' p.conf >other.conf
HANDRAIL_SCRIPT=keys.script run -d r.db -p other.conf review
is "$("$HANDRAIL" -d r.db policy list --json | jq -s length)" 1 "before a policy is applied"
run -d r.db audit verify
is "$code" 0 "the log verifies"
like "$out" '^verified: .* root [0-9a-f]{64}$' "as a real store's"
is "$(printf '%s\n' "$out" | wc -l)" 1 "of which no more is to be said"
is "$("$HANDRAIL" -d r.db audit verify --json | jq .test)" false "in JSON as well"

# It cannot become a test store.
run -d r.db init --test
is "$code:$out" 2: "a real store cannot be made a test store"
like "$err" '^handrail: init: --test: r\.db is there already, a real store; only a new store can be a test store$' "it says so"
sqlite3 r.db "INSERT INTO meta VALUES ('test', 1)"
late -d r.db purge --before 2090-01-01
is "$code" 2 "a row that says so changes nothing"
run -d r.db audit verify
is "$(printf '%s\n' "$out" | wc -l)" 1 "nor what is said of it"

# A test store obeys, and says what it is for ever.
says="a test store: its times may be made up \\(HANDRAIL_CLOCK\\), and prove nothing"
HANDRAIL_CLOCK=$past run -d t.db init --test
is "$code" 0 "a test store is made"
like "$out" "^test  $says\$" "init says what it is"
like "$err" '^handrail: made the test store t\.db$' "and what it made"
run -d t.db init
like "$out" "^test  $says\$" "and so whenever it is asked"
run -d t.db init --test
is "$code" 0 "where it is one already"
HANDRAIL_CLOCK=$past "$HANDRAIL" -d t.db -p p.conf ingest in.jsonl >/dev/null
is "$(leaves t.db)" "6 6" "its leaves have the time that was given"
run -d t.db audit query --event log.create
like "$out" 'log\.create +test=true$' "its first leaf says what it is"
is "$("$HANDRAIL" -d t.db audit query --event log.create --json | jq .test)" true "in JSON"
run -d t.db audit verify
is "$code" 0 "its log verifies"
like "$out" "^$says\$" "as a test store's"
is "$("$HANDRAIL" -d t.db audit verify --json | jq .test)" true "in JSON as well"
like "$("$HANDRAIL" -d t.db doctor)" "^warn  $says\$" "doctor says it"
like "$(printf 'q\n' | "$HANDRAIL" -d t.db review --plain)" "^$says\$" "and review without a screen"
HANDRAIL_CLOCK=$past "$HANDRAIL" -d t.db decide a1 accept >/dev/null
HANDRAIL_CLOCK=$past,1 "$HANDRAIL" -d t.db export -o t.jsonl 2>export.err
is "$(jq -c '[.audit.test,.created_at]' t.jsonl.manifest.json)" '[true,"2001-09-09T01:46:40.000Z"]' "an export's manifest says it"
late -d t.db releases --json
is "$(json .id)" a1 "its held release comes out by its clock"
late -d t.db purge --before 2090-01-01
is "$code:$out" "0:purged 1" "and what is over is purged"
ok "its keys come from a file" env HANDRAIL_SCRIPT=keys.script "$HANDRAIL" -d t.db review --where "id = 'a2'"

# A clock in a file is looked at again by what runs long.
HANDRAIL_CLOCK=$past "$HANDRAIL" -d t.db decide a2 reject >/dev/null
echo $past >now
HANDRAIL_CLOCK=@now timeout 60 "$HANDRAIL" -d t.db releases --follow >feed &
echo $((past + 3600001)) >now
n=0
until grep -q a2 feed || [ $n -gt 1000 ]; do n=$((n + 1)); sleep 0.05; done
kill $! 2>/dev/null
wait
is "$(jq -r 'select(.id == "a2").ts' feed)" 2001-09-09T02:46:40.000Z "what becomes due goes out while releases --follow waits"

# A copy is what it is a copy of.
"$HANDRAIL" -d t.db backup copy.db
run -d back.db restore copy.db
is "$code" 0 "a test store is put back"
like "$err" "^handrail: restore: back\\.db: $says\$" "restore says what came"
HANDRAIL_CLOCK=$past "$HANDRAIL" -d back.db decide a3 reject >/dev/null
is "$("$HANDRAIL" -d back.db audit query --event decision --item a3 --json | jq -r '.ts[:4]')" 2001 "and it obeys its clock"
"$HANDRAIL" -d r.db backup real.db
run -d real-back.db restore real.db
is "$code:$err" 0: "of a real store nothing is said"
HANDRAIL_CLOCK=$past run -d real-back.db lease free a2
like "$(leaves real-back.db)" " 0\$" "and it is one"
done_testing

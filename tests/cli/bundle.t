#!/bin/sh
# bundle: a policy and prompts that go into force together, and back.
. "$(dirname "$0")/lib.sh"

HANDRAIL_STORE=$work/s.db
export HANDRAIL_STORE
test_store s.db
# at TIME COMMAND...: from that time on.
at() {
	HANDRAIL_CLOCK=$(date -d "$1" +%s)000
	export HANDRAIL_CLOCK
	shift
	"$@"
}
basic_policy >p.conf
sed 's/0\.92/0.95/' p.conf >q.conf
at 2026-11-01T10:00:00Z "$HANDRAIL" policy apply p.conf >/dev/null
for i in 1 2 3; do echo "text $i {{q}}" >r.txt; "$HANDRAIL" prompt add refund r.txt; done >/dev/null
echo '{"model":"m-1"}' >config.json
echo hello | "$HANDRAIL" prompt add greet - --config config.json --label production,staging >/dev/null
"$HANDRAIL" prompt label refund@1 production >/dev/null
old=$("$HANDRAIL" policy list --json | jq -r 'select(.current).policy')

try 1 "show, with none in force" bundle show
is "$err" "handrail: bundle: no bundle is in force" "says so"
try 1 "rollback, with none in force" bundle rollback
try 0 "make" bundle make --data config.json --note 'as it was' --json
is "$out" '{"bundle":1,"made":true,"policy":"'"$old"'","prompts":2,"models":1}' "of what is in force, and the models that prompts name"
leaves=$("$HANDRAIL" audit query --json | wc -l)
try 0 "the same again" bundle make --data config.json --note 'as it was'
like "$out" '^bundle 1 is that already: policy [0-9a-f]{12}, 2 prompts, 1 model$' "is the same bundle"
try 0 "make with another policy, prompt and models" -p q.conf bundle make refund@3 -m b,a
is "$out" "$(printf 'bundle 2 made: policy %s, 2 prompts, 2 models' "$("$HANDRAIL" bundle show 2 --json | jq -r .policy | cut -c1-12)")" "is another"
is "$("$HANDRAIL" policy list --json | wc -l)$("$HANDRAIL" prompt show refund@production --json | jq .version)" 11 "which brings nothing into force"
is "$("$HANDRAIL" audit query --json | wc -l)" $((leaves + 1)) "and is one leaf"
try 0 "of another label" bundle make -l staging --json
is "$(json '[.bundle,.prompts]')" '[3,1]' "has the prompts of that"
try 0 "show" bundle show 1 --json
is "$(json '[.label,.models,.note,.data,.in_force,[.prompts[]|"\(.name)@\(.version)"],.moved]')" '["production",["m-1"],"as it was",{"bytes":'"$(wc -c <config.json)"',"sha256":"'"$(sha256sum <config.json | cut -c1-64)"'"},false,["greet@1","refund@1"],[]]' "has all of it"
is "$(json .sha256)" "$(sqlite3 -readonly s.db 'SELECT bytes FROM bundles WHERE bundle = 1' | tr -d '\n' | sha256sum | cut -c1-64)" "named by the SHA-256 of its bytes"

# One step, one leaf: policy and labels.
at 2026-11-02T10:00:00Z "$HANDRAIL" bundle use 1 >/dev/null
leaves=$("$HANDRAIL" audit query --json | wc -l)
at 2026-11-03T10:00:00Z
try 0 "use" bundle use 2 --json
is "$(json '[.bundle,.from,.changed,.policy_applied,.moves]')" '[2,1,true,true,[{"name":"refund","label":"production","from":1,"to":3}]]' "moves what is different"
is "$("$HANDRAIL" audit query --json | wc -l)" $((leaves + 1)) "with one leaf"
new=$(json .policy)
is "$("$HANDRAIL" policy list --json | jq -r 'select(.current).policy')" "$new" "its policy is in force"
is "$("$HANDRAIL" prompt show refund@production --json | jq .version)" 3 "and its labels point at its prompts"
record i1 0.93 | "$HANDRAIL" ingest - >/dev/null
is "$("$HANDRAIL" show --json i1 | jq -r '.route + .policy')" "flag$(echo "$new" | cut -c1-12)" "what comes now is judged by it"
try 0 "use of what is in force" bundle use 2
is "$out" "bundle 2 is in force already" "does nothing"
at 2026-11-04T10:00:00Z "$HANDRAIL" prompt label refund@2 production >/dev/null
"$HANDRAIL" policy apply p.conf >/dev/null
run bundle show
like "$out" '^bundle 2  in force since 2026-11-03T10:00:00Z by ' "show says which is in force"
like "$out" '^ +refund@3  \(now 2, moved 2026-11-04T10:00:00Z by '"$(id -un)"'\)$' "which label was moved since, when and by whom"
like "$out" '^policy +'"$(echo "$new" | cut -c1-12)"'  \(now '"$(echo "$old" | cut -c1-12)"'\)$' "and that the policy is another"
at 2026-11-05T10:00:00Z
try 0 "use of one that was moved away from" bundle use 2
is "$out" "$(printf 'bundle 2 is in force\npolicy %s applied\nrefund@production: 2 -> 3' "$(echo "$new" | cut -c1-12)")" "moves it back"
at 2026-11-06T10:00:00Z
try 0 "rollback" bundle rollback --json
is "$(json '[.bundle,.from,.policy,.moves[0].to]')" '[1,2,"'"$old"'",1]' "leads to the one before, not to the one used twice"
try 0 "list" bundle list --json
is "$(json '[.bundle,.in_force]')" "$(printf '%s\n' '[1,true]' '[2,false]' '[3,false]')" "which one is in force"

# What was in force at any time.
then_was() {	# TIME BUNDLE MOVED POLICY NAME
	run bundle show --at "$1" --json
	is "$code:$(json '[.bundle,[.moved[]|[.name,.version]],.policy_now]')" "0:[$2,$3,\"$4\"]" "$5"
}
then_was 2026-11-02T12:00:00Z 1 '[]' "$old" "at a time between: the first"
then_was 2026-11-03T12:00:00Z 2 '[]' "$new" "then the second"
then_was 2026-11-04T12:00:00Z 2 '[["refund",2]]' "$old" "with what had been moved by then"
then_was 2026-11-05T12:00:00Z 2 '[]' "$new" "and what was moved back"
then_was 2026-11-06T12:00:00Z 1 '[]' "$old" "and the first again"
try 1 "at a time before" bundle show --at 2026-11-02T09:00:00Z
like "$err" 'no bundle was in force at 2026-11-02T09:00:00Z' "there was none"
try 1 "diff" bundle diff 2
is "$(printf '%s\n' "$out" | grep -c '^[-+]prompt     refund@[13]$')" 2 "with the one in force"
try 0 "diff of one with itself" bundle diff 1 1

# refused CODE REGEX ARGS...
refused() {
	want=$1 regex=$2; shift 2
	run bundle "$@"
	is "$code:$out" "$want:" "refused: bundle $*"
	like "$err" "^handrail: bundle: $regex" "$err"
}
refused 1 '--run: there is no run 7' make --run 7
refused 2 '--run 0: a whole number' make --run 0
refused 2 'nowhere: No such file' make --data nowhere
refused 2 '.*: no regular file' make --data .
refused 2 'nowhere: no such file, and no policy of the store' -p nowhere make
refused 1 'refund@9: no such version' make refund@9
refused 2 'refund@1 and refund@2: a bundle has one version' make refund@1 refund@2
refused 2 'latest: that is always the newest' make -l latest
refused 1 'bundle 9: the store has none' use 9
refused 2 '1x: the number of a bundle' use 1x
refused 2 '0: the number' show 0
refused 2 'show: a number or --at' show 1 --at 1d
refused 2 '--at never: a time' show --at never
refused 2 '--note does not go with bundle use' use 1 --note x

# A run vouches for it, if it came to its results.
echo '{"id":"a","output":"yes","expect":"yes"}' >c.jsonl
printf 'suite "refunds" { cases = "c.jsonl" check "same" { when = "output = expect->>%s" } }' "'\$'" >suite.conf
"$HANDRAIL" eval suite.conf >/dev/null
try 0 "make, with a run that vouches" bundle make --run 1 --json
n=$(json .bundle)
is "$("$HANDRAIL" bundle show "$n" --json | jq -c '[.run,.sha256]')" "[1,\"$(sqlite3 -readonly s.db "SELECT bytes FROM bundles WHERE bundle = $n" | tr -d '\n' | sha256sum | cut -c1-64)\"]" "it is part of what it is named by"
like "$("$HANDRAIL" bundle show "$n")" '^ +refunds, suite: 1 of 1 passed, met$' "and is told of"
sqlite3 s.db "INSERT INTO runs (run, name, variant, source, by, started_ms, cases, results, passed, errors) VALUES (2, 'x', 'y', 'live', 'z', 0, 0, 0, 0, 0)"
refused 2 '--run 2: that run was broken off' make --run 2

run audit verify
is "$code" 0 "all of it verifies"
tampered() {	# NAME SQL
	rm -f t.db t.db-*
	for file in s.db*; do cp "$file" "t.db${file#s.db}"; done
	altered t.db "$2" || return
	run -d t.db audit verify
	is "$code" 1 "found: $1"
}
tampered "a bundle altered" "UPDATE bundles SET bytes = replace(bytes, '\"version\":3', '\"version\":2')"
run -d t.db bundle use 2
is "$code:$out" 2: "and does not come into force"
like "$err" 'bundle 2: its bytes in the store are not those it is named by' "with the reason"
tampered "a bundle altered with its hash" "UPDATE bundles SET (bytes, sha256) = (SELECT bytes, sha256 FROM bundles WHERE bundle = 1) WHERE bundle = 2"
tampered "a bundle removed" "DELETE FROM bundles WHERE bundle = 3"
tampered "a bundle put in" "INSERT INTO bundles SELECT max(bundle) + 1, sha256, bytes, seq, ts_ms, by FROM bundles"
tampered "a use turned round" "UPDATE bundle_uses SET bundle = 1 WHERE n = 2"
tampered "where a use came from" "UPDATE bundle_uses SET from_bundle = 2 WHERE n = 1"
tampered "the last use removed" "DELETE FROM bundle_uses WHERE n = (SELECT max(n) FROM bundle_uses)"
tampered "a use put in" "INSERT INTO bundle_uses SELECT max(n) + 1, 2, 1, seq, ts_ms, by FROM bundle_uses"
tampered "when a bundle was used" "UPDATE bundle_uses SET ts_ms = ts_ms - 1 WHERE n = 1"
tampered "a label that a use moved" "UPDATE prompt_labels SET version = 2 WHERE version = 3"
tampered "a move of a use removed" "DELETE FROM prompt_labels WHERE n = (SELECT max(n) FROM prompt_labels)"
tampered "a move put into a use" "INSERT INTO prompt_labels SELECT max(n) + 1, 'greet', 'production', 1, 1, max(seq), max(ts_ms), by FROM prompt_labels"
tampered "the policy of a use removed" "DELETE FROM policies WHERE n = (SELECT max(n) FROM policies)"
tampered "the policy of a use replaced" "UPDATE policies SET policy = (SELECT policy FROM policies ORDER BY n LIMIT 1)"
sqlite3 s.db 'DELETE FROM bundle_uses' 2>.err
like "$(cat .err)" 'uses of bundles are append-only' "a mistake is stopped before"

done_testing

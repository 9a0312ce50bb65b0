#!/bin/sh
# Webhooks: what a receiver gets and how it is signed; one that is down for an hour,
# slow, redirecting or gone; a service killed between a decision and its delivery;
# what an operator does, and what the log says of it.
. "$(dirname "$0")/lib.sh"
need_service

secret() {
	printf 'whsec_%s\n' "$(printf '%.32s' "$1-0123456789-0123456789-0123456789" | base64)"
}
CRM_SECRET=$(secret crm)
export CRM_SECRET
secret new >new.secret
secret old >old.secret
echo "$CRM_SECRET" >crm.secrets
cat new.secret old.secret >all.secrets

# The time of the store, in seconds from its beginning.
HANDRAIL_CLOCK=@$work/clock
export HANDRAIL_CLOCK
now=0
at() {
	now=$1
	echo $((1767225600000 + now * 1000)) >clock.new
	mv clock.new clock
}
policy() {
	cat >p.conf <<CONF
serve { listen = { "unix:$work/s.sock" } }
$1
hook "all" { url = "http://localhost:$port/all"
    secret_file = { "new.secret", "old.secret" } }
queue "support" { fallback = "One moment."
  rule "sure" { when = "confidence >= 0.9" route = approve } }
queue "other" { rule "all" { when = "1" route = approve } }
CONF
}
crm() {
	printf 'hook "crm" { url = "http://127.0.0.1:%s/crm"\n secret_env = "CRM_SECRET" queues = { "support" } }' "$port"
}
end() {
	kill "$1" "$pid"
	wait "$pid" 2>/dev/null
}
# put ID CONFIDENCE [QUEUE]
put() {
	printf '{"id":"%s","queue":"%s","output":"Answer %s.","confidence":%s}' "$1" \
	    "${3:-support}" "$1" "$2" | "$HANDRAIL" -d s.db ingest >/dev/null
}
# got HOOK FILTER: of each request that came.
got() {
	[ ! -e "$1.got" ] || jq -rc "$2" "$1.got"
}
count() {
	[ "$(got "$1" .id | wc -l)" -ge "$2" ]
}
# hook NAME FILTER: of the row that hook list has of it.
hook() {
	"$HANDRAIL" -d s.db hook list --json | jq -rc "select(.name == \"$1\") | $2"
}
is_hook() {
	[ "$(hook "$1" "$2")" = "$3" ]
}
waits() {
	"$HANDRAIL" -d s.db hook list "$1" --json | jq -rc "${2:-.n}" | tr '\n' ' '
}

at 0
test_store s.db
begin_receiver

# Secrets.
policy "$(crm)"
(unset CRM_SECRET; "$HANDRAIL" -d s.db -p p.conf serve) 2>why
is "$? $(cat why)" '2 handrail: serve: hook "crm": CRM_SECRET: the variable is not set' \
    "a secret that is not there"
CRM_SECRET=whsec_c2hvcnQ= "$HANDRAIL" -d s.db -p p.conf serve 2>why
is "$? $(cat why)" '2 handrail: serve: hook "crm": CRM_SECRET: a secret is whsec_ and the base64 of 24 to 64 bytes' \
    "one that is short"
chmod 640 old.secret
"$HANDRAIL" -d s.db -p p.conf serve 2>why
is "$? $(cat why)" '2 handrail: serve: hook "all": old.secret: others may read it: chmod 600' \
    "one that others may read"
chmod 600 old.secret

# What comes.
: >serve.err
begin_service
put a1 0.95
put o1 1 other
put a2 0.5
run -d s.db decide a2 edit --output-file - <<'TEXT'
Better.
TEXT
ok "every hook is told of its queues" await count all 3
await count crm 2
is "$(got crm '[.id, .type, .good, .body.type, .body.data.state, .body.data.release]' | sort)" \
    '["rel_1","application/json",1,"item.released","approved","Answer a1."]
["rel_3","application/json",1,"item.released","edited","Better.\n"]' \
    "with an id, a signature, and what may go out"
is "$(got all '[.id, .good]' | sort)" '["rel_1",2]
["rel_2",2]
["rel_3",2]' "while a secret is changed the old one signs too, behind the new one"
is "$(got crm 'select(.id == "rel_1") | .body.data | del(.log)')" \
    "$("$HANDRAIL" -d s.db releases | head -n 1 | jq -c .)" "a release as the feed has it"
is "$(got crm '[.timestamp, .body.timestamp]' | head -n 1)" \
    '[1767225600,"2026-01-01T00:00:00.000Z"]' "with the time of the try, and its own"
is "$("$HANDRAIL" -d s.db audit export | wc -l)" "$(got crm .body.data.log.size | sort -n | tail -n 1)" \
    "and the size of the log"
run -d s.db decide a2 undo
ok "an undo is told" await count crm 3
is "$(got crm '[.id, .body.type, .body.data.release]' | tail -n 1)" \
    '["rel_4","item.recalled",null]' "as a recall"

# Down for an hour: refused connections.
kill $receiver
wait $receiver 2>/dev/null
put b1 0.5
"$HANDRAIL" -d s.db decide b1 accept >/dev/null
nth=1 low=''
for pause in 5 60 300 1800 3600; do
	await is_hook crm '.failed_tries' $nth
	due=$("$HANDRAIL" -d s.db hook list crm --json |
	    jq "(.next_try_at | .[:19] + \"Z\" | fromdate) - 1767225600 - $now")
	# Whole seconds: those of the time are cut.
	[ "$due" -ge $((pause * 4 / 5 - 1)) ] && [ "$due" -le $((pause * 6 / 5)) ] ||
	    low="$low $pause:$due"
	nth=$((nth + 1))
	[ $pause = 3600 ] || at $((now + pause * 6 / 5 + 1))
done
is "$low" "" "the pauses between tries: 5 s, 1, 5, 30 min, 1 h, a fifth more or less"
is "$(waits crm '[.n, .id, .state, .tries, .error != null]')" '[5,"b1","waiting",5,true] ' \
    "what waits, and why"
run -d s.db decide b1 undo
run -d s.db decide b1 edit --output-file - <<'TEXT'
Later.
TEXT
put c1 0.95
begin_receiver "$port"
at $((now + 4321))
ok "what waited comes once it is back" await count crm 7
is "$(got crm 'select(.body.data.id == "b1") | [.id, .body.data.state]')" \
    '["rel_5","accepted"]
["rel_6","recalled"]
["rel_7","edited"]' "in order an item, with the ids that they had"
await count all 8
ok "nothing waits any more" await is_hook all .waiting 0
is "$(grep -c 'takes again' serve.err)" 2 "the service says so, of each hook"

# A redirect is not followed.
echo '302 /elsewhere' >crm.answer
put d1 0.95
ok "a redirect is no answer" await is_hook crm .error "HTTP status 302"
ok "and nobody is asked where it points" test ! -e elsewhere.got
echo 200 >crm.answer
try 0 "what waits is tried now" -d s.db hook retry crm
ok "and taken" await is_hook crm .waiting 0

# A slow one holds up no other, nor an item the others.
echo hang >crm.answer
n=$(got all .id | wc -l)
for i in 1 2 3; do put "e$i" 0.95; done
ok "a slow hook holds up no other" await count all $((n + 3))
is "$(hook crm .waiting)" 3 "while it waits"

# Killed while deliveries are under way, and a decision while there is no service.
await count crm 12
end -9
put f1 0.5
"$HANDRAIL" -d s.db decide f1 accept >/dev/null
echo 200 >crm.answer
begin_service
ok "after kill -9 all that was not taken comes, again where need be" await is_hook crm .waiting 0
is "$(got crm 'select(.body.data.id | test("^[ef]")) | [.body.data.id, .id]' | sort | uniq -c |
    awk '{ print $1, $2 }')" '2 ["e1","rel_10"]
2 ["e2","rel_11"]
2 ["e3","rel_12"]
1 ["f1","rel_13"]' "under the id that it had"

# 410.
echo 410 >crm.answer
put g1 0.95
ok "410 pauses the hook" await is_hook crm .state paused
like "$(cat serve.err)" '^handrail: serve: hook crm: HTTP status 410 for release 14: paused; handrail hook resume crm$' \
    "which is said"
put g2 0.5
"$HANDRAIL" -d s.db decide g2 accept >/dev/null
"$HANDRAIL" -d s.db decide g2 undo >/dev/null
await is_hook all .waiting 0
is "$("$HANDRAIL" -d s.db hook list | awk '$1 == "crm" { print $2, $3, $5 }')" "paused 3 -" \
    "with no next time"
is "$(hook crm .next_try_at)" null "as for programs"
try 1 "retry: of one that is paused" -d s.db hook retry crm
like "$err" '^handrail: hook: crm: it is paused; handrail hook resume crm sends all that waits$' \
    "names what to do"
try 0 "of all: of the others" -d s.db hook retry all
is "$(waits crm '[.n, .tries]')" '[14,1] [15,0] [16,0] ' "what is released meanwhile waits"
echo 200 >crm.answer
try 0 "drop: one that shall not go out" -d s.db hook drop 14
try 1 "which is gone then" -d s.db hook drop 14 crm
like "$err" '^handrail: hook: release 14: no delivery of it waits for hook crm$' "and says so"
try 0 "resume" -d s.db hook resume crm
ok "the rest comes" await is_hook crm .waiting 0
is "$(got crm 'select(.body.data.id | test("^g")) | .id' | tr '\n' ' ')" \
    'rel_14 rel_15 rel_16 ' "but for what was dropped"
is "$("$HANDRAIL" -d s.db hook list crm --all --json | jq -rc 'select(.n > 13) | [.n, .state]' |
    tr '\n' ' ')" '[14,"dropped"] [15,"taken"] [16,"taken"] ' "as the list of all has it"
try 1 "resume: what is not paused" -d s.db hook resume crm
try 1 "no such hook" -d s.db hook resume crn
is "$("$HANDRAIL" -d s.db audit query --json | jq -rc 'select(.event | test("^hook")) |
    [.event, .hook, .n, .actor.via]')" '["hook.retry","crm",null,"cli"]
["hook.pause","crm",14,"serve"]
["hook.retry","all",null,"cli"]
["hook.drop","crm",14,"cli"]
["hook.resume","crm",null,"cli"]' "each has its leaf"
is "$("$HANDRAIL" -d s.db audit query | sed -n 's/.*\(hook\.[pd].*[^ ]\) *$/\1/p' | tr -s ' ')" \
    'hook.pause hook=crm n=14
hook.drop hook=crm n=14' "which the table names too"

# A policy without the hook: nothing is written for it, nothing of it is lost.
echo 500 >crm.answer
put h1 0.95
await is_hook crm .error "HTTP status 500"
policy ''
"$HANDRAIL" -d s.db policy apply p.conf >/dev/null
is "$(hook crm '[.state, .url, .waiting]')" '["removed",null,1]' "a hook that the policy has no more"
put h2 0.95
policy "$(crm)"
"$HANDRAIL" -d s.db policy apply p.conf >/dev/null
put h3 0.95
echo 200 >crm.answer
"$HANDRAIL" -d s.db hook retry
ok "once it is back, what waited comes" await is_hook crm .waiting 0
is "$(got crm 'select(.body.data.id | test("^h")) | .body.data.id' | sort -u | tr '\n' ' ')" \
    'h1 h3 ' "and what was released since; not what was released between"

# A secret is changed at SIGHUP.
secret third >new.secret
secret third >all.secrets
secret new >>all.secrets
secret new >old.secret
kill -HUP $pid
fresh() {
	put "i$tries" 0.95
	[ "$(got all .good | tail -n 1)" = 2 ]
}
ok "SIGHUP reads secrets anew" await fresh
await is_hook all .waiting 0
await is_hook crm .waiting 0

is "$("$HANDRAIL" -d s.db hook list | awk '{ print $1, $2, $3 }')" 'HOOK STATE WAITING
all active 0
crm active 0' "the list for people"
end -TERM
is "$(grep -Ev 'listening|made the|policy|hook|stopping' serve.err)" "" "nothing else is said"
try 0 "the log and its rows agree" -d s.db audit verify
sqlite3 s.db "UPDATE deliveries SET state = 'taken' WHERE state = 'dropped'"
run -d s.db audit verify
like "$err" 'leaf [0-9]+: the delivery that it dropped is not$' "a drop that was undone by hand is found"
sqlite3 s.db "UPDATE deliveries SET state = 'dropped' WHERE n > 13"
run -d s.db audit verify
like "$err" 'deliveries: [0-9]+ dropped without a leaf$' "and one that was made so"
done_testing

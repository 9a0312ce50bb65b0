#!/bin/sh
# The HTTP service: who may call it, records in, answers that wait for a person, the
# feed out, and what becomes of all this when it ends in any way.
. "$(dirname "$0")/lib.sh"
need_service

SHOP_KEY=shop-0123456789abcdef OPS_KEY=ops-0123456789abcdef
CHECK_KEY=check-0123456789abcdef
export SHOP_KEY CHECK_KEY
printf '%s\n' $OPS_KEY >ops.key
cat >p.conf <<CONF
serve { listen = { "unix:$work/s.sock" } status_listen = "unix:$work/status.sock"
        hosts = { "guard.example" } body_max = "1MiB" }
key "shop"  { token_env = "SHOP_KEY"  may = { "check", "submit", "read" }
              queues = { "support" } }
key "ops"   { token_file = "ops.key"  may = { "check", "submit", "read" } }
key "check" { token_env = "CHECK_KEY" may = { "check" } }
queue "support" { guards = { "pii" } fallback = "One moment."
  rule "sure" { when = "confidence >= 0.9 AND failures = 0" route = approve } }
queue "other" { rule "all" { when = "1" route = approve } }
queue "held" { hold = "1s" }
CONF

rec() {
	printf '{"id":"%s","queue":"%s","output":"%s","confidence":%s}' "$1" \
	    "${4:-support}" "${3:-Answer $1.}" "$2"
}

ok "it begins" begin_service
is "$(cat serve.err)" "handrail: made the store s.db
handrail: serve: listening on unix:$work/s.sock
handrail: serve: listening on unix:$work/status.sock, for status alone" \
    "and says where it listens"
sed 's/One moment/One week/' p.conf >two.conf
"$HANDRAIL" -d s.db -p two.conf serve >two.out 2>two.err
is "$? $(cat two.err)" "2 handrail: serve: s.db: another handrail serve has this store; there is one at a time" \
    "a store has one service"
is "$("$HANDRAIL" -d s.db policy list | wc -l)" 1 "and a second one changes no policy"

# Who may come in.
is "$(code wrong-0123456789abcdef /v1/queues)" "wrong_key 401" "a wrong key"
is "$(curl -s --unix-socket s.sock http://localhost/v1/queues | jq -r .error.code)" no_key \
    "no key"
is "$(curl -s --unix-socket s.sock -H "Authorization: Bearer $SHOP_KEY" \
    http://localhost/v1/queues)" \
    '{"queues":{"support":{"flagged":0,"escalated":0,"oldest_s":0}}}' \
    "a bearer's token; of the queues those of the key"
is "$(code $CHECK_KEY /v1/releases)" "not_allowed 403" "a right that the key has not"
is "$(code $SHOP_KEY /v1/queues -H 'Host: evil.example')" "host_not_allowed 403" \
    "a name that is none of ours"
is "$(call $SHOP_KEY /healthz -H 'Host: GUARD.example:8787')" "$(printf 'ok\n200')" \
    "a name that the policy has"
is "$(code $SHOP_KEY /v1/queues -H 'Origin: null')" "origin_not_allowed 403" "a page"
is "$(code $SHOP_KEY /v1/nothing)" "unknown_path 404" "no such path"
is "$(curl -s --unix-socket s.sock -X DELETE -o two.out -D - http://localhost/v1/check |
    tr -d '\r' | grep -i ^allow)" "Allow: POST" "another method, and what there is"
is "$(curl -s --unix-socket status.sock http://localhost/readyz)" ready \
    "the status address needs no key"
is "$(curl -s --unix-socket status.sock -H "x-api-key: $SHOP_KEY" \
    http://localhost/v1/releases | jq -r .error.code)" unknown_path \
    "and has nothing else"

# Judging.
is "$(call $CHECK_KEY /v1/check -d "$(rec c1 0.95)" |
    jq -Rrs 'split("\n") | [(.[0] | fromjson | .route), .[-2]] | join(" ")')" \
    "approve 200" "a verdict"
is "$(call $CHECK_KEY /v1/check -d "$(rec c1 0.95 'Write ana@example.com')" | head -n 1)" \
    "$(rec c1 0.95 'Write ana@example.com' | "$HANDRAIL" -p p.conf check)" \
    "the same as check prints"
is "$({ rec c1 0.95; echo; echo '{"output'; echo; rec c2 0.1; } |
    call $SHOP_KEY /v1/check -H 'Content-Type: application/x-ndjson' --data-binary @- |
    sed '$d' | jq -rc '.route // [.line, .error != null]')" 'approve
[2,true]
flag' "lines: a verdict each, or why not"
is "$(code $SHOP_KEY /v1/check -d '{"output":"a","output":"b"}')" "invalid_json 400" \
    "a key that is there twice"
is "$(call $SHOP_KEY /v1/check -d '{"output":"a","output":"b"}' | jq -Rrs \
    'split("\n")[0] | fromjson | .error.message')" "byte 14: duplicate key" "says where"
is "$(code $SHOP_KEY /v1/check -d '{"CANARY":"CANARY2"}')" "record_refused 422" \
    "a record that is none"
is "$(for b in '{"CANARY":"CANARY"}' '{"error":{"message":"CANARY"}}' CANARY \
    '{"object":"CANARY","choices":[]}'; do
	call $SHOP_KEY '/v1/check' -d "$b"; done | grep -c CANARY)" 0 \
    "no error repeats what was sent"
is "$(code $SHOP_KEY '/v1/check?queue=other' -d "$(rec c1 1)")" "unknown_queue 404" \
    "a queue that the key may not see"
is "$(code $SHOP_KEY /v1/check -d "$(rec c1 1 x other)")" "unknown_queue 404" \
    "in the record too"
is "$(code $SHOP_KEY '/v1/check?format=none' -d x)" "unknown_format 400" "no such shape"
head -c 2000000 /dev/zero | tr '\0' a >big
is "$(code $SHOP_KEY /v1/check --data-binary @big)" "body_too_large 413" "a long body"
is "$(code $SHOP_KEY /v1/check --data-binary @big -H 'Transfer-Encoding: chunked')" \
    "body_too_large 413" "in chunks"
is "$(code $SHOP_KEY /v1/check -d x -H 'Content-Encoding: br')" \
    "unsupported_encoding 415" "an encoding"
# 100 kB of words: a worker's, not the loop's.
{ printf '{"queue":"support","output":"'
  i=0; while [ $i -lt 2000 ]; do i=$((i + 1)); printf 'ten words that nobody needs to read twice at all '; done
  printf '"}'; } >long
is "$(call $SHOP_KEY /v1/check --data-binary @long | head -n 1)" \
    "$("$HANDRAIL" -p p.conf check <long)" "a long record gets the same verdict"

# Storing.
is "$(call $SHOP_KEY /v1/items -d "$(rec a1 0.95)")" "$(cat <<'OUT'
{"id":"a1","queue":"support","state":"approved","route":"approve","rule":"sure","released":true,"release":"Answer a1."}
201
OUT
)" "an item that is approved"
is "$(call $SHOP_KEY /v1/items -d "$(rec a2 0.5)")" "$(cat <<'OUT'
{"id":"a2","queue":"support","state":"flagged","route":"flag","rule":"no rule matched","released":false,"release":"One moment."}
202
OUT
)" "and one that waits"
is "$(call $SHOP_KEY /v1/items -d "$(rec a2 0.5)" | tail -n 1)" 200 "the same bytes again"
is "$(code $SHOP_KEY /v1/items -d "$(rec a2 0.6)")" "conflict 409" "other bytes"
"$HANDRAIL" -d s.db search on >/dev/null
call $SHOP_KEY /v1/items -d "$(rec axolotl 0.5)" >/dev/null
ok "where search is on, what is stored goes into its index" \
    await "$HANDRAIL" -d s.db search find axolotl
two() {	# ID QUESTION: a record of two items.
	printf '{"id":"%s","queue":"support","request":{"messages":[{"role":"user","content":"%s"}]},"response":{"object":"chat.completion","choices":[
	    {"index":0,"message":{"role":"assistant","content":"a"},"finish_reason":"stop"},
	    {"index":1,"message":{"role":"assistant","content":"b"},"finish_reason":"stop"}]}}' "$1" "$2"
}
call $SHOP_KEY /v1/items -d "$(rec 'two#2' 0.5)" >/dev/null
is "$(call $SHOP_KEY /v1/items -d "$(two two hi)" | head -n 1 | jq -r .error.message) $("$HANDRAIL" -d s.db show 'two#1' 2>&1 >/dev/null)" \
    "of the record's 2 items these are there with other bytes: 2; none is stored handrail: show: two#1: no such item" \
    "of a record all items are stored, or none"
is "$(call $SHOP_KEY /v1/items -d "$(two three hi)" | jq -Rrsc 'split("\n") | [(.[0] | fromjson | .items[].id), .[-2]]')" \
    '["three#1","three#2","202"]' "all"
is "$(call $SHOP_KEY /v1/items -d "$(rec 'a/ü?1' 0.95)" -o /dev/null -D - | tr -d '\r' |
    grep -i ^location)" "Location: /v1/items/support/a%2F%C3%BC%3F1" "where it is found"
is "$(call $SHOP_KEY /v1/items/support/a%2F%C3%BC%3F1 | head -n 1)" \
    "$("$HANDRAIL" -d s.db show --json 'a/ü?1')" "there is what show prints"
is "$(code $SHOP_KEY /v1/items/support/nope)" "unknown_item 404" "no such item"
call $OPS_KEY /v1/items -d "$(rec o1 1 x other)" >/dev/null
is "$(code $SHOP_KEY /v1/items/other/o1)" "unknown_item 404" "not the key's item"
is "$(code $CHECK_KEY /v1/items -d "$(rec x 1)")" "not_allowed 403" "not the key's right"
is "$("$HANDRAIL" -d s.db audit query --json | jq -rc 'select(.item == "a1") |
    [.event, .actor.name, .actor.role, .actor.via]')" \
    '["route","key:shop","key","serve"]' "the log has the key"

# A person decides while a caller waits.
call $SHOP_KEY /v1/items -H 'Prefer: wait=60' -d "$(rec w1 0.5)" >w1.out &
one=$!
call $SHOP_KEY '/v1/items/support/a2/release?wait=60' >a2.out &
two=$!
await "$HANDRAIL" -d s.db show w1
ok "both wait" await sh -c "curl -s --unix-socket status.sock http://localhost/metrics |
    grep -qx 'handrail_waiting 2'"
printf 'Better.' | "$HANDRAIL" -d s.db decide w1 edit --output-file -
"$HANDRAIL" -d s.db decide a2 reject
wait $one $two
is "$(jq -Rrsc 'split("\n") | [(.[0] | fromjson | .state, .release), .[-2]]' w1.out)" \
    '["edited","Better.","201"]' "who posted it gets what it was made into"
is "$(jq -Rrsc 'split("\n") | [(.[0] | fromjson | .n, .state, .release), .[-2]]' a2.out)" \
    '[5,"rejected","One moment.","200"]' "who asked for it gets its release"
is "$(call $SHOP_KEY '/v1/items/support/w1/release')" \
    "$("$HANDRAIL" -d s.db releases | jq -c 'select(.id == "w1")')
200" "and so does who asks later"
call $SHOP_KEY /v1/items -d "$(rec w2 0.5)" >/dev/null
is "$(call $SHOP_KEY '/v1/items/support/w2/release?wait=0' | tail -n 1)" 202 \
    "nobody waits longer than he said"
is "$(code $SHOP_KEY '/v1/items/support/w2/release?wait=601')" "invalid_parameter 400" \
    "nor longer than may be"

# The feed.
is "$(call $OPS_KEY /v1/releases | sed '$d')" "$("$HANDRAIL" -d s.db releases)" \
    "the feed is what releases prints"
is "$(call $SHOP_KEY '/v1/releases?after=2' | sed '$d' | jq -rc .n | tr '\n' ' ')" \
    "4 5 " "behind a number, and of the key's queues"
is "$(code $OPS_KEY '/v1/releases?after=99')" "behind_the_end 409" "behind its end"
is "$(code $SHOP_KEY '/v1/releases?queue=other')" "unknown_queue 404" "of another queue"
call $OPS_KEY '/v1/releases?after=5&wait=60' >next.out &
one=$!
curl -sN --unix-socket s.sock -H "x-api-key: $OPS_KEY" -H 'Accept: text/event-stream' \
    -H 'Last-Event-ID: 4' http://localhost/v1/releases >events.out &
two=$!
await grep -q '^id: 5' events.out
"$HANDRAIL" -d s.db decide w2 accept
wait $one
is "$(sed '$d' next.out | jq -rc '[.n, .id]')" '[6,"w2"]' "the next row as it comes"
ok "as an event too" await grep -q '^id: 6' events.out
is "$(grep -c '^id' events.out) $(grep '^data' events.out | sed 's/^data: //')" \
    "2 $("$HANDRAIL" -d s.db releases --after 4)" "behind the last event, each once"
kill $two
call $OPS_KEY /v1/items -d "$(rec h1 0.5 x held)" >/dev/null
"$HANDRAIL" -d s.db decide h1 accept
is "$(call $OPS_KEY '/v1/items/held/h1/release?wait=60' |
    jq -Rrsc 'split("\n")[0] | fromjson | .state')" accepted \
    "what a queue holds comes when it is due"

# Held by its queue, while others go out: not the fallback, but what comes.
call $OPS_KEY /v1/items -H 'Prefer: wait=60' -d "$(rec h2 0.5 yes held)" >h2.out &
one=$!
await "$HANDRAIL" -d s.db show h2
"$HANDRAIL" -d s.db decide h2 accept
call $OPS_KEY /v1/items -d "$(rec o2 1 x other)" >/dev/null
wait $one
is "$(jq -Rrsc 'split("\n") | [(.[0] | fromjson | .state, .release), .[-2]]' h2.out)" \
    '["accepted","yes","201"]' "who waits for what is held gets that"

# Clients that leave: with a wait, in the middle of many requests, of a stream's head.
waits() {
	curl -s --unix-socket status.sock http://localhost/metrics | grep -qx "handrail_waiting $1"
}
curl -s -m 1 --unix-socket s.sock -H "x-api-key: $SHOP_KEY" -H 'Prefer: wait=60' \
    -d "$(rec l1 0.5)" http://localhost/v1/items >l1.out
ok "nobody waits for one who left" await waits 0
python3 - s.sock >gone.out <<'PY'
import socket, sys
many = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
for n in (1, 15, 16, 17, 20, 33, 400):
    s = socket.socket(socket.AF_UNIX)
    s.connect(sys.argv[1])
    s.sendall(many * n)
    s.shutdown(socket.SHUT_WR)
    got = b""
    while True:
        d = s.recv(65536)
        if not d: break
        got += d
    print(n, got.count(b"HTTP/1.1 200 OK"))
PY
is "$(cat gone.out)" "$(for n in 1 15 16 17 20 33 400; do echo $n $n; done)" \
    "all that was asked is answered, however much at once"
curl -s0iN --raw --unix-socket s.sock -H "x-api-key: $OPS_KEY" -H 'Accept: text/event-stream' \
    'http://localhost/v1/releases?after=5' >old.out &
one=$!
await grep -q '^id: 6' old.out
kill $one
is "$(tr -d '\r' <old.out | grep -E '^(Transfer-Encoding|id: 6|[0-9a-f]+$)')" "id: 6" \
    "to HTTP/1.0 a stream goes without chunks"
is "$(curl -s -m 20 -I --unix-socket s.sock -H "x-api-key: $OPS_KEY" \
    -H 'Accept: text/event-stream' http://localhost/v1/releases | head -n 1 | tr -d '\r')" \
    "HTTP/1.1 200 OK" "a head of a stream ends"

# The policy.
sed 's/0\.9 AND/0.2 AND/' p.conf >new.conf
"$HANDRAIL" -d s.db policy apply new.conf >/dev/null
ok "a policy that is applied is followed" await sh -c \
    "curl -s --unix-socket s.sock -H 'x-api-key: $SHOP_KEY' -d '$(rec n1 0.3)' \
    http://localhost/v1/check | grep -q '\"route\":\"approve\"'"
echo 'queue "support" {' >p.conf
kill -HUP $pid
ok "a broken one is named" await grep -q 'p.conf:1:17: this section is never closed; the policy stays as it was' serve.err
is "$(call $SHOP_KEY /v1/check -d "$(rec n1 0.3)" | tail -n 1)" 200 "and changes nothing"
sed 's/0\.2 AND/0.8 AND/' new.conf >p.conf
kill -HUP $pid
ok "the next is applied" await sh -c \
    "curl -s --unix-socket s.sock -H 'x-api-key: $SHOP_KEY' -d '$(rec n1 0.3)' \
    http://localhost/v1/check | grep -q '\"route\":\"flag\"'"
ok "which has the same addresses" sh -c '! grep "other addresses" serve.err'
sed "s,$work/s.sock,$work/moved.sock," p.conf >moved.conf
"$HANDRAIL" -d s.db policy apply moved.conf >/dev/null
ok "one with other addresses is told" await grep -qx \
    'handrail: serve: the policy has other addresses to listen on: they are taken at the next start' serve.err
"$HANDRAIL" -d s.db policy apply p.conf >/dev/null

# The end.
call $SHOP_KEY '/v1/items/support/h9/release?wait=1' >/dev/null
call $SHOP_KEY /v1/items -d "$(rec w3 0.5)" >/dev/null
call $SHOP_KEY '/v1/items/support/w3/release?wait=60' >w3.out &
one=$!
await sh -c "curl -s --unix-socket status.sock http://localhost/metrics |
    grep -qx 'handrail_waiting 1'"
kill -TERM $pid
wait $pid
is "$?" 0 "it ends when it is told to"
wait $one
is "$(tail -n 1 w3.out)" 202 "who waited got an answer"
is "$(ls s.sock 2>/dev/null)" "" "and its socket is gone"
ok "the log holds, and the service has signed it" "$HANDRAIL" -d s.db audit verify --require-signed

# Killed in the middle of many.
begin_service
i=0
while [ $i -lt 200 ]; do i=$((i + 1)); rec k$i 0.95; echo; done >many
(while read -r line; do
	printf '%s' "$line" | call $SHOP_KEY /v1/items -d @- | jq -re '.id? // empty' 2>/dev/null || break
done <many >acked) &
one=$!
await sh -c '[ "$(wc -l <acked)" -ge 20 ]'
kill -KILL $pid
wait $pid 2>/dev/null
wait $one
is "$(sort acked | while read -r id; do
	"$HANDRAIL" -d s.db show --json "$id" >/dev/null 2>&1 || echo "$id"; done)" "" \
    "after a kill all that was answered is there"
ok "and the log holds" "$HANDRAIL" -d s.db audit verify

# Sockets that come with the process, as systemd hands them in: the next service begins
# while there is one, and takes over where that ends; a call that comes between them waits.
cat >handed.py <<'PY'
import os, socket, subprocess, sys
s = socket.socket(socket.AF_UNIX)
s.bind("s.sock")
s.listen(8)
fd = os.dup(s.fileno())
for n in 1, 2:
    go = sys.stdin.readline()
    pid = os.fork()
    if pid == 0:
        os.dup2(fd, 3)
        os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS="1")
        os.execv(os.environ["HANDRAIL"], ["handrail", "-d", "s.db", "serve"])
    print(pid, flush=True)
for n in 1, 2:
    print("ended", os.waitstatus_to_exitcode(os.wait()[1]), flush=True)
PY
mkfifo go
rm -f s.sock
HANDRAIL=$HANDRAIL python3 handed.py <go >handed 2>handed.err &
keeper=$!
keep $keeper
exec 4>go
echo >&4
ok "a socket may come with the process" await [ -s handed ]
for i in 1 2 3; do call $SHOP_KEY /v1/queues -m 20 -o /dev/null; done >handed.out
is "$(cat handed.out | tr '\n' ' ')" "200 200 200 " "and is listened on call by call"
echo >&4
ok "the next one waits for its end" await grep -qx \
    'handrail: serve: waiting for the end of the service that has this store' handed.err
kill "$(sed -n 1p handed)"
ok "it ends" await grep -qx 'ended 0' handed
is "$(call $SHOP_KEY /v1/queues -m 20 -o /dev/null)" 200 "and the next one answers"
kill "$(sed -n 2p handed)"
wait $keeper
is "$(sed -n '3,4p' handed)" "ended 0
ended 0" "until that ends as well"
exec 4>&-

# What it cannot begin with.
HANDRAIL=$HANDRAIL python3 -c 'import os
for fd in range(3, 12):
    os.dup2(0, fd)
os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS="9")
os.execv(os.environ["HANDRAIL"], ["handrail", "-d", "s.db", "serve"])' </dev/null 2>many.err
is "$? $(cat many.err)" \
    "2 handrail: serve: 9 sockets came with the process (LISTEN_FDS); it listens on 8 at most" \
    "more sockets than it looks at"
unset SHOP_KEY
"$HANDRAIL" -d s.db -p p.conf serve >two.out 2>two.err
is "$? $(cat two.err)" \
    '2 handrail: serve: key "shop": SHOP_KEY: the variable is not set' "an unset variable"
SHOP_KEY=short; export SHOP_KEY
"$HANDRAIL" -d s.db -p p.conf serve >two.out 2>two.err
is "$(cat two.err)" 'handrail: serve: key "shop": SHOP_KEY: a token has 16 to 1024 bytes' \
    "a short token"
SHOP_KEY=$CHECK_KEY
"$HANDRAIL" -d s.db -p p.conf serve >two.out 2>two.err
is "$(cat two.err)" 'handrail: serve: key "check": its token: another key has it too' \
    "one token twice"
SHOP_KEY=shop-0123456789abcdef
chmod 644 ops.key
"$HANDRAIL" -d s.db -p p.conf serve >two.out 2>two.err
is "$(cat two.err)" 'handrail: serve: key "ops": ops.key: others may read it: chmod 600' \
    "a file that others may read"
chmod 600 ops.key
sed "s,unix:$work/s.sock,0.0.0.0:8787," p.conf >far.conf
"$HANDRAIL" -d s.db -p far.conf serve >two.out 2>two.err
is "$(cat two.err)" 'handrail: serve: listen 0.0.0.0:8787: beyond this machine a proxy with TLS has to stand in front: listen on 127.0.0.1 or unix:PATH' \
    "an address beyond this machine"
done_testing

#!/bin/sh
# What is sent to hooks is verified by the package standardwebhooks: with either secret
# while one is changed, and with no other.
. "$(dirname "$0")/../cli/lib.sh"
need_npm standardwebhooks
trap 'kill $pid $receiver 2>/dev/null; rm -rf "$work"' EXIT

umask 077
for name in new old other; do
	printf 'whsec_%s\n' "$(printf '%.32s' "$name-0123456789-0123456789-0123456789" | base64)" \
	    >$name.secret
done
node "$root/tests/interop/webhooks.js" "$work" &
receiver=$!
await test -s port
for name in new old other; do
	printf 'hook "%s" { url = "http://127.0.0.1:%s/%s" secret_file = { "new.secret", "old.secret" } }\n' \
	    $name "$(cat port)" $name
done >p.conf
cat >>p.conf <<CONF
serve { listen = { "unix:$work/s.sock" } }
queue "q" { rule "all" { when = "1" route = approve } }
CONF
"$HANDRAIL" -d s.db -p p.conf serve 2>serve.err &
pid=$!
await test -S s.sock
printf '{"id":"a","queue":"q","output":"Gr\303\274\303\237e \360\237\231\202 \\u202e","confidence":1}\n' |
    "$HANDRAIL" -d s.db ingest >/dev/null
state() {
	"$HANDRAIL" -d s.db hook list --json |
	    jq -rc "select(.name == \"$1\") | [.waiting, .error]"
}
is_state() {
	[ "$(state "$1")" = "$2" ]
}
ok "the new secret verifies it" await is_state new '[0,null]'
ok "the old one too" await is_state old '[0,null]'
ok "another does not" await is_state other '[1,"HTTP status 401"]'
is "$(cat new.got old.got) $(head -n 1 other.got)" "item.released
item.released No matching signature found" "by the package's own word"
kill $pid $receiver
wait $pid
done_testing

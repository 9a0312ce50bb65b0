#!/bin/sh
# Portkey's gateway asks the service about what goes to a model and what comes from it.
. "$(dirname "$0")/../cli/lib.sh"
command -v curl >/dev/null || skip_all "no curl"
need_npm @portkey-ai/gateway

GATE_KEY=gate-0123456789abcdef
export GATE_KEY
port=$(free_port)
cat >p.conf <<CONF
serve { listen = { "127.0.0.1:$port" } }
key "gate" { token_env = "GATE_KEY"  may = { "check" }  queues = { "chat" } }
guard "pii" { redact = label }
guard "abuse" { kind = contains  pattern = 'idiot' }
queue "chat" { guards = { "pii", "abuse" }
  rule "abuse" { when = "failed('abuse')" route = flag }
  rule "fine"  { when = "1" route = approve } }
CONF
"$HANDRAIL" -d s.db -p p.conf serve >serve.out 2>serve.err &
pid=$!
ok "it begins" await curl -sf "http://127.0.0.1:$port/healthz"
ask() {	# KEY
	node "$root/tests/interop/portkey.js" "http://127.0.0.1:$port/hooks/portkey" "$1"
}
is "$(printf '%s\n' hello 'mail ana@example.com' 'you idiot' leak curse | ask $GATE_KEY)" \
    '{"status":200,"asked":"hello","said":"Fine.","reason":null}
{"status":200,"asked":"mail <EMAIL_ADDRESS>","said":"Fine.","reason":null}
{"status":446,"asked":null,"said":null,"reason":"abuse (abuse)"}
{"status":200,"asked":"leak","said":"Write to <EMAIL_ADDRESS>.","reason":null}
{"status":446,"asked":"curse","said":null,"reason":"abuse (abuse)"}' \
    "what is clean passes, what is private is covered, the rest is denied, on either side"
is "$(echo hello | ask wrong-0123456789abcdef | jq .status)" 446 "an error denies too"

kill $pid
wait $pid
is "$?" 0 "it ends"
done_testing

# shellcheck shell=sh
# For tests that drive programs from PyPI (make interop); sourced behind tests/cli/lib.sh.
# The service, with a gateway before a mock of a model in either API.

pypi=${HANDRAIL_PYPI:-}
[ -n "$pypi" ] || skip_all "programs from PyPI: make interop" absent
GATE_KEY=gate-0123456789abcdef
export GATE_KEY
"$pypi/bin/python" "$root/tests/interop/upstream.py" mock up.log &
upstream=$!
ok "a mock begins" await test -s mock
model=http://127.0.0.1:$(cat mock)
port=$(free_port)
at=http://127.0.0.1:$port
cat >p.conf <<CONF
serve { listen = { "127.0.0.1:$port" } }
key "gate" { token_env = "GATE_KEY"  may = { "check", "gateway" }  queues = { "chat" } }
guard "pii"   { redact = label  kinds = { "EMAIL_ADDRESS", "PHONE_NUMBER" } }
guard "abuse" { kind = contains  pattern = 'idiot'  category = "harassment" }
queue "chat" { guards = { "pii", "abuse" }  fallback = "One moment."
  rule "abuse" { when = "failed('abuse')" route = flag }
  rule "fine"  { when = "1" route = approve } }
upstream "openai" { url = "$model/v1"  shape = openai }
upstream "claude" { url = "$model/v1"  shape = anthropic }
model "ok"   { upstream = "openai" }
model "okay" { upstream = "claude"  name = "ok" }
gateway "reply"  { queue = "chat"  try = { "ok" } }
gateway "claude" { queue = "chat"  try = { "okay" } }
CONF
"$HANDRAIL" -d s.db -p p.conf serve >serve.out 2>serve.err &
pid=$!
ok "the service begins" await curl -sf "$at/healthz"

ends() {
	kill $pid $upstream
	wait $pid
	is "$?" 0 "it ends"
	done_testing
}

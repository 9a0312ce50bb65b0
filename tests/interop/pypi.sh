# shellcheck shell=sh
# For tests that drive programs from PyPI (make interop); sourced behind tests/cli/lib.sh.

pypi=${HANDRAIL_PYPI:-}
[ -n "$pypi" ] || skip_all "programs from PyPI: make interop" absent
GATE_KEY=gate-0123456789abcdef
export GATE_KEY
port=$(free_port)
at=http://127.0.0.1:$port
cat >p.conf <<CONF
serve { listen = { "127.0.0.1:$port" } }
key "gate" { token_env = "GATE_KEY"  may = { "check" }  queues = { "chat" } }
guard "pii"   { redact = label  kinds = { "EMAIL_ADDRESS", "PHONE_NUMBER" } }
guard "abuse" { kind = contains  pattern = 'idiot'  category = "harassment" }
queue "chat" { guards = { "pii", "abuse" }
  rule "abuse" { when = "failed('abuse')" route = flag }
  rule "fine"  { when = "1" route = approve } }
CONF
"$HANDRAIL" -d s.db -p p.conf serve >serve.out 2>serve.err &
pid=$!
ok "it begins" await curl -sf "$at/healthz"

ends() {
	kill $pid
	wait $pid
	is "$?" 0 "it ends"
	done_testing
}

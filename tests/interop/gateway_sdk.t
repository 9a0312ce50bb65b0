#!/bin/sh
# The gateway as the clients of others see it: openai, @anthropic-ai/sdk and
# @ai-sdk/openai from npm, over services that answer and that fail.
. "$(dirname "$0")/../cli/lib.sh"
need_npm openai @anthropic-ai/sdk @ai-sdk/openai ai
command -v python3 >/dev/null || skip_all "no python3"

SHOP_KEY=shop-0123456789abcdef POOR_KEY=poor-0123456789abcdef
export SHOP_KEY POOR_KEY
umask 077
python3 "$root/tests/interop/upstream.py" port up.log 2>up.err &
upstream=$!
trap 'kill $upstream $pid 2>/dev/null; rm -rf "$work"' EXIT
await [ -s port ] || skip_all "no service could be begun"
up="http://127.0.0.1:$(cat port)/v1"
# A port of our own: what is free now is taken a moment later.
listen=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0))
print(s.getsockname()[1])')
{
	cat <<CONF
serve { listen = { "127.0.0.1:$listen" } }
key "shop" { token_env = "SHOP_KEY" may = { "gateway" } }
key "poor" { token_env = "POOR_KEY" may = { "gateway" } request_tokens = 20 }
guard "mail" { kind = pii kinds = { "EMAIL_ADDRESS" } redact = label }
queue "support" { guards = { "mail", "profanity" } fallback = "One moment."
  rule "foul" { when = "failed('profanity')" route = flag }
  rule "all" { when = "1" route = approve } }
CONF
	for m in ok s500 s429 s400 s401 close nodone error nousage usage2 call think hang \
	    once-s500; do
		for shape in openai anthropic; do
			retries=0
			[ $m != once-s500 ] || retries=1
			c=$(echo $shape | sed 's/openai//; s/anthropic/c-/')
			cat <<CONF
upstream "$c$m" { url = "$up" shape = $shape }
model "$c$m" { upstream = "$c$m" name = "$m/3" }
gateway "$c$m" { queue = support try = { "$c$m" } retries = $retries deadline = 3s }
gateway "$c$m-window" { queue = support try = { "$c$m" } retries = $retries deadline = 3s
  stream = window window = 20 }
gateway "$c$m-block" { queue = support try = { "$c$m" } on_flag = block }
CONF
		done
	done
} >p.conf
"$HANDRAIL" -d s.db -p p.conf serve >serve.out 2>&1 &
pid=$!
await sh -c "curl -sf http://127.0.0.1:$listen/healthz || ! kill -0 $pid"
kill -0 $pid || { cat serve.out >&2; exit 1; }
NODE_PATH=$root/tests/interop/node_modules timeout 120 node --no-deprecation \
    "$root/tests/interop/gateway_sdk.js" "http://127.0.0.1:$listen"

#!/bin/sh
# The npm OpenTelemetry exporter sends the spans of a model's calls to the service.
. "$(dirname "$0")/../cli/lib.sh"
command -v curl >/dev/null || skip_all "no curl"
need_npm @opentelemetry/exporter-trace-otlp-http @opentelemetry/sdk-trace-base

SHOP_KEY=shop-0123456789abcdef
export SHOP_KEY
port=$(free_port)
cat >p.conf <<CONF
serve { listen = { "127.0.0.1:$port" } }
key "shop" { token_env = "SHOP_KEY"  may = { "submit" }  queues = { "support" } }
queue "support" { rule "all" { when = "1" route = approve } }
CONF
"$HANDRAIL" -d s.db -p p.conf serve >serve.out 2>serve.err &
pid=$!
ok "it begins" await curl -sf "http://127.0.0.1:$port/healthz"
send() {	# COMPRESSION [KEY]
	node "$root/tests/interop/otlp.js" "http://127.0.0.1:$port/v1/traces" \
	    "${2-$SHOP_KEY}" "$1"
}
is "$(send none)" sent "a batch is sent"
like "$(send gzip)" 'rejectedSpans":1,"errorMessage":"1 of 3 spans not taken: span 3: .*holds no output' \
    "gzipped, and the exporter says what was not taken"
is "$("$HANDRAIL" -d s.db list --json --state all | jq -rc '[.snippet, .model, .state]' | sort)" \
    '["It left on Monday (gzip).","m1","approved"]
["It left on Monday (none).","m1","approved"]' "the outputs are items"
id=$("$HANDRAIL" -d s.db list --json --state all | jq -r .id | head -n 1)
is "$("$HANDRAIL" -d s.db show --json "$id" | jq -rc '[.messages, .input_tokens, .output_tokens]')" \
    '[[{"role":"user","content":"Where is my order?"}],12,7]' \
    "with what was asked, and the tokens"
like "$(send none wrong-0123456789abcdef)" '401|Unauthorized' "a wrong key is said"

kill $pid
wait $pid
is "$?" 0 "it ends"
done_testing

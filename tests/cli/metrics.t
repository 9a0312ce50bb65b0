#!/bin/sh
# Figures for Prometheus, of the service and without it; the alert rules and the
# dashboard that are made of the same table, each question of which a real Prometheus
# answers; readiness on a disk that is full.
. "$(dirname "$0")/lib.sh"
need_service

printf 'whsec_%s\n' "$(printf %32s x | base64)" >hook.secret
begin_receiver
hook=$port
rm port
begin_models
status=127.0.0.1:$(free_port)
SHOP_KEY=shop-0123456789abcdef
export SHOP_KEY
cat >p.conf <<CONF
serve { listen = { "unix:$work/s.sock" } status_listen = "$status" }
key "shop" { token_env = "SHOP_KEY" may = { "check", "submit", "gateway" } tokens_day = 50000 usd_month = 2 }
hook "crm" { url = "http://127.0.0.1:$hook/crm" secret_file = "hook.secret" }
upstream "up" { url = "http://127.0.0.1:$port/v1" shape = openai }
upstream "gone" { url = "http://127.0.0.1:1/v1" shape = openai }
model "ok" { upstream = up in_usd = 1 out_usd = 2 }
model "gone" { upstream = gone }
gateway "reply" { queue = support try = { gone, ok } }
guard "pii" {}
queue "support" { guards = { "pii" } sla = "1s"
  rule "sure" { when = "confidence >= 0.9 AND failures = 0" route = approve } }
queue "dull \\"one\\"" {}
CONF
# What signals nothing when a file may not grow: the limit stands in for a full disk.
(trap '' XFSZ; exec "$HANDRAIL" -d s.db -p p.conf serve 2>serve.err) &
pid=$!
keep $pid
page() {
	curl -s "http://$status/$1"
}
ok "it begins" await curl -sf "http://$status/healthz"
value() {
	page metrics | awk -v name="$1" '$1 == name { print $2 }'
}
is_value() {
	[ "$(value "$1")" = "$2" ]
}
submit() {
	record "$@" | curl -s --unix-socket s.sock -H "x-api-key: $SHOP_KEY" \
	    --data-binary @- http://localhost/v1/items >/dev/null
}
chat() {
	curl -s --unix-socket s.sock -H "x-api-key: $SHOP_KEY" http://localhost/v1/chat/completions \
	    -d '{"model":"reply","messages":[{"role":"user","content":"Hi"}]}' >/dev/null
}
submit a1 0.95
submit a2 0.5 'Write to ana@example.com.'
submit a3 0.5
"$HANDRAIL" -d s.db next >/dev/null
"$HANDRAIL" -d s.db next >/dev/null
"$HANDRAIL" -d s.db decide a3 edit --output-file - <<'TEXT'
Better.
TEXT
"$HANDRAIL" -d s.db decide a2 escalate --reason unsure >/dev/null
for text in Hi Hello; do printf %s $text | "$HANDRAIL" -d s.db prompt add greet - >/dev/null; done
"$HANDRAIL" -d s.db prompt label greet@2 production >/dev/null
for prompt in greet@2:40 greet@1:3; do
	printf '{"id":"%s","queue":"nobody","output":"x","prompt":"%s","usage":{"input_tokens":%s}}' \
	    $prompt ${prompt%:*} ${prompt#*:} | "$HANDRAIL" -d s.db ingest >/dev/null
done
record b1 0.95 | sed 's/support/nobody/' | "$HANDRAIL" -d s.db ingest >/dev/null

chat
# Each counts, whoever did it.
while read -r name wanted; do
	ok "$name is $wanted" await is_value "$name" "$wanted"
done <<'METRICS'
handrail_requests_total{path="/v1/items",code="2xx"} 3
handrail_request_seconds_count{path="/v1/items"} 3
handrail_stored_items_total 4
handrail_judged_total{route="flag"} 2
handrail_routed_items_total{queue="support",route="approve"} 2
handrail_routed_items_total{queue="other",route="flag"} 3
handrail_decisions_total{queue="support",decision="edit"} 1
handrail_decisions_total{queue="support",decision="accept"} 0
handrail_review_seconds_count{queue="support"} 2
handrail_items{queue="support",state="escalated"} 1
handrail_items{queue="other",state="flagged"} 3
handrail_review_items{queue="support"} 0
handrail_findings_total{guard="pii",severity="medium"} 1
handrail_tokens_total{model="other",prompt="other",kind="input"} 50
handrail_tokens_total{model="other",prompt="greet@2",kind="input"} 40
handrail_cost_usd_total{model="other",prompt="other"} 0.008017
handrail_model_latency_seconds_count{model="other"} 5
handrail_deliveries_total{hook="crm"} 3
handrail_deliveries_waiting{hook="crm"} 0
handrail_hook_paused{hook="crm"} 0
handrail_ready 1
handrail_calls_total{gateway="reply",model="ok",outcome="approve"} 1
handrail_call_seconds_count{gateway="reply"} 1
handrail_overhead_seconds_count{gateway="reply"} 1
handrail_retries_total{gateway="reply"} 1
handrail_breaker_open{upstream="gone"} 0
handrail_upstream_inflight{upstream="up"} 0
handrail_call_tokens_total{model="ok",kind="input"} 7
handrail_key_tokens{key="shop"} 12
handrail_key_tokens_limit{key="shop"} 50000
handrail_key_usd_limit{key="shop"} 2
METRICS
is "$(page metrics | grep -c '^handrail_overdue_items{queue="dull \\"one\\""} 0$')" 1 \
    "a name is written as a label"
curl -s -H 'Accept: application/openmetrics-text' "http://$status/metrics" >open
is "$(grep -c '^# TYPE handrail_requests counter$' open) $(tail -n 1 open)" "1 # EOF" \
    "OpenMetrics, where that is asked for"

# Without the service: the same of the store, from its beginning.
page metrics >service
run -d s.db metrics
is "$code$err" 0 "metrics prints"
of_store='^handrail_(items|review_items|routed|decisions|findings|tokens|cost|deliver|hook|key)'
is "$(printf '%s\n' "$out" | grep -E "$of_store" | sort)" \
    "$(grep -E "$of_store" service | sort)" "what the service says of the store"

# A disk that takes no more.
prlimit --pid $pid --fsize=0:unlimited
not_ready() {
	[ "$(curl -s -o /dev/null -w '%{http_code}' "http://$status/readyz")" = 503 ]
}
ready() {
	[ "$(page readyz)" = ready ]
}
ok "a full disk is noticed, before a call fails" await not_ready
is "$(page readyz | jq -r .error.code)" store_error "and said"
prlimit --pid $pid --fsize=unlimited:unlimited
ok "until there is room" await ready
# One that takes a file beside the store, and nothing into it: only a write tells.
for n in 1 2 3 4 5 6; do submit fill$n 0.95; done
prlimit --pid $pid --fsize=70000:unlimited
ok "/readyz writes to the store" await not_ready
is "$(record full 0.95 | curl -s --unix-socket s.sock -H "x-api-key: $SHOP_KEY" --data-binary @- \
    http://localhost/v1/items | jq -r .error.code)" store_error "what comes meanwhile is refused"
prlimit --pid $pid --fsize=unlimited:unlimited
ok "it is ready again though nobody sends anything" await ready
ok "and says so" grep -q 'serve: the store is written to again' serve.err

# Rules and dashboard.
run metrics --rules
printf '%s\n' "$out" >rules.yml
"$HANDRAIL" metrics --dashboard >dashboard.json
asked() {
	grep -ohE 'handrail_[a-z_]+' rules.yml dashboard.json | sed -E 's/_(bucket|sum|count)$//' | sort -u
}
is "$(asked | while read -r name; do
	grep -q "^# TYPE $name " service || echo "$name"; done)" "" \
    "rules and dashboard ask for metrics that there are"
ok "the dashboard is one" jsonschema -i dashboard.json "$root/tests/data/dashboard.schema.json"
is "$(jq -r '[.panels[].id] | length - (unique | length)' dashboard.json)" 0 "each panel once"
is "$(jq -r '[.panels[].gridPos | [.x, .y]] | length - (unique | length)' dashboard.json)" 0 \
    "none upon another"

if ! command -v promtool >/dev/null || ! command -v prometheus >/dev/null; then
	[ -z "${CI:-}" ] || ok "prometheus is there" false
	diag "no prometheus here: make deps-prometheus"
	kill $pid $receiver $models
	done_testing
fi
promtool check metrics <service >why 2>&1
is "$? $(cat why)" "0 " "promtool has nothing to say of the service's figures"
"$HANDRAIL" -d s.db metrics | promtool check metrics >why 2>&1
is "$? $(cat why)" "0 " "nor of the store's"
ok "nor of the rules" promtool check rules rules.yml

at=127.0.0.1:$(free_port)
cat >prometheus.yml <<CONF
global: { scrape_interval: 1s, evaluation_interval: 1s }
rule_files: [ rules.yml ]
scrape_configs: [ { job_name: handrail, static_configs: [ { targets: [ "$status" ] } ] } ]
CONF
prometheus --config.file=prometheus.yml --storage.tsdb.path=tsdb --web.listen-address="$at" \
    2>prometheus.err &
prometheus=$!
keep $prometheus
ask() {
	curl -s "http://$at/api/v1/query" --data-urlencode "query=$1"
}
scraped() {
	[ "$(ask 'count_over_time(handrail_ready[1m]) >= 3' | jq '.data.result | length')" = 1 ]
}
ok "a Prometheus scrapes it" await scraped
jq -r '.panels[].targets[]?.expr' dashboard.json |
    sed 's/\$__rate_interval/1m/g; s/\$queue/.*/g' >queries
while read -r query; do
	answer=$(ask "$query" | jq -r '.status + " " + (.data.result | length | tostring)')
	case $answer in
	"success 0") echo "nothing: $query" ;;
	success*) ;;
	*) echo "$answer: $query" ;;
	esac
done <queries >wrong
is "$(cat wrong)" "" "it answers every question of the dashboard"
ok "questions were asked" test "$(wc -l <queries)" -gt 25
is "$(ask "$(sed -n 's/^ *query: //p' "$root/man/handrail-metrics.1")" | jq '.data.result | length')" 1 \
    "and the manual's for KEDA"
alerts() {
	curl -s "http://$at/api/v1/rules" | jq -r '.data.groups[].rules[] | select(.health != "ok") | .name'
}
evaluated() {
	[ "$(curl -s "http://$at/api/v1/rules" | jq '[.data.groups[].rules[] |
	    select(.health == "unknown")] | length')" = 0 ]
}
await evaluated
is "$(alerts)" "" "and evaluates every rule"
kill $pid $receiver $models $prometheus
wait
done_testing

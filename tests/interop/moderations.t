#!/bin/sh
# The npm package openai asks for moderations.
. "$(dirname "$0")/../cli/lib.sh"
command -v curl >/dev/null || skip_all "no curl"
need_npm openai

GATE_KEY=gate-0123456789abcdef
export GATE_KEY
port=$(free_port)
cat >p.conf <<CONF
serve { listen = { "127.0.0.1:$port" } }
key "gate" { token_env = "GATE_KEY"  may = { "check" } }
guard "abuse" { kind = contains  pattern = 'idiot'  category = "harassment" }
queue "chat" { guards = { "abuse" }
  rule "abuse" { when = "failures > 0" route = flag }
  rule "fine"  { when = "1" route = approve } }
CONF
"$HANDRAIL" -d s.db -p p.conf serve >serve.out 2>serve.err &
pid=$!
ok "it begins" await curl -sf "http://127.0.0.1:$port/healthz"
cat >ask.js <<'JS'
const [where, baseURL, apiKey] = process.argv.slice(2);
const { OpenAI } = require(where);
const ask = (key, input) => new OpenAI({ baseURL, apiKey: key, maxRetries: 0 })
    .moderations.create({ input });
(async () => {
	for (const r of (await ask(apiKey, ['Hi', 'you idiot'])).results)
		console.log(r.flagged, r.categories.harassment, r.categories.violence,
		    r.category_scores.harassment, r.category_applied_input_types.harassment);
	await ask('wrong-0123456789abcdef', 'Hi').catch((e) => console.log(e.status, e.code));
	await ask(apiKey, 5).catch((e) => console.log(e.status, e.code));
})();
JS
is "$(node ask.js "$root/tests/interop/node_modules/openai" "http://127.0.0.1:$port/v1" $GATE_KEY)" \
    "false false false 0 []
true true false 1 [ 'text' ]
401 wrong_key
400 invalid_request" "flags, categories and errors are its own"
kill $pid
wait $pid
is "$?" 0 "it ends"
done_testing

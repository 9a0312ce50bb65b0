#!/bin/sh
# Each export format read by something that is not ours: Python's csv module,
# python3-jsonschema, and npm's together-ai check-file.
. "$(dirname "$0")/lib.sh"
need_shared vectors/csv-injection

# A Python that has jsonschema: the system's, where another one comes first.
python=
for p in /usr/bin/python3 python3; do
	"$p" -c 'import jsonschema' 2>/dev/null && python=$p && break
done
[ -n "$python" ] || skip_all "no python3 with jsonschema"

basic_policy >p.conf
n=0
{
	while [ $n -lt 12 ]; do n=$((n + 1)); record f$n 0.7; done
	# Every formula payload as an output, and one as a model's name.
	cat "$HANDRAIL_SHARED"/vectors/csv-injection/Intruder/* | tr -d '\r' | jq -Rc \
	    'select(length > 0) | {id:("x"+(.|@base64|.[0:40])),queue:"support",output:.,model:.[0:200],messages:[{role:"user",content:.}],confidence:0.5}'
} >in.jsonl
"$HANDRAIL" -d s.db -p p.conf ingest in.jsonl >/dev/null 2>&1
printf 'Better\r\n"text", =1+1' >new.txt
jq -r .id in.jsonl | while read -r id; do
	case $id in
	f[123]) "$HANDRAIL" -d s.db decide "$id" edit --output-file new.txt --label unsafe --reason tone ;;
	f[45]) "$HANDRAIL" -d s.db decide "$id" reject --note '@SUM(1+1)' ;;
	*) "$HANDRAIL" -d s.db decide "$id" accept ;;
	esac
done

for f in sft dpo dpo-openai kto csv labelstudio argilla jsonl; do
	try 0 "export $f" -d s.db export --format $f -o out.$f
done

cat >table.py <<'PY'
import csv, sys
rows = list(csv.reader(open("out.csv", newline="", encoding="utf-8"), strict=True))
head, rows = rows[0], rows[1:]
bad = [c for r in rows for c in r if c.lstrip(" ") and c.lstrip(" ")[0] in "=+-@|\t\r"]
assert not bad, bad[:3]
assert not [c for r in rows for c in r if c.upper().startswith("DDE")]
assert all(len(r) == len(head) for r in rows), "columns"
by = {r[0]: dict(zip(head, r)) for r in rows}
assert by["f1"]["final"] == 'Better\r\n"text", =1+1', by["f1"]["final"]
assert by["f1"]["input"] == "user: Question of f1?", by["f1"]["input"]
assert by["f4"]["note"] == "'@SUM(1+1)"
want = [l.rstrip("\n") for l in open("payloads")]
got = [r["output"] for i, r in by.items() if i.startswith("x")]
assert sorted(g[1:] if g.startswith("'") else g for g in got) == sorted(want), (got, want)
PY
jq -r 'select(.id|startswith("x")).output' in.jsonl >payloads
ok "csv: Python reads it; no cell is a formula; no value is lost" "$python" table.py

cat >schema.py <<'PY'
import json, sys
import jsonschema
S, text = {"type": "string"}, {"type": "string", "minLength": 1}
message = {"type": "object", "required": ["role", "content"],
    "properties": {"role": {"enum": ["system", "developer", "user", "assistant", "tool"]}, "content": S}}
one = {"type": "array", "minItems": 1, "maxItems": 1, "items": {"type": "object", "required": ["role", "content"],
    "properties": {"role": {"const": "assistant"}, "content": S}, "additionalProperties": False}}
many = {"type": "array", "minItems": 1, "items": message}
def obj(required, **extra):
    return {"type": "object", "required": sorted(required), "properties": dict(required, **extra), "additionalProperties": False}
number, none = {"type": ["number", "null"]}, {"type": ["string", "null"]}
things = {"type": "array", "items": {"type": "object"}}
time = {"type": ["string", "null"], "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\\.[0-9]{3}Z$"}
lines = {
    "jsonl": obj({
        "id": text, "queue": text, "state": {"enum": ["approved", "flagged", "escalated", "accepted", "edited", "rejected"]},
        "route": {"enum": ["approve", "flag", "escalate"]}, "rule": text, "confidence": number,
        "severity": {"enum": ["info", "low", "medium", "high", "critical", None]}, "failures": {"type": "integer"},
        "guards": {"type": "array", "items": text}, "model": none, "prompt": none, "variant": none,
        "priority": {"type": "integer"}, "sampled": {"type": "boolean"}, "stop": {"enum": ["end", "length", "filter", "refusal", "tool", "error", None]}, "by": none, "decided_at": time, "created_at": time, "ingested_at": time, "due_at": time,
        "first_token_ms": number, "attempts": number, "tier": none, "sent": number, "lease": {"type": ["object", "null"]}, "snippet": S, "output": {}, "messages": {"type": ["array", "null"]}, "context": {},
        "metadata": {}, "input_tokens": number, "output_tokens": number, "cost_usd": number, "latency_ms": number, "policy": text,
        "rules": {"type": "array", "items": obj({"name": text, "value": {"enum": [True, False, None, "error"]}})},
        "findings": things, "errors": things, "released": {"type": "boolean"}, "release": none,
        "decisions": {"type": "array", "minItems": 1, "items": obj({
            "seq": {"type": "integer"}, "ts": time, "by": text, "role": none, "reason": none, "note": none, "output": none,
            "decision": {"enum": ["accept", "edit", "reject", "escalate", "return", "undo"]},
            "labels": {"type": "array", "items": text}, "undone_by": {"type": ["integer", "null"]},
            "ratings": {"type": "object"}, "evidence": things})}, "skips": things}),
    "dpo": obj({"prompt": many, "chosen": one, "rejected": one}),
    "kto": obj({"prompt": many, "completion": one, "label": {"type": "boolean"}}),
}
result = {"type": "object", "required": ["from_name", "to_name", "type", "value"], "properties": {
    "type": {"enum": ["choices", "labels", "textarea"]},
    "value": {"anyOf": [
        obj({"choices": {"type": "array", "items": S}}), obj({"text": {"type": "array", "items": S}}),
        obj({"start": {"type": "integer"}, "end": {"type": "integer"}, "text": S, "labels": {"type": "array", "items": text}})]}}}
whole = {
    "labelstudio": {"type": "array", "minItems": 1, "items": obj({
        "data": {"type": "object", "required": ["input", "output"]},
        "predictions": {"type": "array", "items": obj({"model_version": S, "result": {"type": "array", "items": result}}, score={"type": "number"})},
        "annotations": {"type": "array", "minItems": 1, "items": obj({"result": {"type": "array", "items": result},
            "was_cancelled": {"type": "boolean"}, "ground_truth": {"type": "boolean"}}, lead_time={"type": "number"})}})},
    "argilla": obj({"items": {"type": "array", "minItems": 1, "items": obj({
        "fields": {"type": "object", "additionalProperties": S}, "metadata": {"type": "object"}, "external_id": text,
        "suggestions": {"type": "array"},
        "responses": {"type": "array", "items": obj({
            "user_id": {"type": "string", "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"},
            "status": {"enum": ["submitted", "draft", "discarded"]},
            "values": {"type": "object", "additionalProperties": obj({"value": {}})}})}})}}),
}
name = sys.argv[1]
if name in lines:
    rows = [json.loads(l) for l in open("out." + name)]
    assert rows
    for r in rows:
        jsonschema.validate(r, lines[name])
else:
    jsonschema.validate(json.load(open("out." + name)), whole[name])
PY
for f in jsonl dpo kto labelstudio argilla; do
	ok "$f: as its format has it" "$python" schema.py $f
done

# together-ai's checker, where npm brings it.
tools=
if command -v node >/dev/null 2>&1 && command -v npm >/dev/null 2>&1; then
	tools=$root/build/tests/node
	[ -d "$tools/node_modules/together-ai" ] || {
		mkdir -p "$tools"
		echo '{"private":true}' >"$tools/package.json"
		(cd "$tools" && npm install --no-audit --no-fund --save-exact together-ai@0.52.0) >npm.log 2>&1 ||
		    rm -rf "$tools"
	}
	[ -d "$tools/node_modules/together-ai" ] || {
		tools=
		diag "npm could not bring together-ai: $(tail -n 1 npm.log)"
	}
fi
if [ -n "$tools" ]; then
	cat >"$tools/check.js" <<'JS'
const { checkFile } = require('together-ai/lib/check-file');
checkFile(process.argv[2]).then((r) => {
	if (!r.is_check_passed) { console.log(JSON.stringify(r)); process.exit(1); }
});
JS
	for f in sft dpo-openai; do
		cp out.$f $f.jsonl
		ok "$f: together-ai's check-file takes it" node "$tools/check.js" "$PWD/$f.jsonl"
	done
else
	diag "together-ai's check-file was not asked"
fi

# Conversations that call tools: OpenAI's form goes out, checked by a schema of
# it (together-ai's checker knows none); what the formats do not have is counted.
cat >calls.jsonl <<'LINES'
{"id":"t1","queue":"support","messages":[{"role":"user","content":"Weather?"},{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"weather","arguments":"{\"city\":\"Linz\"}"}}]},{"role":"tool","tool_call_id":"c1","content":"12 C"}],"output":"12 degrees.","confidence":0.5}
{"id":"t2","queue":"support","messages":[{"role":"user","content":[{"type":"text","text":"What is it?"},{"type":"image_url","image_url":{"url":"https://example.com/a.png"}}]}],"output":"A cat.","confidence":0.5}
{"id":"u1","queue":"support","messages":[{"role":"user","content":[{"type":"tool_result","tool_use_id":"x","content":"12"}]}],"output":"12.","confidence":0.5}
{"id":"u2","queue":"support","messages":[{"role":"assistant","tool_calls":[{"name":"weather","args":{}}]}],"output":"12.","confidence":0.5}
{"id":"u3","queue":"support","messages":[{"role":"tool","content":"12"}],"output":"12.","confidence":0.5}
{"id":"u4","queue":"support","messages":[{"role":"function","content":"12"}],"output":"12.","confidence":0.5}
{"id":"u5","queue":"support","messages":[{"role":"user"}],"output":"12.","confidence":0.5}
{"id":"u6","queue":"support","messages":[{"role":"user","content":[{"type":"hologram","of":"12"}]}],"output":"12.","confidence":0.5}
{"id":"u7","queue":"support","messages":[{"role":"assistant","tool_calls":[{"what":"weather"}]}],"output":"12.","confidence":0.5}
LINES
"$HANDRAIL" -d calls.db -p p.conf ingest calls.jsonl >/dev/null 2>&1
for id in t1 t2 u1 u2 u3 u4 u5 u6 u7; do
	printf 'Edited.' | "$HANDRAIL" -d calls.db decide $id edit --output-file -
done
cat >calls.py <<'PY'
import json, sys, jsonschema
S = {"type": "string"}
call = {"type": "object", "required": ["id", "type", "function"], "additionalProperties": False, "properties": {"id": S,
    "type": {"const": "function"}, "function": {"type": "object", "required": ["name", "arguments"], "properties": {"name": S, "arguments": S}}}}
part = {"oneOf": [
    {"type": "object", "required": ["type", "text"], "properties": {"type": {"const": "text"}, "text": S}},
    {"type": "object", "required": ["type", "image_url"], "properties": {"type": {"const": "image_url"}, "image_url": {"type": "object", "required": ["url"]}}}]}
message = {"oneOf": [
    {"type": "object", "required": ["role", "content"], "properties": {"role": {"enum": ["system", "user"]}, "content": {"anyOf": [S, {"type": "array", "minItems": 1, "items": part}]}}},
    {"type": "object", "required": ["role"], "anyOf": [{"required": ["tool_calls"]}, {"required": ["content"], "properties": {"content": S}}],
        "properties": {"role": {"const": "assistant"}, "tool_calls": {"type": "array", "minItems": 1, "items": call}, "weight": {"enum": [0, 1]}}},
    {"type": "object", "required": ["role", "content", "tool_call_id"], "properties": {"role": {"const": "tool"}, "content": S, "tool_call_id": S}}]}
messages = {"type": "array", "minItems": 1, "items": message}
one = {"type": "array", "minItems": 1, "maxItems": 1, "items": message}
schemas = {
    "sft": {"type": "object", "required": ["messages"], "properties": {"messages": messages}, "additionalProperties": False},
    "dpo-openai": {"type": "object", "required": ["input", "preferred_output", "non_preferred_output"], "additionalProperties": False,
        "properties": {"input": {"type": "object", "required": ["messages"], "properties": {"messages": messages}}, "preferred_output": one, "non_preferred_output": one}}}
rows = [json.loads(l) for l in open(".out")]
assert len(rows) == 4, len(rows)
for r in rows:
    jsonschema.validate(r, schemas[sys.argv[1]])
PY
for f in sft dpo-openai; do
	run -d calls.db export --format $f
	ok "$f: tool calls and pictures as OpenAI has them" "$python" calls.py $f
	for why in "has content of an unknown form" "calls a tool in an unknown form" \
	    "has an unknown role" "has no content"; do
		like "$err" "^handrail: export: 1 skipped: a message $why\$" "$f: counted: $why"
	done
	like "$err" "1 skipped: a tool's answer does not name the call" "$f: counted: a tool's answer without its call"
done

# A conversation with an earlier answer: only the one judged is learnt from.
printf '%s\n' '{"id":"w","queue":"support","messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"},{"role":"user","content":"c"}],"output":"d","confidence":0.5}' |
    "$HANDRAIL" -d s.db ingest - >/dev/null
"$HANDRAIL" -d s.db decide w accept
run -d s.db export --format sft --where "id = 'w'"
is "$(json '[.messages[]|.weight]')" '[null,0,null,1]' "sft: weights where there are several answers"
[ -z "$tools" ] || {
	run -d s.db export --format sft -o weights.jsonl
	ok "sft: together-ai's check-file takes weights" node "$tools/check.js" "$PWD/weights.jsonl"
	# The checker is awake: it refuses a role that there is none of.
	sed '1s/"role":"user"/"role":"nobody"/' weights.jsonl >wrong.jsonl
	ok "and refuses what is wrong" sh -c '! node "$1/check.js" "$2/wrong.jsonl"' sh "$tools" "$PWD"
}

# --redact: personal data and secrets go, in what was typed too.
printf '%s\n' '{"id":"r","queue":"support","messages":[{"role":"user","content":"I am ana@example.com"}],"output":"Hello ana@example.com","confidence":0.5,"metadata":{"mail":"bo@example.com"}}' |
    "$HANDRAIL" -d s.db ingest - >/dev/null
printf 'Write to cy@example.com' | "$HANDRAIL" -d s.db decide r edit --output-file - --note 'ask di@example.com'
run -d s.db export --format jsonl --redact --where "id = 'r'"
is "$(printf '%s' "$out" | grep -c 'example\.com')" 0 "--redact: no address is left in $(printf '%s' "$out" | wc -c) bytes"
is "$(json '[.messages[0].content,.output,.decisions[0].output,.metadata.mail]')" \
    '["I am <EMAIL_ADDRESS>","Hello <EMAIL_ADDRESS>","Write to <EMAIL_ADDRESS>","<EMAIL_ADDRESS>"]' "but what stood where"

# What a policy's own guard marked goes too, and the findings stand where their
# texts are then: Label Studio would mark other words otherwise.
cat >own.conf <<'CONF'
guard "project" { kind = "regex"  pattern = 'F[a]lcon( \w+@\S+)?'  severity = low  redact = label }
guard "promise" { kind = "regex"  pattern = '(?i)\bguarantee\b'  severity = low }
queue "support" { guards = { "project", "promise", "pii" } }
CONF
printf '%s\n' '{"id":"o","queue":"support","output":"é: ana@example.com of Falcon bo@example.com. I guarantee it.","confidence":0.5}' \
    '{"id":"v","queue":"support","output":{"to":"ana@example.com","name":"Falcon","n":1},"confidence":0.5}' \
    '{"id":"m","queue":"support","output":"Well.","guards":[{"name":"caller","result":"fail","message":"seen: cy@example.com"}],"confidence":0.5}' |
    "$HANDRAIL" -d own.db -p own.conf ingest - >/dev/null 2>&1
for id in o v m; do "$HANDRAIL" -d own.db decide $id accept; done
run -d own.db export --format labelstudio --redact --where "id = 'o'"
is "$(json '.[0].data.output')" 'é: <EMAIL_ADDRESS> of <match> I guarantee it.' "--redact: what the policy's guard marked goes"
cat >spans.py <<'PY'
import json, sys
task = json.load(open(".out"))[0]
out, got = task["data"]["output"], []
for r in task["predictions"][0]["result"]:
    v = r["value"]
    assert out[v["start"]:v["end"]] == v["text"], (v, out)
    got.append(v["text"])
assert set(got) == {"<EMAIL_ADDRESS>", "<match>", "guarantee"}, got
PY
ok "and each span is of its text" "$python" spans.py
run -d own.db export --format jsonl --redact
is "$(printf '%s' "$out" | grep -cE 'example\.com|Falcon')" 0 "nor is any of it left in jsonl"
is "$(json 'select(.id=="v").output')" '{"to":"<EMAIL_ADDRESS>","name":"<match>","n":1}' "an output that is an object stays one"
done_testing

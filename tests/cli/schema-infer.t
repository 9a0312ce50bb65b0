#!/bin/sh
# The form of what came in as a schema, and a guard that holds records to it.
. "$(dirname "$0")/lib.sh"

HANDRAIL_STORE=$work/s.db
export HANDRAIL_STORE
test_store s.db
jq -nc 'range(60) | {id: "r\(.)", queue: "support", model: ["a", "b"][. % 2], output: (if . % 3 == 0 then "{\"ok\":true}" else "text \(.)" end),
  usage: {input_tokens: .}, metadata: ({amount: (if . % 2 == 0 then . else . + 0.5 end), lang: ["en", "de"][. % 2], tags: ["x", "y"][:. % 3]}
  + (if . % 4 == 0 then {note: null} else {} end))}' >in.jsonl
echo '{"id":"o","queue":"other","output":"x","more":1}' >>in.jsonl
printf 'queue "support" { rule "all" { when = "1" route = approve } }\nqueue "other" { }\n' >p.conf
HANDRAIL_CLOCK=$(date -d 2026-11-01T10:00:00Z +%s)000 "$HANDRAIL" -p p.conf ingest in.jsonl >/dev/null

try 0 "schema infer" schema infer -q support
is "$(json '[.type, .required, .properties.metadata.required] | tostring')" \
    '["object",["id","queue","model","output","usage","metadata"],["amount","lang","tags"]]' "what each has is required"
is "$(json '.properties | [.id, .model, .metadata.properties.amount, .metadata.properties.tags, .metadata.properties.note] | tostring')" \
    '[{"type":"string"},{"type":"string","enum":["a","b"]},{"type":"number"},{"type":"array","items":{"type":"string","enum":["x","y"]}},{"type":"null"}]' \
    "with types, and the few values that strings take"
is "$(json '."$comment"')" "60 records of support, 2026-11-01T10:00:00.000Z to 2026-11-01T10:00:00.000Z" "and says of what"
run schema infer
is "$(json '[.required, .properties.more] | tostring')" '[["id","queue","output"],{"type":"integer"}]' "of all queues"
run schema infer -w "model = 'a'" --values 0 --closed
is "$(json '[.properties.model, .additionalProperties, .properties.usage.additionalProperties] | tostring')" \
    '[{"type":"string"},false,false]' "of a condition; without enums; closed"
run schema infer --of-output
is "$(json '.properties | tostring')" '{"ok":{"type":"boolean"}}' "of outputs that are JSON"
jq -nc 'range(300) | {id: "m\(.)", queue: "map", output: "x", metadata: {("key\(.)"): .}}' | "$HANDRAIL" ingest >/dev/null
run schema infer -q map
is "$(json '.properties.metadata | tostring')" '{"type":"object","additionalProperties":{"type":"integer"}}' "so many names are keys"
try 1 "nothing came" schema infer --since 2026-11-02 -q support
try 2 "a queue that is not there" schema infer -q nobody

# A guard on the record.
"$HANDRAIL" schema infer -q support -o rec.json
cat >q.conf <<\CONF
guard "form" { kind = "json-schema" schema = "rec.json" on = record severity = high }
queue "support" { guards = { "form" } rule "form" { when = "kind('form', 'required')" route = escalate }
  rule "all" { when = "failures = 0" route = approve } }
CONF
rec() {	# ID METADATA MEMBERS
	printf '{"id":"%s","queue":"support"%s,"output":"t","usage":{"input_tokens":1},"metadata":%s}\n' "$1" "$3" "$2"
}
{ rec n1 '{"amount":1,"lang":"en","tags":[]}' ',"model":"a"'
rec n2 '{"amount":"1","lang":"fr","tags":[]}' ',"model":"a"'
rec n3 '{"amount":1,"lang":"en"}' ',"model":"a"'
rec n4 '{"amount":1,"lang":"en","tags":[],"a/b":1}' ',"model":"a"'
} >n.jsonl
"$HANDRAIL" -p q.conf check n.jsonl >out
is "$(jq -rc '[.id, .route, (.findings | map([.kind, .on, .message]))] | tostring' out)" '["n1","approve",[]]
["n2","flag",[["type","/metadata/amount","/metadata/amount: expected number, got string \"1\""],["enum","/metadata/lang","/metadata/lang: expected one of [\"en\",\"de\"], got string \"fr\""]]]
["n3","escalate",[["required","/metadata/tags","/metadata: the property \"tags\" is missing"]]]
["n4","approve",[]]' "a new type, an unknown value and a missing field are held, with the place"
HANDRAIL_CLOCK=$(date -d 2026-11-20T10:00:00Z +%s)000 "$HANDRAIL" -p q.conf ingest - >/dev/null <n.jsonl
HANDRAIL_CLOCK=$(date -d 2026-11-21T10:00:00Z +%s)000
export HANDRAIL_CLOCK
rec n5 '{"amount":1,"lang":"en"}' ',"model":"a"' | "$HANDRAIL" ingest >/dev/null
is "$("$HANDRAIL" show n5 --json | jq -r '.findings[0].message')" \
    '/metadata: the property "tags" is missing; the last record with the old form came 2026-11-20T10:00:00.000Z (n4)' \
    "and when the last one with the old form came"
like "$("$HANDRAIL" show n5)" 'old form came 2026-11-20T10:00:00' "for people too"
is "$("$HANDRAIL" releases --after 0 | jq -r 'select(.id == "n5") | .release')" "" "nothing of it went out"
printf 'guard "g" { kind = "length" max = 1 on = record }\nqueue "q" { guards = { "g" } }\n' >b.conf
try 2 "another kind" policy check b.conf
like "$err" 'b.conf:1:[0-9]+: guard "g": on = record is for json-schema' "reads no record"
try 0 "the log is whole" audit verify
done_testing

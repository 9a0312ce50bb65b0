#!/bin/sh
# What models emit for real schemas: our verdicts beside python3-jsonschema's.
. "$(dirname "$0")/lib.sh"
python3 -c 'import jsonschema' 2>/dev/null || skip_all "no python3-jsonschema" may

cat >make.py <<'PY'
# Schemas as applications have them, and answers to each: right ones, and the
# mistakes that models make.  (Only what floating point can hold is a multipleOf:
# theirs takes 19.99 for no multiple of 0.01.)
import copy, json, random
random.seed(4)
S = {}
S["invoice"] = {"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object", "required": ["number", "lines", "total"], "additionalProperties": False,
  "properties": {"number": {"type": "string", "pattern": "^INV-[0-9]{4,}$"}, "currency": {"enum": ["EUR", "USD", "GBP"]}, "paid": {"type": "boolean"},
    "total": {"type": "number", "minimum": 0, "multipleOf": 0.25},
    "lines": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/line"}}},
  "$defs": {"line": {"type": "object", "required": ["text", "amount"], "properties": {"text": {"type": "string", "minLength": 1, "maxLength": 40}, "amount": {"type": "number"}, "qty": {"type": "integer", "exclusiveMinimum": 0}}}}}
S["tool"] = {"type": "object", "required": ["name", "arguments"], "properties": {"name": {"enum": ["search", "mail", "wait"]}, "arguments": {"type": "object"}},
  "oneOf": [
    {"properties": {"name": {"const": "search"}, "arguments": {"required": ["query"], "properties": {"query": {"type": "string"}, "limit": {"type": "integer", "minimum": 1, "maximum": 50}}}}},
    {"properties": {"name": {"const": "mail"}, "arguments": {"required": ["to", "body"], "properties": {"to": {"type": "array", "items": {"type": "string"}, "uniqueItems": True, "minItems": 1}, "body": {"type": "string"}}}}},
    {"properties": {"name": {"const": "wait"}, "arguments": {"maxProperties": 1, "properties": {"seconds": {"type": "number"}}, "additionalProperties": False}}}]}
S["triage"] = {"type": "object", "properties": {"label": {"enum": ["bug", "question", "spam"]}, "confidence": {"type": "number", "minimum": 0, "maximum": 1}, "why": {"type": ["string", "null"]}, "fix": {"type": "string"}, "owner": {"type": "string"}},
  "required": ["label", "confidence"], "if": {"properties": {"label": {"const": "bug"}}}, "then": {"required": ["owner"]}, "else": {"not": {"required": ["owner"]}},
  "dependentRequired": {"fix": ["owner"]}, "unevaluatedProperties": False}
S["tree"] = {"$schema": "http://json-schema.org/draft-07/schema#", "definitions": {"node": {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}, "children": {"type": "array", "items": {"$ref": "#/definitions/node"}}}, "additionalProperties": False}}, "$ref": "#/definitions/node"}
S["tuple"] = {"type": "array", "prefixItems": [{"type": "string"}, {"type": "integer"}, {"anyOf": [{"type": "null"}, {"type": "array", "contains": {"const": 1}, "minContains": 2}]}], "items": False, "minItems": 2}
S["map"] = {"type": "object", "patternProperties": {"^[a-z]{2}(-[A-Z]{2})?$": {"type": "string"}, "^x-": True}, "additionalProperties": False, "propertyNames": {"maxLength": 8}, "minProperties": 1}
GOOD = {
 "invoice": [{"number": "INV-20331", "currency": "EUR", "paid": False, "total": 19.75, "lines": [{"text": "Paper", "amount": 19.75, "qty": 2}]}, {"number": "INV-0001", "total": 0, "lines": [{"text": "\u00dcbung", "amount": -1e-3}]}],
 "tool": [{"name": "search", "arguments": {"query": "x", "limit": 5}}, {"name": "mail", "arguments": {"to": ["a", "b"], "body": ""}}, {"name": "wait", "arguments": {"seconds": 1.5}}],
 "triage": [{"label": "bug", "confidence": 0.5, "owner": "ana", "fix": "f"}, {"label": "spam", "confidence": 1, "why": None}],
 "tree": [{"id": 1, "children": [{"id": 2}, {"id": 3, "children": []}]}],
 "tuple": [["a", 1], ["a", 1, None], ["a", 2.0, [1, 1.0, 2]]],
 "map": [{"en": "Hello", "pt-BR": "Ol\u00e1", "x-any": [1]}]}
JUNK = [None, True, False, 0, 1, -1, 1.0, 0.5, 1e3, 12345678901234567890, 0.07, 19.759, "", "x", "1", "EUR", "eur", "INV-1", "a" * 41, "\u00e9" * 40, [], [1], ["a", "a"], {}, {"a": 1}, {"id": "1"}, "null", "true"]
def places(v, at=()):
    yield at
    if isinstance(v, dict):
        for k in v: yield from places(v[k], at + (k,))
    elif isinstance(v, list):
        for i in range(len(v)): yield from places(v[i], at + (i,))
def parent(v, at):
    for k in at[:-1]: v = v[k]
    return v
def spoil(v):
    v = copy.deepcopy(v)
    at = random.choice(list(places(v)))
    how = random.randrange(5)
    if not at: return random.choice(JUNK) if how == 0 else v
    p, k = parent(v, at), at[-1]
    if how == 0: del p[k]
    elif how == 1: p[k] = random.choice(JUNK)
    elif how == 2 and isinstance(p, dict): p[random.choice(["note", "Extra", "x-y", "owner", "de", "id "])] = random.choice(JUNK)
    elif how == 3 and isinstance(p, list): p.insert(random.randrange(len(p) + 1), copy.deepcopy(random.choice(JUNK + p)))
    else: p[k] = str(p[k]) if random.random() < .5 else [p[k]]
    return v
for name, schema in S.items():
    json.dump(schema, open(name + ".json", "w"))
    with open(name + ".jsonl", "w") as out:
        for i in range(600):
            v = random.choice(GOOD[name])
            for _ in range(random.choice([0, 1, 1, 1, 2, 3])): v = spoil(v)
            out.write(json.dumps({"id": str(i), "output": json.dumps(v, ensure_ascii=i % 2 == 0)}) + "\n")
PY
cat >beside.py <<'PY'
import json, sys, jsonschema
n = same = valid = 0
for name in ["invoice", "tool", "triage", "tree", "tuple", "map"]:
    schema = json.load(open(name + ".json"))
    theirs = jsonschema.validators.validator_for(schema, jsonschema.Draft202012Validator)(schema)
    verdicts = [json.loads(l) for l in open(name + ".out")]
    for item, verdict in zip(map(json.loads, open(name + ".jsonl")), verdicts, strict=True):
        n += 1
        v = theirs.is_valid(json.loads(item["output"]))
        valid += v
        if v == (not verdict["findings"]): same += 1
        else: print("#", name, "theirs", v, "ours", verdict["findings"][:1], item["output"])
print(n, same, valid)
PY
python3 make.py
for name in invoice tool triage tree tuple map; do
	printf 'guard "answer" { kind = "json-schema"  schema = "%s.json" }\nqueue "default" { guards = { "answer" } }\n' "$name" >p.conf
	"$HANDRAIL" -p p.conf check $name.jsonl >$name.out
done
python3 beside.py >told
grep '^#' told | head -n 20
read -r n same valid <<TOLD
$(tail -n 1 told)
TOLD
is "$n" 3600 "answers to six schemas"
ok "a fair share of them right ($valid)" [ $((valid * 5)) -gt "$n" ]
ok "and wrong" [ $(((n - valid) * 5)) -gt "$n" ]
ok "99 in 100 verdicts are python3-jsonschema's ($same of $n)" [ $((same * 100)) -ge $((n * 99)) ]
done_testing

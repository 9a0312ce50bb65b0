"""Compares /anonymize at URL with presidio_anonymizer's engine on random texts and
results; and what /analyze finds goes into that engine."""
import json
import random
import sys
import urllib.request

from presidio_anonymizer import AnonymizerEngine
from presidio_anonymizer.entities import OperatorConfig, RecognizerResult

url, key = sys.argv[1:]
engine = AnonymizerEngine()
salt = "0123456789abcdef"
operators = [
    {"type": "replace"}, {"type": "replace", "new_value": "NEW"}, {"type": "redact"},
    {"type": "keep"}, {"type": "hash", "salt": salt},
    {"type": "mask", "masking_char": "*", "chars_to_mask": 3, "from_end": False},
    {"type": "mask", "masking_char": "\u2022", "chars_to_mask": 99, "from_end": True},
]


def post(path, body):
    request = urllib.request.Request(url + path, json.dumps(body).encode(),
                                     {"x-api-key": key, "Content-Type": "application/json"})
    return json.load(urllib.request.urlopen(request))


def wanted(body):
    result = engine.anonymize(
        body["text"],
        [RecognizerResult(**r) for r in body["analyzer_results"]],
        {name: OperatorConfig(o["type"], {k: v for k, v in o.items() if k != "type"})
         for name, o in body["anonymizers"].items()})
    return {"text": result.text, "items": [i.to_dict() for i in result.items]}


def made(rng):
    text = "".join(rng.choice("ab \u00e9\u6f22\U0001f600 ") for i in range(rng.randint(4, 40)))
    results = []
    for i in range(rng.randint(0, 6)):
        start = rng.randrange(len(text))
        results.append({"entity_type": rng.choice("ABC"), "start": start,
                        "end": rng.randint(start + 1, len(text)),
                        "score": rng.choice([0.1, 0.5, 0.9])})
    return {"text": text, "analyzer_results": results,
            "anonymizers": {t: rng.choice(operators) for t in rng.sample(["A", "B", "DEFAULT"], 2)}}


def ordered(answer):
    return {**answer, "items": sorted(answer["items"], key=lambda i: (
        i["start"], i["end"], i["entity_type"], i["text"], i["operator"]))}


# Of some thousands one differs: where a third type lies over the gap between two of one
# type, Presidio leaves the end of the second uncovered, and we do not.
n = differ = 0
rng = random.Random(7)
for i in range(500):
    body = made(rng)
    ours, theirs = ordered(post("/anonymize", body)), ordered(wanted(body))
    n += 1
    if ours != theirs:
        differ += 1
        if differ <= 3:
            print(json.dumps(body), ours, theirs, sep="\n", file=sys.stderr)
for i in range(100):
    text = "\u00fc%s ana%d@example.com, \U0001f600 +49 30 90%04d" % ("x" * i, i, 1000 + i)
    found = post("/analyze", {"text": text, "language": "en"})
    body = {"text": text, "anonymizers": {}, "analyzer_results": [
        {k: f[k] for k in ("entity_type", "start", "end", "score")} for f in found]}
    n += 1
    if wanted(body)["text"] != "\u00fc%s <EMAIL_ADDRESS>, \U0001f600 <PHONE_NUMBER>" % ("x" * i):
        differ += 1
        print(text, found, wanted(body), file=sys.stderr)
print("%d compared, %d differ" % (n, differ))

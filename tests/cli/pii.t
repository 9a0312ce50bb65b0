#!/bin/sh
# Personal data in sentences made for this test, with values drawn anew: how much
# of it is found, in its exact place, and how much else is taken for it.
. "$(dirname "$0")/lib.sh"
command -v python3 >/dev/null || skip_all "no python3"

cat >make.py <<'PY'
import ipaddress, json, random
random.seed(2026)
pick = random.choice
digits = lambda n: "".join(pick("0123456789") for _ in range(n))
def luhn(s):
    total = sum(d if i % 2 else d * 2 - 9 * (d > 4) for i, d in enumerate(map(int, reversed(s))))
    return s + str(-total % 10)
def card():
    first, n = pick([("4", 16), ("4", 16), ("4", 13), ("4", 19), ("51", 16), ("55", 16), ("2720", 16), ("34", 15), ("37", 15), ("6011", 16), ("65", 16), ("3530", 16), ("36", 14)])
    s = luhn(first + digits(n - 1 - len(first)))
    sep = pick(["", "", " ", "-"])
    if n == 16: return sep.join(s[i:i + 4] for i in range(0, 16, 4))
    return sep.join([s[:4], s[4:10], s[10:]]) if n == 15 else s
def iban():
    cc, body = pick([("DE", digits(18)), ("FR", digits(23)), ("GB", "NWBK" + digits(14)), ("ES", digits(20)), ("NL", "INGB" + digits(10)), ("IT", "X" + digits(22)), ("PL", digits(24)), ("NO", digits(11))])
    number = int("".join(str(int(c, 36)) for c in body + cc + "00"))
    s = "%s%02d%s" % (cc, 98 - number % 97, body)
    return s if random.random() < .5 else " ".join(s[i:i + 4] for i in range(0, len(s), 4))
def email():
    return pick(["ana", "j.doe", "o_brien", "kim+news", "X9", "anne-marie"]) + pick(["", digits(2)]) + "@" + pick(["mail", "corp.example", "b\u00fcro", "x-y"]) + "." + pick(["com", "de", "co.uk", "io", "museum"])
def ip():
    if random.random() < .5: return "%d.%d.%d.%d" % (random.randint(1, 223), random.randint(0, 255), random.randint(0, 255), random.randint(1, 254))
    a = ipaddress.IPv6Address(0x2a00 << 112 | random.getrandbits(pick([16, 64, 100])))
    return pick([a.compressed, a.exploded])
def ssn():
    a = pick([n for n in range(1, 900) if n != 666])
    return "%03d-%02d-%04d" % (a, random.randint(1, 99), random.randint(1, 9999))
def phone():
    us = "%d%s" % (random.randint(2, 9), digits(2)), "%d%s" % (random.randint(2, 9), digits(2)), digits(4)
    return pick(["(%s) %s-%s", "%s-%s-%s", "+1 %s %s %s", "+1-%s-%s-%s", "%s.%s.%s", "1-%s-%s-%s"]) % us if random.random() < .5 else \
        pick(["+44 20 7946 " + digits(4), "020 7946 " + digits(4), "+44 7700 900" + digits(3), "07700 900" + digits(3), "+49 30 " + digits(7), "030 " + digits(8), "+49 151 " + digits(8), "+33 6 " + " ".join(digits(2) for _ in range(4)), "06 " + " ".join(digits(2) for _ in range(4)), "+34 6" + digits(8), "+91 98" + digits(8), "+61 4" + digits(8)])
MADE = {
 "CREDIT_CARD": (card, ["Could you charge {} for the two tickets?", "Your transaction with {} was declined.", "{} runs out in 09/27", "I moved the subscription over to {} last week.", "payment_method: {}", '{{"pan":"{}","ok":true}}', "The front reads {}, right?"]),
 "IBAN_CODE": (iban, ["Please send the refund to {}.", "Beneficiary {} was credited on Monday", "iban={};name=x", "My new details: {}, same bank as before."]),
 "EMAIL_ADDRESS": (email, ["Ping {} when done", "cc: <{}>", "The invite went to {}, not to you.", "user={}&x=1", "({})"]),
 "IP_ADDRESS": (ip, ["Failed login from {} at night", "route add {} gw", "The node {} stopped answering.", "src={} dst=any"]),
 "US_SSN": (ssn, ["His social is {}.", "On the form I wrote {} as SSN", "applicant {} was approved", "ssn: {}"]),
 "PHONE_NUMBER": (phone, ["Give me a ring on {} tonight.", "Reception: {}", "If nobody opens, dial {}.", "My number is {}, call after six", "Fax {}", "We tried {} three times without luck.", "contact: {}", "Tel. {}"])}
OTHER = [lambda: "Order %s shipped on 2026-%02d-%02d." % (digits(10), random.randint(1, 12), random.randint(1, 28)), lambda: "Build 4.%s.%s passed %s tests" % (digits(1), digits(2), digits(4)),
 lambda: "Ticket #%s has %s comments" % (digits(8), digits(2)), lambda: "The ISBN is 978-3-%s-%s-1" % (digits(3), digits(5)), lambda: "uuid %s" % "-".join("%0*x" % (n, random.getrandbits(4 * n)) for n in (8, 4, 4, 4, 12)),
 lambda: "In 19%s about %s,%s,%s people lived there, 3.14159265358979 of them" % (digits(2), digits(1), digits(3), digits(3)), lambda: "lat 48.%s, long 11.%s" % (digits(6), digits(6)), lambda: "sha %040x" % random.getrandbits(160),
 lambda: "ts=17%s pid=%s" % (digits(11), digits(5)), lambda: "It costs %s.%s EUR, twelve of them %s" % (digits(3), digits(2), digits(4)), lambda: "Room %s, floor %s, 10:%s to 11:%s" % (digits(3), digits(1), digits(2), digits(2)),
 lambda: "x = [%s, %s, %s]" % (digits(4), digits(4), digits(4)), lambda: "git clone git@host.example:a/b%s.git" % digits(2), lambda: "call f(%s) at line %s" % (digits(3), digits(4)), lambda: "SKU %s-%s-%s is sold out" % (digits(4), digits(4), digits(4))]
with open("in.jsonl", "w") as out, open("truth.jsonl", "w") as truth:
    for i in range(4000):
        kind, start, end = None, 0, 0
        if i % 4 == 3: text = pick(OTHER)()
        else:
            kind = pick(list(MADE))
            value, frame = MADE[kind][0](), pick(MADE[kind][1])
            text = frame.format(value)
            start = frame.replace("{{", "{").index("{}"); end = start + len(value)
        out.write(json.dumps({"id": str(i), "output": text}) + "\n")
        truth.write(json.dumps([kind, start, end, text]) + "\n")
PY
cat >score.py <<'PY'
import collections, json, sys
least = {"CREDIT_CARD": (.95, .99), "IBAN_CODE": (.99, .99), "EMAIL_ADDRESS": (.99, .99), "IP_ADDRESS": (.99, .99), "US_SSN": (.90, .99), "PHONE_NUMBER": (.80, .80)}
right, found, there = (collections.Counter() for _ in range(3))
for want, got in zip(map(json.loads, open("truth.jsonl")), map(json.loads, open("out.jsonl")), strict=True):
    there[want[0]] += 1
    hits = [f for f in got["findings"] if f["kind"] in least]
    same = [f for f in hits if [f["kind"], f["start"], f["end"]] == want[:3]]
    for f in hits: found[f["kind"]] += 1
    for f in same: right[f["kind"]] += 1
    if len(hits) != len(same) or (want[0] and not same):
        print("#", want[0], "in:", want[3], [(f["kind"], f["start"], f["end"]) for f in hits], file=sys.stderr)
for kind, (p, r) in least.items():
    precision, recall = right[kind] / max(1, found[kind]), right[kind] / there[kind]
    print(kind, "ok" if precision >= p and recall >= r and there[kind] > 300 else "low", "P %.3f R %.3f of %d" % (precision, recall, there[kind]))
PY
python3 make.py
printf 'guard "pii" {}\nqueue "default" { guards = { "pii" } }\n' >p.conf
"$HANDRAIL" -p p.conf check in.jsonl >out.jsonl
python3 score.py >scores 2>missed
while read -r kind verdict figures; do
	is "$verdict" ok "$kind: $figures"
	[ "$verdict" = ok ] || grep "$kind" missed | head -n 8
done <scores
is $tests 6 "kinds were looked at"

# Numbers that are no persons', in the manner of solved sums and release notes.
cat >none.py <<'PY'
import json, random
random.seed(11)
number, pick = random.randint, random.choice
def total():
    a, b, op = number(2, 9999) * pick([1, 10, 100, 1000]), number(2, 999) * pick([1, 5, 100]), pick("*+-")
    v = {"*": a * b, "+": a + b, "-": a - b}[op]
    return pick(["{a}{op}{b}=<<{a}{op}{b}={v}>>{v}", "{a} {op} {b} = {v}", "{a}{op}{b} = {v}"]).format(a=a, b=b, op=op, v=v)
span = lambda: pick([lambda: "%d-%d" % (number(10, 90) * 1000, number(91, 200) * 1000), lambda: "%d-%d" % (number(100, 400), number(401, 999)), lambda: "%.2f-%.2f" % (number(1, 99) + .25, number(100, 200) + .5), lambda: "%d/%d" % (number(1000, 9999), number(100, 999)), lambda: "%d" % (number(1000, 9999) * 1000)])()
frames = ["He pays {e} for the phone.", "She calls for {e} minutes.", "The office sold {r} tickets last year.", "Contact fees are {r} per case.", "In the office there are {r} reams.", "The card payment was {e}.", "Into her 401k and car payment go {e} dollars.", "The account has {e} dollars.", "With a license he drove {e} hours.", "Upgrade to {v} today.", "log4j {v} is affected", "See section {v} of it.", "nginx/{v}", "The multicast group 224.0.{m}.{m} and ff02::{m}"]
version = lambda: ".".join(str(number(*x)) for x in ((1, 9), (0, 12), (0, 30), (0, 9)))
for i in range(3000):
    print(json.dumps({"id": str(i), "output": pick(frames).format(e=total(), r=span(), v=version(), m=number(1, 200))}))
PY
python3 none.py >none.jsonl
"$HANDRAIL" -p p.conf check none.jsonl >none.out
is "$(wc -l <none.out)" 3000 "sums, ranges and versions are read"
wrong=$(grep -c '"severity":"medium"' none.out)
ok "at most one in two thousand of them is taken for personal data ($wrong)" test "$wrong" -le 1

# The kinds that are looked for only where they are named change nothing for others.
data=${HANDRAIL_SHARED:-$root/../shared}/data
if [ -r "$data/halueval.items.jsonl" ]; then
	cat "$data"/*.items.jsonl | sed 's/"queue": *"[^"]*"/"queue":"default"/' >all.jsonl
	"$HANDRAIL" check all.jsonl >usual.out
	{
		echo 'guard "secrets" {}'
		echo 'guard "pii" { kinds = { "default" } }'
		echo 'guard "profanity" {}'
		echo 'queue "default" { guards = { "secrets", "pii", "profanity" }'
		echo '  rule "leaked secret" { when = "failed('"'secrets'"')" route = escalate }'
		echo '  rule "confident" { when = "confidence >= 0.92 AND failures = 0" route = approve } }'
	} >default.conf
	"$HANDRAIL" -p default.conf check all.jsonl >default.out
	is "$(sed 's/"policy":"[0-9a-f]*"//' usual.out | cksum)" \
	    "$(sed 's/"policy":"[0-9a-f]*"//' default.out | cksum)" \
	    "kinds that are not named are the usual ones"
	is "$(grep -cE '"kind":"(PERSON|AGE|STREET_ADDRESS|US_ZIP_CODE)"' usual.out)" 0 \
	    "the built-in policy looks for no names"
	is "$(grep -o '"route":"approve","rule":"confident"' usual.out | wc -l)" 120 \
	    "what it approves stays approved"
	is "$(grep -c '"route":"escalate"' usual.out),$(grep -c '"route":"flag"' usual.out)" 1,6297 \
	    "and what it flags and escalates stays so"
	sed 's/"default" }/"default", "PERSON" }/' default.conf >person.conf
	"$HANDRAIL" -p person.conf check all.jsonl >person.out
	ok "where they are named they are found" test \
	    "$(grep -c '"kind":"PERSON"' person.out)" -gt 500
else
	echo "# no $data: the routes of its texts are not looked at"
fi
done_testing

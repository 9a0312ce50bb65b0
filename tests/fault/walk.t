#!/bin/sh
# Whatever is done in whatever order, and whichever way the clock jumps: the log
# agrees with the tables, the kept counts with the items, and the last row of the
# feed with the state of each item.  WALK_STEPS (default 80) steps a walk.
. "$(dirname "$0")/../cli/lib.sh"
command -v python3 >/dev/null || skip_all "no python3" may

i=0
for options in '0s 0 off 0.9' '0s 1.0 label 0.5' '1h 0.5 hash 0.3' '10m 1.0 off 0.95' '0s 0.3 mask 0.2'; do
	set -- $options
	redact="redact = $3"
	[ "$3" != off ] || redact=
	cat >p$i.conf <<END
guard "pii" { $redact }
queue "default" {
    guards = { "pii" }  hold = "$1"  sample = $2  fallback = "later"
    rule "escalated" { when = "metadata->>'k' = 'e'"  route = escalate }
    rule "sure" { when = "confidence >= $4"  route = approve }
}
END
	i=$((i + 1))
done

cat >walk.py <<'PY'
import json, os, random, sqlite3, subprocess, sys

seed, steps = int(sys.argv[1]), int(sys.argv[2])
draw = random.Random(seed)
store, clock, done = f"w{seed}.db", 1800000000000, []

def run(*args, text=None):
    boot = abs(clock) % 10**12 + 10**9
    p = subprocess.run([os.environ["HANDRAIL"], "-d", store, *args], input=text, capture_output=True, text=True,
                       env=dict(os.environ, HANDRAIL_CLOCK=f"{clock},{boot}"))
    if p.returncode not in (0, 1):
        fail(f"{args}: exit {p.returncode}: {p.stderr}")
    return p

def fail(why):
    print(f"seed {seed}: {why}", *done[-25:], sep="\n")
    sys.exit(1)

def lines(*args):
    return [json.loads(line) for line in run(*args).stdout.splitlines()]

def record(name, output, confidence, escalate=False):
    r = {"id": name, "output": output, "confidence": confidence}
    if escalate:
        r["metadata"] = {"k": "e"}
    return json.dumps(r) + "\n"

def agrees():
    p = run("audit", "verify")
    if p.returncode != 0:
        fail(p.stderr)
    if any(line.startswith("bad") for line in run("doctor").stdout.splitlines()):
        fail(run("doctor").stdout)
    last = {r["id"]: r["state"] for r in lines("releases")}
    db = sqlite3.connect(f"file:{store}?mode=ro", uri=True)
    held = {row[0] for row in db.execute("SELECT id FROM held JOIN items USING (item)")}
    db.close()
    for r in lines("list", "--state", "all", "--json", "--limit", "10000"):
        state, out = r["state"], last.get(r["id"])
        if state in ("flagged", "escalated"):
            good = out in (None, "recalled") and r["id"] not in held
        elif r["id"] in held:
            good = out in (None, "recalled", "approved")
        else:
            good = out == state
        if not good:
            fail(f"{r['id']} is {state}, the feed's last row {out}")

names = [f"i{i}" for i in range(6)]
run("init", "--test")
run("-p", f"p{1 + seed % 2}.conf", "ingest", "-", text="".join(record(n, "x", 0.3 + 0.1 * i) for i, n in enumerate(names)))
for step in range(steps):
    clock += draw.choice([1, 1, 1000, 1000, 60000, 600000, 3700000, -5000, -3600000])
    what, name, text = draw.choice(["ingest", "again", "conflict", "decide", "decide", "decide", "decide", "undo", "undo",
                                    "undo", "erase", "purge", "reroute", "apply", "free", "next"]), draw.choice(names), None
    if what == "ingest":
        names.append(f"i{len(names)}")
        args = ["ingest", "-"]
        text = record(names[-1], draw.choice(["plain", "write to ana@example.org"]), round(draw.random(), 2), draw.random() < 0.2)
    elif what == "again":
        args, text = ["ingest", "--verdicts", "-", "-"], record("i0", "x", 0.3)
    elif what == "conflict":
        args, text = ["ingest", "--verdicts", "-", "-"], record(name, "another", 0.99)
    elif what == "decide":
        args = ["decide", name, draw.choice(["accept", "reject", "escalate", "return", "edit"]), "--note", "n"]
        if args[2] == "edit":
            args, text = args + ["--output-file", "-"], "better"
    elif what == "undo":
        args = ["decide", name, "undo"]
    elif what == "erase":
        args = ["erase", name] if draw.random() < 0.5 else ["releases"]
    elif what == "purge":
        args = ["purge", "--before", "2027-01-14"] if draw.random() < 0.1 else ["releases"]
    elif what == "apply":
        args = ["policy", "apply", f"p{draw.randrange(5)}.conf"]
    else:
        args = {"reroute": ["reroute"], "free": ["lease", "free", name], "next": ["next", "--json"]}[what]
    p = run(*args, text=text)
    done.append(f"{step} {clock} {args} exit {p.returncode} {p.stderr.strip()}")
    agrees()
PY
for seed in ${WALK_SEEDS:-1 2 3}; do
	ok "walk $seed: all agree after each of ${WALK_STEPS:-80} steps" \
	    python3 walk.py $seed "${WALK_STEPS:-80}"
done
done_testing

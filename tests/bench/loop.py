#!/usr/bin/env python3
"""Suites, runs and bundles: how long they take, and with how much memory.

loop.py HANDRAIL [CASES]: CASES (100,000) in each of two runs that are compared; a
fiftieth of them are recorded outputs that a suite is run over.  Then what a bundle
takes to be used and rolled back while a gateway is running, and till the gateway's
prompt follows.  BENCH_RUNS (5) times, the median; promptfoo's own time for the same
recorded cases where BENCH_PROMPTFOO names its program.
"""
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time

handrail = os.path.abspath(sys.argv[1])
cases = int(sys.argv[2]) if len(sys.argv) > 2 else 100000
runs = int(os.environ.get("BENCH_RUNS", 5))
env = dict(os.environ, SHOP_KEY="shop-0123456789abcdef", UP_KEY="x")
for name in ("HANDRAIL_STORE", "HANDRAIL_POLICY", "HANDRAIL_CLOCK"):
    env.pop(name, None)


def run(*args, ok=(0, 1)):
    """Seconds, those of the processor, peak MB."""
    begun = time.monotonic()
    with subprocess.Popen(args, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=env) as p:
        said = p.stderr.read()
        _, status, used = os.wait4(p.pid, 0)
        p.returncode = os.waitstatus_to_exitcode(status)
    if p.returncode not in ok:
        sys.exit("bench: %s: %s" % (" ".join(args), said.decode()))
    return time.monotonic() - begun, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def ours(*args):
    return run(handrail, "-d", "s.db", *args)


def row(what, took, bar=""):
    cpu, most = statistics.median(t[1] for t in took), max(t[2] for t in took)
    print(("%-46s %8.3f s %s %s" % (what, statistics.median(t[0] for t in took),
          "(CPU %.3f s) %5.0f MB" % (cpu, most) if most else "", bar)).rstrip())


def records(path, n, wrong):
    with open(path, "w") as f:
        for i in range(n):
            f.write(json.dumps({"id": "c%d" % i, "output": "The answer is %d" %
                                (i if i % wrong else -1)}) + "\n")


def suite(path, n):
    with open(path + ".jsonl", "w") as f:
        for i in range(n):
            f.write('{"id":"c%d","expect":"%d"}\n' % (i, i))
    with open(path, "w") as f:
        f.write("""suite "s" { cases = "%s.jsonl"
  check "answer" { when = "instr(output, expect->>'$') > 0" }
  check "short" { when = "length(output) < 100" }
  gate { pass_rate = 0.5 confidence = 0.95 } }\n""" % path)


def recorded():
    n = max(cases // 50, 10)
    suite("small.conf", n)
    records("small.jsonl", n, 11)
    row("eval, %d recorded cases" % n, [ours("eval", "small.conf", "-r", "small.jsonl")
        for _ in range(runs)], "bar 0.1 s, 64 MB")
    promptfoo = env.get("BENCH_PROMPTFOO")
    if not promptfoo:
        return
    with open("theirs.yaml", "w") as f:
        json.dump({"prompts": ["{{q}}"], "providers": ["echo"], "tests": [
            {"vars": {"q": "The answer is %d" % (i if i % 11 else -1)}, "assert": [
                {"type": "contains", "value": str(i)}]} for i in range(n)]}, f)
    env["PROMPTFOO_CONFIG_DIR"] = os.path.abspath("promptfoo")
    env["PROMPTFOO_DISABLE_TELEMETRY"] = env["PROMPTFOO_DISABLE_UPDATE"] = "1"
    row("eval, the same as a config of promptfoo", [ours("eval", "theirs.yaml") for _ in range(runs)])
    row("promptfoo, that config", [run(promptfoo, "eval", "-c", "theirs.yaml", "--no-table",
        "--no-progress-bar", ok=(0, 100))])


def compared():
    suite("large.conf", cases)
    took = []
    for name, wrong in (("a", 11), ("b", 13)):
        records(name + ".jsonl", cases, wrong)
        took.append(ours("eval", "large.conf", "-r", name + ".jsonl"))
        newest = subprocess.run([handrail, "-d", "s.db", "run", "list", "--json"], env=env,
                                capture_output=True, check=True).stdout.splitlines()[0]
        ours("run", "label", str(json.loads(newest)["run"]), name)
    row("eval, %d recorded cases" % cases, took)
    row("run compare, 2 x %d cases" % cases, [ours("run", "compare", "a", "b")
        for _ in range(runs)], "bar 1 s")


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def until(found):
    begun = time.monotonic()
    while not found():
        if time.monotonic() - begun > 60:
            sys.exit("bench: nothing came of it in a minute")
        time.sleep(0.002)


def followed():
    port = free_port()
    with open("p.conf", "w") as f:
        f.write("""serve { listen = { "127.0.0.1:%d" } }
key "shop" { token_env = "SHOP_KEY" may = { "gateway" } }
queue "support" { rule "all" { when = "1" route = approve } }
upstream "up" { url = "http://127.0.0.1:%d/v1" shape = openai token_env = "UP_KEY" }
model "m" { upstream = up }
gateway "g" { queue = support prompt = "refund@production" try = { m } }\n""" % (port, free_port()))
    for text in ("one", "two"):
        with open("text", "w") as f:
            f.write(text)
        ours("prompt", "add", "refund", "text")
    ours("-p", "p.conf", "policy", "apply", "p.conf")
    ours("prompt", "label", "refund@1", "production")
    ours("bundle", "make")
    ours("bundle", "make", "refund@2")
    ours("bundle", "use", "1")
    with open("serve.err", "w+") as err, subprocess.Popen([handrail, "-d", "s.db", "-p", "p.conf",
            "serve"], stdout=subprocess.DEVNULL, stderr=err, env=env) as p:
        try:
            said = lambda: open("serve.err").read()
            until(lambda: "listening" in said())
            use, back, label = [], [], []
            for _ in range(runs):
                for took, version, args in ((use, 2, ("bundle", "use", "2")),
                                            (back, 1, ("bundle", "rollback"))):
                    n = said().count("is refund@%d" % version)
                    begun = time.monotonic()
                    took.append(ours(*args))
                    until(lambda: said().count("is refund@%d" % version) > n)
                    label.append((time.monotonic() - begun, 0, 0))
        finally:
            p.terminate()
    row("bundle use, beside a gateway that is running", use, "bar 1 s")
    row("bundle rollback, beside it", back, "bar 1 s")
    row("and till the gateway has the prompt", label, "bar 1 s and the command")
    row("  the longest", [max(label)])


with tempfile.TemporaryDirectory() as place:
    os.chdir(place)
    recorded()
    compared()
    followed()

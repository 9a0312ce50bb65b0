"""
Each command that writes, met by a fault at points spread over all that it asks of the
system: killed at any call, or a call that takes bytes or names fails, or takes less than
it was given.  After each: what was acknowledged is there, nothing is half done, the log
proves it, the same command run again does what is left, and text that was erased stands
in no file.

every.py kill|fail POINTS [COMMAND...]	(HANDRAIL, SHORT: the preloaded short.so; the folder has base.*)
"""
import collections, glob, hashlib, json, os, re, shutil, sqlite3, subprocess, sys

handrail = os.environ["HANDRAIL"]
CANARY = b"zcanaryword"		# of qzcanaryword: an index keeps a word's end apart
TAKES = {"pwrite64", "write", "writev", "fdatasync", "fsync", "ftruncate", "rename", "renameat2", "link", "mkdir"}
STRACE = ["strace", "-f", "-qq"]
ERRORS = ["EIO", "ENOSPC", "EDQUOT"]

# Its arguments, and what stands for them in the check: "one" change or none, "many".
COMMANDS = {
    "init": ("one", "-d i.db init"),
    "ingest": ("many", "-d s.db ingest --rejects rejects in.jsonl"),
    "accept": ("one", "-d s.db decide d2 accept --note why"),
    "edit": ("one", "-d s.db decide d2 edit --output-file new.txt"),
    "undo": ("one", "-d s.db decide d1 undo"),
    "escalate": ("one", "-d s.db decide d2 escalate --reason tone"),
    "next": ("one", "-d s.db next --json"),
    "lease free": ("one", "-d s.db lease free d3"),
    "policy apply": ("one", "-d s.db policy apply q.conf"),
    "reroute": ("many", "-d s.db -p q.conf reroute"),
    "export": ("one", "-d s.db export --format jsonl -o out.jsonl"),
    "backup": ("one", "-d s.db backup b.db"),
    "restore": ("one", "-d r.db restore copy.db"),
    "erase": ("one", "-d s.db erase e1"),
    "purge": ("many", "-d s.db purge --before 0d"),
    "checkpoint": ("one", "-d s.db audit checkpoint"),
    "prompt add": ("one", "-d s.db prompt add greeting new.txt --text"),
    "prompt label": ("one", "-d s.db prompt label refund@2 production"),
    "bundle use": ("one", "-d s.db bundle use 1"),
    "search off": ("one", "-d s.db search off"),
    "search on": ("many", "-d off.db search on"),
    "run import": ("one", "-d s.db run import eval.json"),
    "repair": ("one", "-d bad.db doctor --repair"),
}


def fresh():
    for name in os.listdir("."):
        if name not in kept:
            (shutil.rmtree if os.path.isdir(name) else os.remove)(name)
    shutil.rmtree(os.environ["XDG_STATE_HOME"], ignore_errors=True)
    for store in ("s", "off", "bad"):
        for path in glob.glob("../base/" + store + ".db*"):
            shutil.copy(path, ".")


def run(args, *before, **more):
    return subprocess.run([*before, handrail, *args.split()], capture_output=True, **more)


def calls(args):
    """What it asks of the system from its first look at a store on: (name, n of its thread)."""
    run(args, *STRACE, "-o", "../trace")
    n, begun, out = collections.Counter(), False, []
    with open("../trace", errors="replace") as lines:
        for line in lines:
            m = re.match(r"(\d+) +(\w+)\(", line)
            if m:
                n[m.groups()] += 1
                begun = begun or ".db" in line and "execve" not in line
                if begun and m[2] not in ("exit_group", "exit"):
                    out.append((m[2], n[m.groups()]))
    return out


def store_of(args):
    return args.split()[1]


def facts(path):
    """Of a store: its leaves, and what they led to."""
    if not os.path.exists(path):
        return None
    if os.path.exists(path + "-journal"):	# the next that reads takes it back
        run(f"-d {path} list")
    db = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    ask = lambda sql: db.execute(sql).fetchall()
    try:
        if (fault := ask("PRAGMA integrity_check(1)")[0][0]) != "ok":
            raise Wrong(f"integrity_check: {fault}")
        if ask("""SELECT queue, state, n FROM totals WHERE state <> 'review' AND n <> (SELECT count(*) FROM items i
                  WHERE i.queue = totals.queue AND i.state = totals.state)"""):
            raise Wrong("kept counts")
        return {"leaves": ask("SELECT count(*) FROM leaves")[0][0],
                "is": ask("SELECT id, state, rule, policy, salt IS NULL, lease_by FROM items ORDER BY id") +
                ask("SELECT count(*) FROM decisions UNION ALL SELECT count(*) FROM outbox UNION ALL SELECT count(*) FROM policies "
                    "UNION ALL SELECT count(*) FROM runs WHERE seq IS NOT NULL UNION ALL SELECT count(*) FROM search_span") +
                ask("SELECT DISTINCT name, label, version FROM prompt_labels") +
                ask("SELECT DISTINCT bundle FROM bundle_uses")}
    finally:
        db.close()


class Wrong(Exception):
    pass


def verify(path):
    p = run(f"-d {path} audit verify")
    if p.returncode != 0:
        raise Wrong(f"{path}: {p.stderr.decode()[-300:]}")


def erased(path):
    """Nobody finds the text once the item has none, whatever ended the command."""
    run(f"-d {path} list")
    f = facts(path)
    if f and ("e1", 1) in [(i[0], i[4]) for i in f["is"] if len(i) == 6]:
        for name in glob.glob(path + "*") + glob.glob(os.environ["TMPDIR"] + "/*"):
            with open(name, "rb") as file:
                if CANARY in file.read():
                    raise Wrong(f"{name} still has the text that was erased")


def files():
    """What appears under its name is whole."""
    if os.path.exists("out.jsonl.manifest.json"):
        with open("out.jsonl.manifest.json") as m, open("out.jsonl", "rb") as o:
            if json.load(m)["files"][0]["sha256"] != hashlib.sha256(o.read()).hexdigest():
                raise Wrong("the export is not the manifest's")
    for path in ("b.db", "r.db"):
        if os.path.exists(path):
            verify(path)


def holds(kind, name, args, before, after, done):
    path = store_of(args)
    now = facts(path) if path != "i.db" or done else None
    if now and (before or after) and path not in ("i.db", "r.db"):
        low, high = before["leaves"], after["leaves"]
        if now["leaves"] not in (low, high) and not (kind == "many" and low <= now["leaves"] <= high):
            raise Wrong(f"{now['leaves']} leaves, not {low} or {high}")
        if done and now["leaves"] < high:
            raise Wrong("acknowledged, and not there")
    if now and path != "bad.db":
        verify(path)
    if name in ("erase", "purge"):
        erased(path)
    files()


def again(name, args, after, wanted):
    """The same once more does what is left; that it was done already is an answer too."""
    path = store_of(args)
    if name in ("backup", "restore") and os.path.exists(args.split()[-1] if name == "backup" else path):
        return
    p = run(args)
    if p.returncode not in (wanted, 1):
        raise Wrong(f"not again: exit {p.returncode}: {p.stderr.decode()[-300:]}")
    verify(path)
    now = facts(path)["is"]
    if name not in ("next", "run import") and now != after["is"]:
        raise Wrong(f"done again it is not as it was done at once: {set(now) ^ set(after['is'])}")
    if name in ("erase", "purge"):
        erased(path)


def said(p, wanted):
    """One line that names a file; exit 2 (or 1, where an answer could not be written)."""
    lines = [line for line in p.stderr.decode().splitlines() if "made the store" not in line and ": note: " not in line]
    if p.returncode not in (wanted, 1, 2):
        raise Wrong(f"exit {p.returncode}: {p.stderr.decode()[-300:]}")
    if p.returncode == 2 and not any(re.match(r"handrail: .*(\.db|\.jsonl|rejects|standard output|output)", line) for line in lines):
        raise Wrong(f"exit 2: {lines}")


def points_of(found, n):
    step = max(1, len(found) / n)
    return [found[int(i * step)] for i in range(min(n, len(found)))]


def kills(args, n):
    for call, at in points_of(calls(args), n):
        yield f"killed at {call} {at}", lambda: run(args, *STRACE, "-o", "/dev/null", "-e", "trace=" + call,
                                                    "-e", f"inject={call}:signal=KILL:when={at}")


def fails(args, n):
    found = [c for c in calls(args) if c[0] in TAKES]
    for i, (call, at) in enumerate(points_of(found, n - n // 4)):
        error = ERRORS[i % 3]
        yield f"{error} of {call} {at}", lambda: run(args, *STRACE, "-o", "/dev/null", "-e", "trace=" + call,
                                                     "-e", f"inject={call}:error={error}:when={at}")
    writes = [c for c in found if "write" in c[0]]
    for i in range(min(n // 4, len(writes))):
        at = 1 + i * len(writes) // (n // 4 or 1)
        then = ["", "28", "122"][i % 3]		# all are short; or a disk that is full from there on
        env = dict(os.environ, LD_PRELOAD=os.environ["SHORT"], SHORT_FROM=str(at), SHORT_THEN=then)
        yield f"short write {at}, then {then or 'all'}", lambda: run(args, env=env)


def campaign(name, n, how):
    kind, args = COMMANDS[name]
    fresh()
    before = facts(store_of(args))
    p = run(args)
    wanted, after = p.returncode, facts(store_of(args))
    if wanted != 0:
        print(f"# {name}: exit {wanted}: {p.stderr.decode()}")
        return 0, 1
    fresh()
    tried = bad = 0
    for what, fault in (kills if how == "kill" else fails)(args, n):
        fresh()
        p = fault()
        tried += how == "fail" or p.returncode in (137, -9)
        try:
            if how == "fail":
                said(p, wanted)
            holds(kind, name, args, before, after, p.returncode == 0)
            again(name, args, after, wanted)
        except (Wrong, sqlite3.Error) as why:
            bad += 1
            print(f"# {name}: {what}: {why}")
    return tried, bad


how, points = sys.argv[1], int(sys.argv[2])
if len(sys.argv) > 3:		# one of them alone
    COMMANDS = {name: COMMANDS[name] for name in sys.argv[3:]}
kept = {"p.conf", "q.conf", "in.jsonl", "new.txt", "copy.db", "eval.json"}
number = 0
for number, name in enumerate(COMMANDS, 1):
    share = points * number // len(COMMANDS) - points * (number - 1) // len(COMMANDS)
    tried, bad = campaign(name, share, how)
    print(f"{'not ' if bad else ''}ok {number} - {name}: {tried} points, {bad} bad", flush=True)
print(f"1..{number}")

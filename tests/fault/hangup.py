#!/usr/bin/env python3
"""
hangup.py HOW...: reviews of copies of base.db, each on a terminal of its own and in
another state of the screen, whose end comes in one of the ways HOW; a state of the screen
has one of them, in turn, or with HANGUP_ALL set each.  After each: it is gone, and what it
had begun is; what it held is free, by itself or once the lease has ended; what was typed
is kept; the log has the leaves that it had, and proves the store.

hup: SIGHUP.  closed: the terminal goes away.  ignored: the same, SIGHUP being ignored.
killed: kill -9 of the review.
"""
import fcntl, glob, os, pty, re, select, shutil, signal, sqlite3, struct, subprocess, sys, termios, time

handrail = os.environ["HANDRAIL"]
drafts = os.environ["XDG_STATE_HOME"] + "/handrail/"
PATIENCE = 60		# seconds until what does not come is missed
LEASE_MS = 900000	# of base.db's policy
TYPED = "a thought not yet"

OPEN = ("\r", "until")
# Of each state: keys, each with what the screen then shows (None: a command is at work), "!" before one that
# decides, which is not taken from somebody who has hardly looked; is an item held; what
# is kept of what was typed: a file, and its text.
STATES = {
    "the list": ([], False, None),
    "an item": ([OPEN], True, None),
    "its metadata": ([OPEN, ("4", "4 metadata")], True, None),
    "the help": ([("?", "down")], False, None),
    "a search": ([("/", "/"), ("answ", "answ")], False, None),
    "a condition": ([("&", "&"), ("confid", "confid")], False, None),
    "an action by its name": ([(":", ":"), ("acc", "acc")], False, None),
    "the log": ([("L", "log.creat")], False, None),
    "statistics": ([("i", "Routed")], False, None),
    "what was decided": ([("D", "accept - a4")], False, None),
    "a second look": ([("D", "accept - a4"), ("R", "looked at again")], False, None),
    "runs": ([("C", "no run")], False, None),
    "prompts": ([("P", "no prompt")], False, None),
    "messages": ([("M", "essages")], False, None),
    "a batch's question": ([("T", "tagged"), (";", "for 3 tagged"), ("!a", "accept 3")], False, None),
    "a file's name": ([("w", "Write"), ("x", "x")], False, None),
    "labels": ([OPEN, ("l", "unsafe")], True, None),
    "a reason": ([OPEN, ("!r", "eason")], True, None),
    "an escalation": ([OPEN, ("!x", "eason"), ("be", "be")], True, None),
    "a note": ([OPEN, ("c", "Note"), (TYPED, "yet")], True, ("typed-*", TYPED)),
    "an edit in place": ([OPEN, ("!E", "Editing in place"), (TYPED, "yet")], True, ("edit-*/output.txt", TYPED)),
    "an editor": ([OPEN, ("!e", "EDITING")], True, ("edit-*/output.txt", "half an answer")),
    "a pager": ([OPEN, ("v", "PAGING")], True, None),
    "a command": ([OPEN, ("|", "Pipe"), ("./waits\r", None)], True, None),
}


class Wrong(Exception):
    pass


def wait_for(what, why):
    end = time.monotonic() + PATIENCE
    while not what():
        if time.monotonic() > end:
            raise Wrong(why)
        time.sleep(0.01)


class Terminal:
    """A review on one, and what it has shown since the last keys."""
    def __init__(self, ignoring):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            if ignoring:
                signal.signal(signal.SIGHUP, signal.SIG_IGN)
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
            os.execv(handrail, [handrail, "-d", "s.db", "review"])
        self.shown = b""
        self.await_text("Answer a3")

    def look(self, seconds):
        if not select.select([self.fd], [], [], seconds)[0]:
            return False
        try:
            self.shown += os.read(self.fd, 65536)
        except OSError:
            raise Wrong("it ended by itself")
        return True

    def text(self):
        """Without sequences, and with one blank for many."""
        plain = re.sub(rb"\x1b(\[[0-?]*[ -/]*[@-~]|[()].|[=>78M])|[\r\n\b]", b" ", self.shown)
        return re.sub(r" +", " ", plain.decode(errors="replace"))

    def see(self, what, until=PATIENCE):
        end = time.monotonic() + until
        while what not in self.text():
            if time.monotonic() > end:
                return False
            self.look(0.2)
        return True

    def await_text(self, what):
        if not self.see(what):
            raise Wrong(f"never seen: {what}: {self.text()[-300:]}")

    def type(self, keys, what):
        """Until the screen shows it; a key that decides, again while it comes too soon."""
        self.shown = b""
        os.write(self.fd, keys.lstrip("!").encode())
        if what is None:
            wait_for(lambda: children(self.pid), "no command is begun")
        elif keys[0] != "!":
            self.await_text(what)
        else:
            for _ in range(PATIENCE):
                if self.see(what, 1):
                    return
                self.shown = b""
                os.write(self.fd, keys[1:].encode())
            raise Wrong(f"{keys}: never seen: {what}")

    def close(self):
        if self.fd is not None:
            os.close(self.fd)
        self.fd = None

    def ended(self):
        """What it writes meanwhile is read, as a terminal does."""
        def is_gone():
            try:
                while self.fd is not None and self.look(0):
                    pass
            except Wrong:
                pass
            return os.waitpid(self.pid, os.WNOHANG)[0] != 0
        try:
            wait_for(is_gone, f"not gone after {PATIENCE} s")
        except Wrong:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
            raise


def ask(sql):
    db = sqlite3.connect("file:s.db?mode=ro", uri=True)
    try:
        return db.execute(sql).fetchall()
    finally:
        db.close()


def facts():
    return ask("SELECT count(*) FROM leaves UNION ALL SELECT count(*) FROM decisions UNION ALL "
               "SELECT count(*) FROM notes UNION ALL SELECT count(*) FROM outbox") + ask("SELECT id, state FROM items")


def held():
    return ask("SELECT id, lease_until FROM items WHERE lease_by IS NOT NULL")


def children(pid):
    with open(f"/proc/{pid}/task/{pid}/children") as f:
        return f.read().split()


def run(*args, **more):
    return subprocess.run([handrail, "-d", "s.db", *args], capture_output=True, text=True, **more)


def freed(how, wanted):
    """By the review itself; else by the end of the lease, and not before."""
    if how != "killed":
        if held():
            raise Wrong(f"still held: {held()}")
        return
    if wanted != bool(held()):
        raise Wrong(f"held: {held()}")
    if wanted:
        late = [time.clock_gettime_ns(c) // 1000000 + LEASE_MS + 2000 for c in (time.CLOCK_REALTIME, time.CLOCK_BOOTTIME)]
        name = held()[0][0]
        while (p := run("next", "--json", env=dict(os.environ, HANDRAIL_CLOCK="%d,%d" % tuple(late)))).returncode == 0:
            if f'"id":"{name}"' in p.stdout:
                return
        raise Wrong(f"{name} is not offered again: {p.stderr}")


def kept(how, draft):
    """What was typed; where the program was killed, what an editor had saved."""
    if draft and (how != "killed" or draft[1] != TYPED):
        texts = [open(p).read() for p in glob.glob(drafts + draft[0])]
        if not any(draft[1] in text for text in texts):
            raise Wrong(f"what was typed is not kept: {texts}")


def hang_up(how, keys, holds, draft):
    for path in glob.glob("s.db*"):
        os.remove(path)
    shutil.rmtree(drafts, ignore_errors=True)
    shutil.copy("base.db", "s.db")
    t = Terminal(how == "ignored")
    for key, what in keys:
        t.type(key, what)
    if holds != bool(held()):
        raise Wrong(f"before: held {held()}")
    before, begun = facts(), children(t.pid)
    if how in ("hup", "killed"):
        os.kill(t.pid, signal.SIGHUP if how == "hup" else signal.SIGKILL)
    else:
        t.close()
    t.ended()
    t.close()
    if facts() != before:
        raise Wrong(f"it decided: {facts()}, not {before}")
    kept(how, draft)
    if (p := run("audit", "verify")).returncode != 0:
        raise Wrong(p.stderr)
    freed(how, holds)
    if how != "killed":
        wait_for(lambda: not any(os.path.exists("/proc/" + c) for c in begun), f"what it began goes on: {begun}")


hows, tried, bad = sys.argv[1:], 0, 0
for i, (name, state) in enumerate(STATES.items()):
    for how in hows if os.environ.get("HANGUP_ALL") else [hows[i % len(hows)]]:
        tried += 1
        try:
            hang_up(how, *state)
        except (Wrong, OSError, sqlite3.Error) as why:
            bad += 1
            print(f"# {name}, {how}: {why}", flush=True)
print(f"{tried} {bad}")

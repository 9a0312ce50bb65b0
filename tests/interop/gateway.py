"""What tests of the gateway share: a model service whose answers are functions of the
test itself, the program over it, and clients.  All in one loop of asyncio.

A request's last text names the function, "do:NAME" up to the first space; it gets the
request and writes to the client as it likes, byte by byte if it must.
"""
import asyncio
import json
import os
import signal
import sqlite3
import sys

KEY = "shop-0123456789abcdef"
APIS = {"chat": "/v1/chat/completions", "responses": "/v1/responses",
    "messages": "/v1/messages"}


class Tap:
    n = failed = 0

    def ok(self, well, name, *why):
        self.n += 1
        self.failed += not well
        print("%sok %d - %s" % ("" if well else "not ", self.n, name), flush=True)
        for line in () if well else why:
            print("#   %s" % str(line)[:2000].replace("\n", "\n#   "), flush=True)

    def same(self, got, want, name):
        self.ok(got == want, name, "got:  %r" % (got,), "want: %r" % (want,))

    def done(self):
        print("1..%d" % self.n, flush=True)
        return self.failed != 0


tap = Tap()


async def until(condition, seconds=20):
    """Waits until it holds; the last value it had."""
    for _ in range(int(seconds / 0.02)):
        value = condition()
        if value:
            return value
        await asyncio.sleep(0.02)
    return condition()


# What a service writes.

def whole(body, status=200, type="application/json", more=""):
    body = body if isinstance(body, bytes) else json.dumps(body).encode()
    return ("HTTP/1.1 %d X\r\nContent-Type: %s\r\nContent-Length: %d\r\n%s\r\n" % (
        status, type, len(body), more)).encode() + body


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n" \
    b"Transfer-Encoding: chunked\r\n\r\n"
END = b"0\r\n\r\n"


def chunk(data):
    return b"%x\r\n%s\r\n" % (len(data), data) if data else b""


def event(value, name=None):
    data = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return ("event: %s\n" % name if name else "").encode() + \
        b"data: %s\n\n" % data.encode("utf-8", "surrogatepass")


def named(api, value):
    return event(value, None if api == "chat" else value["type"])


def chat_chunk(delta=None, finish=None, index=0, **more):
    return dict({"id": "u1", "object": "chat.completion.chunk", "created": 1, "model":
        "real", "choices": [{"index": index, "delta": delta or {}, "finish_reason":
        finish}]}, **more)


def text_events(api, pieces, usage=True, stop=None):
    """A text, in pieces, as the events of a stream; the last one is the API's end."""
    text = "".join(pieces)
    if api == "chat":
        out = [chat_chunk({"role": "assistant", "content": ""})]
        out += [chat_chunk({"content": p}) for p in pieces]
        out.append(chat_chunk({}, stop or "stop"))
        if usage:
            out.append(chat_chunk(choices=[], usage={"prompt_tokens": 7,
                "completion_tokens": 5, "total_tokens": 12}))
        return out + ["[DONE]"]
    if api == "messages":
        use = {"input_tokens": 7, "output_tokens": 5}
        return [{"type": "message_start", "message": {"id": "m1", "type": "message",
            "role": "assistant", "model": "real", "content": [], "stop_reason": None,
            "stop_sequence": None, "usage": {"input_tokens": 7, "output_tokens": 1}}},
            {"type": "content_block_start", "index": 0, "content_block": {"type":
            "text", "text": ""}}] + [{"type": "content_block_delta", "index": 0,
            "delta": {"type": "text_delta", "text": p}} for p in pieces] + [
            {"type": "content_block_stop", "index": 0},
            {"type": "message_delta", "delta": {"stop_reason": stop or "end_turn",
            "stop_sequence": None}, "usage": use}, {"type": "message_stop"}]
    part = {"type": "output_text", "text": text, "annotations": []}
    item = {"id": "i1", "type": "message", "role": "assistant", "status": "completed",
        "content": [part]}
    return responses_events(item, [
        ("content_part.added", {"content_index": 0, "part": dict(part, text="")})] + [
        ("output_text.delta", {"content_index": 0, "delta": p}) for p in pieces] + [
        ("output_text.done", {"content_index": 0, "text": text}),
        ("content_part.done", {"content_index": 0, "part": part})], stop)


def responses_events(item, between, stop=None):
    status = "completed" if stop is None else "incomplete"
    r = {"id": "r1", "object": "response", "created_at": 1, "status": status,
        "model": "real", "output": [item], "error": None, "incomplete_details":
        stop and {"reason": stop}, "usage": {"input_tokens": 7, "output_tokens": 5,
        "total_tokens": 12}}
    begun = dict(r, status="in_progress", output=[], usage=None,
        incomplete_details=None)
    out = [("created", {"response": begun}), ("in_progress", {"response": begun}),
        ("output_item.added", {"output_index": 0, "item": dict(item, status=
        "in_progress", **{k: type(item[k])() for k in ("content", "arguments",
        "summary", "input", "code") if k in item})})]
    out += [(n, dict(v, item_id=item["id"], output_index=0)) for n, v in between]
    out += [("output_item.done", {"output_index": 0, "item": item}),
        (status, {"response": r})]
    return [dict(v, type="response." + n, sequence_number=i)
        for i, (n, v) in enumerate(out)]


def words(text):
    """In pieces, as a model says it."""
    return [w + " " for w in text.split()]


def text_whole(api, text):
    if api == "chat":
        return {"id": "u1", "object": "chat.completion", "created": 1, "model": "real",
            "choices": [{"index": 0, "message": {"role": "assistant", "content": text},
            "finish_reason": "stop"}], "usage": {"prompt_tokens": 7,
            "completion_tokens": 5, "total_tokens": 12}}
    if api == "messages":
        return {"id": "m1", "type": "message", "role": "assistant", "model": "real",
            "content": [{"type": "text", "text": text}], "stop_reason": "end_turn",
            "stop_sequence": None, "usage": {"input_tokens": 7, "output_tokens": 5}}
    return text_events(api, [text])[-1]["response"]


# Set once a client has the first bytes of its answer.
FIRST = {}


class Request:
    """One that came to the service."""

    def __init__(self, head, body, reader, writer):
        self.head, self.body, self.reader, self.writer = head, body, reader, writer
        self.path = head.split(" ", 2)[1]
        self.api = next(a for a, p in APIS.items() if p == self.path)
        text = texts_of(body)
        self.name = text.split("do:", 1)[1].split()[0] if "do:" in text else "ok"

    async def send(self, data):
        self.writer.write(data)
        await self.writer.drain()

    def chunks(self, events):
        return b"".join(chunk(named(self.api, e) if isinstance(e, dict) else e if
            isinstance(e, bytes) else event(e)) for e in events)

    async def stream(self, events, end=True):
        await self.send(HEAD + self.chunks(events) + (END if end else b""))

    async def stream_on(self, events, rest, end=True):
        """The rest once the client has something, where it says "first:"."""
        await self.send(HEAD + self.chunks(events))
        await self.first()
        await self.send(self.chunks(rest) + (END if end else b""))

    async def first(self):
        text = texts_of(self.body)
        if "first:" in text:
            await FIRST[text.split("first:", 1)[1].split()[0]].wait()

    async def left(self):
        """Until the other side is gone."""
        await self.reader.read(1)

    def close(self):
        self.writer.close()


def texts_of(body):
    last = body.get("messages") or body.get("input") or ""
    last = last if isinstance(last, str) else last[-1]["content"]
    return last if isinstance(last, str) else "".join(p.get("text", "") for p in last)


class Service:
    """The mock: its functions by name, and the requests that came."""

    def __init__(self):
        self.do = {}
        self.seen = []
        self.connections = 0

    async def begin(self):
        self.server = await asyncio.start_server(self.connection, "127.0.0.1", 0,
            limit=1 << 24, backlog=2048)
        self.port = self.server.sockets[0].getsockname()[1]

    async def connection(self, reader, writer):
        self.connections += 1
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                n = next(int(line.split(":")[1]) for line in head.split("\r\n")
                    if line.lower().startswith("content-length:"))
                body = json.loads(await reader.readexactly(n))
                request = Request(head, body, reader, writer)
                self.seen.append(request)
                await (self.do.get(request.name) or plain)(request)
                if writer.is_closing():
                    return
        except (asyncio.IncompleteReadError, asyncio.CancelledError, ConnectionError):
            pass
        finally:
            self.connections -= 1
            writer.close()


async def plain(r):
    """Says the text behind "say:"."""
    said = texts_of(r.body)
    said = said.split("say:", 1)[1] if "say:" in said else "Fine."
    if r.body.get("stream"):
        await r.stream(text_events(r.api, [said[i:i + 3]
            for i in range(0, len(said), 3)]))
    else:
        await r.send(whole(text_whole(r.api, said)))


class Program:
    """handrail serve, over the store `name`.db of the working folder."""

    def __init__(self, policy, name="g", wait="1s", port=0, **env):
        self.name, self.wait = name, wait
        self.env = dict(os.environ, SHOP_KEY=KEY, **env)
        self.sock = os.path.abspath(name + ".sock")
        with open(name + ".conf", "w") as f:
            f.write('serve { listen = { "unix:%s"%s } }\n%s' % (self.sock, port and
                ', "127.0.0.1:%d"' % port or "", policy))
        os.chmod(name + ".conf", 0o600)

    async def begin(self):
        if os.path.exists(self.sock):
            os.unlink(self.sock)
        self.err = open(self.name + ".err", "ab")
        self.process = await asyncio.create_subprocess_exec(os.environ["HANDRAIL"],
            "-d", self.name + ".db", "-p", self.name + ".conf", "--wait", self.wait,
            "serve", env=self.env, stdout=self.err, stderr=self.err)
        await until(lambda: os.path.exists(self.sock) or
            self.process.returncode is not None, 60)
        if not os.path.exists(self.sock):
            print("Bail out! the program did not begin")
            sys.stdout.write(open(self.name + ".err").read())
            sys.exit(1)

    async def end(self, how=signal.SIGTERM):
        if self.process.returncode is None:
            self.process.send_signal(how)
        return await asyncio.wait_for(self.process.wait(), 60)

    def rows(self, sql, *args):
        db = sqlite3.connect("file:%s.db?mode=ro" % self.name, uri=True)
        try:
            return db.execute(sql, args).fetchall()
        finally:
            db.close()

    def one(self, sql, *args):
        rows = self.rows(sql, *args)
        return rows[0][0] if rows else None

    def said(self, text):
        """Items whose response holds the text; without the request, which may too."""
        return self.one("SELECT count(*) FROM payloads WHERE "
            "instr(CAST(record AS TEXT), '\"response\":') > 0 AND "
            "instr(substr(CAST(record AS TEXT), instr(CAST(record AS TEXT), "
            "'\"response\":')), ?) > 0", text)

    def rss_kb(self):
        with open("/proc/%d/status" % self.process.pid) as f:
            return next(int(line.split()[1]) for line in f
                if line.startswith("VmRSS"))

    def ticks(self):
        with open("/proc/%d/stat" % self.process.pid) as f:
            fields = f.read().rsplit(")", 1)[1].split()
        return int(fields[11]) + int(fields[12])

    async def open(self):
        for _ in range(500):
            try:
                return await asyncio.open_unix_connection(self.sock, limit=1 << 26)
            except (BlockingIOError, ConnectionError):	# its queue is full
                await asyncio.sleep(0.02)
        with open(self.name + ".err") as f:
            print("# " + f.read()[-4000:].replace("\n", "\n# "), flush=True)
        raise ConnectionError("no connection")

    def request(self, api, gateway, text, stream=False, key=KEY, **more):
        body = dict({"model": gateway}, **more)
        if stream:
            body["stream"] = True
        if api == "responses":
            body.setdefault("input", text)
        else:
            body.setdefault("messages", [{"role": "user", "content": text}])
        if api == "messages":
            body.setdefault("max_tokens", 99)
        data = json.dumps(body).encode()
        return ("POST %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n"
            "Content-Length: %d\r\n\r\n" % (APIS[api], key, len(data))).encode() + data

    async def post(self, api, gateway, text, stream=False, first=False, **more):
        """One call on a connection of its own; `first`: the service waits in
        Request.first() until its first bytes are here."""
        reader, writer = await self.open()
        name = str(len(FIRST))
        if first:
            FIRST[name] = asyncio.Event()
            text += " first:" + name
        try:
            writer.write(self.request(api, gateway, text, stream, **more))
            return await answer(reader, FIRST.get(name))
        finally:
            writer.close()


class Answer:
    def __init__(self, head, body, broken):
        self.head, self.body, self.broken = head, body, broken
        self.status = int(head.split(" ", 2)[1]) if head else 0
        self.fields = {name.lower(): v.strip() for name, _, v in (
            line.partition(":") for line in head.split("\r\n")[1:])}

    def field(self, name):
        return self.fields.get(name.lower())

    def json(self):
        try:
            return json.loads(self.body)
        except ValueError:
            return {}

    def events(self):
        """What stands behind "data: "; JSON is read."""
        out = []
        for line in self.body.decode("utf-8", "replace").split("\n"):
            if line.startswith("data: "):
                data = line[6:]
                out.append(json.loads(data) if data.startswith("{") else data)
        return out

    def text(self, api):
        """The answer's text, streamed or not."""
        if self.field("content-type") != "text/event-stream":
            return text_of_whole(api, self.json())
        out = []
        for e in self.events():
            if not isinstance(e, dict):
                continue
            if api == "chat":
                out += [c.get("delta", {}).get("content") or ""
                    for c in e.get("choices") or ()]
            elif api == "messages" and e["type"] == "content_block_delta":
                out.append(e["delta"].get("text", ""))
            elif e.get("type") == "response.output_text.delta":
                out.append(e["delta"])
        return "".join(out)

    def texts(self):
        """Of a stream: each text for itself, by where it belongs."""
        out = {}
        for e in self.events():
            if not isinstance(e, dict):
                continue
            for c in e.get("choices") or ():
                at = c.get("index")
                out[at] = out.get(at, "") + (c.get("delta", {}).get("content") or "")
            d = e.get("delta")
            if isinstance(d, dict):
                d = d.get("text")
            if isinstance(d, str):
                at = (e.get("output_index"), e.get("content_index"), e.get("index"))
                out[at] = out.get(at, "") + d
        return list(out.values())

    def code(self):
        e = self.json().get("error") or {}
        return e.get("code") or e.get("type")


def text_of_whole(api, v):
    if api == "chat":
        return "".join(c["message"]["content"] or "" for c in v.get("choices", ()))
    if api == "messages":
        return "".join(b.get("text", "") for b in v.get("content", ()))
    return "".join(p.get("text", "") for i in v.get("output", ())
        for p in i.get("content") or ())


async def read_head(reader):
    return (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")[:-4]


async def answer(reader, first=None, seconds=150):
    """A whole answer; `broken`, where its connection ended first."""
    head, body, broken = "", b"", False
    try:
        async with asyncio.timeout(seconds):
            head = await read_head(reader)
            if "transfer-encoding: chunked" in head.lower():
                while True:
                    n = int(await reader.readline(), 16)
                    body += (await reader.readexactly(n + 2))[:n]
                    if first and body:
                        first.set()
                    if n == 0:
                        break
            else:
                n = next(int(line.split(":")[1]) for line in head.split("\r\n")
                    if line.lower().startswith("content-length:"))
                body = await reader.readexactly(n)
    except (asyncio.IncompleteReadError, ConnectionError, ValueError, TimeoutError):
        broken = True
    return Answer(head, body, broken)


def run(main):
    """Runs the coroutine of a test; ends with what prove wants."""
    asyncio.run(main())
    sys.exit(tap.done())

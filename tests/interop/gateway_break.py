"""The gateway among broken and hostile services and clients.  BREAK_SEED (1) and
BREAK_ROUNDS (150) are of the streams that are shuffled."""
import asyncio
import copy
import gzip
import os
import random
import signal
import socket
import sys
import time

from gateway import *

BAD = "xyzzy plugh"
ALL = ("chat", "responses", "messages")
LEAD = "The boats are out at sea and the weather is fine today, so they say. " * 2


def policy(service, more="", retries=0):
    up = "http://127.0.0.1:%d/v1" % service.port
    return '''
key "shop" { token_env = "SHOP_KEY" may = { "gateway" } }
guard "bad" { kind = contains pattern = '%s' must = absent max_match = 11 }
guard "mail" { kind = pii kinds = { "EMAIL_ADDRESS" } redact = label }
queue "q" { guards = { "bad", "mail" } fallback = "One moment."
  rule "bad" { when = "failed('bad')" route = flag }
  rule "all" { when = "1" route = approve } }
upstream "o" { url = "%s" shape = openai in_flight = 500 }
upstream "a" { url = "%s" shape = anthropic in_flight = 500 }
model "o" { upstream = o }
model "a" { upstream = a }
gateway "buffer" { queue = q try = { o } retries = 0 deadline = 8s }
gateway "window" { queue = q try = { o } retries = 0 stream = window window = 30 }
gateway "cbuffer" { queue = q try = { a } retries = 0 deadline = 8s }
gateway "cwindow" { queue = q try = { a } retries = 0 stream = window window = 30 }
%s''' % (BAD, up, up, more)


def gateway(api, stream):
    return ("c" if api == "messages" else "") + stream


async def well(p, api="chat"):
    """Closes breakers, and shows that it goes on."""
    for _ in range(3):
        got = await p.post(api, gateway(api, "buffer"), "say:well")
    return got.text(api) == "well" and p.process.returncode is None


async def answers():
    """Answers that are not streams."""
    service = Service()
    await service.begin()
    p = Program(policy(service), "answers")
    await p.begin()
    good = json.dumps(text_whole("chat", "Fine."))
    huge = json.dumps(text_whole("chat", "x" * (9 << 20)))
    table = [
        ("as text/html", whole(good.encode(), type="text/html"), 200),
        ("without a type", b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (
            len(good), good.encode()), 200),
        ("gzip that nobody asked for", whole(gzip.compress(good.encode()),
            more="Content-Encoding: gzip\r\n"), 502),
        ("behind 100 and 103", b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints"
            b"\r\nLink: <x>\r\n\r\n" + whole(good.encode()), 200),
        ("a redirect", b"HTTP/1.1 307 X\r\nLocation: http://127.0.0.1:%d/v1/chat/"
            b"completions\r\nContent-Length: 0\r\n\r\n" % service.port, 502),
        ("a redirect to a file", b"HTTP/1.1 302 X\r\nLocation: file:///etc/passwd\r\n"
            b"Content-Length: 0\r\n\r\n", 502),
        ("204", b"HTTP/1.1 204 No Content\r\n\r\n", 502),
        ("nothing", whole(b""), 502),
        ("an array", whole(b"[]"), 502),
        ("null", whole(b"null"), 502),
        ("no choices", whole({"id": "u", "choices": []}), 502),
        ("choices null", whole({"id": "u", "choices": None}), 502),
        ("a key twice", whole(good.replace('"index"', '"index": 0, "index"').encode()),
            502),
        ("content twice", whole(good.replace('"content"', '"content": "a", "content"')
            .encode()), 502),
        ("no UTF-8", whole(good.encode().replace(b"Fine", b"\xff\xfe")), 502),
        ("half a surrogate", whole(good.replace("Fine", "\\ud800").encode()), None),
        ("NUL", whole(good.encode().replace(b"Fine", b"\0")), 502),
        ("an escaped NUL", whole(good.replace("Fine", "\\u0000").encode()), None),
        ("deep", whole(good.replace('"Fine."', "[" * 5000 + "]" * 5000).encode()), 502),
        ("of 9 MB", whole(huge.encode()), 502),
        ("a number of 9 MB", whole(good.replace('"created": 1', '"created": ' + "1" *
            (7 << 20)).encode()), None),
        ("usage beyond all numbers", whole(good.replace('"prompt_tokens": 7',
            '"prompt_tokens": 9223372036854775807').encode()), None),
        ("usage of 1e300", whole(good.replace('"prompt_tokens": 7',
            '"prompt_tokens": 1e300').encode()), None),
        ("usage below nothing", whole(good.replace('"prompt_tokens": 7',
            '"prompt_tokens": -7').encode()), None),
        ("broken off", b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n" + good.encode(),
            502),
        ("no HTTP", b"220 mail.example ESMTP\r\n", 502),
        ("heads without end", b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200000, 502),
        ("an error in 200", whole({"error": {"message": "x"}}), 502),
        ("a 400 of 1 MB", whole(b'{"error":"' + b"x" * (1 << 20) + b'"}', 400), 502),
        ("a 400 that is no JSON", whole(b"<html>", 400), 502),
    ]
    for name, data, want in table:
        async def do(r):
            await r.send(data)
            if want is None or not data.endswith(good.encode()) or name == "broken off":
                r.close()
        service.do = {"it": do}
        got = await p.post("chat", "buffer", "do:it")
        tap.ok((got.status == want or want is None and got.status in (200, 502)) and
            not got.broken and got.body[:1] == b"{" and await well(p), "an answer: " + name,
            want, got.head, got.body[:300])

    async def many(r):
        v = text_whole("chat", "x")
        v["choices"] = [{"index": i, "message": {"role": "assistant", "content":
            BAD if i == 77 else "c%d" % i}, "finish_reason": "stop"}
            for i in range(100)]
        if not r.body.get("stream"):
            return await r.send(whole(v))
        await r.stream([chat_chunk({"role": "assistant", "content": c["message"]
            ["content"]}, index=c["index"]) for c in v["choices"]] + [chat_chunk({},
            "stop", index=i) for i in range(100)] + ["[DONE]"])
    service.do = {"many": many}
    for stream in (False, True):
        got = await p.post("chat", "buffer", "do:many", stream, n=100)
        tap.ok(got.status == 200 and b"xyz" not in got.body and b"c99" in got.body and
            got.body.count(b"One moment.") == 1, "a hundred choices, one of them bad",
            got.body[:300])
    tap.same(p.one("SELECT count(*) FROM items WHERE state = 'flagged'"), 2,
        "that one is flagged")
    await p.end()


async def streams():
    """Streams that are broken, or written as none writes them."""
    service = Service()
    await service.begin()
    p = Program(policy(service), "streams")
    await p.begin()
    ok = text_events("chat", words(LEAD))
    raw = b"".join(event(e) for e in ok)
    crlf = raw.replace(b"\n", b"\r\n")
    table = [
        ("with CR LF", [crlf], True), ("with CR", [raw.replace(b"\n", b"\r")], True),
        ("a byte order mark", [b"\xef\xbb\xbf" + raw], True),
        ("without the space", [raw.replace(b"data: ", b"data:")], True),
        ("comments and fields between", [raw.replace(b"data: ",
            b": ping\nid: 7\nretry: 1\nfoo: bar\ndata: ")], True),
        ("data in lines", [raw.replace(b', "choices"', b',\ndata: "choices"')], True),
        ("a byte each", [raw[i:i + 1] for i in range(len(raw))], True),
        ("events behind the end", [raw, raw], True),
        ("no JSON", [event(ok[0]), b"data: {oops\n\n", raw], False),
        ("no UTF-8", [event(ok[0]), b'data: {"choices":[{"index":0,"delta":{"content":"'
            b'\xff"}}]}\n\n'], False),
        ("a choice out of range", [event(chat_chunk({"content": "x"}, index=100000)),
            raw], False),
        ("a choice below nothing", [event(chat_chunk({"content": "x"}, index=-1)), raw],
            None),
        ("deltas that change type", [event(chat_chunk({"content": "x"})), event(
            chat_chunk({"content": {"a": "b"}})), raw], False),
        ("an event of 9 MB", [b"data: " + b"x" * (9 << 20) + b"\n\n"], False),
        ("a line without end", [b"data: "] + [b"x" * 65536] * 160, False),
        ("10 MB in pieces", [event(chat_chunk({"content": "word " * 2000}))] * 1000,
            False),
        ("50,000 calls", [event(chat_chunk({"tool_calls": [{"index": i, "id": "c%d" % i,
            "type": "function", "function": {"name": "f", "arguments": "{}"}}]}))
            for i in range(50000)], False),
        ("only the end", [b"data: [DONE]\n\n"], False),
        ("a broken chunk", None, False),
    ]
    for name, data, want in table:
        async def do(r):
            if data is None:
                await r.send(HEAD + b"5\r\ndata:\r\nZZ\r\n")
                return r.close()
            await r.send(HEAD)
            for d in data:
                await r.send(chunk(d))
            await r.send(END)
        service.do = {"it": do}
        for how in ("buffer", "window"):
            got = await p.post("chat", how, "do:it", True)
            if want is None:
                tap.ok(not got.broken, "a stream: %s, %s" % (name, how))
                continue
            same = got.status == 200 and got.text("chat").split() == LEAD.split() and \
                b"[DONE]" in got.body
            broke = got.status == 502 or b'"error"' in got.body or \
                b"content_filter" in got.body
            tap.ok(not got.broken and (same if want else broke)
                and await well(p), "a stream: %s, %s" % (name, how), got.head,
                got.body[-400:])

    async def endless(r):
        await r.send(HEAD)
        while not r.reader.at_eof() and not r.writer.is_closing():
            await r.send(chunk(b": nothing\n\n" * 1000))
            await asyncio.sleep(0.01)
    service.do = {"endless": endless}
    got = await p.post("chat", "buffer", "do:endless", True)
    tap.same((got.status, got.code()), (504, "upstream_timeout"),
        "a stream: comments without end, until the deadline")
    kinds = ["Text/Event-Stream", "text/event-stream;charset=utf-8",
        "text/event-stream ; charset=UTF-8"]
    for kind in kinds:
        async def typed(r):
            await r.send(HEAD.replace(b"text/event-stream", kind.encode()) +
                r.chunks(ok) + END)
        service.do = {"typed": typed}
        got = await p.post("chat", "buffer", "do:typed", True)
        tap.same(got.text("chat").split(), LEAD.split(), "a stream: as " + kind)
    await p.end()


async def long_windows():
    """What is covered early in a long stream stays covered, and the rest flows."""
    service = Service()
    await service.begin()
    p = Program(policy(service), "long")
    await p.begin()
    text = "write to ana@example.com; " + LEAD * 400 + "or to bob@example.com; " + LEAD

    async def do(r):
        events = text_events(r.api, [w + " " for w in text.split()])
        await r.send(HEAD)
        for i in range(0, len(events), 500):
            await r.send(r.chunks(events[i:i + 500]))
            await asyncio.sleep(0.01)
        await r.send(END)
    service.do = {"it": do}
    want = text.replace("ana@example.com", "<EMAIL_ADDRESS>").replace("bob@example.com",
        "<EMAIL_ADDRESS>").split()
    for api in ALL:
        got = await p.post(api, gateway(api, "window"), "do:it", True)
        said = got.text(api).split()
        tap.ok(said == want and b"@example" not in got.body, "a stream of %d KB: %s" % (
            len(text) // 1024, api), len(said), len(want), got.body[-300:])
    await p.end()


def mangle(rng, api, events):
    """The events, some of them twice, elsewhere, gone, or with other numbers."""
    events = copy.deepcopy(events)
    for _ in range(rng.randint(1, 4)):
        i, j = rng.randrange(len(events)), rng.randrange(len(events))
        what = rng.randrange(5)
        if what == 0:
            events.insert(j, copy.deepcopy(events[i]))
        elif what == 1:
            events[i], events[j] = events[j], events[i]
        elif what == 2 and len(events) > 3:
            del events[i]
        elif isinstance(events[i], dict):
            e = events[i]
            for k in ("index", "output_index", "content_index"):
                if k in e:
                    e[k] = rng.choice((0, 1, 2, 7))
            if what == 4 and "choices" in e and e["choices"]:
                e["choices"][0]["index"] = rng.choice((0, 1, 2))
                if rng.random() < 0.3:
                    e["choices"][0]["finish_reason"] = "stop"
    return events


async def shuffled():
    """Whatever the order of events, no byte of the text goes out."""
    service = Service()
    await service.begin()
    p = Program(policy(service), "shuffled")
    await p.begin()
    rng = random.Random(int(os.environ.get("BREAK_SEED", "1")))
    streams = {}

    async def do(r):
        events = streams[int(texts_of(r.body).split()[1])]
        await r.send(HEAD)
        for i in range(0, len(events), 4):
            await r.send(r.chunks(events[i:i + 4]))
            await asyncio.sleep(0)
        await r.send(END)
    service.do = {"it": do}
    bad, out = [], 0
    for i in range(int(os.environ.get("BREAK_ROUNDS", "150"))):
        api = ALL[i % 3]
        at = rng.randint(1, len(BAD) - 1)
        streams[i] = mangle(rng, api, text_events(api, words(LEAD) + [BAD[:at], BAD[at:]]
            + words(LEAD)))
        for how in ("buffer", "window"):
            got = await p.post(api, gateway(api, how), "do:it %d" % i, True)
            out += got.status == 200
            if any(BAD in t for t in got.texts()) or b"xyzzy plugh" in got.body or got.broken or \
                    not got.status:
                bad.append((api, how, i, got.status, got.broken, got.body, streams[i]))
        if i % 3 == 2:
            for a in ("chat", "messages"):
                await well(p, a)
    tap.ok(bad == [], "events in any order: no byte of it", *bad[:2])
    tap.ok(out > 50, "and many of them answered", out)
    await p.end()


def call_events(api, pieces):
    """A call of a tool whose arguments come in pieces."""
    whole_ = "".join(pieces)
    if api == "chat":
        call = lambda a, **m: chat_chunk({"tool_calls": [dict({"index": 0, "function":
            dict({"arguments": a}, **m.pop("f", {}))}, **m)]})
        return [call("", id="c1", type="function", f={"name": "send"})] + [
            call(a) for a in pieces] + [chat_chunk({}, "tool_calls"), "[DONE]"]
    if api == "messages":
        out = text_events(api, [""])
        return [out[0], {"type": "content_block_start", "index": 0, "content_block":
            {"type": "tool_use", "id": "t1", "name": "send", "input": {}}}] + [
            {"type": "content_block_delta", "index": 0, "delta": {"type":
            "input_json_delta", "partial_json": a}} for a in pieces] + out[-3:]
    return responses_events({"id": "f1", "type": "function_call", "call_id": "c1",
        "name": "send", "arguments": whole_, "status": "completed"}, [
        ("function_call_arguments.delta", {"delta": a}) for a in pieces] + [
        ("function_call_arguments.done", {"arguments": whole_})])


def arguments_of(answer):
    """The arguments of all calls in a stream, and whatever says them again."""
    said, again = "", set()
    for e in answer.events():
        if not isinstance(e, dict):
            continue
        for c in e.get("choices") or ():
            for t in c["delta"].get("tool_calls") or ():
                said += t["function"]["arguments"]
        if e.get("type") == "response.function_call_arguments.delta":
            said += e["delta"]
        elif e.get("type") == "content_block_delta":
            said += e["delta"].get("partial_json", "")
        again |= set(i["arguments"] for i in [e.get("item") or {}] +
            (e.get("response") or {}).get("output", []) if i.get("arguments"))
        again |= {e["arguments"]} if e.get("arguments") else set()
    return said, again


async def values():
    """Values of the input in a stream: put back while it comes."""
    service = Service()
    await service.begin()
    p = Program(policy(service, '''
guard "hide" { kind = pii kinds = { "EMAIL_ADDRESS", "PHONE_NUMBER" } on = input redact = placeholder }
queue "h" { guards = { "hide", "bad" } fallback = "One moment."
  rule "bad" { when = "failed('bad') OR severity >= 3" route = flag }
  rule "all" { when = "1" route = approve } }
gateway "hide" { queue = h try = { o } retries = 0 stream = window window = 30 }
gateway "chide" { queue = h try = { a } retries = 0 stream = window window = 30 }
'''), "values")
    await p.begin()
    ask = "ana@example.com and +49 30 901820 and ben@example.com do:it "
    mark, value = "<EMAIL_ADDRESS_1>", "ana@example.com"
    gate = asyncio.Event()
    pieces = []

    async def text(r):
        events = text_events(r.api, pieces)
        n = next(i for i, e in enumerate(events) if LEAD[-20:] in str(e))
        await r.send(HEAD + r.chunks(events[:n]))
        await gate.wait()
        await r.send(r.chunks(events[n:]) + END)

    async def call(r):
        await r.stream(call_events(r.api, pieces))
    for api in ALL:
        wrong, early = [], True
        service.do = {"it": text}
        for at in range(1, len(mark)):
            pieces[:] = ["Write to " + mark[:at], mark[at:] + " and <EMAIL_ADDRESS_2>, "
                + "not <EMAIL_ADDRESS_9>. ", LEAD, "a" + LEAD[-20:]]
            gate.clear()
            reader, writer = await p.open()
            writer.write(p.request(api, "chide" if api == "messages" else "hide", ask, True))
            begun = b""
            try:		# the value is there, and the answer is not whole
                begun = await asyncio.wait_for(reader.readuntil(value.encode()), 20)
            except (asyncio.TimeoutError, asyncio.IncompleteReadError):
                early = False
            gate.set()
            head, _, body = begun.partition(b"\r\n\r\n")
            rest = await reader.readuntil(b"0\r\n\r\n")
            raw, out = body + rest, b""
            while raw and not raw.startswith(b"0\r\n"):
                n, _, raw = raw.partition(b"\r\n")
                out, raw = out + raw[:int(n, 16)], raw[int(n, 16) + 2:]
            got = Answer(head.decode(), out, False)
            want = "".join(pieces).replace(mark, value).replace("<EMAIL_ADDRESS_2>",
                "ben@example.com")
            if got.text(api) != want or b"ADDRESS_1" in out:
                wrong.append((at, got.text(api), out[-300:]))
            writer.close()
        tap.ok(early, "values in a stream before its end: " + api)
        tap.same(wrong, [], "wherever what stands for one is split: " + api)

        service.do = {"it": call}
        for name, text_ in (("as they are", '{"to": "%s", "also": "<PHONE_NUMBER_1>"}' % mark),
                ("with brackets escaped", '{"to": "\\u003cEMAIL_ADDRESS_1\\u003E"}')):
            wrong = []
            for at in range(1, len(text_)):
                pieces[:] = [text_[:at], text_[at:]]
                got = await p.post(api, "chide" if api == "messages" else "hide", ask, True)
                said, again = arguments_of(got)
                want = {"to": value, "also": "+49 30 901820"} if "also" in text_ else \
                    {"to": value}
                try:
                    well_ = json.loads(said) == want and all(json.loads(a) == want
                        for a in again)
                except ValueError:
                    well_ = False
                if not well_:
                    wrong.append((at, said, again, got.body[-300:]))
            tap.same(wrong, [], "in arguments %s: %s" % (name, api))

        service.do = {"it": text}
        pieces[:] = [LEAD, "See https://evil.example/?q=" + mark + " " + LEAD[-20:]]
        gate.set()
        got = await p.post(api, "chide" if api == "messages" else "hide", ask, True)
        tap.ok(value.encode() not in got.body and b"evil" not in got.body and
            got.text(api).startswith(LEAD[:30]), "one in a URL waits for the rules: " + api,
            got.body[-400:])
    tap.same(p.one("SELECT count(*) FROM items WHERE instr(snippet, '@') > 0"), 0,
        "no item's output has them")
    await p.end()


async def clients():
    """Clients that leave at every stage, pipeline, read slowly."""
    service = Service()
    await service.begin()
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    p = Program(policy(service), "clients", port=port)
    await p.begin()
    request = p.request("chat", "buffer", "say:one", True)
    for n in list(range(0, len(request), 37)) + [len(request)]:
        reader, writer = await p.open()
        writer.write(request[:n])
        await writer.drain()
        if n % 2:
            writer.transport.abort()
        else:
            writer.close()
    for api in ALL:
        for how in ("buffer", "window"):
            for n in range(1, 6):
                reader, writer = await p.open()
                writer.write(p.request(api, gateway(api, how), "say:" + LEAD, True))
                await reader.readexactly(n * 40)
                writer.transport.abort()
    tap.ok(await well(p), "clients that leave at any byte")

    reader, writer = await p.open()
    writer.write(b"".join(p.request("chat", "buffer", "say:p%d" % i, i % 2 == 1)
        for i in range(6)))
    got = [(await answer(reader)).text("chat") for _ in range(6)]
    writer.close()
    tap.same(got, ["p%d" % i for i in range(6)], "six requests in one go")

    reader, writer = await p.open()
    writer.write(p.request("chat", "buffer", "say:half"))
    writer.write_eof()
    got = await answer(reader)
    tap.same(got.text("chat"), "half", "who only sends no more gets the answer")
    tap.same(await asyncio.wait_for(reader.read(), 10), b"", "and then the end")
    writer.close()
    # By TCP one who left looks the same, until something is sent.
    go = asyncio.Event()

    async def held(r):
        await go.wait()
        await plain(r)
    service.do = {"held": held}
    kept = []
    for stream in (False, True):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(p.request("chat", "buffer", "do:held say:half", stream))
        writer.write_eof()
        kept.append((reader, writer))
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(p.request("chat", "buffer", "do:held say:left"))
    await until(lambda: any(texts_of(r.body).endswith("left") for r in service.seen))
    writer.close()
    tap.ok(await until(lambda: p.one("SELECT count(*) FROM calls WHERE state = 'left'") == 1),
        "by TCP who left is noticed")
    go.set()
    for reader, writer in kept:
        tap.same(await reader.readexactly(25), b"HTTP/1.1 100 Continue\r\n\r\n",
            "who waits is asked whether he does")
        tap.same((await answer(reader)).text("chat"), "half", "and gets the answer")
        writer.close()

    # Back-pressure: who does not read holds up its service, and nothing else.
    sent, pieces = [0], 20000

    async def flood(r):
        r.writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET,
            socket.SO_SNDBUF, 65536)
        await r.send(HEAD)
        for i in range(0, pieces, 10):
            data = r.chunks([chat_chunk({"content": "%05d " % (i + k)}, pad="x" * 300)
                for k in range(10)])
            await r.send(data)
            sent[0] += len(data)
        await r.send(r.chunks(text_events("chat", [])[-3:]) + END)
    service.do = {"flood": flood}
    reader, writer = await p.open()
    writer.transport.pause_reading()
    writer.write(p.request("chat", "window", "do:flood", True))
    before, last = p.rss_kb(), -1
    while sent[0] != last or sent[0] == 0:
        last = sent[0]
        await asyncio.sleep(0.7)
    grown = p.rss_kb() - before
    tap.ok(last < pieces * 400 * 2 // 3, "a client that does not read: its service waits", last)
    tap.ok(grown < 24000, "and little is kept for it", grown)
    tap.ok(await well(p), "others go on")
    writer.transport.resume_reading()
    got = await answer(reader, seconds=300)
    numbers = [int(w) for w in got.text("chat").split()]
    tap.ok(numbers == list(range(pieces)) and b"[DONE]" in got.body, "then it gets all of it", len(numbers), got.body[-300:])
    writer.close()
    await p.end()


async def signals():
    """SIGHUP without the gateway, SIGTERM and kill -9 while calls run."""
    service = Service()
    await service.begin()
    p = Program(policy(service, more='gateway "gone" { queue = q try = { o } }\n'
        'gateway "wgone" { queue = q try = { o } stream = window window = 20 }'), "sig")
    await p.begin()
    go = asyncio.Event()

    async def held(r):
        if not r.body.get("stream"):
            await go.wait()
            return await plain(r)
        events = text_events(r.api, words(LEAD + "ask ana@example.com now"))
        await r.send(HEAD + r.chunks(events[:20]))
        await go.wait()
        await r.send(r.chunks(events[20:]) + END)
    service.do = {"held": held}
    calls = [asyncio.create_task(p.post("chat", g, "do:held say:kept", s))
        for g, s in (("gone", False), ("gone", True), ("wgone", True))]
    await until(lambda: len(service.seen) == 3)
    with open("sig.conf") as f:
        conf = f.read()
    with open("sig.conf", "w") as f:
        f.write("".join(line + "\n" for line in conf.splitlines()
            if "gone" not in line).replace("guard \"mail\"", "guard \"other\"")
            .replace('"bad", "mail"', '"bad", "other"'))
    p.process.send_signal(signal.SIGHUP)
    async def gone():
        return (await p.post("chat", "gone", "say:x")).code() == "model_not_found"
    for _ in range(200):
        if await gone():
            break
        await asyncio.sleep(0.05)
    tap.ok(await gone(), "a policy without the gateway is in force")
    go.set()
    got = await asyncio.gather(*calls)
    tap.ok(got[0].text("chat") == "kept" and all("<EMAIL_ADDRESS>" in g.text("chat") and
        b"[DONE]" in g.body for g in got[1:]), "calls end under the one they began with",
        *[g.body[-300:] for g in got])

    go.clear()
    service.seen.clear()
    since = int(time.time() * 1000)
    calls = [asyncio.create_task(p.post("chat", g, "do:held say:kept", s))
        for g, s in (("buffer", False), ("buffer", True), ("window", True))]
    await until(lambda: len(service.seen) == 3)
    p.process.send_signal(signal.SIGTERM)
    got = None
    while got is None or got.code() != "stopping":
        reader, writer = await p.open()
        writer.write(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        got = await answer(reader)
        writer.close()
    tap.same((got.status, got.field("connection")), (503, "close"),
        "SIGTERM: /readyz says that it is stopping")
    got = await p.post("chat", "buffer", "say:new")
    tap.same((got.status, got.code()), (503, "stopping"), "SIGTERM: so do new calls hear")
    go.set()
    got = await asyncio.gather(*calls)
    tap.ok(got[0].text("chat") == "kept" and all(b"[DONE]" in g.body for g in got[1:]),
        "SIGTERM: what is under way is answered", *[g.body[-300:] for g in got])
    tap.same(await p.process.wait(), 0, "and then it ends")
    tap.same(p.rows("SELECT state, count(*) FROM calls WHERE asked_ms >= ? GROUP BY 1",
        since), [("answered", 3)], "with all of it logged")

    await p.begin()
    go.clear()
    service.seen.clear()
    since = int(time.time() * 1000)
    calls = [asyncio.create_task(p.post("chat", g, "do:held say:kept", s))
        for g, s in (("buffer", False), ("buffer", True), ("window", True))]
    await until(lambda: len(service.seen) == 3)
    await p.end(signal.SIGKILL)
    got = await asyncio.gather(*calls)
    go.set()
    tap.ok(all(g.broken and b"[DONE]" not in g.body for g in got),
        "kill -9: no clean end", *[g.body[-300:] for g in got])
    await p.begin()
    tap.same(p.one("SELECT count(*) FROM calls WHERE state = 'asked' AND asked_ms >= ?",
        since), 3, "the calls are on record as asked")
    tap.ok(await well(p), "and it begins again")
    await p.end()


TESTS = (answers, streams, long_windows, shuffled, values, clients, signals)


async def main():
    for t in TESTS:
        if len(sys.argv) == 1 or t.__name__ in sys.argv[1:]:
            await t()

run(main)

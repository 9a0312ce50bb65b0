"""The gateway's tests from complaints about others, each in turn; names of tests as
arguments run these alone."""
import asyncio
import os
import resource
import signal
import sys

from gateway import *

LONG = bool(os.environ.get("GATEWAY_LONG"))
MINUTE = 60 if LONG else 1	# for which nothing can be written
BAD = "xyzzy plugh"
OPENAI, BOTH = ("chat", "responses"), ("chat", "responses", "messages")


def policy(service, keys="", more=""):
    up = "http://127.0.0.1:%d/v1" % service.port
    return '''
key "shop" { token_env = "SHOP_KEY" may = { "gateway" } %s }
guard "bad" { kind = contains pattern = '%s' must = absent max_match = 11 }
guard "mail" { kind = pii kinds = { "EMAIL_ADDRESS" } redact = label }
queue "q" { guards = { "bad", "mail" } fallback = "One moment."
  rule "bad" { when = "failed('bad')" route = flag }
  rule "all" { when = "1" route = approve } }
upstream "o" { url = "%s" shape = openai in_flight = 2000 }
upstream "a" { url = "%s" shape = anthropic in_flight = 2000 }
model "o" { upstream = o in_usd = 1 out_usd = 2 }
model "a" { upstream = a in_usd = 1 out_usd = 2 }
gateway "buffer" { queue = q try = { o } retries = 0 }
gateway "window" { queue = q try = { o } retries = 0 stream = window window = 30 }
gateway "cbuffer" { queue = q try = { a } retries = 0 }
gateway "cwindow" { queue = q try = { a } retries = 0 stream = window window = 30 }
%s''' % (keys, BAD, up, up, more)


def gateway(api, stream):
    return ("c" if api == "messages" else "") + stream


def leaked(answer):
    """Is a piece of the forbidden text out that nobody else says?"""
    return any(p in answer.body for p in (b"xyz", b"plu", b"ugh", b"zzy"))


async def split_text():
    """1: a text split at every byte between events."""
    service = Service()
    await service.begin()
    p = Program(policy(service), "split")
    await p.begin()
    calls = []
    lead = "The boats are out at sea and the weather is fine today; " * 3

    async def split(r):
        at = int(texts_of(r.body).split()[1])
        await parts(r, [BAD[:at], BAD[at:], " and more"])

    async def bytes_each(r):
        await parts(r, list(BAD) + [" and more"])

    async def parts(r, pieces):
        events = text_events(r.api, words(lead) + pieces)
        n = len(words(lead))
        await r.stream_on(events[:n], events[n:])
    service.do = {"split": split, "each": bytes_each}
    for api in BOTH:
        for how in ("buffer", "window"):
            ask = ["do:split %d" % i for i in range(1, len(BAD))] + ["do:each"]
            got = await asyncio.gather(*[p.post(api, gateway(api, how), a, True,
                how == "window") for a in ask])
            bad = [a for a, g in zip(ask, got) if leaked(g) or g.broken or
                g.status != 200 or not g.body]
            tap.same(bad, [], "1: no byte of it: %s, %s" % (api, how))
            calls += got
            tap.ok(all(g.text(api) == "One moment." if how == "buffer" else
                lead.startswith(g.text(api)) and g.text(api) for g in got),
                "1: and what stands there instead: %s, %s" % (api, how),
                [g.text(api) for g in got][:2])
    n = p.one("SELECT count(*) FROM items WHERE state = 'flagged'")
    tap.same(n, len(calls), "1: each is an item, flagged")
    tap.same(p.said(BAD), len(calls), "1: with what was said")
    await p.end()


def hidden(api):
    """Streams that hold the text where it is no plain answer: name, events."""
    half, rest = BAD[:5], BAD[5:]
    if api == "chat":
        head = chat_chunk({"role": "assistant", "content": ""})
        call = lambda a, **m: chat_chunk({"tool_calls": [dict({"index": 0,
            "function": dict({"arguments": a}, **m.pop("f", {}))}, **m)]})
        yield "arguments", [head, call("", id="c1", type="function",
            f={"name": "send"}), call('{"text":"' + half), call(rest + '"}'),
            chat_chunk({}, "tool_calls"), "[DONE]"]
        yield "arguments behind a text", [head, chat_chunk({"content": "I send it."}),
            call("", id="c1", type="function", f={"name": "send"}),
            call('{"text":"' + half), call(rest + '"}'),
            chat_chunk({}, "tool_calls"), "[DONE]"]
        yield "a second call's arguments", [head, call('{}', id="c1",
            type="function", f={"name": "send"}), call('{"text":"' + half, index=1,
            id="c2", type="function", f={"name": "send"}), call(rest + '"}', index=1),
            chat_chunk({}, "tool_calls"), "[DONE]"]
        yield "a second choice", [head, chat_chunk({"content": "Fine."}),
            chat_chunk({"content": half}, index=1), chat_chunk({"content": rest},
            index=1), chat_chunk({}, "stop"), chat_chunk({}, "stop", index=1),
            "[DONE]"]
        yield "reasoning", [head, chat_chunk({"reasoning_content": half}),
            chat_chunk({"reasoning_content": rest}), chat_chunk({"content": "Fine."}),
            chat_chunk({}, "stop"), "[DONE]"]
        yield "a refusal", [head, chat_chunk({"refusal": half}),
            chat_chunk({"refusal": rest}), chat_chunk({}, "stop"), "[DONE]"]
        yield "a name", [head, call("{}", id="c1", type="function", f={"name": BAD}),
            chat_chunk({}, "tool_calls"), "[DONE]"]
        yield "what is not known", [head, chat_chunk({"content": "Fine.",
            "audio": {"transcript": half}}), chat_chunk({"audio": {"transcript":
            rest}}), chat_chunk({}, "stop"), "[DONE]"]
        yield "an unknown chunk", [head, chat_chunk({"content": "Fine."}),
            chat_chunk({"x_note": BAD}), chat_chunk({}, "stop"), "[DONE]"]
    elif api == "messages":
        head = text_events(api, ["x"])[0]
        tail = text_events(api, ["x"])[-3:]

        def block(b, deltas, i=0):
            return [{"type": "content_block_start", "index": i, "content_block": b}] + [
                {"type": "content_block_delta", "index": i, "delta": d}
                for d in deltas] + [{"type": "content_block_stop", "index": i}]
        fine = block({"type": "text", "text": ""}, [{"type": "text_delta", "text":
            "Fine."}])
        json_deltas = [{"type": "input_json_delta", "partial_json": x}
            for x in ('{"text":"' + half, rest + '"}')]
        tool = {"type": "tool_use", "id": "t1", "name": "send", "input": {}}
        yield "arguments", [head] + block(tool, json_deltas) + tail[1:]
        yield "arguments behind a text", [head] + fine + block(tool, json_deltas, 1) + \
            tail[1:]
        yield "reasoning", [head] + block({"type": "thinking", "thinking": "",
            "signature": ""}, [{"type": "thinking_delta", "thinking": x}
            for x in (half, rest)]) + block({"type": "text", "text": ""}, [{"type":
            "text_delta", "text": "Fine."}], 1) + tail[1:]
        yield "a second block", [head] + fine + block({"type": "text", "text": ""},
            [{"type": "text_delta", "text": x} for x in (half, rest)], 1) + tail[1:]
        yield "a cited text", [head] + block({"type": "text", "text": ""}, [{"type":
            "text_delta", "text": "Fine."}, {"type": "citations_delta", "citation":
            {"type": "char_location", "cited_text": BAD, "document_index": 0,
            "document_title": None, "start_char_index": 0, "end_char_index": 9}}]) + \
            tail[1:]
        yield "a result of the service's tool", [head] + block({"type":
            "web_search_tool_result", "tool_use_id": "s1", "content": [{"type":
            "web_search_result", "title": BAD, "url": "https://a.example"}]}, []) + [
            dict(e, index=1) if "index" in e else e for e in fine] + tail[1:]
    else:
        def delta(kind, field, item, more=()):
            return responses_events(item, [(kind + ".delta", {"delta": half}),
                (kind + ".delta", {"delta": rest}), (kind + ".done", {field: BAD})] +
                list(more))
        yield "arguments", responses_events({"id": "f1", "type": "function_call",
            "call_id": "c1", "name": "send", "arguments": '{"t":"%s"}' % BAD,
            "status": "completed"}, [("function_call_arguments.delta", {"delta":
            '{"t":"' + half}), ("function_call_arguments.delta", {"delta": rest +
            '"}'}), ("function_call_arguments.done", {"arguments": '{"t":"%s"}' %
            BAD})])
        yield "reasoning", responses_events({"id": "r1", "type": "reasoning",
            "summary": [{"type": "summary_text", "text": BAD}]}, [
            ("reasoning_summary_part.added", {"summary_index": 0, "part": {"type":
            "summary_text", "text": ""}}), ("reasoning_summary_text.delta",
            {"summary_index": 0, "delta": half}), ("reasoning_summary_text.delta",
            {"summary_index": 0, "delta": rest}), ("reasoning_summary_text.done",
            {"summary_index": 0, "text": BAD}), ("reasoning_summary_part.done",
            {"summary_index": 0, "part": {"type": "summary_text", "text": BAD}})])
        yield "response.incomplete", text_events(api, [half, rest],
            stop="max_output_tokens")
        yield "the last event alone", [e for e in text_events(api, [half, rest])
            if e["type"] in ("response.created", "response.completed")]
        yield "a refusal", responses_events({"id": "i1", "type": "message", "role":
            "assistant", "status": "completed", "content": [{"type": "refusal",
            "refusal": BAD}]}, [("content_part.added", {"content_index": 0, "part":
            {"type": "refusal", "refusal": ""}}), ("refusal.delta", {"content_index":
            0, "delta": half}), ("refusal.delta", {"content_index": 0, "delta": rest}),
            ("refusal.done", {"content_index": 0, "refusal": BAD}),
            ("content_part.done", {"content_index": 0, "part": {"type": "refusal",
            "refusal": BAD}})])
        yield "code", delta("code_interpreter_call_code", "code", {"id": "x1", "type":
            "code_interpreter_call", "code": BAD, "status": "completed",
            "container_id": "c", "outputs": []})
        yield "an unknown event", [dict(e) for e in text_events(api, ["Fine."])[:-1]] + [
            {"type": "response.x_note", "sequence_number": 90, "note": BAD}] + [
            dict(text_events(api, ["Fine."])[-1], sequence_number=91)]


def whole_of(api, events):
    """The same, not streamed, where the stream says it at its end."""
    return events[-1]["response"] if api == "responses" else None


async def split_elsewhere():
    """2: the same where an answer has other texts."""
    service = Service()
    await service.begin()
    p = Program(policy(service), "else")
    await p.begin()
    for api in BOTH:
        for name, events in hidden(api):
            async def do(r):
                if r.body.get("stream"):
                    await r.stream(events)
                else:
                    await r.send(whole(whole_of(api, events)))
            service.do = {"it": do}
            got = [(how, await p.post(api, gateway(api, how), "do:it", True))
                for how in ("buffer", "window")]
            if api == "responses":
                got.append(("whole", await p.post(api, "buffer", "do:it")))
            bad = [how for how, g in got if leaked(g) or g.broken or
                b"\\u0067h" in g.body or g.status != 200]
            tap.ok(bad == [], "2: %s, %s" % (api, name), bad,
                *[(g.status, g.body) for how, g in got if how in bad])
    await p.end()


async def budget():
    """3: fifty at once, and a budget for ten."""
    service = Service()
    await service.begin()
    # 200 tokens: a request's bytes / 3 and what is set aside for the answer.
    text = "do:wait " + "x" * 400
    size = len(Program(policy(service), "b").request("chat", "buffer", text,
        max_tokens=60).split(b"\r\n\r\n", 1)[1])
    one = size // 3 + 1 + 60
    p = Program(policy(service, "tokens_day = %d" % (10 * one + one // 2)), "budget")
    await p.begin()
    go = asyncio.Event()

    async def wait(r):
        await go.wait()
        await plain(r)
    service.do = {"wait": wait}
    calls = [asyncio.create_task(p.post("chat", "buffer", text, max_tokens=60))
        for _ in range(50)]
    await until(lambda: sum(c.done() for c in calls) >= 40 and len(service.seen) >= 10)
    refused = [c.result() for c in calls if c.done()]
    tap.same((len(service.seen), len(refused)), (10, 40),
        "3: ten reach the service, forty are refused")
    tap.ok(all(g.status == 429 and g.code() == "budget_exceeded" and
        g.field("x-should-retry") == "false" for g in refused),
        "3: as over budget, not to be tried again", refused and refused[0].body)
    await p.end(signal.SIGKILL)
    for c in calls:
        await c
    await p.begin()
    got = await p.post("chat", "buffer", text, max_tokens=60)
    tap.same((got.status, len(service.seen)), (429, 10), "3: after kill -9 it counts still")
    go.set()
    service.seen.clear()
    await p.end()

    # What is not said is set, and asked for.
    p = Program(policy(service, "tokens_day = 100000 request_tokens = 300"), "budget2")
    await p.begin()
    await p.post("chat", "buffer", "say: hello")
    asked = service.seen[-1].body
    most = asked.get("max_completion_tokens", asked.get("max_tokens"))
    tap.ok(isinstance(most, int) and 0 < most < 300,
        "3: a limit is set for the answer where the client set none", asked)
    await p.end()


async def leaving():
    """4: clients that leave in the middle."""
    n = 1000 if LONG else 60
    service = Service()
    await service.begin()
    p = Program(policy(service), "leave")
    await p.begin()

    async def part(r):
        """Half of an answer, then nothing more until the connection ends."""
        events = text_events(r.api, words("The sea is calm and the weather is fine, "
            "and the boats are out; this went far enough to go out."))
        cut = -7 if r.api == "responses" else -4
        await r.stream(events[:cut], end=False)
        r.told.set()
        await r.left()
    told = {}

    async def leave(i):
        api = BOTH[i % 3]
        reader, writer = await p.open()
        writer.write(p.request(api, gateway(api, ("buffer", "window")[i // 3 % 2]),
            "do:part %d" % i, True))
        await writer.drain()
        await asyncio.wait_for(told.setdefault(i, asyncio.Event()).wait(), 60)
        if i // 3 % 2 == 1:		# until something is there
            await reader.readuntil(b"\r\n\r\n")
        writer.close()

    async def begin(r):
        i = int(texts_of(r.body).split()[1])
        r.told = told.setdefault(i, asyncio.Event())
        await part(r)
    service.do = {"part": begin}
    await asyncio.gather(*[leave(i) for i in range(n)])
    await until(lambda: p.one("SELECT count(*) FROM calls WHERE state = 'left'") == n, 60)
    tap.same(p.one("SELECT count(*) FROM calls WHERE state = 'left' AND reason = "
        "'the client left'"), n, "4: %d clients leave: a row of each" % n)
    tap.same(p.rows("SELECT gateway, count(*) FROM calls WHERE input_tokens > 0 AND "
        "output_tokens > 0 GROUP BY gateway ORDER BY gateway"),
        p.rows("SELECT gateway, count(*) FROM calls GROUP BY gateway ORDER BY gateway"),
        "4: with what they took")
    tap.same(p.said("the boats are out"), n, "4: and what was said")
    tap.ok(await until(lambda: service.connections == 0), "4: the service is left too",
        service.connections)
    await p.end()


async def endings():
    """5: no last event; an error in the middle."""
    service = Service()
    await service.begin()
    up = "http://127.0.0.1:%d/v1" % service.port
    p = Program(policy(service, more='''
upstream "o2" { url = "%s" shape = openai }
upstream "a2" { url = "%s" shape = anthropic }
model "o2" { upstream = o2 name = "second" }
model "a2" { upstream = a2 name = "second" }
gateway "two" { queue = q try = { o, o2 } }
gateway "ctwo" { queue = q try = { a, a2 } }
gateway "wtwo" { queue = q try = { o, o2 } stream = window window = 20 }
gateway "cwtwo" { queue = q try = { a, a2 } stream = window window = 20 }
''' % (up, up)), "ends")
    await p.begin()
    long = words("The boats are out at sea and the weather is fine today; "
        "it may well stay so for a while.")

    def error(api):
        return {"chat": {"error": {"message": "told to", "type": "server_error"}},
            "messages": {"type": "error", "error": {"type": "overloaded_error",
            "message": "told to"}}, "responses": {"type": "error", "code":
            "server_error", "message": "told to", "param": None,
            "sequence_number": 3}}[api]

    async def broken(r, more=(), end=True):
        if r.body["model"] == "second":
            await r.stream(text_events(r.api, ["A second answer."]))
            return
        events = text_events(r.api, long)
        last = {"chat": -3, "messages": -3, "responses": -4}[r.api]
        await r.stream_on(events[:last], list(more), end)
        if not end:
            r.close()

    async def nodone(r):
        await broken(r)

    async def cut(r):
        await broken(r, end=False)

    async def second(r):
        await broken(r, [error(r.api)])

    async def failed(r):
        await broken(r, [{"type": "response.failed", "sequence_number": 90, "response":
            dict(text_events(r.api, long)[-1]["response"], status="failed", error={
            "code": "server_error", "message": "told to"})}]
            if r.api == "responses" else [error(r.api)])
    service.do = {"nodone": nodone, "cut": cut, "second": second, "failed": failed}
    end_of = {"chat": b"[DONE]", "messages": b"message_stop", "responses":
        b"response.completed"}
    for name in service.do:
        for api in BOTH:
            c = "c" if api == "messages" else ""
            for _ in range(4):		# so that no breaker opens
                await p.post(api, gateway(api, "buffer"), "say:well")
            got = await p.post(api, c + "two", "do:" + name, True)
            tap.ok(got.text(api) == "A second answer." and end_of[api] in got.body,
                "5: %s, %s: the next model" % (api, name), got.body)
            got = await p.post(api, c + "wtwo", "do:" + name, True, True)
            errors = [e for e in got.events() if isinstance(e, dict) and
                ("error" in e or e.get("type") == "error")
                and e.get("type") not in ("response.created", "response.in_progress")]
            tap.ok(b"boats" in got.body and errors and end_of[api] not in got.body and
                not got.broken and b"second" not in got.body,
                "5: %s, %s: once something is out, an error" % (api, name), got.body)
    n = p.one("SELECT count(*) FROM calls WHERE gateway LIKE '%wtwo'")
    tap.same(p.said("boats"), n,
        "5: what went out is stored")
    await p.end()


async def limits():
    """6: 429, all cooling, the probe."""
    service = Service()
    await service.begin()
    up = "http://127.0.0.1:%d/v1" % service.port
    p = Program(policy(service, more='''
model "o2" { upstream = o name = "second" }
model "probed" { upstream = p }
upstream "p" { url = "%s" shape = openai }
gateway "two" { queue = q try = { o, o2 } retries = 2 deadline = 20s }
gateway "p" { queue = q try = { probed } retries = 0 deadline = 20s }
gateway "again" { queue = q try = { probed } retries = 3 deadline = 20s }
''' % up), "limits")
    await p.begin()
    after = {"o": "3", "second": "2"}

    async def limited(r):
        await r.send(whole({"error": {"message": "slow down"}}, 429,
            more="Retry-After: %s\r\n" % after[r.body["model"]]))

    async def first(r):
        await (limited if r.body["model"] == "o" else plain)(r)
    service.do = {"limited": limited, "first": first}
    got = await p.post("chat", "two", "do:first say:yes")
    tap.same((got.text("chat"), [r.body["model"] for r in service.seen]),
        ("yes", ["o", "second"]), "6: 429: the next model at once")
    got = await p.post("chat", "two", "say:again")
    tap.same((got.text("chat"), len(service.seen)), ("again", 3),
        "6: the one that rests is not asked")
    got = await p.post("chat", "two", "do:limited")
    n = len(service.seen)
    tap.ok(got.status == 429 and got.code() == "rate_limited" and
        got.field("retry-after") in ("1", "2"), "6: all rest: 429 with the least",
        got.head)
    got = await p.post("chat", "two", "do:limited")
    tap.same((got.status, len(service.seen) - n), (429, 0), "6: and none is asked")
    for _ in range(60):
        got = await p.post("chat", "two", "say:back")
        if got.status == 200:
            break
        await asyncio.sleep(0.1)
    tap.same(got.text("chat"), "back", "6: until it is over")

    for value in ("99999999999999999", "-5", "soon", "Fri, 31 Dec 9999 23:59:59 GMT"):
        after = {"o": value, "second": value}
        got = await p.post("chat", "two", "do:limited")
        tap.ok(got.status == 429 and 0 < int(got.field("retry-after")) <= 86400,
            "6: Retry-After: %s" % value, got.head)
        await p.end()
        await p.begin()

    async def fails(r):
        await r.send(whole({"error": {"message": "x"}}, 500))
    service.do = {"fails": fails}
    n = len(service.seen)
    for _ in range(3):
        await p.post("chat", "again", "do:fails")
    asked = len(service.seen) - n
    got = await p.post("chat", "p", "say:well")
    tap.same((asked > 5, got.text("chat")), (True, "well"),
        "6: however often one call asks, it counts once")
    for _ in range(5):
        await p.post("chat", "p", "do:fails")
    n = len(service.seen)
    got = await p.post("chat", "p", "do:fails")
    tap.same((got.status, got.code(), len(service.seen) - n),
        (503, "upstream_unavailable", 0), "6: a breaker that opens")
    held = asyncio.Event()

    async def probe(r):
        await held.wait()
        await plain(r)
    service.do = {"probe": probe}

    async def patient():
        while True:
            got = await p.post("chat", "p", "do:probe say:well")
            if got.status == 200 or got.code() != "upstream_unavailable":
                return got
            await asyncio.sleep(0.2)
    n = len(service.seen)
    many = [asyncio.create_task(patient()) for _ in range(5)]
    await until(lambda: len(service.seen) > n, 30)
    await asyncio.sleep(0.5)
    tap.same(len(service.seen) - n, 1, "6: one call is the probe")
    held.set()
    got = await asyncio.gather(*many)
    tap.same([g.text("chat") for g in got], ["well"] * 5, "6: that closes it")
    await p.end()


async def step_by_step(service, p):
    """7: each piece is on its way before the next is said, as directly."""
    seen = [asyncio.Event() for _ in range(8)]

    async def steps(r):
        events = text_events(r.api, [p for i in range(len(seen)) for p in
            ("piece %d of it, " % i, "and so on " * 9)])
        at = [n for n, e in enumerate(events) if str(e).count("piece ") == 1 and
            "delta" in str(e)]
        await r.send(HEAD + r.chunks(events[:at[0]]))
        for i, (n, end) in enumerate(zip(at, at[1:] + [len(events)])):
            await r.send(r.chunks(events[n:end]))
            if i + 1 < len(seen):
                await asyncio.wait_for(seen[i].wait(), 30)
        await r.send(END)
    service.do["steps"] = steps
    for api in BOTH:
        for s in seen:
            s.clear()
        reader, writer = await p.open()
        writer.write(p.request(api, gateway(api, "window"), "do:steps", True))
        try:
            for i, s in enumerate(seen):
                await asyncio.wait_for(reader.readuntil(b"piece %d" % i), 40)
                s.set()
            got = True
        except (asyncio.IncompleteReadError, asyncio.TimeoutError):
            got = False
        tap.ok(got, "7: a piece goes out before the next is there: " + api)
        writer.close()


async def through_a_hop(service, p):
    """7: what cuts a connection on which nothing came for a minute."""
    async def hop(reader, writer):
        there, to = await asyncio.open_unix_connection(p.sock)

        async def pump(from_, to_, most):
            try:
                while data := await asyncio.wait_for(from_.read(65536), most):
                    to_.write(data)
                    await to_.drain()
            except (asyncio.TimeoutError, ConnectionError):
                pass
            to_.close()
        await asyncio.gather(pump(reader, to, None), pump(there, writer, 60))
    server = await asyncio.start_server(hop, "127.0.0.1", 0)

    async def patient(r):
        await r.send(HEAD)
        await asyncio.sleep(90)
        await r.send(r.chunks(text_events(r.api, ["Late."])) + END)
    service.do["patient"] = patient

    async def ask(api, how):
        reader, writer = await asyncio.open_connection(
            *server.sockets[0].getsockname()[:2])
        writer.write(p.request(api, how, "do:patient", True))
        return api, how, await answer(reader, seconds=180)
    for api, how, got in await asyncio.gather(*[ask(api, gateway(api, how))
            for api in BOTH for how in ("buffer", "window")]):
        tap.ok(got.text(api) == "Late." and not got.broken,
            "7: after 90 s, through a hop that cuts at 60: %s, %s" % (api, how), got.body)
    server.close()


async def late():
    """7: a first word that comes late."""
    service = Service()
    await service.begin()
    p = Program(policy(service), "late")
    await p.begin()
    go = asyncio.Event()

    async def slow(r):
        await r.send(HEAD)
        await go.wait()
        await r.send(b"".join(chunk(named(r.api, e) if isinstance(e, dict) else
            event(e)) for e in text_events(r.api, ["Late."])) + END)

    async def refuses(r):
        await go.wait()
        await r.send(whole(json.dumps(said, indent=1).encode(), 400))
    said = {"error": {"message": "too long", "type": "t", "param": "p", "code": "c"}}
    service.do = {"slow": slow, "refuses": refuses}
    conns = []
    for api, how, what in (("chat", "buffer", "slow"), ("chat", "window", "slow"),
            ("responses", "buffer", "slow"), ("messages", "cwindow", "slow"),
            ("chat", "buffer", "refuses"), ("responses", "buffer", "refuses"),
            ("messages", "cbuffer", "refuses")):
        reader, writer = await p.open()
        writer.write(p.request(api, how, "do:" + what, True))
        conns.append((api, how, reader, writer, what))
    for api, how, reader, writer, what in conns:
        head = await asyncio.wait_for(read_head(reader), 30)
        n = int(await reader.readline(), 16)
        first = await reader.readexactly(n + 2)
        tap.ok("200 OK" in head and first.startswith(b":"),
            "7: a comment before the first word: %s, %s" % (api, how), head, first)
    go.set()
    for api, how, reader, writer, what in conns:
        body = await reader.readuntil(b"0\r\n\r\n")
        if what == "slow":
            tap.ok(b"Late." in body, "7: then the answer: %s, %s" % (api, how), body)
        else:
            want = event(json.dumps(said, separators=(",", ":")), None if api == "chat"
                else "error")
            tap.ok(want in body and b"DONE" not in body,
                "7: or the service's own words on the request, as an event: " + api, body)
        writer.close()
    await step_by_step(service, p)
    if LONG:
        await through_a_hop(service, p)
    await p.end()


async def steady():
    """8: memory, over many calls of which a tenth is broken off."""
    total = int(os.environ.get("GATEWAY_CALLS", 1000000 if LONG else 3000))
    service = Service()
    await service.begin()
    p = Program(policy(service), "steady")
    await p.begin()

    async def caller(n, seed):
        reader, writer = await p.open()
        for i in range(n):
            api, how = BOTH[i % 3], ("buffer", "window")[i // 3 % 2]
            stream = i % 2 == 0
            writer.write(p.request(api, gateway(api, how), "say:The weather is fine "
                "and the sea is calm, ask ana@example.com about it now", stream))
            if i % 10 == seed % 10:
                if i % 20 >= 10:
                    await asyncio.wait_for(reader.readuntil(b"\r\n"), 60)
                writer.close()
                reader, writer = await p.open()
            else:
                got = await answer(reader)
                if got.status != 200 or got.broken:
                    return got.head or "broken"
        writer.close()
        return None
    async def calls(n):
        got = await asyncio.gather(*[caller(n // 8, k) for k in range(8)])
        service.seen.clear()
        return [g for g in got if g]
    wrong = await calls(total // 3)
    first = p.rss_kb()
    for _ in range(4):
        wrong += await calls(total // 6)
        print("# RSS %d KB" % p.rss_kb(), flush=True)
    grown = p.rss_kb() - first
    tap.same(wrong, [], "8: %d calls, a tenth broken off" % total)
    with open(os.environ["HANDRAIL"], "rb") as f:
        program = f.read()
    sanitized = b"__asan_init" in program or b"__tsan_init" in program	# keep what is freed
    # At first the store's cache fills.
    tap.ok(grown < (4096 if LONG else 10240) or sanitized, "8: memory stays as it is", "grew by %d KB to %d" %
        (grown, p.rss_kb()))
    print("# RSS %d KB, grew by %d" % (p.rss_kb(), grown), flush=True)
    await p.end()


async def locked():
    """9: a store that is locked, a disk that is full."""
    import fcntl
    import struct
    service = Service()
    await service.begin()
    p = Program(policy(service, more='''
gateway "brief" { queue = q try = { o } retries = 0 deadline = 3s }
model "o2" { upstream = o }
gateway "two" { queue = q try = { o2, o } retries = 1 deadline = 20s }
'''), "locked", wait="1s")
    await p.begin()
    go = asyncio.Event()

    async def held(r):
        await go.wait()
        await plain(r)
    async def fails(r):
        await go.wait()
        await r.send(whole({"error": {"message": "told to"}}, 500))
    service.do = {"held": held, "fails": fails}
    calls = [asyncio.create_task(p.post("chat", how, "do:held say:%s %d" % (how, i)))
        for how in ("buffer", "brief") for i in range(5)]
    left = []
    for i in range(5):
        reader, writer = await p.open()
        writer.write(p.request("chat", "buffer", "do:held say:left %d" % i))
        left.append(writer)
    second = asyncio.create_task(p.post("chat", "two", "do:fails"))
    await until(lambda: len(service.seen) == 16)
    fd = os.open("locked.db-lock", os.O_RDWR)
    lock = lambda kind: fcntl.fcntl(fd, 37, struct.pack("hhqqi", kind, 0, 0, 2, 0))
    await until(lambda: not try_lock(lock, fcntl.F_WRLCK))
    go.set()
    got = await p.post("chat", "buffer", "say:new")
    tap.same((got.status, got.code()), (503, "store_busy"),
        "9: locked: a new call gets 503, and no service is asked")
    tap.ok(got.field("retry-after"), "9: with Retry-After", got.head)
    for writer in left:
        writer.close()
    done, wait = await asyncio.wait(calls[5:], timeout=30)
    tap.same([(c.result().status, c.result().code()) for c in done],
        [(503, "store_error")] * 5, "9: those at their deadline get an error")
    tap.same(sum(c.done() for c in calls[:5]), 0, "9: others wait")
    ticks = p.ticks()
    await asyncio.sleep(MINUTE)
    tap.ok(p.ticks() - ticks < 50 * MINUTE, "9: without a busy loop", p.ticks() - ticks)
    lock(fcntl.F_UNLCK)
    os.close(fd)
    got = await asyncio.gather(*calls[:5])
    tap.same([g.status for g in got], [200] * 5, "9: until it opens")
    await until(lambda: p.one("SELECT count(*) FROM calls WHERE state <> 'asked'") == 16)
    got = await second
    tap.same((got.status, p.rows("SELECT state FROM calls WHERE gateway = 'two'")),
        (503, [("failed",)]), "9: no other model is asked meanwhile, and the one that "
        "was is on record")
    tap.same(p.rows("SELECT gateway, count(*) FROM calls WHERE output_tokens > 0 GROUP "
        "BY 1 ORDER BY 1"), [("brief", 5), ("buffer", 10)], "9: and all of it is logged")
    tap.same((p.said("buffer "), p.said("brief "), p.said("left ")), (5, 5, 5),
        "9: with what was said")
    got = await p.post("chat", "buffer", "say:on")
    tap.same((got.status, p.process.returncode), (200, None), "9: it goes on by itself")
    await p.end()


async def full():
    """9: a disk that is full, and clients that do not wait for it."""
    service = Service()
    await service.begin()
    p = Program(policy(service, more='''
gateway "brief" { queue = q try = { o } retries = 0 deadline = 3s }
'''), "full")
    await p.begin()
    go = asyncio.Event()

    async def held(r):
        await r.send(HEAD + r.chunks(text_events(r.api, words("as far as it came"))[:-3]))
        await go.wait()
        await r.send(r.chunks(text_events(r.api, [])[-3:]) + END)
    service.do = {"held": held}
    calls = [asyncio.create_task(p.post("chat", "brief", "do:held")) for _ in range(5)]
    left = []
    for _ in range(5):
        reader, writer = await p.open()
        writer.write(p.request("chat", "buffer", "do:held"))
        left.append(writer)
    await until(lambda: len(service.seen) == 10)
    most = lambda n: resource.prlimit(p.process.pid, resource.RLIMIT_FSIZE,
        (n, resource.RLIM_INFINITY))
    most(4096)
    for writer in left:
        writer.close()
    await asyncio.sleep(0.2)
    ticks = p.ticks()
    await asyncio.sleep(1)
    tap.ok(p.ticks() - ticks < 15, "9: full: tried again from time to time, no more",
        p.ticks() - ticks)
    go.set()
    got = await asyncio.gather(*calls)
    tap.same([(g.status, g.code()) for g in got], [(503, "store_error")] * 5,
        "9: full: nothing goes out unlogged")
    got = await p.post("chat", "buffer", "say:new")
    tap.same((got.status, got.code(), len(service.seen)), (503, "store_error", 10),
        "9: full: a new call gets 503")
    await asyncio.sleep(MINUTE - 1)
    most(resource.RLIM_INFINITY)
    await until(lambda: p.one("SELECT count(*) FROM calls WHERE state <> 'asked'") == 10)
    tap.same(p.rows("SELECT state, count(*) FROM calls GROUP BY 1 ORDER BY 1"),
        [("answered", 5), ("left", 5)], "9: full: all of it is logged once it is not")
    tap.same(p.said("as far as"), 10, "9: full: with what was said")

    # Until the end, and beyond all deadlines: nothing can be kept, and that is said.
    go.clear()
    service.seen.clear()
    calls = [asyncio.create_task(p.post("chat", "brief", "do:held")) for _ in range(3)]
    await until(lambda: len(service.seen) == 3)
    most(4096)
    go.set()
    p.process.send_signal(signal.SIGTERM)
    got = await asyncio.gather(*calls)
    code = await asyncio.wait_for(p.process.wait(), 60)
    with open("full.err") as f:
        said = f.read()
    tap.ok(code == 1 and "serve: 3 answers could not be stored, and are lost" in said and
        [g.code() for g in got] == ["store_error"] * 3,
        "9: full at the end: what is lost is said", code, said)
    tap.same(p.one("SELECT count(*) FROM calls WHERE state = 'asked'"), 3,
        "9: full at the end: and that it was asked is on record")


def try_lock(lock, kind):
    try:
        lock(kind)
        return None
    except OSError as e:
        return e


async def usage():
    """10: usage as services say it."""
    service = Service()
    await service.begin()
    p = Program(policy(service, "tokens_day = 1000000 usd_month = 1000"), "usage")
    await p.begin()
    use = {"prompt_tokens": 7, "completion_tokens": 5, "total_tokens": 12}
    body = text_events("chat", ["Fine."], usage=False)[:-1]
    none = chat_chunk(usage=use)
    del none["choices"]
    forms = {"empty": [chat_chunk(choices=[], usage=use)],
        "null": [chat_chunk(choices=None, usage=use)], "missing": [none],
        "twice": [chat_chunk(choices=[], usage=dict(use, completion_tokens=2,
        total_tokens=9)), chat_chunk(choices=[], usage=use)],
        "each": [chat_chunk({}, None, usage=use), chat_chunk(choices=[], usage=use)],
        "restored": [chat_chunk(choices=[], usage=use), chat_chunk(choices=[],
        usage=None)], "never": []}

    async def said(r):
        await r.stream(body + forms[texts_of(r.body).split()[1]] + ["[DONE]"])
    service.do = {"said": said}
    for stream in ("buffer", "window"):
        for form in forms:
            before = p.one("SELECT tokens FROM spend WHERE length(span) = 10") or 0
            got = await p.post("chat", stream, "do:said %s" % form, True,
                stream_options={"include_usage": True})
            row = p.rows("SELECT input_tokens, output_tokens, estimated, usd FROM calls "
                "WHERE id = ?", got.field("x-handrail-id"))[0]
            item = p.rows("SELECT input_tokens, output_tokens FROM items WHERE id = ?",
                got.field("x-handrail-id"))[0]
            spent = p.one("SELECT tokens FROM spend WHERE length(span) = 10") - before
            told = [e["usage"] for e in got.events() if isinstance(e, dict) and
                e.get("usage")]
            last = told[-1] if told else {}
            tap.ok(row[:2] == item and spent == sum(item) and (last.get("prompt_tokens"),
                last.get("completion_tokens")) == item and row[2] == (form == "never")
                and (form == "never" or item == (7, 5)),
                "10: %s, %s: log, bill and client agree" % (stream, form), row, item,
                spent, told)
            got = await p.post("chat", stream, "do:said %s" % form, True)
            tap.ok(b'"usage":{' not in got.body.replace(b" ", b"") and
                service.seen[-1].body["stream_options"]["include_usage"] is True and
                b"[DONE]" in got.body, "10: %s, %s: asked for, and not passed on" %
                (stream, form), got.body)
    await p.end()


TESTS = (split_text, split_elsewhere, budget, leaving, endings, limits, late, steady,
    locked, full, usage)


async def in_turn(tests):
    for t in tests:
        if len(sys.argv) == 1 or t.__name__ in sys.argv[1:]:
            await t()


async def main():
    """Those that wait for a time to pass do so beside the others."""
    waits = (limits, late, locked, full)
    await asyncio.gather(*[in_turn([t]) for t in waits],
        in_turn([t for t in TESTS if t not in waits]))

run(main)

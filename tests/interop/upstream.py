#!/usr/bin/env python3
"""A model service that answers what it is told to, or fails in the way its model's name
says.  upstream.py PORT-FILE LOG: listens on a free port of 127.0.0.1; each request is
a line of LOG, {"path","auth","body"}.

The answer is the last message's text behind "say:"; with "say2:" a second choice's.
Models: ok | once-NAME (NAME the first time, then ok) | s500 | s429 | s400 | s302 | hang |
close (breaks off) | nodone (no last event) | error (an error event) | nousage |
usage2 (usage twice) | late (a first word once there is a file "speak") | call (a tool call
whose argument is the text) | think (reasoning is the text behind "think:") |
logs (Responses: what the service's own tool printed is the text behind "logs:").
NAME/N sends N characters an event.
"""
import http.server
import json
import os
import sys
import threading
import time

seen = {}
lock = threading.Lock()
log = open(sys.argv[2], "a", buffering=1)


def text_of(body):
    last = (body.get("messages") or body.get("input") or [""])
    last = last if isinstance(last, str) else last[-1]
    content = last if isinstance(last, str) else last.get("content", "")
    if isinstance(content, list):
        content = "".join(p.get("text", "") for p in content)
    return content


def part(text, name, default=""):
    return text.split(name + ":", 1)[1].split("|", 1)[0].strip() if name + ":" in text \
        else default


class Service(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def whole(self, status, value, more=()):
        data = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        for name, v in more:
            self.send_header(name, v)
        self.end_headers()
        self.wfile.write(data)

    def chunk(self, data):
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        self.wfile.flush()

    def event(self, value, name=None):
        head = "event: %s\n" % name if name else ""
        data = value if isinstance(value, str) else json.dumps(value)
        self.chunk(("%sdata: %s\n\n" % (head, data)).encode())

    def begin_stream(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()

    def end_stream(self):
        self.wfile.write(b"0\r\n\r\n")

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        model = body["model"]
        log.write(json.dumps({"path": self.path, "body": body,
            "auth": self.headers.get("Authorization") or self.headers.get("x-api-key"),
            "version": self.headers.get("anthropic-version"),
            "expect": self.headers.get("Expect")}) + "\n")
        size = 0
        if "/" in model:
            model, n = model.split("/")
            size = int(n)
        if model.startswith("once-"):
            with lock:
                seen[model] = seen.get(model, 0) + 1
                model = model[5:] if seen[model] == 1 else "ok"
        self.answer(body, model, size)

    def answer(self, body, model, size):
        if model in ("s500", "s503", "s400", "s401", "s302"):
            self.whole(int(model[1:]), {"error": {"message": "told to", "type": "t",
                "param": None, "code": "c"}})
        elif model == "s429":
            self.whole(429, {"error": {"message": "slow down"}}, [("Retry-After", "1")])
        elif model == "hang":
            time.sleep(300)
        else:
            {"/v1/chat/completions": self.chat, "/v1/messages": self.answer_messages,
             "/v1/responses": self.answer_responses}[self.path](body, model, size)

    def pieces(self, text, size):
        return [text[i:i + size] for i in range(0, len(text), size)] if size else [text]

    def logprobs(self, body, text):
        return {"content": [{"token": text, "logprob": -0.05, "bytes": None,
            "top_logprobs": []}], "refusal": None} if body.get("logprobs") else None

    def chat(self, body, model, size):
        said = text_of(body)
        texts = [part(said, "say", "Fine.")]
        if "say2:" in said:
            texts.append(part(said, "say2"))
        usage = {"prompt_tokens": 7, "completion_tokens": 5, "total_tokens": 12}
        head = {"id": "up-1", "created": 1700000000, "model": "real-" + model}
        message = {"role": "assistant"}
        if model == "call":
            call = {"id": "c1", "type": "function", "function": {"name": "send",
                "arguments": json.dumps({"text": texts[0]})}}
        if not body.get("stream"):
            choices = []
            for i, t in enumerate(texts):
                m = dict(message, content=t, refusal=None)
                if model == "call":
                    m.update(content=None, tool_calls=[call])
                if model == "think":
                    m["reasoning_content"] = part(said, "think")
                choices.append({"index": i, "message": m, "logprobs":
                    self.logprobs(body, t), "finish_reason":
                    "tool_calls" if model == "call" else "stop"})
            out = dict(head, object="chat.completion", choices=choices)
            if model != "nousage":
                out["usage"] = usage
            if model == "close":
                self.send_response(200)
                self.send_header("Content-Length", "1000")
                self.end_headers()
                self.wfile.write(b'{"id":')
                self.close_connection = True
                return
            if model == "error":
                out = {"error": {"message": "told to", "code": 500}}
            self.whole(200, out)
            return
        self.begin_stream()
        head["object"] = "chat.completion.chunk"
        if model == "late":
            while not os.path.exists("speak"):
                time.sleep(0.02)
        if model == "error":
            self.event({"error": {"message": "told to", "code": 500}})
            self.end_stream()
            return
        for i, t in enumerate(texts):
            self.event(dict(head, choices=[{"index": i, "delta": {"role": "assistant",
                "content": ""}, "finish_reason": None}]))
            if model == "think":
                for p in self.pieces(part(said, "think"), size):
                    self.event(dict(head, choices=[{"index": i, "delta":
                        {"reasoning_content": p}, "finish_reason": None}]))
            if model == "call":
                f = call["function"]
                self.event(dict(head, choices=[{"index": i, "delta": {"tool_calls": [
                    dict(call, index=0, function=dict(f, arguments=""))]},
                    "finish_reason": None}]))
                for p in self.pieces(f["arguments"], size):
                    self.event(dict(head, choices=[{"index": i, "delta": {"tool_calls": [
                        {"index": 0, "function": {"arguments": p}}]},
                        "finish_reason": None}]))
                continue
            for n, p in enumerate(self.pieces(t, size)):
                choice = {"index": i, "delta": {"content": p}, "finish_reason": None}
                if body.get("logprobs"):
                    choice["logprobs"] = self.logprobs(body, p)
                self.event(dict(head, choices=[choice]))
                if model == "close" and n == 1:
                    self.close_connection = True
                    self.connection.close()
                    return
        if model in ("nodone", "close"):
            self.end_stream()
            return
        for i, t in enumerate(texts):
            self.event(dict(head, choices=[{"index": i, "delta": {}, "finish_reason":
                "tool_calls" if model == "call" else "stop"}]))
        if body.get("stream_options", {}).get("include_usage") and model != "nousage":
            for i in range(2 if model == "usage2" else 1):
                self.event(dict(head, choices=[], usage=usage))
        self.event("[DONE]")
        self.end_stream()

    def answer_messages(self, body, model, size):
        text = part(text_of(body), "say", "Fine.")
        usage = {"input_tokens": 7, "output_tokens": 5}
        block = {"type": "text", "text": text}
        stop = "end_turn"
        if model == "call":
            block = {"type": "tool_use", "id": "t1", "name": "send",
                "input": {"text": text}}
            stop = "tool_use"
        out = {"id": "msg-1", "type": "message", "role": "assistant", "model":
            "real-" + model, "content": [block], "stop_reason": stop,
            "stop_sequence": None, "usage": usage}
        if not body.get("stream"):
            self.whole(200, out)
            return
        self.begin_stream()

        def send(kind, **more):
            self.event(dict(more, type=kind), kind)
        send("message_start", message=dict(out, content=[], stop_reason=None,
            usage={"input_tokens": 7, "output_tokens": 1}))
        if model == "error":
            send("error", error={"type": "overloaded_error", "message": "told to"})
            self.end_stream()
            return
        if model == "call":
            send("content_block_start", index=0, content_block=dict(block, input={}))
            for p in self.pieces(json.dumps(block["input"]), size):
                send("content_block_delta", index=0, delta={"type": "input_json_delta",
                    "partial_json": p})
        else:
            send("content_block_start", index=0, content_block=dict(block, text=""))
            send("ping")
            for p in self.pieces(text, size):
                send("content_block_delta", index=0, delta={"type": "text_delta",
                    "text": p})
        send("content_block_stop", index=0)
        if model != "nodone":
            send("message_delta", delta={"stop_reason": stop, "stop_sequence": None},
                usage={"output_tokens": 5})
            send("message_stop")
        self.end_stream()

    def answer_responses(self, body, model, size):
        text = part(text_of(body), "say", "Fine.")
        item = {"id": "m1", "type": "message", "role": "assistant", "status":
            "completed", "content": [{"type": "output_text", "text": text,
            "annotations": []}]}
        if model == "call":
            item = {"id": "f1", "type": "function_call", "call_id": "c1", "name": "send",
                "arguments": json.dumps({"text": text}), "status": "completed"}
        out = {"id": "resp-1", "object": "response", "created_at": 1700000000, "status":
            "completed", "model": "real-" + model, "output": [item], "error": None,
            "incomplete_details": None, "parallel_tool_calls": True, "tools": [],
            "usage": {"input_tokens": 7, "output_tokens": 5, "total_tokens": 12}}
        if model == "logs":
            out["output"].insert(0, {"type": "code_interpreter_call", "id": "ci1",
                "status": "completed", "container_id": "c1", "code": "print(1)", "outputs":
                [{"type": "logs", "logs": part(text_of(body), "logs")}]})
        if not body.get("stream"):
            self.whole(200, out)
            return
        self.begin_stream()
        n = [0]

        def send(kind, **more):
            self.event(dict(more, type=kind, sequence_number=n[0]), kind)
            n[0] += 1
        begun = dict(out, status="in_progress", output=[], usage=None)
        send("response.created", response=begun)
        send("response.in_progress", response=begun)
        if model == "call":
            send("response.output_item.added", output_index=0,
                item=dict(item, arguments="", status="in_progress"))
            for p in self.pieces(item["arguments"], size):
                send("response.function_call_arguments.delta", item_id="f1",
                    output_index=0, delta=p)
            send("response.function_call_arguments.done", item_id="f1", output_index=0,
                arguments=item["arguments"])
        else:
            send("response.output_item.added", output_index=0,
                item=dict(item, content=[], status="in_progress"))
            at = {"item_id": "m1", "output_index": 0, "content_index": 0}
            send("response.content_part.added", part={"type": "output_text", "text": "",
                "annotations": []}, **at)
            for p in self.pieces(text, size):
                send("response.output_text.delta", delta=p, **at)
            send("response.output_text.done", text=text, **at)
            send("response.content_part.done", part=item["content"][0], **at)
        send("response.output_item.done", output_index=0, item=item)
        if model != "nodone":
            send("response.completed", response=out)
        self.end_stream()


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256


server = Server(("127.0.0.1", 0), Service)
with open(sys.argv[1] + ".part", "w") as f:
    f.write("%d\n" % server.server_address[1])
import os
os.rename(sys.argv[1] + ".part", sys.argv[1])
server.serve_forever()

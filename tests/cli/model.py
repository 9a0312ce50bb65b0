"""A model that answers by rule, in the form of OpenAI's chat completions.

model.py PORTFILE LOG: writes its port into PORTFILE and each request's body into LOG.
What it says is in the last message: "say X" gives X, "fail N" gives status 500 N times
first, "busy N" 429, "broken" gives no JSON, "die" closes the connection; a question of
a judge passes where the output has "good", "tie" passes in one order only, "mumble" is
no verdict; what comes below /echo is told again as JSON; "wait N" answers once a file goN is there.  Models "count*" number their answers.
"""
import http.server
import json
import os
import re
import sys
import threading
import time

lock = threading.Lock()
seen = {}
counted = [0]
flying = [0, 0]


def judge(text):
    output = re.search(r"<output-(\w{12})>\n(.*?)\n</output-\1>", text, re.S).group(2)
    first = text.find("<output-") > text.find("<criterion-")
    if "mumble" in output:
        return "Well, it depends."
    good = first if "tie" in output else "good" in output
    return json.dumps({"reason": "so", "score": 0.9 if good else 0.2, "pass": good})


class Model(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1       # head and body at once, or the client waits for 40 ms

    def log_message(self, *args):
        pass

    def reply(self, status, body, headers=()):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def answer(self, request, raw):
        text = request["messages"][-1]["content"]
        if "You judge the output" in text:
            return 200, judge(text)
        m = re.match(r"wait (\d+)", text)
        while m and not os.path.exists("go" + m.group(1)):
            time.sleep(0.01)
        m = re.match(r"(fail|busy) (\d+)", text)
        if m:
            with lock:
                seen[raw] = seen.get(raw, 0) + 1
                if seen[raw] <= int(m.group(2)):
                    return (500 if m.group(1) == "fail" else 429), "later"
        if request.get("model", "").startswith("count"):
            with lock:
                counted[0] += 1
                return 200, "answer %d" % counted[0]
        return 200, text[4:] if text.startswith("say ") else "you said: " + text

    def echo(self, raw):
        with lock, open(sys.argv[2], "ab") as log:
            log.write(b"echo " + raw + b"\n")
        self.reply(200, json.dumps({"said": [{"method": self.command, "path": self.path, "body": raw.decode(),
                                              "type": self.headers.get("Content-Type"), "key": self.headers.get("X-Key")}]}).encode())

    def do_GET(self):
        self.echo(b"")

    def do_PUT(self):
        self.echo(self.rfile.read(int(self.headers["Content-Length"])))

    def service(self, raw):
        ask = json.loads(raw)
        text = str(ask.get("output", ask.get("input", ask.get("inputs"))))
        if "mumble" in text:
            return self.reply(200, b"[1]")
        with lock, open(sys.argv[2], "ab") as log:
            log.write(b"service " + raw + b"\n")
        good = "good" in text
        self.reply(200, json.dumps(
            {"pass": good, "reason": "so says the hook"} if self.path == "/hook" else
            {"results": [{"flagged": not good, "categories": {"hate": not good, "violence": False}}]}
            if self.path.endswith("/moderations") else
            [[{"label": "POS", "score": 0.9 if good else 0.1}, {"label": "NEG", "score": 0.1 if good else 0.9}]]).encode())

    def do_POST(self):
        if self.path in ("/hook", "/v1/moderations", "/classify"):
            return self.service(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path.startswith("/echo"):
            return self.do_PUT()
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        with lock:
            flying[0] += 1
            flying[1] = max(flying)
            with open(sys.argv[2], "ab") as log:
                log.write(raw + b"\n")
        request = json.loads(raw)
        if self.headers.get("Authorization") != "Bearer secret":
            status, text = 401, "who are you"
        else:
            status, text = self.answer(request, raw)
        if text.startswith("die"):
            self.close_connection = True
        elif status != 200 or text.startswith("broken"):
            self.reply(status, text.encode(),
                       [("Retry-After", "0")] if status == 429 else ())
        else:
            self.reply(200, json.dumps({
                "id": "x", "object": "chat.completion", "created": 1,
                "model": request.get("model"),
                "choices": [{"index": 0, "finish_reason": "stop", "message":
                             {"role": "assistant", "content": text}}],
                "usage": {"prompt_tokens": 100, "completion_tokens": 10,
                          "total_tokens": 110}}).encode())
        with lock:
            flying[0] -= 1


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Model)
with open(sys.argv[1] + ".new", "w") as f:
    f.write(str(server.server_port))
os.rename(sys.argv[1] + ".new", sys.argv[1])
server.serve_forever()

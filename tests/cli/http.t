#!/bin/sh
# Guard services: each shape against a real server on this machine, and that
# server failing in every way a server can.  What cannot be asked never passes.
. "$(dirname "$0")/lib.sh"
command -v python3 >/dev/null || skip_all "no python3"

cat >server.py <<'PY'
import http.server, json, os, socket, ssl, sys, threading, time
calls = {}
busy, most, lock = 0, 0, threading.Lock()
class H(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def log_message(self, *a): pass
    def setup(self):
        with open("connections", "a") as f: f.write("one\n")
        super().setup()
    def send(self, body, status=200, length=None, extra=()):
        body = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body) if length is None else length))
        for k, v in extra: self.send_header(k, v)
        self.end_headers()
        try: self.wfile.write(body)
        except OSError: pass
    def do_POST(self):
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        ask = json.loads(raw)
        n = calls[self.path] = calls.get(self.path, 0) + 1
        with open("asked", "a") as f:
            f.write(json.dumps({"path": self.path, "auth": self.headers.get("Authorization"), "ask": ask}) + "\n")
        p = self.path
        if p == "/analyze":
            i = ask["text"].find("Ana")
            self.send([] if i < 0 else [{"entity_type": "PERSON", "start": i, "end": i + 3, "score": 0.85}])
        elif p == "/v1/moderations":
            bad = "hate" in ask["input"]
            self.send({"results": [{"flagged": bad, "categories": {"hate": bad, "violence": False}, "category_scores": {"hate": 0.91, "violence": 0.01}}]})
        elif p == "/litellm":
            bad = "secret" in ask["texts"][0]
            self.send({"action": "BLOCKED" if bad else "NONE", "blocked_reason": "it tells a secret" if bad else None})
        elif p == "/generic":
            bad = "wrong" in ask["text"]
            self.send({"out": [{"verdict": ask["text"] if "verdict" in ask["text"] else "unsafe" if bad else "safe", "p/s": 0.7, "at": [[0, 5]]}]})
        elif p == "/guards/g/validate":
            bad = "wrong" in ask["llmOutput"]
            self.send({"callId": "1", "rawLlmOutput": ask["llmOutput"], "validatedOutput": ask["llmOutput"], "validationPassed": not bad})
        elif p == "/analyze/output":
            bad = "wrong" in ask["output"]
            self.send({"sanitized_output": ask["output"], "is_valid": not bad, "scanners": {"Toxicity": 0.8 if bad else 0.0}})
        elif p == "/v1/chat/completions":
            bad = "wrong" in ask["messages"][-1]["content"]
            self.send({"choices": [{"index": 0, "message": {"role": "assistant", "content": "\n\nunsafe\nS1,S10" if bad else "\n\nsafe"}}]})
        elif p == "/valid": self.send({"is_valid": "wrong" not in ask["text"]})
        elif p == "/twice": self.send(b'{"result":true,"result":false}')
        elif p.startswith("http://"): self.send({"result": "blocked" if "wrong" in ask["text"] else "ok"})
        elif p == "/500": self.send({}, 500)
        elif p == "/flaky": self.send([], 503 if n % 2 else 200)
        elif p == "/429": self.send({}, 429)
        elif p == "/404": self.send({}, 404)
        elif p == "/302": self.send({}, 302, extra=[("Location", "/analyze")])
        elif p == "/busy":
            global busy, most
            with lock: busy += 1; most = max(most, busy)
            time.sleep(0.05)
            with lock: busy -= 1
            with open("most", "w") as f: f.write(str(most))
            self.send([])
        elif p == "/slow": time.sleep(2); self.send([])
        elif p == "/garbage": self.send(b"\xff\xfe<html>")
        elif p == "/empty": self.send(b"")
        elif p == "/shape": self.send({"entities": []})
        elif p == "/null": self.send(b"null")
        elif p == "/span": self.send([{"entity_type": "X", "start": 5, "end": 50000, "score": 1}])
        elif p == "/cut": self.send(b'[{"entity', 200, 4000); self.connection.shutdown(socket.SHUT_RDWR)
        elif p == "/close": self.connection.shutdown(socket.SHUT_RDWR); self.close_connection = True
        elif p == "/huge": self.send(b"[" + b" " * 3000000 + b"]")
s = http.server.ThreadingHTTPServer(("127.0.0.1", 0), H)
if os.path.exists("cert.pem"):
    t = http.server.ThreadingHTTPServer(("127.0.0.1", 0), H)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain("cert.pem", "key.pem")
    t.socket = tls.wrap_socket(t.socket, server_side=True)
    threading.Thread(target=t.serve_forever, daemon=True).start()
    with open("tls-port", "w") as f: f.write(str(t.server_address[1]))
with open("port.part", "w") as f: f.write(str(s.server_address[1]))
os.rename("port.part", "port")
threading.Timer(120, lambda: os._exit(0)).start()
s.serve_forever()
PY
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 \
    -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1 -keyout key.pem \
    -out cert.pem >/dev/null 2>&1 || rm -f cert.pem
python3 server.py 2>server.log &
server=$!
trap 'kill $server 2>/dev/null; rm -rf "$work"' EXIT
n=0
while [ ! -e port ] && [ $n -lt 200 ]; do n=$((n + 1)); sleep 0.05; done
at=http://127.0.0.1:$(cat port)

# policy PATH SHAPE [OPTIONS]
policy() {
	printf 'guard "svc" { kind = "http"  url = "%s%s"  shape = "%s"  %s }\nqueue "default" { guards = { "svc" }\n  rule "hit" { when = "failed('"'svc'"')"  route = escalate }\n  rule "fine" { when = "failures = 0"  route = approve } }\n' \
	    "$at" "$1" "$2" "$3" >p.conf
}
# ask OUTPUT: the verdict on it
ask() {
	jq -nc --arg o "$1" '{id:"a",output:$o}' | "$HANDRAIL" -p p.conf check >.v 2>.e
	out=$(cat .v)
}

policy /analyze presidio
ask "Hé, Ana went."
is "$(json '[.route,.findings[0].kind,.findings[0].start,.findings[0].end,.findings[0].score]')" '["escalate","PERSON",4,7,0.85]' "presidio: a span in code points"
ask "Nobody went."
is "$(json '[.route,.findings]')" '["approve",[]]' "presidio: nothing found passes"
is "$(tail -n 1 asked | jq -c .ask)" '{"text":"Nobody went.","language":"en"}' "presidio: asked as it wants to be"

TOKEN=abc; export TOKEN
policy /v1/moderations openai-moderation 'token_env = "TOKEN"'
ask "all this hate"
is "$(json '[.route,(.findings[]|[.kind,.score])]')" '["escalate",["hate",0.91]]' "openai-moderation: a category with its score"
is "$(tail -n 1 asked | jq -c '[.auth,.ask]')" '["Bearer abc",{"input":"all this hate","model":"omni-moderation-latest"}]' "openai-moderation: asked with its token"
ask "kind words"
is "$(json .route)" approve "openai-moderation: not flagged"

policy /litellm litellm
ask "a secret"
is "$(json '[.route,.findings[0].kind,.findings[0].message]')" '["escalate","blocked","it tells a secret"]' "litellm: blocked, with the reason"
is "$(tail -n 1 asked | jq -c .ask)" '{"texts":["a secret"],"request_data":{},"input_type":"response"}' "litellm: asked as it wants to be"
ask "no news"
is "$(json .route)" approve "litellm: NONE passes"

policy /litellm litellm 'on = input'
jq -nc '{id:"a",output:"x",messages:[{role:"user",content:"a secret?"}]}' | "$HANDRAIL" -p p.conf check >.v
is "$(jq -c '[.route,.findings[0].on]' .v)" '["escalate","/messages/0/content"]' "litellm: a message of the input"
is "$(tail -n 1 asked | jq -c .ask)" '{"texts":["a secret?"],"request_data":{},"input_type":"request"}' "litellm: asked as a request"

policy /generic generic 'result = "/out/0/verdict"  score = "/out/0/p~1s"  spans = "/out/0/at"'
ask "wrong again"
is "$(json '[.route,.findings[0].start,.findings[0].end,.findings[0].score]')" '["escalate",0,5,0.7]' "generic: result, score and spans by pointer"
ask "right"
is "$(json .route)" approve "generic: safe passes"
ask "no verdict of those known"
is "$(json '[.route,.rule]')" '["flag","guard error: svc"]' "generic: a word that is neither pass nor fail is an error"
policy /generic generic 'result = "/out/0"'
ask "right"
is "$(json '[.route,.rule]')" '["flag","guard error: svc"]' "generic: so is an object"
policy /generic generic 'result = "/out/7/verdict"'
ask "right"
is "$(json '[.route,.rule]')" '["flag","guard error: svc"]' "generic: nothing at the pointer is an error"

# The other services: what they find escalates, what they do not is approved.
while read -r path shape found; do
	policy "$path" "$shape"
	ask "wrong again"
	is "$(json '[.route,(.findings|map(.kind)|join(" "))]')" "[\"escalate\",\"$found\"]" "$shape: what it found"
	ask "right"
	is "$(json '[.route,.findings]')" '["approve",[]]' "$shape: what it lets pass"
done <<'SHAPES'
/guards/g/validate guardrails-ai failed
/analyze/output llm-guard Toxicity
/v1/chat/completions llama-guard S1 S10
SHAPES

# A result that is true when all is well: the policy says so, or is warned.
policy /valid generic 'result = "/is_valid"'
run -p p.conf policy check p.conf
is "$(printf '%s\n' "$err" | grep -c 'warning: p\.conf:1:7: guard "svc": result: its name says that true is well, but true fails')" 1 "a result named is_valid is a warning"
for words in 'fails = { "false" }' 'passes = { "true" }'; do
	policy /valid generic "result = \"/is_valid\"  $words"
	run -p p.conf policy check p.conf
	is "$err" "" "$words: no warning"
	ask "wrong again"
	is "$(json .route)" escalate "$words: false fails"
	ask "right"
	is "$(json .route)" approve "$words: true passes"
done

policy /twice generic
ask "x"
is "$(json '[.route,.rule]')" '["flag","guard error: svc"]' "a key twice in the answer is an error"

# A proxy is used where the policy says so, and nowhere else.
real=$at
policy /generic generic 'result = "/out/0/verdict"  retries = 0'
http_proxy=http://127.0.0.1:1 HTTP_PROXY=http://127.0.0.1:1 all_proxy=http://127.0.0.1:1 ask "right"
is "$(json .route)" approve "a proxy of the environment is not used"
at=http://guard.example
policy /x generic "proxy = \"$real\""
: >asked
ask "wrong again"
is "$(json .route)" escalate "the policy's proxy is"
is "$(jq -r .path asked)" "http://guard.example/x" "and asked for the service"
no_proxy='*' ask "right"
is "$(json .route)" approve "whatever no_proxy says"
policy /x generic 'proxy = env  retries = 0'
http_proxy=$real ask "wrong again"
is "$(json .route)" escalate "with env that of the environment"
ask "right"
is "$(json .rule)" "guard error: svc" "which has none: nothing is found under that name"
at=$real

policy /flaky presidio 'retries = 2'
ask "x"
is "$(json .route)" approve "a failure that passes is asked again"

for how in 500 429 404 302 garbage empty shape null span cut close huge; do
	policy /$how presidio 'retries = 1  timeout_ms = 1500'
	ask "Ana"
	is "$(json '[.route,.rule]')" '["flag","guard error: svc"]' "a service that answers $how flags"
done
is "$(grep -c '"/404"' asked)" 1 "404 is not asked again"
is "$(grep -c '"/500"' asked)" 2 "500 is"
is "$(grep -c '"path": "/analyze", "auth": null, "ask": {"text": "Ana"' asked)" 0 "a redirect is not followed"

policy /slow presidio 'retries = 0  timeout_ms = 200'
ask "x"
is "$(json .rule)" "guard error: svc" "a slow one flags"
printf '{"id":"a","output":"x"}\n' | "$HANDRAIL" -p p.conf check --explain >.v
like "$(cat .v)" 'svc could not run: http://127\.0\.0\.1:[0-9]*/slow: Timeout was reached' "and says why"

policy /500 presidio 'retries = 0  fail_open = true'
ask "x"
is "$(json .route)" approve "fail_open lets it pass"
at=http://127.0.0.1:1
policy /analyze presidio 'retries = 0'
ask "x"
is "$(json .rule)" "guard error: svc" "nobody listens: flagged"

at=http://127.0.0.1:$(cat port)
policy /busy presidio 'in_flight = 2'
: >connections
i=0
while [ $i -lt 30 ]; do i=$((i + 1)); printf '{"id":"r%d","output":"x"}\n' $i; done | "$HANDRAIL" -p p.conf check >.v
is "$(jq -r .route .v | sort | uniq -c | tr -s ' ')" " 30 approve" "many records ask at one time"
is "$(jq -r .id .v)" "$(seq -f r%g 30)" "and are answered in their order"
is "$(cat most)" 2 "but no more calls than in_flight says"
is "$(wc -l <connections)" 2 "over connections that are kept"

if [ -e tls-port ]; then
	at=https://127.0.0.1:$(cat tls-port)
	policy /analyze presidio 'retries = 0'
	: >asked
	ask "x"
	is "$(json .rule)" "guard error: svc" "a certificate that nobody vouches for: flagged"
	is "$(wc -c <asked)" 0 "and nothing was sent"
	SSL_CERT_FILE=$work/cert.pem ask "x"
	is "$(json .route)" approve "one that is known: asked"
fi

# libcurl is loaded by the first call, and missed by none but those that call.
mkdir without
: >without/libcurl.so.4
at=http://127.0.0.1:$(cat port)
policy /analyze presidio
echo '{"id":"a","output":"x"}' >one.jsonl
LD_LIBRARY_PATH=$work/without "$HANDRAIL" -p p.conf check --explain one.jsonl >.v 2>&1
is "$(grep -o 'libcurl cannot be loaded' .v)" "libcurl cannot be loaded" "without libcurl a guard service cannot be asked"
LD_LIBRARY_PATH=$work/without run -p p.conf policy check p.conf
is "$code" 0 "and nothing else needs it"

# The breaker: after five failures in a row the service is left alone.
at=http://127.0.0.1:$(cat port)
policy /500 presidio 'retries = 0  in_flight = 1'
: >asked
i=0
while [ $i -lt 40 ]; do i=$((i + 1)); printf '{"id":"r%d","output":"x"}\n' $i; done | "$HANDRAIL" -p p.conf check >.v
is "$(jq -r .route .v | sort -u)" flag "all are flagged"
is "$(grep -c 500 asked)" 5 "and only five calls were made"
done_testing

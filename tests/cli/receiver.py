"""A receiver of webhooks: receiver.py PORT FOLDER.

FOLDER/NAME.answer says how /NAME answers: a status, "302 LOCATION", or "hang" for no
answer until it says something else; 200 where there is none.  Each request becomes a
line of FOLDER/NAME.got before it is answered: id, timestamp, how many of its
signatures are right by the secrets of FOLDER/NAME.secrets, body.
PORT 0: any; FOLDER/port has it.
"""
import base64
import hashlib
import hmac
import json
import os
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

folder = sys.argv[2]
lock = threading.Lock()


def read(name):
    try:
        with open(os.path.join(folder, name), encoding="ascii") as f:
            return f.read().strip()
    except FileNotFoundError:
        return ""


def good(name, headers, body):
    said = headers["webhook-signature"].split()
    what = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    good = []
    for secret in read(name + ".secrets").split():
        key = base64.b64decode(secret.removeprefix("whsec_"))
        mac = hmac.new(key, what, hashlib.sha256).digest()
        good.append("v1," + base64.b64encode(mac).decode())
    return said == good and len(good)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def do_POST(self):
        name = self.path.strip("/")
        body = self.rfile.read(int(self.headers["content-length"]))
        line = {"id": self.headers["webhook-id"],
                "timestamp": int(self.headers["webhook-timestamp"]),
                "type": self.headers["content-type"],
                "good": good(name, self.headers, body),
                "body": json.loads(body)}
        with lock, open(os.path.join(folder, name + ".got"), "a",
                        encoding="utf-8") as f:
            f.write(json.dumps(line) + "\n")
        while (answer := read(name + ".answer")) == "hang":
            time.sleep(0.02)
        status, _, where = (answer or "200").partition(" ")
        try:
            self.send_response(int(status))
            if where:
                self.send_header("Location", where)
            self.send_header("Content-Length", "0")
            self.end_headers()
        except OSError:
            pass

    do_GET = do_POST


server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler)
with open(os.path.join(folder, "port.new"), "w", encoding="ascii") as f:
    f.write(str(server.server_port))
os.rename(os.path.join(folder, "port.new"), os.path.join(folder, "port"))
server.serve_forever()

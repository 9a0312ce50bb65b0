"""Clients of a service with several loops, each on a connection that stays.
serve_loops.py SOCKET KEY WHAT COUNT: prints what each of them was told, a line each."""
import http.client
import json
import os
import socket
import sys
import threading
import time

path, key, what, count = sys.argv[1:4] + [int(sys.argv[4])]


class Client(http.client.HTTPConnection):
    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(path)

    def ask(self, method, target, body=None):
        self.request(method, target, body and json.dumps(body),
            {"Authorization": "Bearer " + key, "Content-Type": "application/json"})
        answer = self.getresponse()
        return answer.status, answer.read().decode()


def call(model, text, **more):
    return dict(more, model=model, messages=[{"role": "user", "content": text}])


clients = [Client("localhost") for _ in range(count)]
for c in clients:
    c.connect()


def each(run):
    out = [None] * count

    def one(i):
        out[i] = run(clients[i], i)
    threads = [threading.Thread(target=one, args=(i,)) for i in range(count)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    return out


def models(c, i):
    return " ".join(m["id"] for m in json.loads(c.ask("GET", "/v1/models")[1])["data"])


def main():
    if what == "models":          # again whenever there is a line on standard input
        for _ in sys.stdin:
            print("\n".join(each(models)), flush=True)
    elif what == "calls":
        for status, body in each(lambda c, i: c.ask("POST", "/v1/chat/completions",
                call("plain", "say: fine", max_tokens=50))):
            print(status)
    elif what == "budget":        # none is answered before each is refused or asks a model
        told = []
        asking = threading.Thread(target=each, args=(lambda c, i: told.append(c.ask("POST",
            "/v1/chat/completions", call("slow", "say: fine", max_tokens=50,
                stream=True))[0]),))
        asking.start()
        while len(told) + open("up.log").read().count("\n") < count:
            time.sleep(0.01)
        open("speak", "w").close()
        asking.join()
        print("\n".join(map(str, told)))
    elif what == "doubt":         # a record comes whole only after a line on standard input
        record = json.dumps({"id": "a", "queue": "suport", "output": "b"})
        told = [clients[0].ask("POST", "/v1/check", json.loads(record))[0]]
        clients[1].putrequest("POST", "/v1/check")
        clients[1].putheader("Authorization", "Bearer " + key)
        clients[1].putheader("Content-Length", str(len(record)))
        clients[1].endheaders()
        while "handrail_inflight 2" not in clients[0].ask("GET", "/metrics")[1]:
            time.sleep(0.01)
        open("begun", "w").close()
        sys.stdin.readline()
        told.append(clients[0].ask("POST", "/v1/check", json.loads(record))[0])
        clients[1].send(record.encode())
        told.append(clients[1].getresponse().status)
        told.append(clients[0].ask("POST", "/v1/check", json.loads(record))[0])
        print(*told)
    elif what == "ready":         # "asked" is made once it has asked
        clients[0].request("GET", "/readyz")
        open("asked", "w").close()
        answer = clients[0].getresponse()
        print(answer.status, answer.read().decode())
    elif what == "places":        # the first one holds the only place until "speak"
        first = threading.Thread(target=clients[0].ask, args=("POST",
            "/v1/chat/completions", call("late", "say: fine", stream=True)))
        first.start()
        while not os.path.exists("up.log") or "late" not in open("up.log").read():
            time.sleep(0.01)
        others = threading.Thread(target=lambda: print("\n".join(
            str(clients[i].ask("POST", "/v1/chat/completions",
                call("one", "say: fine"))[0]) for i in range(1, count)), flush=True))
        others.start()
        while "handrail_inflight 3" not in Client("localhost").ask("GET", "/metrics")[1]:
            time.sleep(0.01)
        print(open("up.log").read().count("\n"), flush=True)
        open("speak", "w").close()
        first.join()
        others.join()


main()

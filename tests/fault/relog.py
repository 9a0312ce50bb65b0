#!/usr/bin/env python3
"""relog.py STORE [older | KEY...]: every leaf hashed and linked anew, by whoever may write
the file; the whole then holds in itself.  older: as versions wrote it that bound less;
KEY: without it."""
import hashlib, json, sqlite3, sys

LESS = "binds row_sha256 findings_sha256 ingested_ms review_ms due rules_sha256 back_ms mapping".split()
db = sqlite3.connect(sys.argv[1])
older = sys.argv[2:] == ["older"]
made = [r[0] for r in db.execute("SELECT sql FROM sqlite_schema WHERE type = 'trigger'")]
for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
    db.execute(f'DROP TRIGGER "{name}"')
prev, edge, sha = "0" * 64, [], lambda b: hashlib.sha256(b).digest()
for n, (seq, leaf) in enumerate(db.execute("SELECT seq, leaf FROM leaves ORDER BY seq").fetchall()):
    leaf = json.loads(leaf)
    for key in LESS + ["key", "store_key_sha256"] * (leaf["event"] == "log.create") if older else sys.argv[2:]:
        leaf.pop(key, None)
    leaf["prev"] = prev
    text = json.dumps(leaf, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    hashes = [sha(b"\0" + text.encode())]
    prev, size = hashes[0].hex(), n + 1
    while size % 2 == 0:
        hashes.append(sha(b"\1" + edge.pop() + hashes[-1]))
        size //= 2
    edge.append(hashes[-1])
    db.execute("UPDATE leaves SET leaf = ?, hashes = ? WHERE seq = ?", (text, b"".join(hashes), seq))
for sql in made:
    db.execute(sql)
db.commit()

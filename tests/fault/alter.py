#!/usr/bin/env python3
"""alter.py COPY UNPROVED: each column of each table of the store COPY altered in turn,
its rows swapped and its last row cut off, as somebody would who may write the file.
One line for each that audit verify does not find: what was done.  A table without a
row is one too.  UNPROVED: "TABLE COLUMN" or "TABLE all" a line, which are passed over;
"TABLE cut" and "TABLE swapped" are rows.  The count of what was tried comes
last."""
import os, shutil, sqlite3, subprocess, sys

copy, unproved = sys.argv[1], set(open(sys.argv[2]).read().splitlines())
only = sys.argv[3:]
tried = 0
with sqlite3.connect(copy) as db:
    triggers = [r for r in db.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")]
    tables = {t: list(db.execute(f'PRAGMA table_info("{t}")')) for (t,) in db.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'").fetchall()}
db.close()


def found(sql):
    """After SQL with no trigger in the way: does verify say more than that all is well?"""
    global tried
    for end in ("", "-wal", "-shm", "-lock"):
        if os.path.exists("s.db" + end):
            os.unlink("s.db" + end)
    shutil.copyfile(copy, "s.db")
    db = sqlite3.connect("s.db", isolation_level=None)
    db.execute("PRAGMA ignore_check_constraints = ON")
    db.execute("PRAGMA synchronous = OFF")
    db.execute("BEGIN")
    try:
        for name, _ in triggers:
            db.execute(f'DROP TRIGGER "{name}"')
        for statement in sql:
            db.execute(statement)
        for _, text in triggers:
            db.execute(text)
        db.execute("COMMIT")
    except sqlite3.Error as e:
        return f" (not done: {e})"
    finally:
        db.close()
    tried += 1
    shutil.rmtree(os.path.join(os.environ["XDG_STATE_HOME"], "handrail/witness"), ignore_errors=True)
    done = subprocess.run([os.environ["HANDRAIL"], "-d", "s.db", "audit", "verify"],
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    # Of constraints and indexes that are looked through it would say so in any case.
    said = [line for line in done.stderr.splitlines() if b": damaged (" not in line and b"NOT verified" not in line]
    return "" if (done.returncode == 1 and said) or (done.returncode == 2 and done.stderr) else f" (exit {done.returncode})"


def tell(what, sql):
    why = found(sql)
    if why:
        print(what + why)


OTHER = {"ANY": "1", "TEXT": "'x'", "BLOB": "x'00'", "INTEGER": "1", "REAL": "1.0"}
for table, columns in tables.items():
    if f"{table} all" in unproved or (only and table not in only):
        continue
    db = sqlite3.connect(copy)
    rows = db.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]
    content = ", ".join(f'"{c[1]}"' for c in columns if not c[5])
    keys = [c[1] for c in sorted(columns, key=lambda c: c[5]) if c[5]]
    key = ", ".join(f'"{k}"' for k in keys) or "rowid"
    ends = db.execute(f'SELECT {key} FROM "{table}" ORDER BY {key}').fetchall()
    contents = db.execute(f'SELECT {content or 1} FROM "{table}" ORDER BY {key}').fetchall()
    db.close()
    if rows == 0:
        print(f"{table}: no row")
        continue
    for _, name, kind, *_ in columns:
        if f"{table} {name}" not in unproved:
            tell(f"{table}.{name}", [f'''UPDATE OR REPLACE "{table}" SET "{name}" = CASE typeof("{name}")
                WHEN 'integer' THEN "{name}" + 1 WHEN 'real' THEN "{name}" + 0.125 WHEN 'text' THEN "{name}" || 'x'
                WHEN 'blob' THEN CAST("{name}" || x'00' AS BLOB) ELSE {OTHER[kind]} END'''])

    def at(row):
        return " AND ".join(f"{k} = {v!r}" if not isinstance(v, bytes) else f"{k} = x'{v.hex()}'"
                            for k, v in zip(key.split(", "), row))
    if f"{table} cut" not in unproved:
        tell(f"{table}: last row cut off", [f'DELETE FROM "{table}" WHERE {at(ends[-1])}'])
    rest = [c[1] for c in columns if c[1] not in keys]
    if rows > 1 and rest and contents[0] != contents[-1] and f"{table} swapped" not in unproved and not {f"{table} {k}" for k in keys} & unproved:
        names = ", ".join(f'"{c}"' for c in rest)
        first, last = at(ends[0]), at(ends[-1])
        tell(f"{table}: first and last row swapped", [
            "CREATE TEMP TABLE a AS SELECT * FROM main.\"%s\" WHERE %s" % (table, first),
            "CREATE TEMP TABLE b AS SELECT * FROM main.\"%s\" WHERE %s" % (table, last),
            f'DELETE FROM main."{table}" WHERE {first}', f'DELETE FROM main."{table}" WHERE {last}',
            f'INSERT INTO main."{table}" ({key + ", " if keys else ""}{names}) SELECT '
            + ", ".join([f"b.{k}" for k in keys] + [f'a."{c}"' for c in rest]) + " FROM a, b",
            f'INSERT INTO main."{table}" ({key + ", " if keys else ""}{names}) SELECT '
            + ", ".join([f"a.{k}" for k in keys] + [f'b."{c}"' for c in rest]) + " FROM a, b"])
print(tried)

#!/bin/sh
# What leaves bind beside content, and what a store of before binds once.
. "$(dirname "$0")/lib.sh"

basic_policy | sed 's/sla *= "4h"/&  hold = "1h"/' >p.conf
{ record a1 0.51 'Write to ana@example.org.'; record a2 0.52; record a3 0.95; record a4 0.3; } >in.jsonl
leaf() { "$HANDRAIL" -d "$1" audit query --json --event "$2" | tail -n 1; }
sha() { sha256sum | cut -c1-64; }
"$HANDRAIL" -d s.db -p p.conf ingest in.jsonl >/dev/null 2>&1
row='{"confidence":0.3,"cost_usd":0.002,"created_ms":null,"due_in_ms":14400000,"failures":0,"guards":"[]","input_tokens":10,"latency_ms":100,"model":"m1","output_tokens":5,"priority":0,"prompt":"p@1","rules":"01","sample_p":null,"sent":null,"severity":null,"stop":null,"variant":"A"}'
is "$(json .row_sha256 "$(leaf s.db route)")" "$(printf %s "$row" | sha)" \
    "the columns that an item is listed by are bound as the manual has them"
is "$(json .findings_sha256 "$(leaf s.db route)")" null "without findings there is no hash of them"
printf 'c looked at it\nq\n' | "$HANDRAIL" -d s.db review --plain >/dev/null 2>&1
like "$(leaf s.db note)" '"item":"a[0-9]".*"note_sha256":"[0-9a-f]{64}"' "a note is a leaf of its own"
"$HANDRAIL" -d s.db next --json >/dev/null
"$HANDRAIL" -d s.db decide a2 accept >/dev/null
like "$(leaf s.db decision)" '"due":"20.*"review_ms":(null|[0-9]+)' "a decision binds when it is released and how long it took"
try 0 "all of it verifies" -d s.db audit verify

# A clock that runs back.
test_store t.db
HANDRAIL_CLOCK=1000000000000 "$HANDRAIL" -d t.db -p p.conf ingest in.jsonl >/dev/null 2>&1
HANDRAIL_CLOCK=999999999000 "$HANDRAIL" -d t.db decide a2 accept >/dev/null
like "$(leaf t.db decision)" '"back_ms":1000,' "a leaf earlier than the one before says so"
run -d t.db audit verify
is "$code" 0 "which is no fault"
like "$err" 'note: leaf [0-9]+: the clock had been set back by 1000 ms$' "and is named"

# A store of before.
"$HANDRAIL" -d o.db -p p.conf ingest in.jsonl >/dev/null 2>&1
"$HANDRAIL" -d o.db decide a2 accept >/dev/null
older_store o.db 16
sqlite3 o.db "INSERT INTO notes (item, ts_ms, uid, by, text) VALUES (1, 5, 0, 'ana', 'old')"
rm o.db-key
forget
run -d o.db decide a4 accept
is "$code:$err" "0:handrail: the log of an older version binds all of its store from now on" "is bound by its owner's first command that writes"
bind=$(leaf o.db log.bind)
is "$(json '[.items, (.items_sha256, .rows_sha256, .store_key_sha256 | length)] | tostring' "$bind")" "[4,64,64,64]" \
    "by one leaf"
is "$(stat -c %a o.db-key)" 600 "which names the key that signs"
run -d o.db audit checkpoint
is "$code" 0 "with which it is signed"
run -d o.db audit verify
is "$code:$err" 0: "and verifies"
"$HANDRAIL" -d o.db erase a4
"$HANDRAIL" -d o.db -p p.conf reroute >/dev/null 2>&1
run -d o.db audit verify
is "$code:$err" 0: "also when an item was erased since"
is "$("$HANDRAIL" -d o.db audit query --event log.bind | grep -c log.bind)" 1 "once"
"$HANDRAIL" -d o.db backup copy.db 2>/dev/null
binds() {
	cp copy.db x.db; rm -f x.db-*; forget
	altered x.db "$1"
	run -d x.db audit verify
	like "$err" "audit: $2" "$3"
}
binds "UPDATE items SET cost_usd = 5 WHERE id = 'a3'" 'item a3: a column .* leaf 7 binds' "a column of before"
binds "UPDATE findings SET message = 'x'" 'item a1: its findings or first words' "a finding of before"
binds "UPDATE items SET snippet = 'x' WHERE id = 'a1'" 'item a1: its findings or first words' "first words of before"
binds "UPDATE notes SET text = 'x'" 'item a1: its notes are not those' "a note of before"
binds "INSERT INTO notes (item, ts_ms, uid, by, text) VALUES (2, 5, 0, 'ana', 'new')" 'item a2: note [0-9]+: no leaf' "one that came later"
binds "UPDATE decisions SET review_ms = 5 WHERE seq < 7" 'leaf 7: a time of review' "a time of review of before"
binds "UPDATE policy_rules SET name = 'x' WHERE n = 1" 'leaf 7: .*a rule of before' "a rule of before"
binds "DELETE FROM bound" 'leaf 7: what was bound of older items' "what was bound"
binds "UPDATE meta SET value = 3 WHERE name = 'bind'" 'leaf 3: the store says that it binds' "where it was bound"
done_testing

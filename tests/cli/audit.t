#!/bin/sh
# The audit log: who did what, and the proof that nothing was altered.
. "$(dirname "$0")/lib.sh"

{ basic_policy
  echo 'guard "mail" { kind = "pii" redact = label }'
  echo 'queue "drawn" { guards = { "mail" } sample = 1.0'
  echo '  rule "all" { when = "1" route = approve } }'; } >p.conf
{ record a1 0.97; record f1 0.70; record f2 0.70; record e1 0.10; } >in.jsonl
"$HANDRAIL" -d s.db -p p.conf ingest in.jsonl >/dev/null 2>&1
"$HANDRAIL" -d s.db decide f1 reject --reason tone --note "not so" >/dev/null
printf 'Better.' >new.txt
"$HANDRAIL" -d s.db decide f2 edit --output-file new.txt >/dev/null
"$HANDRAIL" -d s.db decide f1 undo >/dev/null
me=$(id -un)

run -d s.db audit query --json
is "$code" 0 "audit query runs"
is "$(json .event)" "$(printf '%s\n' log.create policy.apply route route route route decision decision decision)" \
    "every event in order, automatic approvals too"
is "$(json .seq)" "$(seq 0 8)" "numbered from 0"
leaf=$(printf '%s\n' "$out" | jq -c 'select(.event=="decision")' | head -n 1)
is "$(json '[.item,.decision,.from,.to,.queue,.actor.name,.actor.via,.v]' "$leaf")" \
    '["f1","reject","flagged","rejected","support","'"$me"'","cli","audit/1"]' "a decision's leaf"
like "$(json .leaf_sha256 "$leaf")" '^[0-9a-f]{64}$' "with its hash"
is "$("$HANDRAIL" -d s.db audit export | grep -c 'not so')" 0 "free text is named by hash only"
route=$(printf '%s\n' "$out" | jq -c 'select(.event=="route" and .item=="a1")')
is "$(json '[.route,.rule,.state,.confidence_ppm,.queue]' "$route")" '["approve","confident","approved",970000,"support"]' "a route's leaf"
run -d s.db audit query --json --where "event = 'decision' AND decision = 'undo'"
is "$(json .item)" f1 "--where over the leaf's keys"
run -d s.db audit query --json --limit 2
is "$(json .seq | wc -l)" 2 "--limit"

run -d s.db audit verify
is "$code" 0 "a log that nobody touched verifies"
like "$out" '9 leaves' "and says how much it checked"
run -d s.db audit show
like "$out" "^size +9\$" "audit show states the size"
like "$out" "^root +[0-9a-f]{64}\$" "and the root"
if has audit checkpoint; then
	run -d s.db audit checkpoint
	is "$code" 0 "audit checkpoint signs it"
	run -d s.db audit verify --require-signed
	is "$code" 0 "then nothing is unsigned"
	"$HANDRAIL" -d s.db audit show >known.note
	"$HANDRAIL" -d s.db decide f1 accept >/dev/null
	run -d s.db audit verify
	is "$code" 0 "leaves after the checkpoint are no failure"
	like "$out$err" '1 leaves? unsigned' "but are counted"
	run -d s.db audit verify --require-signed
	is "$code" 1 "unless all must be signed"
	run -d s.db audit verify --known known.note
	is "$code" 0 "it continues a checkpoint kept elsewhere"
	"$HANDRAIL" -d s.db decide f1 undo >/dev/null
fi

# The leaf's exact bytes, proved with nothing but sha256sum.
run -d s.db audit export
is "$code" 0 "audit export"
cp "$work/.out" leaves.jsonl
want=$("$HANDRAIL" -d s.db audit query --json --limit 1 | jq -r .leaf_sha256)
is "$( { printf '\0'; head -n 1 leaves.jsonl | tr -d '\n'; } | sha256sum | cut -c1-64)" "$want" \
    "a leaf's hash is SHA-256 of 0x00 and its line"

# Each of these changes must be found.
store=s
tampered() {	# NAME SQL
	rm -f t.db t.db-*
	for file in $store.db*; do cp "$file" "t.db${file#"$store".db}"; done
	altered t.db "$2" || return
	run -d t.db audit verify
	is "$code" 1 "found: $1"
}
tampered "a decision turned round" "UPDATE decisions SET decision = 'accept', to_state = 'accepted' WHERE decision = 'reject'"
tampered "a decision removed" "DELETE FROM decisions WHERE seq = (SELECT max(seq) FROM decisions)"
tampered "an item's state changed" "UPDATE items SET state = 'approved' WHERE id = 'e1'"
tampered "a leaf edited" "UPDATE leaves SET leaf = replace(leaf, 'reject', 'accept') WHERE leaf LIKE '%reject%'"
tampered "a leaf that is no object" "UPDATE leaves SET leaf = '[\"a\",\"b\",\"c\"]' WHERE seq = 1"
run -d t.db audit query --json
is "$code:$(printf '%s\n' "$out" | jq -c '.seq')" 2:0 "and is not printed as if it were one"
like "$err" '^handrail: audit: a leaf is not a JSON object' "which is said"
tampered "a leaf removed at the end" "DELETE FROM leaves WHERE seq = (SELECT max(seq) FROM leaves)"
tampered "an output altered" "UPDATE payloads SET record = CAST(replace(CAST(record AS TEXT), 'Answer', 'Antwort') AS BLOB)"
tampered "the released text altered" "UPDATE decisions SET output = 'Worse.' WHERE output IS NOT NULL"

# What goes out: on a store of its own, with redactions and drawn items.
test_store r.db
"$HANDRAIL" -d r.db -p p.conf ingest - >/dev/null 2>&1 <<'END'
{"id":"d1","queue":"drawn","output":"write to ana@example.org"}
{"id":"d2","queue":"drawn","output":"Write to nobody."}
{"id":"d3","queue":"drawn","output":"ask bob@example.org"}
END
"$HANDRAIL" -d r.db decide d1 reject >/dev/null
"$HANDRAIL" -d r.db decide d1 undo >/dev/null
"$HANDRAIL" -d r.db decide d3 accept >/dev/null
"$HANDRAIL" -d r.db decide d2 accept >/dev/null
run -d r.db audit verify
is "$code" 0 "redacted and recalled releases verify"
store=r
tampered "an approved text altered" "UPDATE outbox SET text = 'Buy now.' WHERE n = 1"
tampered "an approved text in place of the output" "UPDATE outbox SET kind = 'text', text = 'Buy now.' WHERE n = 2"
tampered "a redaction of the policy's approval undone" "UPDATE outbox SET kind = 'output', text = NULL WHERE n = 1"
tampered "a redaction of an accepted text undone" "UPDATE outbox SET kind = 'output', text = NULL WHERE state = 'accepted'"
tampered "a recall put behind what stands again" "UPDATE outbox SET n = 99 WHERE n = 5; UPDATE outbox SET n = 5 WHERE n = 6; UPDATE outbox SET n = 6 WHERE n = 99"
tampered "a release moved out of sight" "UPDATE outbox SET n = 0 WHERE n = 6"
tampered "a drawn item taken out of the review" "UPDATE items SET review = 0"
tampered "an item put into the review" "UPDATE items SET review = 1 WHERE state = 'accepted'"
HANDRAIL_CLOCK=4000000000000 "$HANDRAIL" -d r.db purge --before 2090-01-01 >purged 2>&1
is "$(cat purged)" "purged 2" "what is settled is purged"
run -d r.db audit verify
is "$code" 0 "what was purged verifies"
tampered "one more made to look purged" "UPDATE items SET salt = NULL; DELETE FROM payloads"
store=s

tampered "a policy put in force" "INSERT INTO policies SELECT n + 1, policy, seq, ts_ms, by FROM policies"
tampered "a policy no longer in force" "DELETE FROM policies"
tampered "who applied a policy" "UPDATE policies SET by = 'nobody'"
tampered "a file of a policy removed" "DELETE FROM policy_files"
tampered "a file of a policy altered" "UPDATE policy_files SET bytes = CAST(replace(CAST(bytes AS TEXT), '0.9', '0.1') AS BLOB)"
run -d t.db ingest in.jsonl
is "$code:$out" 2: "and no item is routed by it"
like "$err" 'its files in the store are not those it is named by' "with the reason"
sed 's/0\.92/0.93/' p.conf >mended.conf
run -d t.db policy apply mended.conf
is "$code" 0 "until the owner puts another in force"
run -d t.db ingest in.jsonl
is "$code" 0 "which routes again"

# Every guard that was let pass stands in the leaf, however many and long.
long=$(printf 'guard-%.0s' 1 2 3 4 5 6 7 8 9 10)
for i in 1 2 3 4 5 6 7 8 9 10; do
	echo "guard \"$long$i\" { kind = \"http\" url = \"http://127.0.0.1:9/\" shape = generic timeout_ms = 100 retries = 0 fail_open = true }"
done >open.conf
printf 'queue "default" { guards = { %s } rule "all" { when = "1" route = approve } }\n' \
    "$(sed 's/guard "\([^"]*\)".*/"\1"/' open.conf | paste -sd, -)" >>open.conf
echo '{"id":"o1","output":"x"}' | "$HANDRAIL" -d o.db -p open.conf ingest - >/dev/null 2>&1
is "$("$HANDRAIL" -d o.db audit query --json --item o1 | jq -r .fail_open | tr ',' '\n' | wc -l)" 10 \
    "ten guards that could not run and were let pass are named"

# Records are hashed in batches beside the walk: each altered one is named,
# wherever it stands.
i=0
while [ $i -lt 2500 ]; do i=$((i + 1)); echo "{\"id\":\"m$i\",\"output\":\"the text of $i\"}"; done |
    "$HANDRAIL" -d m.db ingest - >/dev/null 2>&1
run -d m.db audit verify
is "$code" 0 "2,500 records verify"
sqlite3 m.db "UPDATE payloads SET record = CAST(replace(CAST(record AS TEXT), 'text', 'lie') AS BLOB) WHERE item IN (1, 2049, 2500)"
run -d m.db audit verify
is "$code:$(printf '%s\n' "$err" | sed -n 's/.*item \(m[0-9]*\): its record is not the one that was taken in/\1/p' | paste -sd' ' -)" \
    "1:m1 m2049 m2500" "the altered ones are named, and no other"

# What would be ignored is refused.
run -d s.db audit show no-such
is "$code:$out:$err" "1::handrail: audit: no-such: no such item" "show of an item that is not there"
run -d s.db audit verify s.db
is "$code" 2 "verify takes no file"
run -d s.db audit export --item f1
is "$code:$out" 2: "export gives all leaves or none"
like "$err" 'audit: --item goes with query only' "and says so"
done_testing

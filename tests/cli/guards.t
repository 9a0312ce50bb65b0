#!/bin/sh
# Guards as a policy uses them: what runs away, what is redacted and how.
. "$(dirname "$0")/lib.sh"

# Each pattern over 10 kB that it is bad at, with the marks in it without which
# some are not even tried: the limit ends it, and the item is
# flagged.  The shell's own limit is what a pattern without one would run into.
hostile=$root/tests/data/hostile.tsv
missed=
while IFS='	' read -r pattern fill; do
	printf "guard \"g\" { kind = \"regex\"  pattern = '%s' }\nqueue \"default\" { guards = { g }\n  rule \"clean\" { when = \"failures = 0\"  route = approve } }\n" \
	    "$pattern" >p.conf
	jq -nc --arg f "$fill" '{output:((($f|gsub("_";" "))*10000)[0:9996]+"#@:x")}' >in.jsonl
	# shellcheck disable=SC3045 # dash and bash have it
	rule=$( (ulimit -t 2; "$HANDRAIL" -p p.conf check in.jsonl) | jq -r '.route+" "+.rule')
	[ "$rule" = "flag guard error: g" ] || missed="$missed$pattern: $rule;"
done <"$hostile"
is "$missed" "" "what runs away is stopped, and flags"
ok "20 of them at least" [ "$(wc -l <"$hostile")" -ge 20 ]

# Long lines of one thing, each of which a guard looks around from every place:
# an end within what the shell allows, which the square of the length is not.
cat >p.conf <<'POLICY'
guard "all" { kind = "pii"  min_score = 0  decode = { base64, url } }
guard "answer" { kind = "json-schema"  schema = "s.json"  extract = true }
guard "text" { kind = "format"  is = markdown }
guard "tags" { kind = "format"  is = xml }
queue "default" { guards = { "all", "secrets", "hidden", "profanity", "refusal", "repetition", "ending", "answer", "text", "tags" } }
POLICY
echo '{}' >s.json
slow=
for piece in '![' '[' '](' '<img' '<a b=\"' '``a' '\u200f' '\u202b' '\u200b' '\u00ad' '\u0430a' 'a@' 'a@b.' '4' '1 ' '1.' 'eyJ' 'sk-' 'a' '{' '\"' '&' 'a dot ' '%4' '(at) '; do
	printf '"%s"' "$piece" | jq -c '{output:((.*300000)[0:300000])}' >in.jsonl
	# shellcheck disable=SC3045
	(ulimit -t 6; "$HANDRAIL" -p p.conf check in.jsonl) >.v 2>/dev/null
	[ "$(jq -r .queue .v)" = default ] || slow="$slow $piece"
done
is "$slow" "" "no guard takes long over long lines of one thing"

# Kinds of one's own; the hash is the store's.
cat >own.conf <<'POLICY'
guard "pii" {
	redact = hash  kinds = { "EMAIL_ADDRESS" }
	own "STAFF_ID" { pattern = '\bE-\d{6}\b' }
}
queue "default" { guards = { "pii" }
	rule "all" { when = "1"  route = approve } }
POLICY
cat >in.jsonl <<'RECORDS'
{"id":"1","output":"E-123456 is not E-654321."}
{"id":"2","output":"E-123456 wrote ana@example.com."}
RECORDS
release() {
	"$HANDRAIL" -d "$1" releases --after 0 | jq -r .release
}
is "$("$HANDRAIL" -p own.conf check in.jsonl | jq -r .release)" "<STAFF_ID> is not <STAFF_ID>.
<STAFF_ID> wrote <EMAIL_ADDRESS>." "own kinds are redacted; a filter has no key and puts the label"
for store in a.db b.db; do
	"$HANDRAIL" -d $store -p own.conf ingest in.jsonl >/dev/null 2>&1
	release $store >$store.out
done
like "$(head -n 1 a.db.out)" '^<STAFF_ID:[0-9a-f]{8}> is not <STAFF_ID:[0-9a-f]{8}>\.$' "in a store each value has its hash"
marks() {
	grep -o '<STAFF_ID:[0-9a-f]*>' "$1" | sed -n "$2p"
}
is "$(marks a.db.out 1)" "$(marks a.db.out 3)" "the same one for the same value"
ok "another one for another value" [ "$(marks a.db.out 1)" != "$(marks a.db.out 2)" ]
ok "and another one in another store" [ "$(marks a.db.out 1)" != "$(marks b.db.out 1)" ]

# Two guards that find parts of one another leave one mark, and no rest.
cat >p.conf <<'POLICY'
guard "pii" { redact = label  kinds = { "EMAIL_ADDRESS" } }
guard "name" { kind = "regex"  pattern = 'to ana@[a-z]+'  redact = mask }
queue "default" { guards = { "pii", "name" }
	rule "all" { when = "1"  route = approve } }
POLICY
run -p p.conf check - <<'RECORD'
{"output":"I wrote to ana@example.com today."}
RECORD
is "$(json '.findings|length')" 2 "two guards find"
is "$(json .release)" "I wrote <EMAIL_ADDRESS> today." "overlapping findings leave one mark"

# Cheap guards first, whatever the order in the policy.
cat >p.conf <<'POLICY'
guard "slow" { kind = "http"  url = "http://127.0.0.1:1/"  shape = presidio  retries = 0 }
guard "short" { kind = "length"  max = 100 }
queue "default" { guards = { "slow", "pii", "short" } }
POLICY
run -p p.conf policy check p.conf
is "$(printf '%s\n' "$out" | sed -n 's/^  guard \([a-z]*\).*/\1/p' | tr '\n' ' ')" "short pii slow " "guards run in the order of their cost"
run -p p.conf check --explain in.jsonl
is "$(printf '%s\n' "$out" | sed -n 's/^  guard \([a-z]*\).*/\1/p' | head -n 3 | tr '\n' ' ')" "short pii slow " "as explain tells"
like "$out" '^  guard pii \(pii\): [0-9]+ findings?, [0-9.]+ us$' "with the time of each"
# The one that it names is the one with the largest of the times above it.
is "$(printf '%s\n' "$out" | sed -n 's/^  longest: guard \(.*\), \([0-9.]*\) us$/\1 \2/p' | head -n 1)" \
    "$(printf '%s\n' "$out" | sed -n 's/^  guard \([a-z]*\) .*, \([0-9.]*\) us$/\1 \2/p' | head -n 3 | sort -k 2,2nr | head -n 1)" \
    "and names the one that took longest"
is "$(printf '%s\n' "$out" | grep -c '^  longest: guard ')" "$(grep -c . in.jsonl)" "for every record"
done_testing

#!/bin/sh
# Search over all stored text: built from the newest down, kept as people decide,
# asked on the line and on the screen; and no word of what is erased stays.
. "$(dirname "$0")/lib.sh"

HANDRAIL_STORE=$work/s.db
export HANDRAIL_STORE
basic_policy >p.conf
{
	record s1 0.50 "The Quokka costs 30 EUR."
	record s2 0.95 "A zebracrossing is near."
	record s3 0.50 "Nothing here." ',"metadata":{"who":"Zo\u00eb says \"two weeks\" now"}'
	printf '%s\n' '{"id":"s4","queue":"support","messages":[{"role":"user","content":"first\nquokka line"}],"output":{"answer":"{\"a\":\"deep\\nword\"}"},"confidence":0.5}'
} >in.jsonl
test_store s.db
"$HANDRAIL" -p p.conf ingest in.jsonl >/dev/null 2>&1
# found WORDS: the ids
found() {
	"$HANDRAIL" search find --json "$1" 2>&1 | jq -r .id 2>/dev/null | tr '\n' ' '
}
is "$("$HANDRAIL" search status)" "search is off" "off at first"
try 2 "and then nothing can be asked" search find quokka
like "$err" "search is off: handrail search on makes the index" "it says so"
is "$("$HANDRAIL" search on)" "search is on: 4 of 4 items" "turned on"
is "$(found QUOK)" "s4 s1 " "beginnings of words, whatever their case, the newest first"
is "$(found 'quokka costs')$(found '"first quokka"')$(found '"quokka first"')" "s1 s4 " "all words; in quotes as they stand"
is "$(found 'zoe "two weeks"')" "s3 " "accents do not matter, and metadata counts"
is "$(found '" OR quokka')$(found 'quokka AND')$(found 'text:quokka')" "" "what is typed is never a query language"
try 1 "nothing found" search find nowhere
like "$("$HANDRAIL" audit query --event search)" " search +state=on\$" "which has its leaf"
"$HANDRAIL" search on >/dev/null
is "$("$HANDRAIL" audit query --event search --json | wc -l)" 1 "once"
like "$("$HANDRAIL" doctor)" "^ok    search is on: 4 of 4 items" "the doctor says how far it is"
record s5 0.50 "A late quokka." >late.jsonl
"$HANDRAIL" ingest late.jsonl >/dev/null
is "$(found quokka)" "s5 s4 s1 " "what comes in is taken in"
"$HANDRAIL" decide s1 reject --reason "wombatreason" --note "pangolin note" >/dev/null
"$HANDRAIL" decide s5 edit --output-file in.jsonl >/dev/null 2>&1
is "$(found wombat)$(found pangolin)$(found zebracrossing)" "s1 s1 s5 s2 " "and what people say and type"

cat >keys.script <<\S
keys /
type quokka
keys Enter
expect Found: quokka  3, the newest first
cursor edited    s5
keys j j
cursor rejected  s1
keys Enter
expect The Quokka costs 30 EUR.
expect read only
keys q
expect Found: quokka
keys q /
type nowhere
keys Enter
expect Nothing is found.
keys q
expect CONF WHY
S
ok "on the screen / asks it" env HANDRAIL_SCRIPT=keys.script "$HANDRAIL" review

# everywhere WORD: in which files of the store
everywhere() {
	grep -lai "$1" s.db* | tr '\n' ' '
}
like "$(everywhere wombatreason)" 's\.db' "before it is erased it is there"
"$HANDRAIL" erase s1
is "$(everywhere wombatreason)$(everywhere pangolin)" "" "erased, it stands in no file"
is "$(found wombat)$(found quokka)" "s5 s4 " "nor is it found"
"$HANDRAIL" purge --before today >/dev/null 2>&1
HANDRAIL_CLOCK=4000000000000,1 "$HANDRAIL" purge --before 2090-01-01 >/dev/null
is "$(everywhere zebracrossing)" "" "nor after a purge"
is "$("$HANDRAIL" search on)" "search is on: 5 of 5 items" "made anew of what is left"
is "$(found quokka)$(found zebracrossing)" "s4 " "and found again"
printf '%s\n' '{"id":"q1","queue":"support","output":"An asked axolotl.","confidence":0.5}' |
    "$HANDRAIL" ask --wait 0s >/dev/null 2>&1
is "$(found axolotl)" "q1 " "what ask stores is taken in"
ok "the log proves it all" sh -c '"$HANDRAIL" audit verify >/dev/null'
is "$("$HANDRAIL" search off)" "search is off" "turned off"
is "$("$HANDRAIL" audit query --event search --json | jq -rc '[.state, .actor.name != null]')" \
    '["on",true]
["off",true]' "and its leaf says by whom"
ok "still proved" sh -c '"$HANDRAIL" audit verify >/dev/null'
is "$(everywhere deepword)$(sqlite3 "file:$work/s.db?mode=ro" 'SELECT count(*) FROM search_idx')" "0" "it is gone"
cp s.db x.db && cp s.db-key x.db-key
sqlite3 x.db 'INSERT INTO search_span VALUES (1, 5, 4)'
run -d x.db audit verify
like "$err" "search is on, but the log says that it is off" "turned on behind the log's back"
older_store s.db 12
like "$("$HANDRAIL" doctor)" "^warn  made by an older Handrail" "the doctor reads an older store"

# Where nobody said how many, what is left out is told.
i=0
while [ $((i += 1)) -le 51 ]; do record many$i 0.50 "An echidna."; done >many.jsonl
"$HANDRAIL" -d many.db -p p.conf ingest many.jsonl >/dev/null 2>&1
"$HANDRAIL" -d many.db search on >/dev/null
run -d many.db search find echidna
is "$(printf '%s\n' "$out" | wc -l) $err" \
    "50 handrail: search: 50, and there are more; --limit shows up to 1000" "more than fifty are found"
run -d many.db search find echidna --limit 51
is "$(printf '%s\n' "$out" | wc -l)$err" 51 "all of them"
done_testing

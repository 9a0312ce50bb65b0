#!/bin/sh
# next, leases and tokens; reviewers at the same time.
. "$(dirname "$0")/lib.sh"

basic_policy >p.conf
{ for i in 1 2 3 4; do record f$i 0.70; done; record a1 0.97; } >in.jsonl
"$HANDRAIL" -d s.db -p p.conf ingest in.jsonl >/dev/null 2>&1
record o1 0.70 >one.jsonl
me=$(id -un)

run -d s.db next --json
is "$code" 0 "next claims an item"
first=$out token=$(json .lease.token)
is "$(json '[.id,.output,.state]')" '["f1","Answer f1.","flagged"]' "the first in screen order"
is "$(json '.lease|keys_unsorted')" '["by","token","until"]' "the keys of its lease"
is "$(json .lease.by)" "$me" "held by who the kernel says"
is "$(printf '%s\n' "$first" | jq -rc 'keys_unsorted')" \
    "$("$HANDRAIL" -d s.db show --json f1 | jq -rc keys_unsorted)" "the keys of show"
run -d s.db list --json
is "$(json 'select(.id=="f1").lease|[.by,has("token")]')" '["'"$me"'",false]' "list shows who holds it, not the token"
run -d s.db next --json
is "$(json .id)" f2 "another session never gets the same item"

run -d s.db decide f1 accept --token $((token + 1000))
is "$code" 1 "another token is refused"
like "$err" '^handrail: decide: f1: ' "with the item"
sqlite3 s.db "UPDATE items SET lease_uid = lease_uid + 12345, lease_by = 'bo' WHERE id = 'f1'"
run -d s.db decide f1 accept --token "$token"
like "$code:$err" '^1:handrail: decide: f1: held by bo until' "nor does a token serve whose lease is another's"
sqlite3 s.db "UPDATE items SET lease_uid = lease_uid - 12345, lease_by = '$me' WHERE id = 'f1'"
run -d s.db decide f1 accept --token "$token"
is "$code" 0 "the token decides"
run -d s.db decide f2 accept
is "$code" 0 "without a token any lease of the caller serves"
run -d s.db decide f3 accept
is "$code" 0 "a free item is taken and decided at once"

# A lease that somebody with the right to it frees: the late decision is refused.
run -d s.db next --json
id=$(json .id) token=$(json .lease.token)
is "$id" f4 "the last one"
run -d s.db next
is "$code:$out" 1: "nothing left to claim: no output, exit 1"
run -d s.db lease free "$id"
is "$code" 0 "lease free"
run -d s.db lease free "$id"
is "$code" 1 "nobody holds it any more"
run -d s.db next --json
is "$(json .id)" f4 "it can be claimed again"
run -d s.db decide f4 reject --token "$token"
is "$code" 1 "the old token is fenced off"
run -d s.db audit query --json
is "$(json 'select(.event=="lease.free")|[.item,.queue]')" '["f4","support"]' "freeing another's lease leaves a leaf"

# What a message says to type does it as it stands.
record "it's 1" 0.70 >odd.jsonl
"$HANDRAIL" -d "a store.db" -p p.conf ingest odd.jsonl >/dev/null 2>&1
held() {
	"$HANDRAIL" -d "a store.db" next >/dev/null
	sqlite3 "a store.db" "UPDATE items SET lease_uid = lease_uid + 12345, lease_by = 'bo'"
}
typed() {
	handrail() { "$HANDRAIL" "$@"; }
	eval "${err##*this frees it: }"
}
held
run -d "a store.db" decide "it's 1" accept
like "$err" "held by bo until .*; this frees it: handrail -d 'a store.db' lease free" "the message names the store that -d does"
ok "and can be typed" typed
held
HANDRAIL_STORE="a store.db" run decide "it's 1" accept
like "$err" "this frees it: handrail lease free" "nothing is named that needs no name"
ok "and that can be typed" env HANDRAIL_STORE="a store.db" sh -c 'handrail() { "$HANDRAIL" "$@"; }; eval "$0"' "${err##*this frees it: }"

# Reviewers at the same time: every item once, none lost.
i=0
while [ $i -lt 200 ]; do i=$((i + 1)); record c$i 0.5; done >many.jsonl
"$HANDRAIL" -d c.db -p p.conf ingest many.jsonl >/dev/null 2>&1
reviewer() {
	while id=$("$HANDRAIL" -d c.db next --json 2>>"$work/err.$1"); do
		id=$(printf '%s\n' "$id" | jq -r '.id + " " + (.lease.token|tostring)')
		"$HANDRAIL" -d c.db decide "${id% *}" accept --token "${id#* }" \
		    2>>"$work/err.$1" && echo "${id% *}"
	done >"$work/got.$1"
}
for r in 1 2 3 4; do reviewer $r & done
"$HANDRAIL" -d c.db ingest in.jsonl >/dev/null 2>>err.ingest
wait
is "$(cat got.? | grep -c '^c')" 200 "four reviewers and an ingest: every item was decided"
is "$(sort got.? | uniq -d)" "" "and none twice"
is "$(cat err.? err.ingest)" "" "with no error"
run -d c.db audit verify
is "$code" 0 "and the log holds"

# What cannot be is told of, and not taken for a lease.
"$HANDRAIL" -d d.db -p p.conf ingest one.jsonl >/dev/null 2>&1
run -d d.db next --json
sqlite3 d.db "UPDATE items SET lease_boot = 'another'"
run -d d.db next --json
is "$(json .id)" o1 "a lease of another boot is none"
"$HANDRAIL" -d d.db lease free o1
if [ -w /dev/full ]; then
	"$HANDRAIL" -d d.db next 2>.err >/dev/full
	is "$?:$(cat .err):$("$HANDRAIL" -d d.db show --json o1 | jq -c .lease)" \
	    "2:handrail: next: standard output: No space left on device:null" "what could not be told is not held"
fi
sqlite3 d.db "UPDATE items SET lease_uid = NULL, lease_token = 9223372036854775807"
run -d d.db next
is "$code:$err" "2:handrail: next: o1: damaged: the token of its lease can be followed by none" "a token that is the last there is"
sqlite3 d.db "UPDATE items SET lease_token = 5, salt = zeroblob(4000)"
run -d d.db decide o1 accept
like "$code:$err" "^2:handrail: decide: o1: its salt is too long" "a salt that none of us made"
done_testing

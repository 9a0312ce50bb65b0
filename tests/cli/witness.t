#!/bin/sh
# What each person has seen of a log, and stores that are no longer what was seen.
. "$(dirname "$0")/lib.sh"

basic_policy >p.conf
{ record f1 0.70; record f2 0.70; record f3 0.70; } >in.jsonl
# as PERSON ARGS...: each has a state folder of their own.
as() {
	XDG_STATE_HOME=$work/$1; shift
	run "$@"
}
# kept FROM TO: a store and what lies beside it, as it is.
kept() {
	rm -f "$2" "$2"-wal "$2"-shm
	for file in "$1" "$1"-wal; do [ ! -e "$file" ] || cp "$file" "$2${file#"$1"}"; done
}
as ana -d s.db -p p.conf ingest in.jsonl
as bob -d s.db list
kept s.db early.db
as ana -d s.db decide f1 accept
as bob -d s.db audit show --json
note=$(find bob/handrail/witness -type f ! -name '*@*')
is "$(basename "$note")" "$(json .log | sed 's,/,%2F,')" "a note for the log, by its name"
is "$(find bob/handrail/witness -type f -name '*@*')" "$note@$(printf %s "$work/s.db" | sha256sum | cut -c1-16)" "and one for the store's place"
is "$(sed -n 2p "$note") $(sed -n 3p "$note" | base64 -d | od -An -v -tx1 | tr -d ' \n')" "$(json '"\(.size) \(.root)"')" \
    "with the size and root that were seen, by who reads as well"
is "$(stat -c %a bob/handrail/witness)" 700 "their own"
as bob -d s.db audit witness --json
is "$(json '"\(.size) \(.holds)"')" "6 true" "audit witness shows it"
as ana -d s.db decide f2 accept
is "$code:$err" 0: "a log that went on is as it should be"
kept s.db late.db

# An older copy in its place.
kept early.db s.db
as bob -d s.db list
is "$code" 0 "rolled back: who reads is answered"
like "$err" '^handrail: s.db: its log has 5 leaves \(root [0-9a-f]{64}\), and you have seen 6 \(root [0-9a-f]{64}\): it is an older copy, or its end was cut off: .*: handrail -d s.db audit witness accept$' \
    "and warned, with both sizes and roots, and what to do"
as ana -d s.db decide f1 reject
is "$code" 2 "who would write may not"
like "$err" '^handrail: decide: s.db: its log has 5 leaves .* you have seen 7' "and is told why"
as eve -d s.db decide f1 reject
is "$code:$err" 0: "who has seen nothing of it cannot know"
as bob -d s.db audit verify
is "$code" 1 "it verifies in itself, and not by what was seen"
like "$err" "differs from checkpoint 6 \(.*bob/handrail/witness/.*: what was altered stands from leaf 0 on, before leaf 6" "and where"

# Written anew, longer than it was: each leaf and hash holds in itself.
as eve -d s.db decide f2 reject
as eve -d s.db decide f3 reject
as eve -d s.db audit verify
is "$code" 0 "a log that was written anew verifies"
as bob -d s.db show f1
like "$err" '^handrail: s.db: the first 6 leaves of its log \(root [0-9a-f]{64}\) are not those that you have seen' \
    "and is found by the next who opens it"
as ana -d s.db review --plain
is "$code" 2 "on the screen too"
as ana -d s.db serve
is "$code" 2 "and by the service"
as bob -d s.db audit witness
is "$code" 1 "audit witness says so"
as bob -d s.db audit witness accept
is "$code" 0 "accepted by one"
as bob -d s.db list
is "$err" "" "who is not asked again"
as ana -d s.db decide f1 undo
is "$code" 2 "is not by the other"

as ana -d s.db doctor
is "$code" 1 "the doctor finds it too"
like "$out" '^BAD  +its log is not what you have seen of it: handrail audit witness' "and says where to look"
note=$(find ana/handrail/witness -name "*@$(printf %s "$work/s.db" | sha256sum | cut -c1-16)")
cp "$note" note.kept
echo x >"$note"
as ana -d s.db decide f1 undo
is "$code" 2 "a damaged note refuses who would write"
like "$err" 'this is no note of log .*: handrail -d s.db audit witness accept' "and says so"
as ana -d s.db list
is "$(cat "$note")" x "it is not written over"
cp note.kept "$note"

# Its end cut off, by hand.
kept late.db s.db
altered s.db "DELETE FROM leaves WHERE seq = 6"
as ana -d s.db list
like "$err" 'its log has 6 leaves .* you have seen 7 .*its end was cut off' "a tail that was cut"

# What is as it should be.
kept late.db moved.db
as ana -d moved.db list
is "$code:$err" 0: "a store elsewhere has a note of its own"
as ana -d moved.db backup copy.db
as ana -d moved.db decide f3 accept
as ana -d copy.db audit verify
is "$code:$err" 0: "a backup is no roll-back"
as ana -d drill.db restore copy.db
as ana -d moved.db list
is "$code:$err" 0: "nor is one that is put back elsewhere"
kept moved.db behind.db
rm moved.db*
as ana -d moved.db restore copy.db
as ana -d moved.db decide f3 reject
is "$code:$err" 0: "what is put back is accepted by who does it"
as cem -d moved.db list
as ana -d moved.db audit witness export
printf '%s\n' "$out" >ana.note
kept copy.db other.db
as cem -d moved.db audit witness import ana.note
is "$code" 0 "a note of somebody else"
as cem -d other.db audit witness import ana.note
is "$code" 1 "of a copy that has not gone as far"
as cem -d other.db list
like "$err" 'its log has 7 leaves .* you have seen 9' "says as much as one's own"
as ana -d new.db ingest in.jsonl
as ana -d new.db audit witness import ana.note
is "$code" 1 "one of another log is refused"

# A copy at another path is the same log.
XDG_STATE_HOME=$work/fay; export XDG_STATE_HOME
"$HANDRAIL" -d real.db -p p.conf ingest in.jsonl 2>/dev/null >/dev/null
kept real.db "it's old.db"
"$HANDRAIL" -d real.db decide f1 accept
mv real.db kept.db; rm -f real.db-*
ln -s "it's old.db" real.db
run -d real.db decide f2 accept
like "$code $err" '^2 .*real.db: its log has 5 leaves .* you have seen 6' "an older copy behind a link is told too"
run -d "it's old.db" list
like "$err" "handrail -d 'it'\"'\"'s old.db' audit witness accept\$" "with a command that a shell takes as it is"
rm real.db; mv kept.db real.db
eval "$(printf '%s\n' "$err" | sed "s|.*as it should be: handrail|\"\$HANDRAIL\"|")" >accepted
is "$?" 0 "which does it"
run -d "it's old.db" decide f3 reject
is "$code:$err" 0: "for that copy"
run -d real.db decide f2 accept
is "$code:$err" 0: "and the store goes on with what was seen of it"
run -d real.db backup of.db
run -d real.db decide f2 undo
run -d of.db audit verify
is "$code:$(printf '%s\n' "$err" | grep -c .)" 0:0 "a backup is what it was to who made it"
altered of.db "UPDATE leaves SET leaf = replace(leaf, '\"decision\":\"accept\"', '\"decision\":\"reject\"')"
"$root/tests/fault/relog.py" of.db
run -d of.db list
like "$err" 'of.db: the first 7 leaves of its log .* are not those that you have seen' "and is not if it was written anew"
# As older versions had it.
note=$(find fay/handrail/witness -name "*@$(printf %s "$work/real.db" | sha256sum | cut -c1-16)")
rm "${note%@*}"
run -d real.db audit witness --json
is "$(json '"\(.size) \(.holds) \(.file)"')" "9 true $work/$note" "a note of an older version is read"
XDG_STATE_HOME=$work/state; export XDG_STATE_HOME
ok "each log has its own" [ "$(find ana/handrail/witness -type f | sed 's/@.*//' | sort -u | wc -l)" = 2 ]
test_store t.db
as dan -d t.db list
is "$(find dan -type f 2>/dev/null)" "" "a test store proves nothing, and is not witnessed"
as ivy -d new.db audit witness export
is "$code:$out" "1:" "who saw nothing yet has nothing to export"
printf 'no note\n' >bad.note
as fay -d new.db audit witness import bad.note
like "$code $err" '^2 handrail: audit: bad.note: ' "what is no note is not taken for one"
long=$(awk 'BEGIN { for (t = "n"; length(t) < 200;) t = t t; print substr(t, 1, 200) }')
mkdir -p "$long/$long/$long/$long/$long"
as "$long/$long/$long/$long/$long/$long" -d new.db list
is "$code" 0 "a state folder whose name is too long"
like "$err" "no witness: the state folder's name is too long" "is told of"
touch none
as none -d new.db list
is "$code" 0 "without a state folder"
like "$err" '^handrail: no witness of the log is kept: .*none/handrail: Not a directory$' "there is a warning"
is "$(printf '%s\n' "$err" | wc -l)" 1 "one, and on it goes"
done_testing

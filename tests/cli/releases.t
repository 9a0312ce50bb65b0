#!/bin/sh
# The feed of releases for an application that waits: each as it comes, none lost
# or twice over a kill, an end when told or when nobody reads.
. "$(dirname "$0")/lib.sh"

basic_policy >p.conf
i=0
while [ $i -lt 6 ]; do i=$((i + 1)); record f$i 0.70; done >in.jsonl
"$HANDRAIL" -d s.db -p p.conf ingest in.jsonl >/dev/null 2>&1

has_lines() {
	[ "$(wc -l <"$2")" -ge "$1" ]
}
follow() {
	: >"$1"
	"$HANDRAIL" -d s.db releases --follow --after "$2" >"$1" 2>follow.err &
	pid=$!
}

follow one 0
"$HANDRAIL" -d s.db decide f1 accept
ok "a decision comes out at once" await has_lines 1 one
"$HANDRAIL" -d s.db decide f2 reject
ok "and the next" await has_lines 2 one
is "$(jq -c '[.id,.state,.release]' one)" "$(cat <<'LINES'
["f1","accepted","Answer f1."]
["f2","rejected","A colleague will write to you."]
LINES
)" "as they were decided"

kill -KILL $pid
wait $pid 2>/dev/null
"$HANDRAIL" -d s.db decide f3 accept
follow two "$(jq -s '.[-1].n' one)"
"$HANDRAIL" -d s.db decide f4 accept
ok "killed, and asked again from its last number" await has_lines 2 two
is "$(cat one two | jq -r .id | tr '\n' ' ')" "f1 f2 f3 f4 " "none is lost, none comes twice"
kill -TERM $pid
wait $pid
is "$?:$(cat follow.err)" "0:" "told to end: exit 0"

mkfifo pipe
"$HANDRAIL" -d s.db releases --follow >pipe 2>follow.err &
pid=$!
head -n 1 pipe >/dev/null
ok "nobody reads any more: it ends" await sh -c "! kill -0 $pid"
wait $pid
is "$?:$(cat follow.err)" "0:" "without a word"
if [ -w /dev/full ]; then
	timeout 10 "$HANDRAIL" -d s.db releases --follow >/dev/full 2>follow.err
	is "$?" 2 "no room where it writes: exit 2"
	like "$(cat follow.err)" '^handrail: releases: standard output: No space left' "and the reason"
fi
"$HANDRAIL" -d s.db decide f5 accept

# What is held is not out, and comes when its time is over.
sed 's/sla *=.*/sla = "4h"  hold = "2s"/' p.conf >hold.conf
"$HANDRAIL" -d s.db policy apply hold.conf >/dev/null
follow three 5
"$HANDRAIL" -d s.db decide f6 accept
run -d s.db releases --after 5
is "$out" "" "a held decision is not out yet"
ok "and comes when the hold is over" await has_lines 1 three
is "$(jq -r .id three)" f6 "the one that was held"
kill -TERM $pid
wait $pid

# An approved item, drawn for review and found to be bad, goes out no more.
cat >drawn.conf <<'END'
queue "default" { sample = 1.0  rule "all" { when = "1" route = approve } }
END
feed() { "$HANDRAIL" -d d.db releases --after "$1" --json | jq -c '[.n,.state,.release]'; }
echo '{"id":"d1","output":"drawn"}' | "$HANDRAIL" -d d.db -p drawn.conf ingest - >/dev/null 2>&1
"$HANDRAIL" -d d.db decide d1 escalate >/dev/null
is "$(feed 0)" '[1,"approved","drawn"]
[2,"recalled",null]' "escalated, it is called back"
"$HANDRAIL" -d d.db decide d1 undo >/dev/null
is "$(feed 2)" '[3,"approved","drawn"]' "undone, it is out again"
"$HANDRAIL" -d d.db decide d1 escalate >/dev/null
"$HANDRAIL" -d d.db decide d1 accept >/dev/null
"$HANDRAIL" -d d.db decide d1 undo >/dev/null
is "$(feed 3)" '[4,"recalled",null]
[5,"accepted","drawn"]
[6,"recalled",null]' "escalated again after an undo, it stays called back"
ok "and the log accounts for each row" "$HANDRAIL" -d d.db audit verify
"$HANDRAIL" -d d.db decide d1 return >/dev/null
"$HANDRAIL" -d d.db decide d1 reject >/dev/null
ok "to the end" "$HANDRAIL" -d d.db audit verify
altered d.db "UPDATE outbox SET state = 'approved', kind = 'output' WHERE n = 2"
run -d d.db audit verify
is "$code" 1 "a recall made a release of is found"

# Erased while its release is held: that comes, without a text, and is proved.
cat >held.conf <<'END'
queue "default" { hold = "1h" }
END
test_store e.db
printf '{"id":"h1","output":"one"}\n{"id":"h2","output":"two"}\n' | "$HANDRAIL" -d e.db -p held.conf ingest - >/dev/null 2>&1
"$HANDRAIL" -d e.db decide h1 accept
echo better | "$HANDRAIL" -d e.db decide h2 edit --output-file -
"$HANDRAIL" -d e.db erase h1
"$HANDRAIL" -d e.db erase h2
ok "erased while it is held: the log agrees" "$HANDRAIL" -d e.db audit verify
is "$(HANDRAIL_CLOCK=3000000000000 "$HANDRAIL" -d e.db releases --json | jq -c '[.id,.state,.release]' | tr '\n' ' ')" \
    '["h1","accepted",null] ["h2","edited",null] ' "and the release comes without its text"
ok "and agrees then" "$HANDRAIL" -d e.db audit verify

# A backup that was put back has a shorter feed: who knows more must hear of it.
"$HANDRAIL" -d s.db backup copy.db
"$HANDRAIL" -d s.db releases --json | jq -r .n | tail -n 1 >last
"$HANDRAIL" -d back.db restore copy.db
run -d back.db releases --after $(($(cat last) + 7))
is "$code:$out" 1: "a number that the feed has not reached is refused"
like "$err" '^handrail: releases: --after [0-9]+: the feed ends with [0-9]+; after a restore begin again' "with what to do"
run -d back.db releases --after "$(cat last)"
is "$code:$out" 0: "the last one is not"

# A weekend's decisions fall due at once: the others cannot wait for all of them.
seq 20000 | sed 's/.*/{"id":"w&","output":"held"}/' | "$HANDRAIL" -d w.db ingest - >/dev/null 2>&1
sqlite3 w.db "INSERT INTO held SELECT item + 100000, item, 'accepted', 'text', 'held', item FROM items"
is "$(timeout 20 "$HANDRAIL" -d w.db releases --json | jq -r .id | sed -n '1p;$p' | tr '\n' ' ')" "w1 w20000 " \
    "20,000 that fall due at once come soon, in order"

# An application that hangs holds nothing open: the -wal can be emptied.
mkfifo slow
"$HANDRAIL" -d w.db releases >slow 2>/dev/null &
exec 3<slow
read -r first <&3
like "$first" '^\{"n":1,' "the first row of a long feed"
"$HANDRAIL" -d w.db decide w1 reject
try 0 "a reader that takes no more rows is in nobody's way" -d w.db erase w1
exec 3<&-
wait $! 2>/dev/null

# An application that asks and keeps: it has the verdict before it sends the next.
mkfifo ask
"$HANDRAIL" -d s.db ingest --verdicts - - <ask >answers 2>/dev/null &
pid=$!
exec 3>ask
record a1 0.95 >&3
ok "a verdict while the input stays open" await has_lines 1 answers
record a2 0.10 >&3
ok "and one for the next record" await has_lines 2 answers
kill -KILL $pid
wait $pid 2>/dev/null
exec 3>&-
is "$(jq -r '[.id,.route]|join(" ")' answers)" "$(printf 'a1 approve\na2 escalate')" "they are right"
run -d s.db list --state all --where "id LIKE 'a_'" --json
is "$(json .id | sort | tr '\n' ' ')" "a1 a2 " "what was answered is kept, though the program was killed"
done_testing

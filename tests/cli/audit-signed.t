#!/bin/sh
# What is signed of the log, and what an outsider makes of it.
. "$(dirname "$0")/lib.sh"

basic_policy >p.conf
{ record a1 0.97; record f1 0.70; record f2 0.70; } >in.jsonl
"$HANDRAIL" -d s.db -p p.conf ingest in.jsonl >/dev/null 2>&1

run -d s.db audit export out
is "$code" 1 "a log without a checkpoint is not exported for others"
like "$err" 'has no checkpoint yet: handrail audit checkpoint' "with what to do"
"$HANDRAIL" -d s.db audit export >s.log
run -d s.db audit checkpoint
is "$code" 0 "audit checkpoint"
cp "$work/.out" first.note
is "$(sed -n 1p first.note)" "$("$HANDRAIL" -d s.db audit show --json | jq -r .log)" "bears the log's name"
is "$(sed -n 2p first.note)" 5 "and its size"
is "$(sed 1q s.log | jq -r .key | cut -d+ -f2)" "$(tail -1 first.note | cut -d' ' -f3 | base64 -d | head -c 4 | od -An -tx1 | tr -d ' ')" \
    "signed by the key that the first leaf names"
is "$(sed -n 3p first.note | base64 -d | od -An -v -tx1 | tr -d ' \n')" \
    "$("$HANDRAIL" -d s.db audit show --json | jq -r .root)" "and its root"
is "$(stat -c %a s.db-key)" 600 "the key is its owner's alone"
run -d s.db audit checkpoint
is "$out" "$(cat first.note)" "signed again, it is the same note"
run -d s.db audit verify --require-signed
is "$code" 0 "all is signed"
"$HANDRAIL" -d s.db decide f1 accept >/dev/null
run -d s.db audit verify
is "$code" 0 "what came after a checkpoint is no failure"
like "$out" '; 1 leaves unsigned' "and is counted"
run -d s.db audit verify --require-signed
is "$code:$err" "1:handrail: audit: unsigned from 5" "unless all must be signed"
run -d s.db audit checkpoint --every 2
is "$code:$out" 0: "--every 2: one leaf is not enough"
run -d s.db audit checkpoint --every 1h
is "$code:$out" 0: "--every 1h: the last is younger"
run -d s.db audit checkpoint --every soon
is "$code" 2 "--every soon is refused"
run -d s.db audit checkpoint --every 1
is "$(printf '%s\n' "$out" | sed -n 2p)" 6 "--every 1: a leaf is enough"

# For an outsider: three files, with no store at hand.
run -d s.db audit export out
is "$code:$(ls out | paste -sd' ' -)" "0:checkpoint.note leaves.jsonl log.vkey" "audit export DIR"
rm -rf away && mkdir away && mv out away/out
run audit verify --log away/out
is "$code" 0 "verify --log needs no store"
like "$out" '^verified: 6 leaves; 0 leaves unsigned; root ' "and says what it saw"
run audit verify --log away/out --known first.note
is "$code" 0 "it continues an older checkpoint"

# By the manual alone: its script and openssl, taken from the page.
page=$root/man/handrail-audit.7
block() {	# FROM: the literal block of the page whose first line has this
	awk -v from="$1" '/^\.Bd/ { b = ""; on = 1; next } /^\.Ed/ { if (on && index(b, from)) printf "%s", b; on = 0 }
	    on { b = b $0 "\n" }' "$page" | sed 's/\\e/\\/g'
}
block '# root.sh' >root.sh
block 'head -3 note' >check.sh
is "$(bash root.sh <away/out/leaves.jsonl)" "6 $("$HANDRAIL" -d s.db audit show --json | jq -r .root)" \
    "the manual's script finds the same root"
cp away/out/checkpoint.note note && cp away/out/log.vkey .
like "$(bash check.sh 2>&1)" 'Signature Verified Successfully' "openssl finds the signature good"
sed 's/^6$/8/' away/out/checkpoint.note >note
like "$(bash check.sh 2>&1)" 'Signature Verification Failure' "and that of an altered note bad"
cp note away/out/checkpoint.note
run audit verify --log away/out
is "$code" 1 "as does verify"

# A leaf by itself, for somebody who has it, the key and a proof: hashed in another
# language (C2SP tlog-proof, RFC 9162 2.1.3.2).
cat >proof.py <<\PY
import base64, hashlib, sys
leaf, proof = open(sys.argv[1], "rb").read()[:-1], open(sys.argv[2]).read()
head, note = proof.split("\n\n", 1)
name, index, *path = head.split("\n")
assert name == "c2sp.org/tlog-proof@v1" and index.startswith("index ")
size, root = note.split("\n")[1:3]
h = lambda *a: hashlib.sha256(b"".join(a)).digest()
fn, sn, r = int(index[6:]), int(size) - 1, h(b"\0", leaf)
for p in map(base64.b64decode, path):
    assert sn
    if fn & 1 or fn == sn:
        r = h(b"\1", p, r)
        while not fn & 1 and fn:
            fn, sn = fn >> 1, sn >> 1
    else:
        r = h(b"\1", r, p)
    fn, sn = fn >> 1, sn >> 1
print("in" if sn == 0 and base64.b64encode(r).decode() == root else "not in")
PY
for seq in 0 2 3 5; do
	"$HANDRAIL" -d s.db audit show --leaf $seq >one.leaf
	"$HANDRAIL" -d s.db audit show --leaf $seq --proof >one.proof
	is "$(python3 proof.py one.leaf one.proof)" in "audit show --leaf $seq --proof"
done
is "$(sed '1,/^$/d' one.proof)" "$("$HANDRAIL" -d s.db audit checkpoint)" "with the checkpoint as it is"
sed 's/f1/f2/' one.leaf >other.leaf
is "$(python3 proof.py other.leaf one.proof)" "not in" "and of an altered leaf it proves nothing"
run -d s.db audit show --leaf 6
is "$code:$err" "1:handrail: audit: s.db: its log has no leaf 6" "a leaf that is not there"
"$HANDRAIL" -d s.db decide f2 accept >/dev/null
run -d s.db audit show --leaf 6 --proof
is "$code" 1 "one that is not signed yet has no proof"
like "$err" 'leaf 6 is not signed yet: handrail audit checkpoint' "with what to do"
run -d s.db audit show --proof
is "$code" 2 "--proof of no leaf"

# A store put back, cut or written anew is told from what was signed of it.
"$HANDRAIL" -d s.db audit checkpoint >last.note	# 7 leaves
alter() {	# NAME WHAT-IS-SAID SQL
	rm -f t.db t.db-*
	for file in s.db*; do cp "$file" "t.db${file#s.db}"; done
	altered t.db "$3" || return
	forget
	run -d t.db audit verify --known last.note
	is "$code" 1 "found: $1"
	like "$err" "$2" "and named"
}
alter "a tail that was cut, and its checkpoint" 'shorter than checkpoint 7 \(last.note\)' \
    "DELETE FROM leaves WHERE seq = 6; DELETE FROM checkpoints WHERE size = 7"
alter "a note of the store that was altered" "the store's checkpoint 5: checkpoint 5: its signature by .* is wrong" \
    "UPDATE checkpoints SET note = replace(note, char(10) || '5' || char(10), char(10) || '5' || char(10) || 'AAAA') WHERE 0;
     UPDATE checkpoints SET note = (SELECT n.note FROM (SELECT substr(note, 1, length(note) - 12) || 'AAAAAAAAAA=' || char(10) AS note FROM checkpoints WHERE size = 5) AS n) WHERE size = 5"
alter "one moved to another size" 'checkpoint 4 is of another size' "UPDATE checkpoints SET size = 4 WHERE size = 5"
alter "a note that is none" 'checkpoint 6: not a checkpoint' "UPDATE checkpoints SET note = 'x' WHERE size = 6"
chmod 644 s.db-key
run -d s.db audit checkpoint
is "$code" 1 "a key that others may read signs nothing"
like "$err" 'others may read it.*chmod 600' "with what to do"
rm s.db-key
mkfifo -m 600 s.db-key
run -d s.db audit checkpoint
like "$code $err" '^1 .*s.db-key: not a file of your own' "nor does a pipe, which is not waited for"
rm s.db-key
"$HANDRAIL" -d s.db audit checkpoint >new.note
run -d s.db audit verify --require-signed --known new.note --known first.note
is "$code" 0 "a lost key is followed by another, which the log names"

# The key is made with the store, and init prints its public half.
run -d i.db init
is "$(printf '%s\n' "$out" | sed -n 's/^key   //p')" "$("$HANDRAIL" -d i.db audit export | jq -r .key)" "init prints the public half"
is "$(stat -c %a i.db-key)" 600 "the other is its owner's alone"
like "$(cat i.db-key)" "^PRIVATE.KEY.$(printf '%s\n' "$out" | sed -n 's/^key   //p' | cut -d+ -f1,2 | sed 's/[.+]/./g')" "and lies beside the store"
cp i.db-key kept && rm i.db*
cp kept i.db-key
run -d i.db init
is "$code:$(cat i.db-key.old)" "0:$(cat kept)" "one that was left of another log is kept"
sqlite3 i.db "UPDATE meta SET value = randomblob(32) WHERE name = 'key'"
run -d i.db audit verify
like "$err" "the store's key, of draws and redaction, is not that of leaf 0" "the store's key is bound by the first leaf"
sqlite3 i.db "INSERT INTO meta VALUES ('group', 'root')"
run -d i.db audit verify
like "$err" "the store's group is not that of leaf 0" "and so is its group"

"$HANDRAIL" -d u.db init >/dev/null 2>&1
run -d u.db audit show --leaf 0 --proof
is "$code:$err" "1:handrail: audit: leaf 0 is not signed yet: handrail audit checkpoint signs the log" \
    "what was never signed has no proof"
run -d u.db audit show --json
log0=$(json .log) root0=$(json .root) size0=$(json .size)
known_root() {	# SIZE ROOT CODE: as audit show prints them
	printf 'log   %s\nsize  %s\nroot  %s\n' "$log0" "$1" "$2" >known.root
	run -d u.db audit verify --known known.root
	is "$code" "$3" "known: size $1, $(printf %s "$2" | cut -c1-8)"
}
known_root "$size0" "$root0" 0
known_root 99999999999999999999 "$root0" 2
known_root "$size0" zz 2
known_root "$size0" "${root0%?}" 2

# The logs of the reference: each tampered one with its verdict.
ref=$root/tests/data/audit-reference
verdict() {	# FILE WANT [SIZE...]: without sizes all four are known
	file=$1 want=$2
	shift 2
	[ $# -gt 0 ] || set -- 1 3 4 7
	rm -rf ref && mkdir ref && cp "$ref/log.vkey" ref && cp "$ref/$file" ref/leaves.jsonl
	for size; do shift; set -- "$@" --known "$ref/checkpoint-$size.note"; done
	run audit verify --log ref "$@"
	is "$code:$(printf '%s' "$err" | sed 's/^handrail: audit: //; s/[:(] *.*//; s/ *$//')" "$want" "$file ($(($# / 2)) known)"
}
t=tampered
verdict leaves.jsonl 0:
verdict $t/edit_one_leaf_in_place.jsonl "1:edited 3"
verdict $t/edit_one_leaf_in_place.jsonl "1:edited 3" 7
verdict $t/delete_seq_3_in_place.jsonl "1:3 missing"
verdict $t/reorder_3_and_4_in_place.jsonl "1:3 and 4 swapped"
verdict $t/edit_and_recompute_chain.jsonl "1:differs from checkpoint 4"
verdict $t/edit_and_recompute_chain.jsonl "1:differs from checkpoint 7" 7
verdict $t/delete_seq_3_and_recompute_chain.jsonl "1:differs from checkpoint 4"
verdict $t/delete_seq_3_and_recompute_chain.jsonl "1:shorter than checkpoint 7" 7
verdict $t/reorder_and_recompute_chain.jsonl "1:differs from checkpoint 4"
verdict $t/fork_replace_last_leaf_recompute.jsonl "1:differs from checkpoint 7"
verdict $t/fork_replace_last_leaf_recompute.jsonl "1:unsigned from 4" 4
verdict $t/replace_whole_log.jsonl "1:differs from checkpoint 1"
verdict $t/truncate_last_3.jsonl "1:shorter than checkpoint 7"
verdict $t/truncate_last_3.jsonl "0:" 4
verdict $t/insert_forged_leaf_at_tail.jsonl "1:unsigned from 7"
printf 'x\n' >ref/leaves.jsonl
run audit verify --log ref
is "$code" 1 "what is no leaf is no log"
# altered WANT SED...: what is said of the log after that.
altered() {
	sed "$2" "$ref/leaves.jsonl" >ref/leaves.jsonl
	run audit verify --log ref
	like "$code $err" "^1 .*$1" "$1"
}
altered "2 to 4 missing" '3,5d'
altered "1 out of place: line 8" '2{h;}; ${p;x;}'
altered "leaf 3: of another log" '4s/audit.example/other.example/'
altered "edited 0: it names a leaf before it" '1s/"prev":"0/"prev":"1/'
altered "edited 6: .*ts is not a time" '7s/"ts":"2/"ts":"x/'
altered "the log is empty" 'd'
awk 'BEGIN { for (t = "x"; length(t) < 70000;) t = t t; print t }' >ref/leaves.jsonl
run audit verify --log ref
like "$code $err" "line 1: longer than a leaf" "a line that is longer than any leaf"
mv ref/leaves.jsonl ref/kept && mkdir ref/leaves.jsonl
run audit verify --log ref
like "$code $err" "ref/leaves.jsonl: " "a log that cannot be read"
run audit verify --log nowhere
is "$code" 2 "a folder that is not there"
done_testing

#!/bin/sh
# What is signed of the log, and what an outsider makes of it.
. "$(dirname "$0")/lib.sh"

basic_policy >p.conf
{ record a1 0.97; record f1 0.70; record f2 0.70; } >in.jsonl
"$HANDRAIL" -d s.db -p p.conf ingest in.jsonl >/dev/null 2>&1

run -d s.db audit export out
is "$code" 1 "a log without a checkpoint is not exported for others"
like "$err" 'has no checkpoint yet: handrail audit checkpoint' "with what to do"
run -d s.db audit checkpoint
is "$code" 0 "audit checkpoint"
cp "$work/.out" first.note
is "$(sed -n 1p first.note)" "$("$HANDRAIL" -d s.db audit show --json | jq -r .log)" "bears the log's name"
is "$(sed -n 2p first.note)" 6 "and its size, the leaf that names the key among them"
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
is "$code:$err" "1:handrail: audit: unsigned from 6" "unless all must be signed"
run -d s.db audit checkpoint --every 2
is "$code:$out" 0: "--every 2: one leaf is not enough"
run -d s.db audit checkpoint --every 1h
is "$code:$out" 0: "--every 1h: the last is younger"
run -d s.db audit checkpoint --every soon
is "$code" 2 "--every soon is refused"
run -d s.db audit checkpoint --every 1
is "$(printf '%s\n' "$out" | sed -n 2p)" 7 "--every 1: a leaf is enough"

# For an outsider: three files, with no store at hand.
run -d s.db audit export out
is "$code:$(ls out | paste -sd' ' -)" "0:checkpoint.note leaves.jsonl log.vkey" "audit export DIR"
rm -rf away && mkdir away && mv out away/out
run audit verify --log away/out
is "$code" 0 "verify --log needs no store"
like "$out" '^verified: 7 leaves; 0 leaves unsigned; root ' "and says what it saw"
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
is "$(bash root.sh <away/out/leaves.jsonl)" "7 $("$HANDRAIL" -d s.db audit show --json | jq -r .root)" \
    "the manual's script finds the same root"
cp away/out/checkpoint.note note && cp away/out/log.vkey .
like "$(bash check.sh 2>&1)" 'Signature Verified Successfully' "openssl finds the signature good"
sed 's/^7$/8/' away/out/checkpoint.note >note
like "$(bash check.sh 2>&1)" 'Signature Verification Failure' "and that of an altered note bad"
cp note away/out/checkpoint.note
run audit verify --log away/out
is "$code" 1 "as does verify"

# A store put back, cut or written anew is told from what was signed of it.
"$HANDRAIL" -d s.db audit checkpoint >last.note
alter() {	# NAME WHAT-IS-SAID SQL
	rm -f t.db t.db-*
	for file in s.db*; do cp "$file" "t.db${file#s.db}"; done
	{ sqlite3 t.db "SELECT 'DROP TRIGGER ' || name || ';' FROM sqlite_master WHERE type = 'trigger'"; printf '%s;\n' "$3"; } >sql
	sqlite3 t.db <sql || return
	run -d t.db audit verify --known last.note
	is "$code" 1 "found: $1"
	like "$err" "$2" "and named"
}
alter "a tail that was cut, and its checkpoint" 'shorter than checkpoint 7 \(last.note\)' \
    "DELETE FROM leaves WHERE seq = 6; DELETE FROM checkpoints WHERE size = 7"
alter "a note of the store that was altered" "the store's checkpoint 6: checkpoint 6: its signature by .* is wrong" \
    "UPDATE checkpoints SET note = replace(note, char(10) || '6' || char(10), char(10) || '6' || char(10) || 'AAAA') WHERE 0;
     UPDATE checkpoints SET note = (SELECT n.note FROM (SELECT substr(note, 1, length(note) - 12) || 'AAAAAAAAAA=' || char(10) AS note FROM checkpoints WHERE size = 6) AS n) WHERE size = 6"
alter "one moved to another size" 'checkpoint 5 is of another size' "UPDATE checkpoints SET size = 5 WHERE size = 6"
alter "a note that is none" 'checkpoint 7: not a checkpoint' "UPDATE checkpoints SET note = 'x' WHERE size = 7"
chmod 644 s.db-key
run -d s.db audit checkpoint
is "$code" 1 "a key that others may read signs nothing"
like "$err" 'others may read it.*chmod 600' "with what to do"
chmod 600 s.db-key
rm s.db-key
"$HANDRAIL" -d s.db audit checkpoint >new.note
run -d s.db audit verify --require-signed --known new.note --known first.note
is "$code" 0 "a lost key is followed by another, which the log names"

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
run audit verify --log nowhere
is "$code" 2 "a folder that is not there"
done_testing

#!/bin/sh
# Training files: each format's exact lines, splits, the manifest.
. "$(dirname "$0")/lib.sh"

basic_policy >p.conf
for i in 1 2 3 4 5 6 7 8; do record f$i 0.70; done >in.jsonl
printf '{"id":"n1","queue":"support","output":"No messages.","confidence":0.5}\n' >>in.jsonl
"$HANDRAIL" -d s.db -p p.conf ingest in.jsonl >/dev/null 2>&1
printf 'Better f2.' >new.txt
"$HANDRAIL" -d s.db decide f1 accept >/dev/null
"$HANDRAIL" -d s.db decide f2 edit --output-file new.txt --reason tone --label unsafe >/dev/null
"$HANDRAIL" -d s.db decide f3 reject --reason "wrong fact" >/dev/null
"$HANDRAIL" -d s.db decide f4 accept >/dev/null
"$HANDRAIL" -d s.db decide f4 undo >/dev/null
"$HANDRAIL" -d s.db decide n1 accept >/dev/null

run -d s.db export --format sft -o sft.jsonl
is "$code" 0 "export to a file"
is "$(jq -c . sft.jsonl)" "$(cat <<'LINES'
{"messages":[{"role":"user","content":"Question of f1?"},{"role":"assistant","content":"Answer f1."}]}
{"messages":[{"role":"user","content":"Question of f2?"},{"role":"assistant","content":"Better f2."}]}
LINES
)" "sft: what was accepted or edited; undone decisions are left out"
like "$err" '1 .*skipped|skipped.* 1' "rows that a format cannot express are counted"
like "$err" 'no messages' "with the reason"
is "$(jq -r '.sha256 // .file_sha256 // .files[0].sha256' sft.jsonl.manifest.json)" "$(sha256sum sft.jsonl | cut -c1-64)" "the manifest names the file's SHA-256"
like "$(jq -c . sft.jsonl.manifest.json)" '"root"' "and the audit log's root"

run -d s.db export --format dpo
is "$(json .)" '{"prompt":[{"role":"user","content":"Question of f2?"}],"chosen":[{"role":"assistant","content":"Better f2."}],"rejected":[{"role":"assistant","content":"Answer f2."}]}' "dpo: an edit is a pair"
# Formats that this build has; the three above must be there.
has_format() {
	run -d s.db export --format "$1"
	[ "$code" -ne 2 ] || { diag "not in this build: $1"; false; }
}
if has_format dpo-openai; then
	is "$(json .)" '{"input":{"messages":[{"role":"user","content":"Question of f2?"}]},"preferred_output":[{"role":"assistant","content":"Better f2."}],"non_preferred_output":[{"role":"assistant","content":"Answer f2."}]}' "dpo-openai: the same in its own keys"
fi
if has_format kto; then
	is "$(json '[.completion[0].content,.label]')" "$(printf '["Answer f1.",true]\n["Answer f3.",false]')" "kto: accept true, reject false"
fi
run -d s.db export --format jsonl
is "$(json .id | sort -u | tr '\n' ' ')" "f1 f2 f3 f4 n1 " "jsonl: every item that was decided, undone ones too"
is "$(json 'select(.id=="f2").decisions[0]|[.decision,.reason,.labels,.output]')" '["edit","tone",["unsafe"],"Better f2."]' "with its decisions"

if has_format csv; then
	is "$(printf '%s\n' "$out" | head -n 1 | tr -d '\r')" \
	    "id,queue,state,route,rule,model,prompt,confidence,decision,by,decided_at,reason,labels,note,input,output,final" "csv: its columns"
fi
for format in labelstudio argilla; do
	has_format $format || continue
	ok "$format is JSON" sh -c 'jq -e . "$1" >/dev/null' sh "$work/.out"
done

run -d s.db export --format sft --where "decision = 'edit'"
is "$(json '.messages[-1].content')" "Better f2." "--where over decisions"
run -d s.db export --format sft --since 2099-01-01
is "$code:$out" 0: "--since"

# All items of one input stay on one side of a split.
{
	i=0
	while [ $i -lt 60 ]; do
		i=$((i + 1))
		# The same thirty questions twice, once written with blanks and beside a context.
		case $((i / 30 % 2)) in
		0) printf '{"id":"s%d","queue":"support","messages":[{"role":"user","content":"Q%d"}],"output":"A%d","confidence":0.5}\n' $i $((i % 30)) $i ;;
		1) printf '{"id":"s%d","queue":"support","messages":[ { "content": "\\u0051%d", "role": "user" } ],"context":[{"text":"c%d"}],"output":"A%d","confidence":0.5}\n' $i $((i % 30)) $i $i ;;
		esac
	done
} >split.jsonl
"$HANDRAIL" -d x.db -p p.conf ingest split.jsonl >/dev/null 2>&1
i=0
while [ $i -lt 60 ]; do i=$((i + 1)); "$HANDRAIL" -d x.db decide s$i accept >/dev/null; done
run -d x.db export --format sft --split train=0.7,test=0.3 -o out.jsonl
is "$code" 0 "--split"
is "$(cat out.jsonl.train.jsonl out.jsonl.test.jsonl | wc -l)" 60 "every row is in one file"
jq -r '.messages[0].content' out.jsonl.train.jsonl | sort -u >a
jq -r '.messages[0].content' out.jsonl.test.jsonl | sort -u >b
ok "both sides have some" test -s a -a -s b
is "$(comm -12 a b)" "" "and no input is on both"
cp out.jsonl.train.jsonl once
"$HANDRAIL" -d x.db export --format sft --split train=0.7,test=0.3 -o out.jsonl >/dev/null 2>&1
ok "the same again gives the same file" cmp once out.jsonl.train.jsonl

run -d s.db export --format nonsense
is "$code" 2 "no such format: exit 2"
run -d s.db export --format sft -o nowhere/out.jsonl
is "$code" 2 "a folder that is not there: exit 2"
like "$err" '^handrail: export: .*nowhere' "and its name"
done_testing

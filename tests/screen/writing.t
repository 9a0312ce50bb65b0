#!/bin/sh
# What the guard `hidden` passes is drawn whole, and what follows it stands in its
# column, whether a terminal draws the parts of an emoji or one picture.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/../cli/lib.sh"

cat >p.conf <<\POLICY
guard "hidden" { }
queue "q" { guards = { "hidden" }  rule "sure" { when = "confidence > 0.9"  route = approve } }
POLICY
cat >in.jsonl <<\RECORDS
{"id":"plain","queue":"q","output":"abcdefgh|end","confidence":0.5}
{"id":"skin","queue":"q","output":"Ok 👍🏽 |end","confidence":0.5}
{"id":"family","queue":"q","output":"👨‍👩‍👧‍👦|end","confidence":0.5}
{"id":"rainbow","queue":"q","output":"to 🏳️‍🌈 |end","confidence":0.5}
{"id":"flags","queue":"q","output":"🇩🇪🏴󠁧󠁢󠁥󠁮󠁧󠁿 🇫🇷 |end","confidence":0.5}
{"id":"heart","queue":"q","output":"❤️ 1️⃣ ☀️|end","confidence":0.5}
{"id":"persian","queue":"q","output":"می‌خواهم |end","confidence":0.5}
{"id":"sinhala","queue":"q","output":"ශ්‍රී ලංකව |end","confidence":0.5}
{"id":"chinese","queue":"q","output":"中文字符|end","confidence":0.5}
RECORDS
test_store s.db
run -d s.db -p p.conf ingest in.jsonl
is "$(run -d s.db list --json --limit 20; printf '%s' "$out" | jq -r '.guards[]')" "" \
    "the guard passes all of it"

cat >keys.script <<\S
expect 👍🏽 |end
expect 👨‍👩‍👧‍👦|end
expect 🇩🇪🏴󠁧󠁢󠁥󠁮󠁧󠁿 🇫🇷 |end
expect می‌خواهم |end
absent <U+
keys G Enter
expect 中文字符|end
S
ok "it stands in the cells" env HANDRAIL_SCRIPT=keys.script "$HANDRAIL" -d s.db review

run -d s.db show persian
like "$out" "می‌خواهم" "show writes Persian as it is"
run -d s.db show --json persian
like "$out" 'می\\u200cخواهم' "JSON names the joiner"

# Down and up, so that rows are drawn anew, and an item over others.
for keys in "jjjjjjjj" "jj\\rq" "jjjjjj\\rJKq"; do
	printf '%s\n' "$keys" >keys
	TERM=xterm-256color perl "$root/tests/screen/pty.pl" raw 80 24 \
	    "$HANDRAIL" -d s.db review <keys
	for kind in parts joined; do
		perl "$root/tests/screen/terminal.pl" $kind 80 24 <raw >shown
		perl -CSD -ne 'print index($_, "|end"), "\n" if /\|end/' shown >ends
		is "$(grep -c '👍\|👨\|🏳\|🏴\|❤' shown)" 5 \
		    "$keys, $kind: the pictures are there"
		is "$(grep -c . ends) $(sort -u ends | wc -l)" "9 1" \
		    "$keys, $kind: what follows stands in its column"
	done
done
ok "and not beside what was there before" sh -c '! grep -q "|end.*|" shown'
done_testing

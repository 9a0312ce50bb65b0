#!/bin/sh
# An action that waits for a decision, on the screen: edited, refused, rejected.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/../cli/lib.sh"

cat >in.jsonl <<\LINES
{"id":"i1","action_request":{"action":"send","args":{"to":"a"}},"config":{"allow_ignore":true,"allow_respond":true,"allow_edit":true,"allow_accept":true},"description":"Send the refund mail"}
{"id":"i2","action_request":{"action":"drop","args":{}},"config":{"allow_ignore":true,"allow_respond":true,"allow_edit":false,"allow_accept":true}}
LINES
test_store s.db
"$HANDRAIL" -d s.db ingest in.jsonl >/dev/null 2>&1
cat >editor.sh <<\EDITOR
#!/bin/sh
cp next-text "$1"
EDITOR
chmod +x editor.sh
EDITOR=./editor.sh
export EDITOR
release() {
	"$HANDRAIL" -d s.db show --json "$1" | jq -rc "[.state,.release]|map(. // \"-\")|join(\" \")"
}

printf '{"action":"send","args":"b"}' >next-text
script "an edit that is no action is refused, and kept" <<\S
keys Enter
expect send(to: "a")
expect as JSON: z
absent "to": "a"
keys 2
expect "to": "a"
keys e
expect the edited action is not {"action": text, "args"
S
is "$(release i1)" "flagged -" "and nothing went out"
is "$(find "$XDG_STATE_HOME" -name output.json -exec cat {} +)" '{"action":"send","args":"b"}' "what was typed is there"
rm -rf "$XDG_STATE_HOME"
printf '{"action":"send","args":{"to":"b"}}' >next-text
script "one that is goes through" <<\S
keys Enter e
expect edited: i1
S
is "$(release i1)" 'edited [{"type":"edit","args":{"action":"send","args":{"to":"b"}}}]' "as the answer"
printf '{"action":"drop","args":{"all":true}}' >next-text
script "what the request forbids is refused" <<\S
keys Enter e
expect the request does not allow edit (allow_edit)
S
is "$(release i2)" "flagged -" "here too"
done_testing

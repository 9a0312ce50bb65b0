#!/bin/sh
# An item handed on: to a command, the pager, the clipboard, a file.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/../cli/lib.sh"

basic_policy >p.conf
evil='two $(touch owned) `touch owned`\u001b]0;title\u0007 lines\nend'
{ record a1 0.80 "$evil"; record a2 0.81 "The second answer."; } >in.jsonl
test_store s.db
"$HANDRAIL" -d s.db -p p.conf ingest in.jsonl >/dev/null 2>&1 ||
    { echo "Bail out! no store"; exit 1; }
mkdir -p "$XDG_CONFIG_HOME/handrail"
PAGER='cat >paged'
export PAGER
script "a command gets the answer, and what it prints is shown as text" <<\S
keys Enter |
expect Pipe the answer to:
type cat >piped; cat piped; echo the end >&2; exit 3
keys Enter
expect What the command printed
attr reverse What the command printed
expect two $(touch owned)
expect the end
expect the command ended with 3
keys q
expect yours until
keys | ^U
type yes
keys Enter
expect the command printed over 1 MiB
expect What the command printed
keys q | ^U
type sleep 30 & echo left behind
keys Enter
expect left behind
keys q | Up Up Up
expect cat >piped; cat piped
keys Esc v
expect yours until
S
is "$(cat piped)" "$("$HANDRAIL" -d s.db show --json a1 | jq -r .output)" "byte for byte"
is "$([ -e owned ] && echo there)" "" "no text of an item was run"
like "$(cat paged)" "^a1  support  flagged\$" "the pager has the item"
is "$(LC_ALL=C grep -c "$(printf '\033')" paged)" 0 "with nothing that a terminal obeys"
script "w writes the answer, or what is listed" <<\S
keys w
type listed.jsonl
keys Enter
expect 2 items written to listed.jsonl
keys j Enter w
type answer.txt
keys Enter
expect 18 bytes written to answer.txt
keys w
type .
keys Enter
absent bytes written to .
S
script "w writes what is tagged, where anything is" <<\S
keys j t w
expect Write the 1 tagged to the file
type tagged.jsonl
keys Enter
expect 1 tagged item written to tagged.jsonl
keys T k t w
type rest.jsonl
keys Enter
expect 1 tagged item written to rest.jsonl
S
is "$(jq -r .id tagged.jsonl):$(jq -r .id rest.jsonl)" "a2:a2" "and no other"
script "a file that is there is not written over unasked" <<\S
keys j Enter w
type listed.jsonl
keys Enter
expect listed.jsonl is there,
expect Write over it?
keys n
expect nothing is written
keys w
type over.txt
keys Enter
expect 18 bytes written to over.txt
keys w
type over.txt
keys Enter y
expect 18 bytes written to over.txt
keys |
type kill -9 $$
keys Enter
expect a signal ended the command
S
is "$(jq -r .id listed.jsonl | tr '\n' ' ')" "a1 a2 " "all of it"
is "$(cat answer.txt)" "The second answer." "as it is"
script "what was decided is exported from its list" <<\S
keys Enter r Enter a
expect accepted: a2
keys D &
type decision = 'reject'
keys Enter w
type sft out.jsonl
keys Enter
expect 0 decided items written to out.jsonl; 1 skipped: 
keys w
type out.csv
keys Enter
expect 1 decided item written to out.csv
keys w
type sft
keys Esc
expect nothing is written
S
like "$(cat out.csv)" '^"a1","support","rejected"' "with its format by the name"
ok "and a manifest" test -s out.csv.manifest.json
script "y copies nothing unless that is allowed" <<\S
keys D y
expect copying is off: 'copy = osc52' in handrail.conf allows it
S
mkdir -p "$XDG_CONFIG_HOME/handrail"
echo 'copy = yes' >"$XDG_CONFIG_HOME/handrail/handrail.conf"
script "what allows it is told where something else stands there" <<\S
keys M
expect use: copy = osc52
S
rm "$XDG_CONFIG_HOME/handrail/handrail.conf"
command -v tmux >/dev/null 2>&1 || { done_testing; exit; }
# shellcheck source=tests/screen/lib.sh
. "$root/tests/screen/lib.sh"
echo 'copy = osc52' >"$XDG_CONFIG_HOME/handrail/handrail.conf"
start 80 24 "HANDRAIL=$HANDRAIL"
tmux -L "$socket" set-option -s set-clipboard on
text '$HANDRAIL -d s.db review'
keys Enter
see "Nothing is flagged"
keys D
see "reject "
keys y
ok "where it is, the terminal has it" see "the id is copied"
until_true sh -c "[ \"\$(tmux -L $socket show-buffer 2>/dev/null)\" = a2 ]"
is "$(tmux -L "$socket" show-buffer)" "a2" "the id of the row"
keys Enter
see "u:undo" >/dev/null
keys '|'
see "Pipe the answer to:" >/dev/null
text 'until [ -e go ]; do sleep 0.1; done; echo gone'
keys Enter
ok "what a command is at work on stands on the terminal" see "running: until [ -e go ]"
ok "with what ends it" see "(^C ends it)"
touch go
ok "until it has ended" see "What the command printed"
keys q '|'
see "Pipe the answer to:" >/dev/null
keys C-u
text 'sleep 600'
keys Enter
see "running: sleep 600" >/dev/null
keys C-c
ok "and ^C does end it" see "a signal ended the command"
keys Q
stop
done_testing

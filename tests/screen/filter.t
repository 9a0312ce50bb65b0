#!/bin/sh
# A slow filter in a real terminal: keys are answered while it looks, what it finds
# appears, Esc ends it.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/../cli/lib.sh"
# shellcheck source=tests/screen/lib.sh
. "$root/tests/screen/lib.sh"

perl -e 'printf qq({"id":"n%05d","queue":"open","output":"Item %d of many.","confidence":%.4f}\n),
    $_, $_, 0.1 + $_ / 40000 for 1 .. 9000' >in.jsonl
printf '%s\n' 'queue "open" { guards = { "secrets" } }' >p.conf
"$HANDRAIL" -d s.db -p p.conf ingest in.jsonl >/dev/null 2>&1

start 80 24 "HANDRAIL=$HANDRAIL"
text '$HANDRAIL -d s.db review; echo "left with $?"'
keys Enter
ok "the list tells how many there are" see "1 of 9,000 flagged"
keys NPage NPage
ok "and where one is" see "41 of 9,000 flagged"
keys G
ok "to the end" see "9,000 of 9,000 flagged"
keys k
ok "and back" see "8,999 of 9,000 flagged"
keys g
see "1 of 9,000 flagged" >/dev/null
# Each item that it looks at costs it some work, whatever the machine.
slow="length(replace(printf('%0100000d', 7), '0', 'x')) > 0 AND confidence"
keys '&'
see "&" >/dev/null
text "$slow < 0.101"
keys Enter
ok "it is told how far it came, and what was found" see "looked at"
keys Escape
ok "Esc ends it" see "stopped: "
gone "Esc stops" >/dev/null
keys '&' C-u
text "$slow < 0.1011"
see "0.1011" >/dev/null
keys Enter
see "Esc stops" >/dev/null
ok "what is found appears while it looks" see "Item 2 of many."
keys j
ok "keys are answered meanwhile" until_true sh -c "[ \"\$(tmux -L $socket display-message -p -t t '#{cursor_y}')\" = 3 ]"
keys Enter
ok "an item can be opened" see "yours until"
decide a
ok "and decided" see "accepted: n00002"
ok "the next that was found is there" see "n00001  open"
keys q
see "Enter:open" >/dev/null
keys '&' C-u
see "&" >/dev/null
text "item 8999"
keys Enter
ok "words are looked for in the answer, to the end of the list" see "Item 8999 of many."
ok "and stand in the hint line, with the place among what was found" see "1 of 1 & item 8999"
printf '%s\n' '{"id":"new","queue":"open","output":"Not item 8999 again.","confidence":0.5}' >new.jsonl
"$HANDRAIL" -d s.db ingest new.jsonl >/dev/null 2>&1
ok "what comes in later is found too" see "Not item 8999 again."
keys Q
ok "and out" see "left with 0"
done_testing

#!/bin/sh
# A call that waits for a person stands above the list, and gets what is decided there.
. "$(dirname "$0")/../cli/lib.sh"
. "$root/tests/screen/lib.sh"
need_service
SHOP_KEY=shop-0123456789abcdef
export SHOP_KEY
begin_models
cat >p.conf <<CONF
serve { listen = { "unix:$work/s.sock" } }
key "shop" { token_env = "SHOP_KEY" may = { "gateway" } }
queue "support" { fallback = "One moment." }
queue "other" { }
upstream "up" { url = "http://127.0.0.1:$port/v1" shape = openai }
model "ok" { upstream = up }
model "twice" { upstream = up name = "once-s429" }
gateway "wait" { queue = support try = { ok } on_flag = wait wait = 100s }
gateway "short" { queue = support try = { twice } on_flag = wait wait = 100s deadline = 100s }
gateway "plain" { queue = support try = { ok } }
CONF
ok "it begins" begin_service
chat() {
	post $SHOP_KEY /v1/chat/completions "{\"model\":\"$1\",\"messages\":[{\"role\":\"user\",\"content\":\"say: $2\"}]}"
}
chat plain "an answer that nobody waits for" >/dev/null
start 80 24
keys "'$HANDRAIL' -d s.db review" Enter
ok "nobody waits" see "1 of 1 flagged"
is "$(shown | grep -c 'a caller waits')" 0 "and nothing says so"
chat wait "an answer that is waited for" >answer &
caller=$!
ok "who waits stands above the list, and until when" see "a caller waits until "
id=$(sqlite3 -readonly s.db "SELECT id FROM items ORDER BY item DESC LIMIT 1")
like "$(shown | sed -n 2p)" "^a caller waits until [0-2][0-9]:[0-5][0-9]:[0-5][0-9]  support  ${id%"${id#call-??????}"}" "above its titles"
like "$(shown | sed -n 1p)" "of 2 flagged" "the list counts its items as ever"
like "$(shown | sed -n 2p)" "  W:open$" "and which key opens it"
keys W
ok "it opens" see "an answer that is waited for"
decide a
wait $caller
is "$(jq -r '.choices[0].message.content' answer)" "an answer that is waited for" "accepted: the caller gets it"
keys Escape
ok "and waits no more" await sh -c "! tmux -L $socket capture-pane -p -t t | grep -q 'a caller waits'"
decide u
see "is out. Undo and recall it?" >/dev/null
decide y
see "undone: flagged again" >/dev/null
keys Escape
see "of 2 flagged" >/dev/null
is "$(shown | grep -c 'a caller waits')" 0 "nor once the decision that he was given is undone"
keys W
ok "and W says of whom it does not know" see "no caller of a gateway waits for a person; who waits for /v1/items is not"
# A model that is asked twice takes of the time that the caller has: it began when its
# id says.
chat short "an answer that took its time" >answer &
caller=$!
see "a caller waits until " >/dev/null
id=$(sqlite3 -readonly s.db "SELECT id FROM items ORDER BY item DESC LIMIT 1")
began=$((0x$(echo "${id#call-}" | tr -d - | cut -c 1-12)))
is "$(sqlite3 -readonly s.db "SELECT ingested_ms - $began >= 1000 FROM items WHERE id = '$id'")" 1 "its model took a second"
like "$(shown | sed -n 2p)" "until $(date -d "@$((began / 1000 + 100))" +%T) " "the deadline of a call ends its wait, too"
keys W
see "yours until" >/dev/null
decide a
wait $caller
keys Q
kill $pid; wait $pid
done_testing

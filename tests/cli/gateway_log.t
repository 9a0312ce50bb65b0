#!/bin/sh
# serve { log = after }: an answer does not wait for the disk, and all the same each is
# logged, and no key spends what a crash would forget.
. "$(dirname "$0")/lib.sh"
need_service

SHOP_KEY=shop-0123456789abcdef POOR_KEY=poor-0123456789abcdef
export SHOP_KEY POOR_KEY
begin_models
cat >p.conf <<CONF
serve { listen = { "unix:$work/s.sock" } log = after }
key "shop" { token_env = "SHOP_KEY" may = { "gateway" } }
key "poor" { token_env = "POOR_KEY" may = { "gateway" } tokens_day = 1000 }
queue "support" { guards = { "profanity" } fallback = "One moment."
  rule "all" { when = "failures = 0" route = approve } }
upstream "up" { url = "http://127.0.0.1:$port/v1" shape = openai }
model "ok" { upstream = "up" }
model "s500" { upstream = "up" }
gateway "plain" { queue = support try = { ok } }
gateway "second" { queue = support try = { s500, ok } }
gateway "wait" { queue = support try = { ok } on_flag = wait wait = 20s }
CONF

# chat KEY MODEL TEXT [MEMBERS]
chat() {
	curl -s -m 60 --unix-socket s.sock -H "Authorization: Bearer $1" --data-binary \
	    "{\"model\":\"$2\"${4-},\"messages\":[{\"role\":\"user\",\"content\":\"$3\"}]}" \
	    "http://localhost/v1/chat/completions"
}
said() {
	jq -r '.choices[0] | "\(.message.content) \(.finish_reason)"'
}

ok "it begins" begin_service --wait 1s
[ -S s.sock ] || exit 1
is "$(chat $SHOP_KEY plain "say: Hello" | said)" "Hello stop" "an answer"
ok "is logged" becomes "SELECT i.snippet || ' ' || c.state FROM items i JOIN calls c USING (id)" "Hello answered"
is "$(chat $SHOP_KEY second "say: Again" | said)" "Again stop" "the next model"
ok "both attempts are" becomes "SELECT group_concat(model || ' ' || state, ', ') FROM (SELECT * FROM calls
    WHERE gateway = 'second' ORDER BY attempt)" "s500 failed, ok answered"
is "$(chat $SHOP_KEY plain "say: fuck" | said)" "One moment. content_filter" "flagged: the fallback"
chat $SHOP_KEY wait "say: fuck off" >wait.out &
client=$!
ok "an answer that a person is asked about is logged first" becomes \
    "SELECT count(*) FROM items WHERE snippet = 'fuck off'" 1
"$HANDRAIL" -d s.db decide "$(sql "SELECT id FROM items WHERE snippet = 'fuck off'")" accept >/dev/null 2>&1
wait $client
is "$(said <wait.out)" "fuck off stop" "and comes once it was decided"

# While another holds the store, answers go on; nothing of them is lost.
lock_store
is "$(chat $SHOP_KEY plain "say: meanwhile" | said)" "meanwhile stop" "a locked store holds up no answer"
ok "until it is known to be" await grep -q 'locked by another process' serve.err
is "$(chat $SHOP_KEY plain "say: meanwhile" | jq -r .error.code)" store_busy "new calls are refused then"
unlock_store
ok "what was answered is stored once that can be done" becomes \
    "SELECT count(*) FROM items WHERE snippet = 'meanwhile'" 1

# 1000 tokens a day: a call sets 300 aside, and 12 are taken.
poor() {
	chat $POOR_KEY plain "say: fine" ',"max_tokens":270'
}
for _ in 1 2 3 4 5; do poor; done | jq -r '.choices[0].finish_reason // .error.code' | sort | uniq -c >poor.txt
is "$(awk '{ print $1, $2 }' poor.txt)" "5 stop" "within the budget"
ok "spent is counted" becomes "SELECT tokens >= 60 AND tokens <= 1000 FROM spend
    WHERE key = 'poor' AND length(span) = 10" 1
kill -9 $pid; wait $pid 2>/dev/null
is "$(sql "SELECT tokens >= 60 AND tokens <= 1000 FROM spend WHERE key = 'poor' AND length(span) = 10")" 1 \
    "after a crash what was allowed counts"
ok "it begins again" begin_service --wait 1s
while poor | grep -q '"stop"'; do :; done
is "$(poor | jq -r .error.code)" budget_exceeded "until it is over"
is "$(sql "SELECT tokens <= 1000 FROM spend WHERE key = 'poor' AND length(span) = 10")" 1 \
    "never over the budget"
kill $pid; wait $pid
is "$?" 0 "it ends"
run -d s.db audit verify
is "$code" 0 "the log verifies"
is "$(sql "SELECT count(*) FROM calls WHERE key = 'poor' AND state <> 'answered'")" 0 "no call is lost"

# A clean end gives back what is left of it.
rm -f s.db*
begin_service --wait 1s
poor >/dev/null; poor >/dev/null
kill $pid; wait $pid
is "$(sql "SELECT tokens FROM spend WHERE key = 'poor' AND length(span) = 10")" 24 \
    "after an end what was taken counts, and no more"
done_testing

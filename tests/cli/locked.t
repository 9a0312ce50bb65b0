#!/bin/sh
# A store that another process holds: writers wait as long as told, readers never.
. "$(dirname "$0")/lib.sh"

basic_policy >p.conf
{ record f1 0.70; record f2 0.70; } >in.jsonl
"$HANDRAIL" -d s.db -p p.conf ingest in.jsonl >/dev/null 2>&1
ok "the lock file stands beside the store" test -f s.db-lock

mkfifo let_go
hold s.db held <let_go &
exec 3>let_go
n=0
while [ ! -s held ] && [ $n -lt 100 ]; do n=$((n + 1)); sleep 0.05; done
ok "another process holds it" test -s held

run -d s.db --wait 1s decide f1 accept
is "$code" 2 "a writer gives up after --wait: exit 2"
like "$err" '^handrail: decide: .*(locked|held|busy)' "and says why"
run -d s.db list --json
is "$code $(json .id | wc -l)" "0 2" "a reader does not wait"
run -d s.db show --json f1
is "$(json .state)" flagged "and nothing was changed"

"$HANDRAIL" -d s.db --wait 20s decide f1 accept >late.out 2>late.err &
pid=$!
echo >&3
exec 3>&-
wait $pid
is $? 0 "a writer that waits goes on once it is free"
run -d s.db show --json f1
is "$(json .state)" accepted "and its decision stands"

# What has come is stored, and nothing held, while an ingest waits for the rest.
mkfifo slow
"$HANDRAIL" -d s.db ingest - <slow >slow.out 2>&1 &
pid=$!
exec 4>slow
n=0
while [ $n -lt 1500 ]; do n=$((n + 1)); record m$n 0.70; done >many.jsonl
cat many.jsonl >&4
printf '{"id":"cut' >&4
n=0
while [ "$("$HANDRAIL" -d s.db list -n 2000 --json | wc -l)" -lt 1501 ] && [ $n -lt 100 ]
do n=$((n + 1)); sleep 0.1; done
is "$("$HANDRAIL" -d s.db list -n 2000 --json | wc -l)" 1501 "all whole lines are there to see"
run -d s.db --wait 1s decide m1 accept
is "$code" 0 "and others may write while it waits"
printf '","queue":"support","output":"x","confidence":0.5}\n' >&4
exec 4>&-
wait $pid
is $? 0 "then it goes on"
run -d s.db show --json cut
is "$(json .output)" x "with the line that was cut"
done_testing

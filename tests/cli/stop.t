#!/bin/sh
# No answer is never approved, what failed or is not done is refused, and why a
# model stopped is told everywhere.
. "$(dirname "$0")/lib.sh"

cat >p.conf <<\POLICY
queue "default" {
    fallback = "A colleague will write to you."
    rule "unsure" { when = "confidence < 0.40" route = escalate }
    rule "cut"    { when = "stop = 'length'" route = flag priority = 2 }
    rule "all"    { when = "1" route = approve }
}
POLICY
# chat ID REASON CONTENT: OpenAI's shape.
chat() {
	printf '{"id":"%s","object":"chat.completion","model":"m","confidence":%s,"choices":[{"finish_reason":"%s","message":{"role":"assistant","content":%s}}]}\n' \
	    "$1" "${4-0.97}" "$2" "$3"
}
# response ID STATUS TEXT
response() {
	printf '{"id":"%s","object":"response","model":"m","status":"%s","confidence":0.97,"output":[{"type":"message","role":"assistant","content":[{"type":"output_text","text":"%s"}]}]}\n' \
	    "$1" "$2" "$3"
}
{
	chat whole stop '"Thirty euros."'
	chat cut length '"Thirty eu"'
	chat none stop '""'
	chat held content_filter '"Thirty"'
	chat low stop null 0.1
	printf '%s\n' '{"id":"null","output":null}'
	printf '%s\n' '{"id":"blank","output":" \u200b\n"}'
} >in.jsonl

run -p p.conf check in.jsonl
is "$code" 0 "check takes what has no answer"
is "$(json '[.id,.route,.rule,.release]')" '["whole","approve","all","Thirty euros."]
["cut","flag","cut","A colleague will write to you."]
["none","flag","no answer","A colleague will write to you."]
["held","flag","no answer","A colleague will write to you."]
["low","escalate","unsure","A colleague will write to you."]
["null","flag","no answer","A colleague will write to you."]
["blank","flag","no answer","A colleague will write to you."]' "and approves none of it; flag and escalate stay"

run -d s.db -p p.conf ingest in.jsonl
is "$out" "ingested 7: 1 approved, 5 flagged, 1 escalated; 0 duplicates, 0 conflicts, 0 refused" "ingest does as check"
is "$("$HANDRAIL" -d s.db list --json --state all | jq -c '[.id,.stop]' | sort)" '["blank",null]
["cut","length"]
["held","filter"]
["low","end"]
["none","end"]
["null",null]
["whole","end"]' "list --json: why it stopped"
is "$("$HANDRAIL" -d s.db show --json held | jq -c .stop)" '"filter"' "show --json too"
is "$("$HANDRAIL" -d s.db show held | grep '^stop')" "stop        filter" "and show"
is "$("$HANDRAIL" -d s.db list --json --state all --where "stop = 'end'" | jq -r .id | sort | tr '\n' ' ')" "low none whole " "--where stop"
is "$("$HANDRAIL" -d s.db list --json --where "stop IS NULL" | jq -r .id | sort | tr '\n' ' ')" "blank null " "where it is not known"
is "$("$HANDRAIL" -d s.db list --json --where "rule = 'no answer'" | jq -r .id | sort | tr '\n' ' ')" "blank held none null " "and by the rule"

# A new policy would approve them all: it may not.
sed 's/route = flag priority = 2/route = approve/' p.conf >q.conf
"$HANDRAIL" -d s.db policy apply q.conf >/dev/null
run -d s.db reroute
is "$out" "rerouted 5: 1 approved, 4 flagged, 0 escalated; 0 held by reviewers, 0 of this policy already" "reroute approves what is cut off, not what is empty"
is "$("$HANDRAIL" -d s.db releases --json | jq -r .id | tr '\n' ' ')" "whole cut " "nothing else went out"

# A person may: what they say goes.
run -d s.db decide none accept
is "$code" 0 "a person may accept no answer"
printf 'Thirty euros, we think.' >edit.txt
run -d s.db decide held edit --output edit.txt
is "$code" 0 "or write one"
is "$("$HANDRAIL" -d s.db releases --json | jq -c '[.id,.release]' | tail -n 2)" '["none",""]
["held","Thirty euros, we think."]' "and that is what goes out"
is "$("$HANDRAIL" -d s.db export --format jsonl | jq -c '[.id,.stop]' | sort)" '["held","filter"]
["none","end"]' "export tells it"
is "$("$HANDRAIL" -d s.db export --format jsonl --where "stop = 'filter'" | jq -r .id)" held "and is asked by it"
try 0 "the log agrees" -d s.db audit verify

# Queued, running, failed, cancelled: refused by line, with what the API said.
{
	response job queued ""
	response job in_progress "Thir"
	response job completed "Thirty euros."
	response job completed "Thirty euros."
	response gone cancelled "Thir"
	printf '%s\n' '{"id":"bad","object":"response","status":"failed","output":[],"error":{"code":"server_error","message":"It \u001b[31mbroke\u001b[0m"}}'
	printf '%s\n' '{"id":"up","object":"chat.completion","choices":[{"finish_reason":"error","message":{"content":""},"error":{"code":502,"message":"Upstream error"}}]}'
	printf '%s\n' '{"error":{"type":"overloaded_error","message":"Overloaded"}}'
	printf '%s\n' '{"id":"oom","output":null,"status":"failed","error":"out of memory"}'
} >jobs.jsonl
run -d s.db ingest --rejects again.jsonl jobs.jsonl
is "$code" 1 "refusals: exit 1"
is "$out" "ingested 1: 1 approved, 0 flagged, 0 escalated; 1 duplicates, 0 conflicts, 7 refused" "one that was queued and is done then is no conflict"
is "$(printf '%s\n' "$err" | sed 's/^[^:]*: [^:]*: //; s/byte [0-9]*: //')" 'jobs.jsonl:1: the response is queued: give it again when it is completed
jobs.jsonl:2: the response is still running: give it again when it is completed
jobs.jsonl:5: the response was cancelled
jobs.jsonl:6: the request failed: server_error: It \x1b[31mbroke\x1b[0m
jobs.jsonl:7: the request failed: 502: Upstream error
jobs.jsonl:8: an API error: overloaded_error: Overloaded
jobs.jsonl:9: there is no output: out of memory' "each says which and why"
is "$("$HANDRAIL" -d s.db show --json job | jq -c '[.state,.release]')" '["approved","Thirty euros."]' "the answer is the one that was completed"
is "$(wc -l <again.jsonl)" 7 "what was refused can be given again"
response late queued "" | "$HANDRAIL" -d s.db ingest - >/dev/null 2>&1
response late completed "Now." | "$HANDRAIL" -d s.db ingest - >/dev/null 2>&1
is "$("$HANDRAIL" -d s.db show --json late | jq -r .release)" "Now." "nor in another file"

# A store from before: what it took then is read, and proved, as it was.
"$HANDRAIL" -d old.db -p p.conf ingest in.jsonl >/dev/null
older_store old.db 3
try 0 "an older store is brought up to date" -d old.db decide cut accept
is "$("$HANDRAIL" -d old.db show --json held | jq -c '[.stop,.rule]')" '[null,"no answer"]' "why it stopped is not known there"
try 0 "its log agrees" -d old.db audit verify

done_testing

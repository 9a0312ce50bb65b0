# shellcheck shell=sh
# Sourced after tests/cli/lib.sh.  whole_store STORE: one with a row in nearly every table,
# by p.conf, q.conf, in.jsonl and cases.jsonl, which stay in the folder.
whole_store() {
	cat >p.conf <<\POLICY
guard "pii" { redact = label  kinds = { "EMAIL_ADDRESS" } }
guard "nested" { kind = "regex"  pattern = '(a+)+$'  severity = low }
hook "crm" { url = "http://127.0.0.1:9/crm"  secret_file = { "hook.secret" } }
hook "all" { url = "http://127.0.0.1:9/all"  secret_file = { "hook.secret" } }
queue "support" {
    guards = { "pii", "nested" }  lease = "15m"  sla = "4h"  sample = 0.5  evidence = true  fallback = "Wait."
    skip_reasons = { "needs an expert" }  rating "helpful" { max = 5 }
    rule "unsure" { when = "confidence < 0.40"  route = escalate }
    rule "sure"   { when = "confidence >= 0.92 AND failures = 0"  route = approve }
}
queue "slow" { hold = "1h" }
queue "drawn" { sample = 1.0  rule "sure" { when = "confidence >= 0.92"  route = approve } }
queue "mail" {}
POLICY
	cat >q.conf <<\SUITE
suite "short" { cases = "cases.jsonl"  queue = "slow"
    check "words" { when = "words(output) < 3" }  check "end" { when = "instr(output, '.') > 0" } }
SUITE
	echo 0123456789abcdef0123456789abcdef >hook.secret
	chmod 600 hook.secret
	long=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab
	{ record a1 0.51 'Write to ana@example.org.'; record a2 0.52 'To bo@example.org or cy@example.org'; record a3 0.95 Three.
	    record a4 0.3; record a5 0.6 $long; record a6 0.5 $long; record a7 0.96; record a8 0.55; record a9 0.56
	    for id in b1 b2 b3 b4; do record $id 0.5 Slow. | sed 's/"support"/"slow"/'; done
	    record d1 0.97 Drawn. | sed 's/"support"/"drawn"/'
	    echo '{"id":"act","queue":"mail","action_request":{"action":"send_email","args":{"to":"a@example.com"}},"config":{"allow_ignore":true,"allow_respond":true,"allow_edit":true,"allow_accept":true},"description":"Send"}'; } >in.jsonl
	printf '{"id":"c1","output":"Yes."}\n{"id":"c2","output":"No, not at all"}\n' >cases.jsonl
	hr() { "$HANDRAIL" -d "$whole" "$@"; }
	whole=$1
	hr -p p.conf ingest in.jsonl
	hr decide a1 edit --output-file - --note no --rating helpful=4 --evidence 0-3 <cases.jsonl
	hr decide a8 reject --reason tone --label unsafe
	for id in b1 b2; do hr decide $id accept; done
	printf 'skip needs an expert\nnote one\nskip needs an expert\nnote two\nq\n' | hr review --plain
	for i in 1 2; do echo "Hello $i" | hr prompt add greet - --note "$i" --label production; done
	hr prompt label greet@1 production
	for i in 1 2; do hr bundle make --note $i -m m$i; hr bundle use $i; done
	for i in 1 2; do hr eval q.conf -r cases.jsonl; hr run label $i best; done
	# Of calls and answers of others no leaf tells; the rest is theirs who write it.
	sqlite3 "$whole" "INSERT INTO calls (id, attempt, queue, gateway, key, model, upstream, state, asked_ms)
	    VALUES ('c1', 1, 'q', 'g', 'k', 'm', 'u', 'answered', 1);
	    INSERT INTO spend VALUES ('k', '2026-11', 1, 1); INSERT INTO eval_cache VALUES (x'00', 1, 1, 'a')"
}

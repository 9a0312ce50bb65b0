#!/bin/sh
# The terminal goes away, a hang-up comes, the review is killed, in each state of the
# screen: what is held is free again, what was typed is kept, nothing is half decided.
# Each state has one of these ways, in turn; with FAULT_HANGUPS set, each.
. "$(dirname "$0")/../cli/lib.sh"

command -v python3 >/dev/null || skip_all "no python3"
TERM=xterm-256color EDITOR=./edits PAGER=./pages
export TERM EDITOR PAGER
unset VISUAL
cat >edits <<\S
#!/bin/sh
printf 'half an answer' >"$1"
echo EDITING
exec sleep 600
S
printf '#!/bin/sh\necho PAGING; exec sleep 600\n' >pages
printf '#!/bin/sh\nexec sleep 600\n' >waits
chmod +x edits pages waits

basic_policy >p.conf
for i in 1 2 3 4; do record a$i 0.7; done >in.jsonl
test_store made.db
"$HANDRAIL" -d made.db -p p.conf ingest in.jsonl >/dev/null
"$HANDRAIL" -d made.db decide a4 accept
"$HANDRAIL" -d made.db backup base.db

HANGUP_ALL=${FAULT_HANGUPS:-} python3 "$root/tests/fault/hangup.py" hup closed ignored killed >out 2>err ||
    diag "$(cat err)"
grep '^#' out
is "$(tail -n 1 out | cut -d' ' -f2)" 0 "$(tail -n 1 out | cut -d' ' -f1) hang-ups: all is free, kept and proved"
done_testing

#!/bin/sh
# Hostile text never reaches a terminal or a pipe as it is.
. "$(dirname "$0")/lib.sh"
attacks=vectors/terminal-attacks/terminal-attacks.jsonl
need_shared $attacks

# Records of those attacks that a record can hold (valid UTF-8 without NUL).
perl -MJSON::PP -MMIME::Base64 -MEncode -e '
	my $json = JSON::PP->new->canonical->utf8;
	open my $in, "<", $ARGV[0] or die;
	open my $out, ">", "in.jsonl" or die;
	open my $want, ">", "want.jsonl" or die;
	while (<$in>) {
		my $a = $json->decode($_);
		my $bytes = decode_base64($a->{input_b64});
		my $text = eval { decode("UTF-8", $bytes, Encode::FB_CROAK | Encode::LEAVE_SRC) };
		next if !defined $text || $text =~ /\0/;
		print $out $json->encode({ id => $a->{id}, queue => "q", output => $text,
		    confidence => 0.5, model => "m" }), "\n";
		print $want $json->encode({ id => $a->{id}, output => $text,
		    cli => $a->{expected_cli} }), "\n";
	}
' "$HANDRAIL_SHARED/$attacks"
total=$(wc -l <in.jsonl)
diag "$total attacks can stand in a record"
ok "most of them can" test "$total" -gt 900

run -d s.db ingest in.jsonl
is "$code" 0 "they go in"

# hostile FILE: lines with a control, bidi, zero-width or TAG character.
cat >hostile.pl <<'PERL'
use utf8; use open qw(:std :encoding(UTF-8));
while (<>) {
	print "$.: $_" if /[\x00-\x08\x0b-\x1f\x7f-\x9f\x{ad}\x{61c}\x{200b}-\x{200f}\x{2028}-\x{202e}\x{2060}-\x{206f}\x{feff}\x{e0000}-\x{e007f}]/;
}
PERL
for how in "list --limit 5000" "list --json --limit 5000" "check in.jsonl" \
    "audit query" "audit query --json" "export --format csv"; do
	# shellcheck disable=SC2086 # words
	run -d s.db $how
	case $how in *csv) sed -i "s,\r\$,," "$work/.out" ;; esac	# RFC 4180 ends its lines so
	is "$(perl hostile.pl "$work/.out" "$work/.err" | head -n 3)" "" "nothing hostile in: $how"
done

"$HANDRAIL" -d s.db list --json --limit 5000 | jq -r .id >ids
run -d s.db export --format jsonl
while read -r id; do
	"$HANDRAIL" -d s.db show --json "$id"
done <ids >shown.jsonl
is "$(perl hostile.pl shown.jsonl | head -n 3)" "" "nothing hostile in: show --json"
jq -rcS '{id,output}' shown.jsonl | sort >got
jq -rcS '{id,output}' want.jsonl | sort >want
ok "and every value is exact" cmp got want

# The escaped form that the text of show must hold.
bad=0
shown=0
jq -rc 'select(.cli)|[.id,(.cli|@base64)]|@tsv' want.jsonl | awk 'NR % 20 == 0' >some
while read -r id cli; do
	"$HANDRAIL" -d s.db show "$id" >text 2>&1
	printf '%s' "$cli" | base64 -d >piece
	shown=$((shown + 1))
	perl -e 'local $/; open A, "<", "text"; open B, "<", "piece"; $_ = <A>; my $p = <B>;
	    s/^ +//mg; $p =~ s/^ +//mg; s/\s+/ /g; $p =~ s/\s+/ /g; exit(index($_, $p) < 0)' || { bad=$((bad + 1)); diag "$id"; }
done <some
is "$bad" 0 "show: the expected escaped form, $shown attacks"

# Columns that claim to be something harmless, altered by hand.
record t1 0.7 | "$HANDRAIL" -d t.db ingest - >/dev/null 2>&1
"$HANDRAIL" -d t.db decide t1 reject --label unsafe >/dev/null 2>&1
sqlite3 t.db "PRAGMA ignore_check_constraints = ON;
	UPDATE items SET guards = char(27) || '[2J' || char(155) || char(127), state = char(27) || ']0;x' || char(7);
	DROP TRIGGER decisions_update; DROP TRIGGER decisions_erase;
	UPDATE decisions SET labels = char(27) || '[5m', decision = char(27) || '[6m';
	DROP TRIGGER leaves_update;
	UPDATE leaves SET leaf = replace(leaf, 'Z\"', char(27) || char(8238) || char(155) || char(127) || 'Z\"');
	UPDATE policies SET policy = char(27) || '[7m' || policy"
for command in 'list --state all' 'list --state all --json' 'show t1' 'show --json t1' 'audit query' 'audit query --json' \
    'audit show t1' 'policy list' 'policy list --json' 'stats' 'audit verify' 'doctor' 'export --format labelstudio'; do
	"$HANDRAIL" -d t.db $command >got 2>&1
	is "$(perl hostile.pl got | head -n 3)" "" "an altered store: nothing hostile in: $command"
done
"$HANDRAIL" -d t.db list --state all --json >got 2>/dev/null
ok "and JSON is JSON" jq -e .guards got
# The exact bytes of leaves go to files; a terminal has them escaped.
record "$(printf 't\302\233\342\200\256\1772')" 0.7 | "$HANDRAIL" -d u.db ingest - >/dev/null 2>&1
PAGER="cat" perl "$root/tests/screen/pty.pl" got 80 24 "$HANDRAIL" -d u.db audit export </dev/null
tr -d '\r' <got >lines
is "$(perl hostile.pl lines | head -n 3)" "" "nothing hostile in: audit export, on a terminal"
"$HANDRAIL" -d u.db audit export >got
is "$(sqlite3 -readonly u.db "SELECT leaf FROM leaves" | cmp - got && echo same)" same "and into a file the very bytes"
done_testing

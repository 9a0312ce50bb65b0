#!/bin/sh
# JSONTestSuite through ingest: each test text as metadata.v of a record.
. "$(dirname "$0")/lib.sh"
need_shared vectors/JSONTestSuite/test_parsing

# A record whose metadata.v is the file's bytes.  A record is one line: a line
# break inside of what must be accepted becomes a blank; what must be refused
# goes in as it is, since a line that is broken is refused too.
perl -e '
	my ($dir) = @ARGV;
	opendir my $d, $dir or die;
	for my $name (sort grep { /\.json$/ } readdir $d) {
		open my $f, "<:raw", "$dir/$name" or die;
		my $text = do { local $/; <$f> };
		my $kind = substr $name, 0, 1;
		$text =~ s/\n/ /g if $kind eq "y";
		open my $out, ">>:raw", "$kind.jsonl" or die;
		print $out qq({"id":"$name","output":"x","confidence":0.5,"metadata":{"v":$text}}\n);
	}
' "$HANDRAIL_SHARED/vectors/JSONTestSuite/test_parsing"

is "$(wc -l <y.jsonl) $(grep -ac '"id":"n_' n.jsonl)" "95 188" "the suite is all there"
run -d y.db ingest --json --rejects rejects.jsonl y.jsonl
is "$(json '[.ingested,.refused]')" "[91,4]" "y_: all accepted but four refused on purpose"
is "$(printf '%s\n' "$err" | grep -c 'duplicate key')" 2 "two for duplicate keys"
is "$(printf '%s\n' "$err" | grep -ci 'NUL')" 2 "two for NUL in a string"
is "$(grep -o 'y_[a-z_]*' rejects.jsonl)" \
    "$(sed -n 's/^\.It Pa \(y_.*\)/\1/p' "$root/man/handrail-record.5")" \
    "those that handrail-record.5 names"
is "$("$HANDRAIL" -d y.db list --json --limit 500 | jq -r .id | grep -c '^y_')" 91 "the others are there"

run -d n.db ingest --json n.jsonl
total=$(grep -ac . n.jsonl)
is "$(json '[.ingested,.refused]')" "[0,$total]" "n_: every one refused, in $total lines"
is "$(printf '%s\n' "$err" | grep -c "n\.jsonl:[0-9]*: byte [0-9]")" "$total" "each with line and byte"

run -d i.db ingest --json i.jsonl
ok "i_: either way, but never a crash ($code)" test "$code" -le 1
is "$(json '.ingested+.refused')" "$(wc -l <i.jsonl)" "and every one is counted"
done_testing

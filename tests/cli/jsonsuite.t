#!/bin/sh
# JSONTestSuite through ingest: each test text as metadata.v of a record.
. "$(dirname "$0")/lib.sh"
need_shared vectors/JSONTestSuite/test_parsing

# A record whose metadata.v is the file's bytes; those that hold a line feed
# stand apart, since a record is one line.
perl -e '
	my ($dir) = @ARGV;
	opendir my $d, $dir or die;
	for my $name (sort grep { /\.json$/ } readdir $d) {
		open my $f, "<:raw", "$dir/$name" or die;
		my $text = do { local $/; <$f> };
		$text =~ s/\n+\z//;
		next if $text =~ /\n/ || $text eq "";
		my $kind = substr $name, 0, 1;
		open my $out, ">>:raw", "$kind.jsonl" or die;
		print $out qq({"id":"$name","output":"x","confidence":0.5,"metadata":{"v":$text}}\n);
	}
' "$HANDRAIL_SHARED/vectors/JSONTestSuite/test_parsing"

run -d y.db ingest --json y.jsonl
total=$(wc -l <y.jsonl)
is "$(json '[.ingested,.refused]')" "[$((total - 4)),4]" "y_: all accepted but four refused on purpose"
is "$(printf '%s\n' "$err" | grep -c 'duplicate key')" 2 "two for duplicate keys"
is "$(printf '%s\n' "$err" | grep -ci 'NUL')" 2 "two for NUL in a string"
ids=$("$HANDRAIL" -d y.db list --json --limit 500 | jq -r .id | grep -c '^y_')
is "$ids" "$((total - 4))" "and they are there"

run -d n.db ingest --json n.jsonl
total=$(wc -l <n.jsonl)
is "$(json '[.ingested,.refused]')" "[0,$total]" "n_: every one of $total refused"
is "$(printf '%s\n' "$err" | grep -c "n\.jsonl:[0-9]*: byte [0-9]")" "$total" "each with line and byte"

run -d i.db ingest --json i.jsonl
ok "i_: either way, but never a crash ($code)" test "$code" -le 1
is "$(json '.ingested+.refused')" "$(wc -l <i.jsonl)" "and every one is counted"
done_testing

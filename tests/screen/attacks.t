#!/bin/sh
# Hostile text on a terminal: not one byte of it outside our own drawing, in
# the list, in an item, in its record, in messages, in what was decided and why, in what
# a search finds, in runs and prompts, in the statistics.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/../cli/lib.sh"
attacks=vectors/terminal-attacks/terminal-attacks.jsonl
need_shared $attacks

# Every attack that a record can hold is an output, and a name elsewhere.
perl -MJSON::PP -MMIME::Base64 -MEncode -e '
	my $json = JSON::PP->new->canonical->utf8;
	open my $in, "<", $ARGV[0] or die;
	open my $out, ">", "in.jsonl" or die;
	while (<$in>) {
		my $a = $json->decode($_);
		my $text = eval { decode("UTF-8", decode_base64($a->{input_b64}),
		    Encode::FB_CROAK | Encode::LEAVE_SRC) };
		next if !defined $text || $text =~ /\0/;
		my $name = substr($text, 0, 40);
		print $out $json->encode({ id => "$a->{id}$name", queue => "q",
		    output => $text, confidence => 0.5, model => $name,
		    prompt => $name, metadata => { $name => $name } }), "\n";
	}
' "$HANDRAIL_SHARED/$attacks"
total=$(wc -l <in.jsonl)
ok "most attacks can stand in a record" test "$total" -gt 900
"$HANDRAIL" -d s.db ingest in.jsonl >/dev/null 2>&1
run -d s.db list --json --limit 5000
is "$(printf '%s\n' "$out" | wc -l)" "$total" "they are all there to be reviewed"

# The list page by page; each item, every eighth's parts and what accepting it
# sends; the audit log.
pages=$((total / 20 + 2))
{
	i=0; while [ $i -lt $pages ]; do echo ' '; i=$((i + 1)); done
	printf 'g\n\\r\n'
	i=1
	while [ $i -lt "$total" ]; do
		echo J
		[ $((i % 8)) -ne 0 ] || printf '%s\n' 2 3 4 6 ']' 1 z p q
		i=$((i + 1))
	done
	printf 'q\nL\n'
	i=0; while [ $i -lt $pages ]; do echo ' '; i=$((i + 1)); done
	printf 'q\nQ\n'
} >keys
TERM=xterm-256color perl "$root/tests/screen/pty.pl" raw 80 24 \
    "$HANDRAIL" -d s.db review <keys
is $? 0 "the screen goes through them all"

# What ncurses sends for this terminal, and no more; then the text between.  The
# two joiners may stand inside a cluster of their script or an emoji, the letters of a
# region in its flag.
cat >foreign.pl <<\PERL
use utf8;
use open qw(:std :encoding(UTF-8));
local $/;
$_ = <>;
s/\e\[[0-9;]*[mHABCDKJLMPXSTdGrb\@]//g;		# place, erase, look, scroll
s/\e\[\?(?:1|7|12|25|1049|1034|2004)(?:;25)?[hl]//g;	# keypad, cursor, other screen
s/\x{1f3f4}[\x{e0030}-\x{e0039}\x{e0061}-\x{e007a}]{3,6}\x{e007f}//g;
s/\e\[[0-9;]*t//g;				# the title that smcup keeps
s/\e\[4[hl]|\e\[!p|\e\(B|\e[=>78M]|[\r\n\x08]//g;
while (/(.{0,20})([\x00-\x1f\x7f-\xa0\x{ad}\x{61c}\x{1680}\x{180e}\x{2000}-\x{200b}\x{200e}\x{200f}\x{2028}-\x{202f}\x{205f}-\x{206f}\x{2800}\x{3000}\x{e000}-\x{f8ff}\x{fff0}-\x{fffb}\x{fffe}\x{ffff}\x{e0000}-\x{e00ff}\x{e01f0}-\x{10ffff}])/g) {
	printf "U+%04X after %s\n", ord($2), $1;
	last if ++$n == 10;
}
PERL
is "$(perl foreign.pl raw)" "" "not one byte outside our own drawing"
ok "the attacks were on the screen" grep -q "<U+202E>" raw
ok "and the log" grep -q "Audit log" raw

# What people say is hostile too: a reason or a note each, in one session; so is what a
# suite, its runs and a prompt hold.
perl -MJSON::PP -e '
	my $json = JSON::PP->new->canonical->utf8;
	my @all = map { $json->decode($_) } <STDIN>;
	sub put { my $name = shift; open my $f, ">:utf8", $name or die; print $f @_; }
	put("said", map { my $t = $all[$_]{output}; $t =~ s/[\r\n]/ /g;
	    "r $t\n" } 0 .. $#all);
	put("cases.jsonl", map { JSON::PP->new->encode({ id => $_->{id},
	    messages => [{ role => "user", content => $_->{output} }] }), "\n" } @all);
	for my $way (0, 1) {
		put("run$way.jsonl", map { JSON::PP->new->encode({ id => $_->{id},
		    model => $_->{model}, output => "$way $_->{output}" }), "\n" } @all);
		put("prompt$way", map { my $t = substr($_->{output}, 0, 60);
		    $t =~ s/\n/ /g; "$way $t\n" } @all);
	}
' <in.jsonl
jq -c '.queue = "r" | .output = "needle \(.output)"' in.jsonl >more.jsonl
"$HANDRAIL" -d s.db search on >/dev/null 2>&1
"$HANDRAIL" -d s.db ingest more.jsonl >/dev/null 2>&1
"$HANDRAIL" -d s.db review --plain --queue r <said >/dev/null 2>&1
ok "each was said" test "$("$HANDRAIL" -d s.db list --queue r --state rejected --json --limit 5000 | wc -l)" -gt 900
{
	printf 'suite "s\342\200\256" {\n cases = "cases.jsonl"\n'
	printf " check \"c\342\200\256\" { when = \"output GLOB '0*'\" }\n}\n"
} >suite.conf
for way in 0 1; do
	"$HANDRAIL" -d s.db eval suite.conf --records run$way.jsonl >/dev/null 2>&1
	"$HANDRAIL" -d s.db prompt add p prompt$way --note "$(sed -n 40p prompt$way)" >/dev/null 2>&1
done
is "$("$HANDRAIL" -d s.db prompt list --json 2>/dev/null | wc -l)" 2 "a prompt of two versions"
is "$("$HANDRAIL" -d s.db run list --json 2>/dev/null | wc -l)" 2 "two runs"
# spaces N: so many pages, each of which moves: a key that does nothing is waited for.
spaces() {
	i=0; while [ $i -lt "$1" ]; do echo ' '; i=$((i + 1)); done
}
{
	echo D; spaces $((total / 21)); printf '%s\n' q /
	printf 'needle\\r\n'; spaces 20
	printf '%s\n' q C '\r'
	for i in 1 2 3 4 5 6; do spaces 6; printf '%s\n' '\r' q; done
	printf '%s\n' q q P '\r'; spaces $((total / 22)); printf '%s\n' q j '\r'; spaces $((total / 22))
	printf '%s\n' q q i; spaces 2; printf '%s\n' q M q Q
} >keys
TERM=xterm-256color perl "$root/tests/screen/pty.pl" raw2 80 24 \
    "$HANDRAIL" -d s.db review <keys
is $? 0 "the screen goes through what was said, found, run and prompted"
is "$(perl foreign.pl raw2)" "" "and not one byte is outside our own drawing there"
for seen in "Decided: " "Found: needle" "Run 2" "Broken (" "@2" "Statistics: " "Messages"; do
	is "$(LC_ALL=C grep -acF "$seen" raw2 | sed 's/^[1-9].*/yes/')" yes "it was on the screen: $seen"
done
done_testing

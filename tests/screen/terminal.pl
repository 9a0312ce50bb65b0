# terminal.pl joined|parts COLUMNS ROWS <BYTES: the screen that a terminal shows after
# these bytes of curses for xterm; `joined` draws an emoji of several code points as
# one picture of two columns, `parts` one after the other.  A character a cell: of what
# stands in it the first, "_" where a wide one covers it.
use strict;
use warnings;
use utf8;
use open qw(:std :encoding(UTF-8));

my ($kind, $columns, $rows) = @ARGV;
my @cell = map { [(" ") x $columns] } 1 .. $rows;
my ($y, $x, $last, $at) = (0, 0, "", undef);

sub width {
	my ($c) = @_;
	return 0 if $c =~ /[\x{200c}\x{200d}\x{fe0f}\x{e0020}-\x{e007f}]|\p{Mn}|\p{Me}/;
	return 1 if $c =~ /[\x{1f1e6}-\x{1f1ff}\x{1f3f3}]/;
	return $c =~ /[\x{1100}-\x{115f}\x{2e80}-\x{a4cf}\x{ac00}-\x{d7a3}\x{1f300}-\x{1faff}]/ ? 2 : 1;
}
sub put {
	my ($c, $w) = @_;
	($y, $x) = ($y + 1, 0) if $x + $w > $columns;
	return if $y >= $rows;
	# Half of a wide character that is written over is gone.
	$cell[$y][$x - 1] = " " if $x > 0 && $cell[$y][$x] eq "";
	$cell[$y][$x + $w] = " " if $x + $w < $columns && $cell[$y][$x + $w] eq "";
	$cell[$y][$x] = $c;
	$cell[$y][$x + $_] = "" for 1 .. $w - 1;
	$at = [$y, $x];
	$x += $w;
}
# Joins what follows to the cell before, which becomes one of two columns.
sub join_to {
	my ($c, $w) = @_;
	my ($row, $column) = @$at;
	$cell[$row][$column] .= $c;
	return if $w == 0 || ($cell[$row][$column + 1] // "") eq "";
	$cell[$row][$column + 1] = "";
	$x = $column + 2;
}
sub text {
	my ($c) = @_;
	my $w = width($c);
	if (defined $at && $kind eq "joined") {
		my $cell = $cell[$at->[0]][$at->[1]];
		return join_to($c, 2) if $c eq "\x{fe0f}" || $c =~ /[\x{1f3fb}-\x{1f3ff}]/ ||
		    $cell =~ /\x{200d}$/ || ($cell =~ /^[\x{1f1e6}-\x{1f1ff}]$/ &&
		    $c =~ /[\x{1f1e6}-\x{1f1ff}]/);
	}
	return defined $at && join_to($c, 0) if $w == 0;
	put($c, $w);
	$last = $c;
}
local $/;
$_ = <STDIN>;
while (/\G(?:\e\[([0-9;?]*)([A-Za-z@])|\e\(B|\e[=>78]|(.))/gs) {
	my ($p, $f, $c) = ($1, $2, $3);
	if (defined $c) {
		$at = undef if $c =~ /[\r\n\x08]/;
		if ($c eq "\r") { $x = 0 } elsif ($c eq "\n") { $y++ }
		elsif ($c eq "\x08") { $x-- if $x > 0 } else { text($c) }
		next;
	}
	next if !defined $f || $f =~ /[hlmtr]/;
	my ($n, $m) = split /;/, $p;
	$n ||= 1;
	if ($f eq "b") { text($last) for 1 .. $n; next }
	$at = undef;
	if ($f eq "H") { $y = $n - 1; $x = ($m || 1) - 1 }
	elsif ($f eq "d") { $y = $n - 1 } elsif ($f eq "G") { $x = $n - 1 }
	elsif ($f eq "A") { $y -= $n } elsif ($f eq "B") { $y += $n }
	elsif ($f eq "C") { $x += $n } elsif ($f eq "D") { $x -= $n }
	elsif ($f eq "K" && $p eq "1") { $cell[$y][$_] = " " for 0 .. $x }
	elsif ($f eq "K") { $cell[$y][$_] = " " for $x .. $columns - 1 }
	elsif ($f eq "X") { $cell[$y][$x + $_] = " " for 0 .. $n - 1 }
	elsif ($f eq "J") { $cell[$_] = [(" ") x $columns] for $y + ($x > 0) .. $rows - 1 }
	else { die "not known: CSI $p $f" }
}
print join("", map { $_ eq "" ? "_" : substr($_, 0, 1) } @$_), "\n" for @cell;

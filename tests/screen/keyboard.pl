# keyboard.pl OUT COMMAND... <STEPS: a hand at the keyboard of an 80x24 terminal of
# its own; what the command sent is in OUT.  At the end it is asked to leave.  A
# step is a line (\r, \n and \e in BYTES are understood):
#   see REGEX        until it was sent since the last press; 10 s at most
#   read MS          nothing is done for so long, as by one who reads
#   press BYTES      all at once
#   hold KEY MS N    held down: again after MS, then 30 times a second, N times
# Exit 75: this machine was too busy to hold a key evenly, which proves nothing.
use strict;
use warnings;
use Fcntl;
use POSIX ();
use Time::HiRes qw(clock_gettime CLOCK_MONOTONIC);

my ($file, @command) = @ARGV;
sysopen(my $master, "/dev/ptmx", O_RDWR | O_NOCTTY) or die "ptmx: $!";
my $n = pack("i", 0);
ioctl($master, 0x40045431, $n) or die "unlock: $!";	# TIOCSPTLCK
ioctl($master, 0x80045430, $n) or die "number: $!";	# TIOCGPTN
my $name = "/dev/pts/" . unpack("i", $n);
my $pid = fork;
die "fork: $!" unless defined $pid;
if ($pid == 0) {
	POSIX::setsid();
	sysopen(my $slave, $name, O_RDWR) or die "$name: $!";
	my $size = pack("S4", 24, 80, 0, 0);
	ioctl($slave, 0x5414, $size) or die "size: $!";
	POSIX::dup2(fileno($slave), $_) for 0 .. 2;
	exec @command or die "$command[0]: $!";
}
open(my $out, ">:raw", $file) or die "$file: $!";
my ($new, $ended, $late) = ("", 0, 0);

sub now { return clock_gettime(CLOCK_MONOTONIC); }

# Takes in what is sent, until then, or until it matches.
sub take {
	my ($until, $match) = @_;
	while (!$ended) {
		return 1 if defined $match && $new =~ /$match/;
		my $left = $until - now();
		last if $left <= 0;
		my $set = "";
		vec($set, fileno($master), 1) = 1;
		next unless select($set, undef, undef, $left) > 0;
		my $bytes;
		$ended = !sysread($master, $bytes, 65536);
		last if $ended;
		print $out $bytes;
		$new .= $bytes;
	}
	return 0;
}

sub bytes {
	my ($text) = @_;
	my %of = (r => "\r", n => "\n", e => "\e");
	$text =~ s/\\([rne])/$of{$1}/g;
	return $text;
}

# The gaps of a held key must be those of a key that is held.
sub hold {
	my ($key, $delay, $times) = @_;
	my $start = now();
	my $last = $start;
	syswrite($master, $key);
	for my $i (1 .. $times) {
		take($start + $delay / 1000 + ($i - 1) / 30);
		$late = 1 if $i > 1 && now() - $last > 0.09;
		$last = now();
		syswrite($master, $key);
	}
}

my $failed = 0;
while (my $step = <STDIN>) {
	chomp $step;
	my ($word, $rest) = split / /, $step, 2;
	if ($word eq "see") {
		if (!take(now() + 10, $rest)) {
			print "never sent: $rest\n";
			$failed = 1;
			last;
		}
	} elsif ($word eq "read") {
		take(now() + $rest / 1000);
	} elsif ($word eq "press") {
		$new = "";
		syswrite($master, bytes($rest));
	} elsif ($word eq "hold") {
		my ($key, $delay, $times) = split / /, $rest;
		$new = "";
		hold(bytes($key), $delay, $times);
	} else {
		die "no such step: $step";
	}
}
kill "TERM", $pid;
take(now() + 10);
close $out;
close $master;
waitpid($pid, 0);
exit($late ? 75 : $failed ? 1 : $? >> 8);

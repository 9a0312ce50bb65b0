# pty.pl OUT COLUMNS ROWS COMMAND... <KEYS: runs a command on a terminal of its
# own and types each line of KEYS (\r, \e are understood) once the command has
# been quiet; every byte that the command sent is in OUT.
use strict;
use warnings;
use Fcntl;
use POSIX ();

my ($file, $columns, $rows, @command) = @ARGV;
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
	ioctl($slave, 0x5414, pack("S4", $rows, $columns, 0, 0)) or die "size: $!";
	POSIX::dup2(fileno($slave), $_) for 0 .. 2;
	exec @command or die "$command[0]: $!";
}
open(my $out, ">:raw", $file) or die "$file: $!";

# Reads until nothing came for so long; false at the end.
sub drain {
	my ($first, $quiet) = @_;
	my $wait = $first;
	for (;;) {
		my $set = "";
		vec($set, fileno($master), 1) = 1;
		return 1 unless select($set, undef, undef, $wait) > 0;
		my $got = sysread($master, my $bytes, 65536);
		return 0 unless $got;
		print $out $bytes;
		$wait = $quiet;
	}
}
drain(10, 0.2);
while (my $keys = <STDIN>) {
	chomp $keys;
	$keys =~ s/\\r/\r/g;
	$keys =~ s/\\e/\e/g;
	syswrite($master, $keys);
	drain(5, 0.004) or last;
}
1 while drain(5, 0.5) && 0;
close $out;
close $master;
waitpid($pid, 0);
exit($? >> 8);

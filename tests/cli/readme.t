#!/bin/sh
# Every command of the README's tour, run as written, prints what stands there;
# "..." stands for anything within a line. Each policy in it passes the check.
. "$(dirname "$0")/lib.sh"

mkdir bin
ln -s "$HANDRAIL" bin/handrail
ln -s "$root/tui" tui
export TMPDIR="$work"
cat >tour.pl <<'PERL'
use strict; use warnings; use Test::More;
use IPC::Open2;
my ($root) = @ARGV;
my (@steps, $in);
open my $readme, "<", "$root/README.md" or die "README.md: $!";
while (<$readme>) {
	chomp;
	if (/^```console$/) { $in = 1; next }
	if (/^```/) { $in = 0; next }
	next unless $in;
	if (s/^\$ //) { push @steps, [$_, []] }
	else { push @{$steps[-1][1]}, $_ }
}
# What a reader needs to build is there already.
@steps = grep { $_->[0] !~ /^(?:make|PATH=)/ } @steps;
my $pid = open2(my $from, my $to, "exec sh 2>&1");
for my $step (@steps) {
	my ($command, $want) = @$step;
	print $to "$command\necho \"==\$?\"\n";
	$to->flush;
	my (@got, $code);
	while (<$from>) {
		chomp;
		if (/^==(\d+)$/) { $code = $1; last }
		push @got, $_;
	}
	my $pattern = join "\n", map {
		join ".*", map { quotemeta } split /\.\.\./, $_, -1 } @$want;
	like(join("\n", @got), qr/\A$pattern\s*\z/, $command);
}
close $to;
# Each policy that it shows is one.
seek $readme, 0, 0;
my @policies = do { local $/; <$readme> } =~ /^```\n((?:serve|upstream) .*?)^```$/msg;
is(scalar @policies, 2, "a policy for the service and one for a gateway");
for (@policies) {
	open my $policy, ">", "readme.conf" or die $!;
	print $policy $_;
	close $policy;
	is(`handrail policy check readme.conf 2>&1 >policy.out`, "", (split /\n/)[0]);
}
waitpid $pid, 0;
ok(@steps > 10, "the tour has its steps");
done_testing();
PERL
unset HANDRAIL_STORE
PATH=$work/bin:$PATH perl tour.pl "$root"

#!/bin/sh
# Manual pages and scripts: mandoc and shellcheck have nothing to say, and
# every command has its page.
. "$(dirname "$0")/../cli/lib.sh"
cd "$root" || exit 1

if command -v mandoc >/dev/null 2>&1; then
	for page in man/*.[157]; do
		is "$(mandoc -T lint -W warning "$page" 2>&1)" "" "mandoc: $page"
	done
else
	[ -z "${CI:-}" ] || ok "mandoc is there" false
fi
is "$(grep -nE '^\..*Ql .* Ql ' man/*.[157])" "" "no quote inside a quote: groff nests what mandoc puts in a row"
# What passed is not looked at again as long as it and what it sources stay as they are.
passed=build/shellcheck
mkdir -p $passed
checked() {
	state=$(cat "$1" tests/cli/lib.sh tests/screen/lib.sh | sha256sum | cut -c 1-32)
	[ -f "$passed/$state" ] && return
	is "$(shellcheck -x -S warning -P SCRIPTDIR "$1" 2>&1)" "" "shellcheck: $1"
	[ $failed -gt 0 ] || : >"$passed/$state"
}
if command -v shellcheck >/dev/null 2>&1; then
	for script in $(git ls-files | grep -E '\.(t|sh)$|^\.ci/|^tests/bench/run$'); do
		head -n 1 "$script" | grep -Eq '^#!.*sh$|^# TAP for sh' || continue
		checked "$script"
	done
else
	[ -z "${CI:-}" ] || ok "shellcheck is there" false
fi
# The rows of the table of commands, and the pages that describe them.
for command in $(awk 'named { gsub(/[",]/, "", $1); print $1; named = 0 }
    /^const struct cmd cmd_[a-z]* = {$/ { named = 1 }' tui/cmd/*.c | sort); do
	ok "man/ describes: $command" grep -Eq "^\\.(It|Ic) (Ic )?$command( |\$)" man/handrail.1
	ok "man/ has its page: $command" test -f "man/handrail-$command.1"
done
# Every key and action, as the table and the file of keys have them.
is "$(sed -n '/^\.\\" From here on by make man-keys/,/^\.\\" To here/p' man/handrail-review.1 |
    sed '1d;$d')" "$(awk -f man/keys.awk tui/screen/action.h tui/screen/handrail.conf)" \
    "handrail-review.1 lists every key (make man-keys writes it)"
# Kinds of guards with their options, and kinds of personal data.
policy=man/handrail-policy.5
kinds=$(find core/guard -name '*.c')
named() {
	ok "$1" grep -Eq "^\\.(It )?Cm (.* )?$2( |\$)" $policy
}
for kind in $(sed -n 's/^	\.name = "\(.*\)",$/\1/p' $kinds); do
	named "handrail-policy.5 has the guard $kind" "$kind"
done
for option in $(sed -En 's/^	(\[[A-Z_]+\] = )?\{ "([a-z_]+)", OPTION_.*/\2/p' \
    $kinds | sort -u); do
	named "handrail-policy.5 has the option $option" "$option"
done
for kind in $(sed -n 's/^X(\([A-Z_]*\),.*/\1/p' core/guard/pii/kinds.h); do
	named "handrail-policy.5 has the kind $kind" "$kind"
done
for guard in $(sed -n '/^\.It Cm regex$/,/^\.Ss Personal/s/^\.It Cm //p' $policy); do
	ok "the guard $guard is one" grep -q "^	\.name = \"$guard\",$" $kinds
done
# Shapes of records, and the native keys.
record=man/handrail-record.5
for shape in $(sed -n 's/^	\.name = "\(.*\)",$/\1/p' core/shape/*.c); do
	ok "handrail-record.5 has the shape $shape" grep -q "^\.It $shape\$" $record
done
for key in $(sed -n 's/^	FIELD(\([a-z_]*\), .*/\1/p' core/shape/native.c) output; do
	ok "handrail-record.5 has the key $key" grep -Eq "^\.It Cm (.* )?$key( |\$)" $record
done
# The map of the source names what is there: files, and functions of some header or file.
map=man/handrail-internals.7
for path in $(sed -En 's/^\.(It )?Pa ([^ ]+).*/\2/p; s/.*[.,:] Pa ([^ ]+).*/\1/p; s/^\.Pq Pa ([^ ]+).*/\1/p' $map |
    sed 's/[,;:.]$//' | sort -u); do
	ok "handrail-internals.7 names what is there: $path" test -e "$path"
done
for name in $(sed -En 's/^\.(Pq )?(Fn|Va) ([a-z_]+).*/\3/p' $map | sort -u); do
	ok "handrail-internals.7 names what is there: $name" \
	    git grep -qw "$name" -- core db queue tui tests/cli/lib.sh
done
done_testing

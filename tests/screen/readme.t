#!/bin/sh
# The pictures in README.md are what the demo's screen shows.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/../cli/lib.sh"

mkdir drawn
ok "the screens are drawn" "$root/man/screens" "$HANDRAIL" drawn
is "$(ls drawn)" "$(cd "$root/man" && ls ./*.svg | sed 's|^\./||')" \
    "those that man/ has"
for picture in drawn/*.svg; do
	svg=${picture#drawn/}
	ok "$svg is as it was: else make screens" cmp "$picture" "$root/man/$svg"
	ok "and README shows it" grep -qF "(man/$svg)" "$root/README.md"
done
done_testing

#!/bin/sh
# The rooms of the sources (rooms.map): who may include whom, through which
# headers, without cycles; and one header for each source.
. "$(dirname "$0")/../cli/lib.sh"
cd "$root" || exit 1

# shellcheck disable=SC2046 # file names here have no blanks
LC_ALL=C awk -f tests/lint/rooms.awk tests/lint/rooms.map \
    $(find core db queue tui -name '*.[ch]' | LC_ALL=C sort) >"$work/faults" ||
    echo "rooms: rooms.awk: failed" >>"$work/faults"

# keeps RULE NAME
keeps() {
	is "$(sed -n "s/^$1: //p" "$work/faults")" "" "$2"
}
keeps rooms "every source is in a room"
keeps layers "a layer includes itself and those to its right"
keeps order "a room of core includes those before it"
keeps never "the screen knows no queue, its views no store"
keeps doors "a room is entered by its doors"
keeps cycles "no cycle between rooms, nor with the helpers of policy, pii and parts"
keeps own-header "what a source exports is in the header of its name"
keeps tags "one tag, one struct"
keeps unused "no header is included for nothing"
done_testing

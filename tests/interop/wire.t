#!/bin/sh
# The clients of OpenAI and Anthropic read what is made for them: answers as events,
# withheld ones, errors, and streams that are cut behind each event.
. "$(dirname "$0")/../cli/lib.sh"

command -v node >/dev/null || skip_all "no node here" anywhere
for package in openai @anthropic-ai/sdk; do
	[ -e "$root/tests/interop/node_modules/$package" ] ||
	    skip_all "no npm package $package here" anywhere
done
program=$(dirname "$HANDRAIL")/interop/wire_events
ok "wire_events is there (make tap builds it)" test -x "$program"
for api in chat responses messages; do
	printf '%s\n' "$api plain same" "$api gathered same" "$api window same" \
	    "$api withheld true true" "$api error true" "$api cut everywhere"
done >want
is "$(node "$root/tests/interop/wire.js" "$program" 2>&1)" "$(cat want)" \
    "clients read what is made for them"
done_testing

#!/bin/sh
# What the policy of tests/data/faithbench.conf makes of 409 real summaries whose
# truth is known: the share of bad ones among approved, flagged and escalated.
#   sh tests/bench/faithbench.sh [POLICY]
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
handrail=${HANDRAIL:-$root/build/handrail}
data=${HANDRAIL_SHARED:-$root/../shared}/data
policy=${1:-$root/tests/data/faithbench.conf}
[ -e "$data/faithbench.items.jsonl" ] || {
	echo "no faithbench data under $data: skipped" >&2
	exit 0
}
verdicts=$(mktemp)
trap 'rm -f "$verdicts"' EXIT
"$handrail" -p "$policy" check "$data/faithbench.items.jsonl" >"$verdicts"
jq -rn --slurpfile v "$verdicts" --slurpfile t "$data/faithbench.truth.jsonl" '
	($t | map({key: .id, value: .bad}) | from_entries) as $bad |
	def row($name; $items):
		($items | map(select($bad[.id])) | length) as $n |
		"\($name)\t\($items | length)\t\($n)\t\(if ($items | length) == 0
		    then "-" else ($n * 1000 / ($items | length) | round / 10) end)";
	"route\titems\tbad\tbad %",
	row("all"; $v),
	(("approve", "flag", "escalate") as $r |
	    row($r; $v | map(select(.route == $r)))),
	($v | group_by(.rule)[] | row("  " + .[0].rule; .))
' | awk -F'\t' '{ printf "%-28s %6s %6s %6s\n", $1, $2, $3, $4 }'

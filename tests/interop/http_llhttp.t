#!/bin/sh
# llhttp's own test requests: what it refuses is refused here, and what it takes is
# taken but for what is refused on purpose.
. "$(dirname "$0")/../cli/lib.sh"

requests=vectors/llhttp/test/request
need_shared $requests
node=${NODE:-node}
reader=$(dirname "$HANDRAIL")/interop/http_read
command -v "$node" >/dev/null 2>&1 || skip_all "no node here"
ok "http_read is there (make tap builds it)" test -x "$reader"

"$node" "$root/tests/interop/llhttp.js" "$reader" "$HANDRAIL_SHARED/$requests" >rows
is "$?" 0 "they are read"
strict() {	# CONDITION
	awk -F'\t' '$1 == "request" && '"$1" rows
}
ok "there are many" test "$(wc -l <rows)" -ge 120

# Data behind a request that closes is not read; no upgrade is followed; a line that
# did not end yet is not refused yet.
is "$(strict '$2 != "taken" && $3 !~ /^[45]/ && $3 != "more" &&
    $2 !~ /^(Data after `Connection: close`|Pause on CONNECT\/Upgrade)$/')" "" \
    "what llhttp refuses is not taken"
is "$(strict '$2 == "taken" && $3 ~ /^[45]/ &&
    $5 !~ /(HTTP version|with ICE|with RTSP)$/ { print $3 }' | LC_ALL=C sort | uniq -c |
    sed 's/^ *//')" "2 400 Content-Length is not a plain number
2 400 Host is malformed
2 400 blanks after Content-Length or Transfer-Encoding, or a tab before it
1 400 empty lines before the request
3 400 the target is malformed
2 501 Transfer-Encoding other than chunked
8 501 the method is not known here" \
    "what it takes and the program does not, by its reason"
is "$(awk -F'\t' '$1 ~ /-lenient-/ && $1 !~ /keep-alive$/ && $3 !~ /^[45]/' rows)" "" \
    "what it takes only when told to be lenient is not taken"
diag "$(strict '$2 == "taken"' | wc -l) that llhttp takes, $(strict \
    '$2 == "taken" && $3 !~ /^[45]/' | wc -l) of them taken here"
done_testing

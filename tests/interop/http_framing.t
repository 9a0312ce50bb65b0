#!/bin/sh
# Requests as the program reads them and as Node's parser (llhttp) does: whatever
# both take they read as the same, Node refuses nothing that is taken here, and each
# kind of difference is one of the table below, with its reason.
# HTTP_REQUESTS (20000; 1000000 for the long form) connections of one to three
# requests each, HTTP_SEED (1).
. "$(dirname "$0")/../cli/lib.sh"

node=${NODE:-node}
reader=$(dirname "$HANDRAIL")/interop/http_read
command -v "$node" >/dev/null 2>&1 || skip_all "no node here"
"$node" --no-deprecation -e 'new (require("_http_common").HTTPParser)()' 2>/dev/null ||
    skip_all "this node hands out no parser" anywhere
ok "http_read is there (make tap builds it)" test -x "$reader"

# What the program did, what Node did (extended regular expressions), and why.
cat >explained <<'TABLE'
400 Host is missing	taken	RFC 9112, 3.2: to be refused; Node's server does it, not its parser
400 Host is malformed	taken	the same; Node leaves Host to the application
400 Host, Content-Length or Transfer-Encoding is there twice	taken	of Host Node takes two
400 Host and target name different hosts	taken	the one could pass a check that the other is meant for
400 the target is malformed	taken	RFC 3986, RFC 9112, 3.2.4: Node takes blank-free bytes, other schemes and users
400 the target \* is for OPTIONS alone	taken	RFC 9112, 3.2.4
400 the request line is not METHOD TARGET HTTP/1.1	taken	Node takes more blanks between its parts, and a line without version
400 blanks after Content-Length or Transfer-Encoding, or a tab before it	taken	RFC 9110, 5.5 allows them; to some readers such a coding is another one, and to Node a length before a tab is none
400 Content-Length is not a plain number	taken	leading zeros (octal to some), more than 15 digits
400 Transfer-Encoding in HTTP/1.0	taken	RFC 9112, 6.1: its framing is to be held for faulty
400 a chunk's size is malformed	taken	more than 15 digits
400 a chunk's extension is malformed	taken	Node takes a name and "=" without a value
400 (CR without LF|LF without CR) in the head	taken|idle	before a request line Node passes over any
400 empty lines before the request	taken|idle	one is passed over; Node passes over any number
413 the body is too long	taken	Node leaves its length to the application
414 the target is too long	taken	8 KB; Node bounds the head alone
417 Expect other than 100-continue	taken	RFC 9110, 10.1.1 allows it; Node's server does it, not its parser
431 the head has too many fields	taken	100; Node's server drops those over 2,000
501 Transfer-Encoding other than chunked	taken	other codings before it are not undone here
501 the method is not known here	taken	only those that any path could have
505 .*	taken	Node takes HTTP/0.9 and HTTP/2.0 as well
400 (a field's name is empty or has|a line of the head begins with|a chunk or its size does not end|a trailer is malformed).*	taken	llhttp 6 alone (Node 18): blanks in names and before them, a chunk without its CR LF
[45].*	more	refused as soon as it is seen; Node waits for the rest of the request
more	HPE_(INVALID_(METHOD|URL|HEADER_TOKEN|CONSTANT|VERSION|CONTENT_LENGTH|TRANSFER_ENCODING)|UNEXPECTED_(SPACE|CONTENT_LENGTH))	in a head that was cut off: Node looks at each byte, the program at whole lines
more	idle	a CR alone between requests
.*	UPGRADE	a request that asks for another protocol: answered as if it did not (RFC 9110, 7.8); Node's parser stops behind it
read differently: 1.0 closes		Connection: keep-alive is not followed in HTTP/1.0
read differently: 1.1 closes		close beside a TAB, which Node's parser does not find
TABLE

"$node" --no-deprecation "$root/tests/interop/framing.js" "$reader" \
    "${HTTP_REQUESTS:-20000}" "${HTTP_SEED:-1}" >differences 2>said
is "$?" 0 "$(cat said)"

awk -F'\t' 'NR == FNR {
	ours[++n] = "^(" $1 ")$"; node[n] = "^(" $2 ")$"; why[n] = $1 " / " $2 ": " $3
	next
}
{
	for (i = 1; i <= n && !($2 ~ ours[i] && $3 ~ node[i]); i++)
		;
	if (i > n)
		print > "unexplained"
	else
		times[i] += $1
}
END {
	for (i = 1; i <= n; i++)
		printf "# %7d  %s\n", times[i], why[i]
}' explained differences
touch unexplained
is "$(cat unexplained)" "" "no difference that is not explained"
ok "there are some" test -s differences
done_testing

# Rows "NAME one|many|half|stream P50 P99 RATE CPU KB BAD", "NAME idle KB BAD" and
# "sync sync P50 P99" in the order they ran -> medians, ratios taken within one turn,
# and what is aimed at beside them.
function middle(list, n,    i, j, t) {
	for (i = 2; i <= n; i++)
		for (j = i; j > 1 && list[j] < list[j - 1]; j--) {
			t = list[j]; list[j] = list[j - 1]; list[j - 1] = t
		}
	return n == 0 ? 0 : n % 2 ? list[(n + 1) / 2] : (list[n / 2] + list[n / 2 + 1]) / 2
}
function median(name, kind, what,    i, n, list) {
	n = turns[name, kind]
	for (i = 1; i <= n; i++)
		list[i] = figure[name, kind, i, what]
	return middle(list, n)
}
# How many times another's figure it is, turn by turn.
function ratio(name, other, kind, what,    i, n, list) {
	n = turns[name, kind]
	for (i = 1; i <= n; i++)
		list[i] = figure[other, kind, i, what] == 0 ? 0 : \
		    figure[name, kind, i, what] / figure[other, kind, i, what]
	return middle(list, n)
}
# What it adds to the mock's own, in what `other` adds.
function added(name, other, kind, what,    i, n, list, by) {
	n = turns[name, kind]
	for (i = 1; i <= n; i++) {
		by = figure[other, kind, i, what] - figure["mock", kind, i, what]
		list[i] = by <= 0 ? 0 : \
		    (figure[name, kind, i, what] - figure["mock", kind, i, what]) / by
	}
	return middle(list, n)
}
# What durable adds beyond another, in raw fdatasyncs.
function syncs(name, other,    i, n, list) {
	n = turns[name, "one"]
	for (i = 1; i <= n; i++)
		list[i] = (figure[name, "one", i, "p50"] - figure[other, "one", i, "p50"]) / \
		    (figure["sync", "sync", i, "p50"] + 1)
	return middle(list, n)
}
function target(label, reached, first, end) {
	printf "%-46s %9.2f %9s %9s\n", label, reached, first, end
}
$2 == "streams" { middle_us = $4; last_us = $5; event_cpu = $7; next }
$2 == "idle" { resident[$1] = $3; unlike[$1] += $4; next }
{
	n = ++turns[$1, $2]
	figure[$1, $2, n, "p50"] = $3; figure[$1, $2, n, "p99"] = $4
	figure[$1, $2, n, "rate"] = $5; figure[$1, $2, n, "cpu"] = $6
	figure[$1, $2, n, "kb"] = $7; unlike[$1] += $8; unlike[$1, $2] += $8
	if (!seen[$1]++ && $1 != "sync") order[++names] = $1
}
END {
	printf "a gateway: %d calls a row, medians of %d; plain and guarded with log = after,\n" \
	    "durable is guarded with log = before: two commits a call\n\n", calls, runs
	split("one many half stream", kinds)
	title["half"] = "half of that rate"
	title["one"] = "one connection"; title["many"] = "64 connections"
	title["stream"] = "streams of 42 events"
	for (k = 1; k <= 4; k++) {
		kind = kinds[k]
		printf "%-22s %8s %8s %9s %8s %9s %9s %9s\n", title[kind], "p50 us",
		    "p99 us", "calls/s", "CPU us", "p50/nginx", "rate/ngx", "CPU/nginx"
		for (i = 1; i <= names; i++) {
			s = order[i]
			printf "  %-20s %8d %8d %9d %8.1f %9.2f %9.3f %9.2f%s\n", s,
			    median(s, kind, "p50"), median(s, kind, "p99"),
			    median(s, kind, "rate"), median(s, kind, "cpu"),
			    ratio(s, "nginx", kind, "p50"), ratio(s, "nginx", kind, "rate"),
			    ratio(s, "nginx", kind, "cpu"),
			    unlike[s, kind] ? "  " unlike[s, kind] " FAILED" : ""
		}
	}
	printf "\n%-22s %8s\n", "resident MB", idle " idle"
	for (i = 1; i <= names; i++)
		printf "  %-20s %8.1f\n", order[i], resident[order[i]] / 1024
	printf "raw fdatasync of 3 KB: p50 %d us, p99 %d us\n\n",
	    median("sync", "sync", "p50"), median("sync", "sync", "p99")
	printf "%-46s %9s %9s %9s\n", "", "reached", "first", "end"
	if (seen["nginx"]) {
		target("added p50, of nginx's: plain", added("plain", "nginx", "one", "p50"), "1.6", "1.3")
		target("added p50, of nginx's: guarded", added("guarded", "nginx", "one", "p50"), "2.2", "1.7")
		target("p99 at half load, of nginx's: guarded",
		    ratio("guarded", "nginx", "half", "p99"), "3", "1.5")
		target("durable, beyond guarded, in raw fdatasyncs", syncs("durable", "guarded"), "1.5", "1.2")
		target("calls/s at 64, of nginx's: plain",
		    ratio("plain", "nginx", "many", "rate"), "0.7", "0.85")
		target("calls/s at 64, of nginx's: guarded",
		    ratio("guarded", "nginx", "many", "rate"), "0.5", "0.65")
		target("calls/s at 64, of nginx's: guarded, durable",
		    ratio("durable", "nginx", "many", "rate"), "0.25", "0.4")
	}
	if (seen["portkey"]) {
		target("calls/s at 64, of Portkey's: guarded",
		    ratio("guarded", "portkey", "many", "rate"), "30", "50")
		target("added p50, Portkey's in ours: guarded",
		    added("portkey", "guarded", "one", "p50"), "15", "25")
	}
	printf "%d streams of 50 events/s on one core: an event is %.1f ms on its way, and takes %.1f us of CPU\n",
	    streams, middle_us / 1000, event_cpu
	target("the same, p99 in ms", last_us / 1000, "20", "5")
	target("resident MB with idle connections", resident["guarded"] / 1024, "64", "32")
	for (i = 1; i <= names; i++)
		if (unlike[order[i]] && (order[i] == "plain" || order[i] == "guarded" || order[i] == "durable"))
			exit 1
}

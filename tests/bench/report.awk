# Rows "NAME SECONDS KB" in the order they ran -> medians, ratios taken within
# one run, and the targets of each stage beside them.
function sorted_middle(list, n,    i, j, t) {
	for (i = 2; i <= n; i++)
		for (j = i; j > 1 && list[j] < list[j - 1]; j--) {
			t = list[j]; list[j] = list[j - 1]; list[j - 1] = t
		}
	return n % 2 ? list[(n + 1) / 2] : (list[n / 2] + list[n / 2 + 1]) / 2
}
function median(name, what,    i, list) {
	for (i = 1; i <= count[name]; i++)
		list[i] = what == "rss" ? rss[name, i] : seconds[name, i]
	return sorted_middle(list, count[name])
}
# How many times faster `name` is than `other`, run by run.
function ratio(name, other,    i, list) {
	for (i = 1; i <= count[name]; i++)
		list[i] = seconds[other, i] / seconds[name, i]
	return sorted_middle(list, count[name])
}
function target(label, name, other, main_job, guards, final) {
	if (!count[name] || !count[other])
		printf "%-32s %9s", label, "-"
	else
		printf "%-32s %8.2fx", label, ratio(name, other)
	printf " %9s %9s %9s\n", main_job, guards, final
}
function memory(label, name) {
	printf "%-32s %6.0f MB %9s %9s %9s\n", label, median(name, "rss") / 1024,
	    "200 MB", "150 MB", "64 MB"
}
{
	n = ++count[$1]
	seconds[$1, n] = $2; rss[$1, n] = $3
	if (n == 1) order[++names] = $1
}
END {
	printf "%d records, %.0f MB, medians of %d\n\n", records, bytes / 1e6, runs
	printf "%-12s %9s %11s %9s %9s\n", "", "seconds", "records/s", "MB/s", "peak MB"
	for (i = 1; i <= names; i++) {
		s = median(order[i])
		printf "%-12s %9.2f %11.0f %9.1f %9.0f\n", order[i], s, records / s,
		    bytes / 1e6 / s, median(order[i], "rss") / 1024
	}
	printf "\n%-32s %9s %9s %9s %9s\n", "", "reached", "main job", "guards", "in the end"
	target("check against Node", "check", "node-check", "2x", "8x", "10x")
	target("ingest against Node", "ingest", "node-ingest", "2x", "5x", "7x")
	target("ingest against shell", "ingest", "shell", "2x", "4x", "6x")
	target("check against jq reading", "check", "jq", "-", "-", "-")
	memory("peak memory of check", "check")
	memory("peak memory of ingest", "ingest")
	printf "%-32s %8.0fk %9s %9s %9s\n", "audit verify, leaves/s",
	    records / median("verify") / 1000, "300k", "-", "1000k"
}

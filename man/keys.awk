# The list of keys of handrail-review(1), from the table of actions and the keys
# that the program carries:
# awk -f man/keys.awk tui/screen/action.h tui/screen/handrail.conf
FNR == NR {
	if ($0 !~ /^\tX\(/)
		next
	split($0, part, "\"")
	name = part[2]
	if (name == "none")
		next
	order[++n] = name
	help[name] = part[4]
	next
}
$1 == "bind" && $4 in help {
	# One key of several views is told once.
	if (!(($4, $3) in told))
		keys[$4] = keys[$4] " " $3
	told[$4, $3] = 1
}
function written(key) {
	return key ~ /^[A-Za-z0-9]/ ? key : "\\&" key
}
END {
	for (i = 1; i <= n; i++) {
		m = split(keys[order[i]], key, " ")
		line = ".It"
		for (k = 1; k <= m; k++)
			line = line (k == 1 ? " Ic " : " , ") written(key[k])
		if (m == 0)
			line = line " Ic \\&:" order[i]
		print line
		text = help[order[i]]
		if (text ~ /^[.']/)
			text = "\\&" text
		print text
	}
}

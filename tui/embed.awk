# Turns whole text files into C: one row of embedded_files for each, in the
# order given.  `?` is escaped because C11 knows trigraphs.
function quote(s) {
	gsub(/\\/, "&&", s); gsub(/"/, "\\\"", s)
	gsub(/\?/, "\\?", s); gsub(/\t/, "\\t", s); gsub(/\r/, "\\r", s)
	return "\t\"" s "\\n\"\n"
}
BEGIN { print "/* Made by tui/embed.awk; do not edit. */\n#include \"tui/embed.h\"" }
FNR == 1 {
	if (files++) print "\t;"
	path[files] = FILENAME
	printf "\nstatic const char file_%d[] =\n", files
}
{ printf "%s", quote($0) }
END {
	if (files) print "\t;"
	print "\nconst struct embedded embedded_files[] = {"
	for (i = 1; i <= files; i++)
		printf "\t{ \"%s\", file_%d, sizeof(file_%d) - 1 },\n", path[i], i, i
	print "\t{ NULL, NULL, 0 }\n};"
}

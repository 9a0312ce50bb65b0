# Turns .sql files into C.  want=header: enum query_id; want=table: the texts of
# "-- name: NAME" statements, with what "-- columns: A B" under the name lists;
# want=migrations: each file whole, in name order.
function quote(s) {
	gsub(/\\/, "\\\\", s); gsub(/"/, "\\\"", s)
	return "\t\"" s "\\n\"\n"
}
function flush_statement() {
	if (name != "" && want == "table")
		printf "\t[QUERY_%s] = { \"%s\",\n%s\t\t, %s },\n", name, name, text, columns
	text = ""
	columns = "0"
}
BEGIN {
	print "/* Made by db/sql.awk; do not edit. */"
	columns = "0"
	if (want == "header")
		print "#ifndef QUERIES_H\n#define QUERIES_H\n\nenum query_id {"
	if (want == "table")
		print "#include \"db/sql.h\"\n\nconst struct sql_text sql_queries[] = {"
	if (want == "migrations")
		print "#include \"db/sql.h\"\n\nconst struct sql_text sql_migrations[] = {"
}
want == "migrations" {
	if (FNR == 1) {
		if (NR > 1) print "\t\t, 0 },"
		file = FILENAME; sub(/.*\//, "", file); sub(/\.sql$/, "", file)
		printf "\t{ \"%s\",\n", file
	}
	printf "%s", quote($0)
	next
}
/^-- name: [A-Z_0-9]+$/ {
	flush_statement()
	name = $3
	if (seen[name]++) {
		printf "%s:%d: a second statement named %s\n", FILENAME, FNR, name > "/dev/stderr"
		exit 1
	}
	if (want == "header") printf "\tQUERY_%s,\n", name
	next
}
/^-- columns: [a-z_0-9 ]+$/ && name != "" && text == "" {
	columns = (columns == "0" ? "\"" : columns " \" ") substr($0, 13) "\""
	next
}
name != "" && !/^--/ && !/^[ \t]*$/ { text = text quote($0) }
END {
	flush_statement()
	if (want == "header") print "\tQUERY_COUNT\n};\n\n#endif"
	if (want == "table") print "};"
	if (want == "migrations") print "\t\t, 0 },\n\t{ 0, 0, 0 }\n};"
}

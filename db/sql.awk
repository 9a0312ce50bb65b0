# Turns .sql files into C.
#
# want=header: enum query_id of the statements under "-- name: NAME", constants
# for their parameters and columns, and a struct for the rows of each batch.
# want=table: their texts, with parameters numbered as SQLite has them.
# want=migrations: each file whole, in name order; and what is there after the last.
#
# db/queries.sql says what its other marks mean; what breaks their rules ends the
# build with the line.

function fail(line, why) {
	printf "%s:%d: %s\n", FILENAME, line, why > "/dev/stderr"
	failed = 1
	exit 1
}
function quote(s) {
	gsub(/\\/, "\\\\", s); gsub(/"/, "\\\"", s)
	return "\t\"" s "\\n\"\n"
}
function trim(s) {
	gsub(/^[ \t\n]+|[ \t\n]+$/, "", s)
	return s
}

# A mark is one of "name" and "part", which begin a text, or "takes", "gives" and
# "columns", which belong to the text that has begun.
function begin_text(kind, name) {
	end_text()
	here = kind " " name
	if (here in at)
		fail(FNR, "a second " here)
	at[here] = FNR
	if (kind == "name")
		order[++statements] = name
}
function end_text() {
	if (here != "" && trim(text[here]) == "")
		fail(at[here], here " is empty")
}

# Puts the parts into a text; what they say of their statement goes to `owner`.
function expand(s, owner, line,    out, part) {
	while (match(s, /\{[A-Z_0-9]+\}/)) {
		part = "part " substr(s, RSTART + 1, RLENGTH - 2)
		if (!(part in at) || at[part] > line)
			fail(line, "no " part " above")
		inherit(owner, part, line)
		out = out substr(s, 1, RSTART - 1)
		s = substr(s, RSTART + RLENGTH)
		out = out expand(trim(text[part]), owner, at[part])
		used[part] = 1
	}
	return out s
}
function inherit(owner, part, line) {
	if (part in columns)
		inherited[owner] = inherited[owner] " " columns[part]
	adopt(takes, owner, part, line)
	adopt(gives, owner, part, line)
}
function adopt(said, owner, part, line) {
	if (!(part in said))
		return
	if (owner in said && said[owner] != said[part])
		fail(line, owner " is of two groups: " said[owner] " and " said[part])
	said[owner] = said[part]
}

# Strings and quoted names become blanks, so that their bytes mean nothing.
function bare(s,    out, i, c, open) {
	for (i = 1; i <= length(s); i++) {
		c = substr(s, i, 1)
		if (open != "") {
			out = out " "
			if (c == open)
				open = ""
		} else if (c == "'" || c == "\"") {
			open = c
			out = out " "
		} else
			out = out c
	}
	return out
}

# :name becomes ?N, N being the name's place in its group.
function number_parameters(owner, s,    group, plain, out, name, key) {
	group = owner in takes ? takes[owner] : owner_name(owner)
	plain = bare(s)
	while (match(plain, /:[a-z][a-z_0-9]*/)) {
		name = substr(plain, RSTART + 1, RLENGTH - 1)
		key = group "_" name
		if (!(key in place)) {
			place[key] = ++parameters[group]
			parameter[++nparameters] = key
			parameter_group[key] = group_number(taking, group)
			if (place[key] > 32)
				fail(at[owner], "more than 32 parameters")
		}
		has[owner, place[key]] = 1
		out = out substr(s, 1, RSTART - 1) "?" place[key]
		s = substr(s, RSTART + RLENGTH)
		plain = substr(plain, RSTART + RLENGTH)
	}
	if (plain ~ /[?:]/)
		fail(at[owner], "a parameter is written :name")
	return out s
}
function owner_name(owner) {
	return substr(owner, 6)
}
function group_number(table, group) {
	if (!((table, group) in numbered))
		numbered[table, group] = ++groups[table]
	return numbered[table, group]
}
# The parameters that a statement has, of its group's, one bit each.
function parameter_bits(owner,    i, bits, bit) {
	bit = 1
	for (i = 1; i <= 32; i++) {
		if ((owner, i) in has)
			bits += bit
		bit *= 2
	}
	return bits + 0
}

# The columns that a statement gives: of the first SELECT outside parentheses, up
# to its FROM.
function find_columns(owner, s,    plain, from, i, c, depth, list, n, rest) {
	plain = bare(s)
	if (plain ~ /^PRAGMA /) {
		give_column(owner, trim(substr(s, 8, index(s, ";") - 8)), 0)
		return
	}
	if (plain !~ /^(SELECT|WITH) /)
		return
	for (i = 1; i <= length(plain); i++) {
		c = substr(plain, i, 1)
		rest = substr(plain, i, 7)
		if (c == "(")
			depth++
		else if (c == ")")
			depth--
		else if (depth == 0 && from == 0 && rest ~ /^SELECT[ \n]/)
			from = i + 7
		else if (depth == 0 && from > 0 && (c == "," || c == ";" ||
		    rest ~ /^FROM[ \n]/)) {
			give_column(owner, trim(substr(s, from, i - from)), n++)
			from = i + 1
			if (c != ",")
				return
		}
	}
}
function give_column(owner, s, i,    name, group, key) {
	if (s == "1")
		return
	name = s
	sub(/^DISTINCT[ \n]+/, "", name)
	if (!sub(/^.*[ \n]AS[ \n]+/, "", name))
		sub(/^[a-z]+\./, "", name)
	gsub(/"/, "", name)
	if (name !~ /^[a-z][a-z_0-9]*$/)
		fail(at[owner], "a column needs a name: " s " AS ...")
	group = owner in gives ? gives[owner] : owner_name(owner)
	key = group "_" toupper(name)
	gave[owner] = gave[owner] " " name
	if (key in place) {
		if (place[key] != i || column_of[key] != group)
			fail(at[owner], key " is another column elsewhere")
		return
	}
	column_of[key] = group
	place[key] = i
	column[++ncolumns] = key
	column_group[key] = group_number(giving, group)
}
function check_columns(owner,    group) {
	if (!(owner in gives))
		return
	group = gives[owner]
	if (group in gave_all && gave_all[group] != gave[owner])
		fail(at[owner], "gives other columns than the rest of " group)
	gave_all[group] = gave[owner]
}

# INSERT INTO table (a, b) ROWS: the columns of a batch's rows.  Without a condition
# SQLite would take the ON of what follows for a join's.
function find_rows(owner, s,    names, n, i, values) {
	if (!match(s, /\(["a-z_0-9, \n]+\) ROWS[;\n]/))
		return s
	names = substr(s, RSTART + 1, RLENGTH - 8)
	gsub(/[ "\n]/, "", names)
	n = split(names, list, ",")
	for (i = 1; i <= n; i++)
		values = values (i > 1 ? ", v" : "v") i
	width[owner] = n
	gsub(/,/, ", ", names)
	row_names[owner] = names
	values = "\nSELECT " values " FROM batch"
	sub(/ ROWS;/, values ";", s)
	sub(/ ROWS\n/, values " WHERE true\n", s)
	return s
}

function finish(owner,    s) {
	s = expand(trim(text[owner]), owner, at[owner])
	if (s !~ /;$/ || index(s, ";") < length(s))
		fail(at[owner], "one statement ends with one semicolon")
	s = number_parameters(owner, find_rows(owner, s))
	find_columns(owner, s)
	check_columns(owner)
	made[owner] = s
	sees[owner] = trim(inherited[owner] " " columns[owner])
}

function print_header(    i, owner) {
	print "/* Made by db/sql.awk; do not edit. */"
	print "#ifndef QUERIES_H\n#define QUERIES_H\n"
	print "#include \"db/value.h\"\n\nenum query_id {"
	for (i = 1; i <= statements; i++)
		printf "\tQUERY_%s,\n", order[i]
	print "\tQUERY_COUNT\n};\n"
	print "/* The statement's group, and the place in it: bits 8 and up, and 0 to 7. */"
	print "enum query_parameter {"
	for (i = 1; i <= nparameters; i++)
		printf "\t%s = %d << 8 | %d,\n", parameter[i], parameter_group[parameter[i]], place[parameter[i]]
	print "};\nenum query_column {"
	for (i = 1; i <= ncolumns; i++)
		printf "\t%s = %d << 8 | %d,\n", column[i], column_group[column[i]], place[column[i]]
	print "};\n"
	for (i = 1; i <= statements; i++) {
		owner = "name " order[i]
		if (owner in width)
			printf "union %s {\n\tstruct {\n\t\tstruct value %s;\n\t};\n\tstruct value row[%d];\n};\n", tolower(order[i]), row_names[owner], width[owner]
	}
	print "\n#endif"
}
function print_table(    i, j, n, lines, owner, name) {
	print "/* Made by db/sql.awk; do not edit. */"
	print "#include \"db/sql.h\"\n\nconst struct sql_text sql_queries[] = {"
	for (i = 1; i <= statements; i++) {
		name = order[i]
		owner = "name " name
		printf "\t[QUERY_%s] = { .name = \"%s\", .text =\n", name, name
		n = split(made[owner], lines, "\n")
		for (j = 1; j <= n; j++)
			printf "%s", quote(lines[j])
		printf "\t\t, .columns = %s, .parameters = %.0fU,\n", sees[owner] == "" ? "0" : "\"" sees[owner] "\"", parameter_bits(owner)
		printf "\t\t.takes = %d, .gives = %d, .values = %d },\n", group_number(taking, owner in takes ? takes[owner] : name), group_number(giving, owner in gives ? gives[owner] : name), width[owner]
	}
	print "};"
}

# CREATE [UNIQUE] [VIRTUAL] TYPE NAME, DROP TYPE [IF EXISTS] NAME: one begins a line.
function note_object(    i, object) {
	for (i = 2; $i !~ /^(TABLE|INDEX|TRIGGER|VIEW)$/; i++)
		if (i > 3)
			fail(FNR, "what does it make? " $0)
	object = $(i + 1) == "IF" ? $(i + 3) : $(i + 1)
	sub(/[(;].*/, "", object)
	object = "\"" tolower($i) "\", \"" object "\""
	if ($1 == "DROP")
		delete objects[object]
	else
		objects[object] = 1
}
function print_objects(    object) {
	print "\nconst struct sql_object sql_objects[] = {"
	for (object in objects)
		print "\t{ " object " },"
	print "\t{ 0 }\n};"
}

BEGIN {
	taking = "takes"
	giving = "gives"
	if (want == "migrations")
		print "/* Made by db/sql.awk; do not edit. */\n#include \"db/sql.h\"\n\nconst struct sql_text sql_migrations[] = {"
}
want == "migrations" {
	if (FNR == 1) {
		if (NR > 1) print "\t},"
		file = FILENAME; sub(/.*\//, "", file); sub(/\.sql$/, "", file)
		printf "\t{ .name = \"%s\", .text =\n", file
	}
	printf "%s", quote($0)
	if ($1 == "CREATE" || $1 == "DROP")
		note_object()
	next
}
/^-- (name|part): [A-Z][A-Z_0-9]*$/ {
	kind = $2; sub(/:/, "", kind)
	begin_text(kind, $3)
	next
}
/^-- takes: [A-Z][A-Z_0-9]*$/ { takes[here] = $3; next }
/^-- gives: [A-Z][A-Z_0-9]*$/ { gives[here] = $3; next }
/^-- columns: [a-z_0-9 ]+$/ {
	columns[here] = trim(columns[here] " " substr($0, 13))
	next
}
/^-- (name|part|takes|gives|columns):/ { fail(FNR, "not a mark as it is written: " $0) }
!/^--/ && !/^[ \t]*$/ {
	if (here == "")
		fail(FNR, "text before the first name")
	text[here] = text[here] $0 "\n"
}
END {
	if (failed)
		exit 1
	if (want == "migrations") {
		print "\t},\n\t{ 0 }\n};"
		print_objects()
		exit
	}
	end_text()
	for (i = 1; i <= statements; i++)
		finish("name " order[i])
	for (key in at)
		if (key ~ /^part / && !(key in used))
			fail(at[key], key " is used by no statement")
	if (want == "header")
		print_header()
	if (want == "table")
		print_table()
}

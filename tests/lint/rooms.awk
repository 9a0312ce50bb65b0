# Reads rooms.map, then every source, and prints one line a broken rule:
# RULE: FILE: what.  A unit is a .c and the .h of its name, path without suffix.

function fault(rule, file, what)
{
	print rule ": " file ": " what
}

function unit(file)
{
	return substr(file, 1, length(file) - 2)
}

# The longest listed folder that the file is in.
function room_of(file,   r)
{
	for (r = file; sub("/[^/]*$", "", r);)
		if (r in place)
			return r
	return ""
}

function is_header(file)
{
	return file ~ /\.h$/
}

# Takes comments and strings out of a line; `comment` lives from line to line.
function code_of(line,   out, i)
{
	out = ""
	while (line != "") {
		if (comment) {
			if ((i = index(line, "*/")) == 0)
				return out
			line = substr(line, i + 2)
			comment = 0
		} else if (match(line, /\/\*|\/\/|"([^"\\]|\\.)*"|'([^'\\]|\\.)+'/)) {
			out = out substr(line, 1, RSTART - 1) " "
			i = substr(line, RSTART, 2)
			line = substr(line, RSTART + RLENGTH)
			if (i == "//")
				return out
			comment = i == "/*"
		} else {
			return out line
		}
	}
	return out
}

# What a header declares: what stands outside of braces and parentheses, and in
# the braces of an enum.
function declare(file, code,   word, next_char)
{
	if (match(code, /^[ \t]*#[ \t]*define[ \t]+[A-Za-z0-9_]+/)) {
		word = substr(code, RSTART, RLENGTH)
		sub(/.*[ \t]/, "", word)
		declared[file] = declared[file] " " word
	}
	if (code ~ /##/)
		makes_names[file] = 1
	if (code ~ /^[ \t]*#/ || continued) {
		continued = code ~ /\\$/
		return
	}
	while (match(code, /[A-Za-z_][A-Za-z0-9_]*|[{}()]/)) {
		word = substr(code, RSTART, RLENGTH)
		code = substr(code, RSTART + RLENGTH)
		next_char = code
		sub(/^[ \t]+/, "", next_char)
		next_char = substr(next_char, 1, 1)
		if (word == "{" || word == "(") {
			depth++
		} else if (word == "}" || word == ")") {
			if (--depth == 0)
				in_enum = 0
		} else if (word == "enum" && depth == 0) {
			in_enum = 1
		} else if (in_enum && depth == 1 && word ~ /^[A-Z]/) {
			declared[file] = declared[file] " " word
		} else if (depth == 0 && next_char ~ /[\[({;,]/ &&
		    word !~ /^(MUST_CHECK|PRINTF)$/) {
			declared[file] = declared[file] " " word
			if (next_char != "{")
				in_enum = 0
		}
		if (word == "struct" && depth == 1 &&
		    match(code, /^[ \t]+[a-z_0-9]+[ \t]*\{/)) {
			word = substr(code, RSTART, RLENGTH)
			gsub(/[ \t{]/, "", word)
			declared[file] = declared[file] " " word
		}
	}
}

FILENAME ~ /rooms\.map$/ {
	sub(/#.*/, "")
	if ($1 == "implements") {
		for (i = 3; i <= NF; i++)
			contract[$i] = $2
	} else if ($1 == "never") {
		for (i = 3; i <= NF; i++)
			never[$2 " " $i]
	} else if (NF > 0) {
		place[$1] = ++nplaces
		for (i = 2; i <= NF; i++)
			door[$1 "/" $i ".h"] = 1
	}
	next
}
FNR == 1 {
	files[++nfiles] = FILENAME
	exists[FILENAME] = 1
	comment = depth = in_enum = continued = 0
	before = ""
}
/^#include "/ {
	split($0, quoted, "\"")
	if (quoted[2] !~ /\//)
		next		# made by the build
	includes[FILENAME] = includes[FILENAME] " " quoted[2]
	next
}
{
	code = code_of($0)
	if (is_header(FILENAME))
		declare(FILENAME, code)
	else if (code ~ /^[a-z_][a-z0-9_]*\(/ && before !~ /static/ &&
	    before ~ /^[a-z]/) {
		name = code
		sub(/\(.*/, "", name)
		if (name != "main")
			exports[FILENAME] = exports[FILENAME] " " name
	}
	if (code ~ /[^ \t]/)
		before = code
	if (match(code, /(struct|enum|union)[ \t]+[a-z_0-9]+[ \t]*\{/)) {
		name = substr(code, RSTART, RLENGTH)
		gsub(/^[a-z]+[ \t]+|[ \t{]/, "", name)
		if (name in tag && tag[name] != FILENAME)
			fault("tags", FILENAME, name " is in " tag[name] " too")
		tag[name] = FILENAME
	}
	while (match(code, /[A-Za-z_][A-Za-z0-9_]*/)) {
		uses[FILENAME, substr(code, RSTART, RLENGTH)] = 1
		code = substr(code, RSTART + RLENGTH)
	}
}

function check_layer(file, header, from, to)
{
	split("core db queue tui", layer, " ")
	for (i in layer)
		height[layer[i]] = i
	sub("/.*", "", from)
	sub("/.*", "", to)
	if (height[to] > height[from])
		fault("layers", file, "includes " header)
}

function check_never(file, header,   rule, part)
{
	for (rule in never) {
		split(rule, part, " ")
		if (room_of(file) == part[1] && index(header, part[2]) == 1)
			fault("never", file, "includes " header)
	}
}

function check_include(file, header,   from, to, names, n, i, used)
{
	check_never(file, header)
	from = room_of(file)
	to = room_of(header)
	check_layer(file, header, from, to)
	if (from != to && to ~ /^core\// && from ~ /^core\// &&
	    place[to] > place[from])
		fault("order", file, "includes " header)
	if (from != to && !(header in door))
		fault("doors", file, "includes " header ", no door of " to)
	if (unit(file) == unit(header) || header in makes_names)
		return
	n = split(declared[header], names, " ")
	for (i = 1; i <= n && !used; i++)
		used = (file, names[i]) in uses
	if (!used)
		fault("unused", file, "uses nothing of " header)
}

# Is the name in a header that the file's room implements?
function is_contract(file, name,   header)
{
	for (header in contract)
		if (contract[header] == room_of(file) && (header, name) in uses)
			return 1
	return 0
}

function check_exports(file,   own, names, n, i)
{
	own = unit(file) ".h"
	n = split(exports[file], names, " ")
	for (i = 1; i <= n; i++)
		if (!((own, names[i]) in uses) && !is_contract(file, names[i]))
			fault("own-header", file, names[i] " is not in " own)
	if (own in exists && index(includes[file] " ", " " own " ") == 0)
		fault("own-header", file, "does not include its own header")
}

# Tarjan: units that reach each other have the same ring.
function visit(u,   next_units, n, i, v)
{
	number[u] = low[u] = ++visited
	stack[++top] = u
	on_stack[u] = 1
	n = split(edges[u], next_units, " ")
	for (i = 1; i <= n; i++) {
		v = next_units[i]
		if (!(v in number)) {
			visit(v)
			if (low[v] < low[u])
				low[u] = low[v]
		} else if (on_stack[v] && number[v] < low[u]) {
			low[u] = number[v]
		}
	}
	if (low[u] != number[u])
		return
	rings++
	do {
		v = stack[top--]
		on_stack[v] = 0
		ring[v] = rings
		members[rings] = members[rings] " " v
	} while (v != u)
}

function check_rings(   r, n, i, units, mixed, alone)
{
	for (r = 1; r <= rings; r++) {
		if ((n = split(members[r], units, " ")) < 2)
			continue
		mixed = alone = 0
		for (i = 1; i <= n; i++) {
			mixed = mixed || room_of(units[i]) != room_of(units[1])
			alone = alone || units[i] ~ \
			    /^core\/(policy\/policy|guard\/pii\/pii|shape\/parts)$/
		}
		if (mixed)
			fault("cycles", units[1], "in a cycle between rooms:" members[r])
		if (alone)
			fault("cycles", units[1], "in a cycle with helpers:" members[r])
	}
}

END {
	for (f = 1; f <= nfiles; f++) {
		file = files[f]
		if (room_of(file) == "")
			fault("rooms", file, "is in no room of rooms.map")
		n = split(includes[file], list, " ")
		for (k = 1; k <= n; k++) {
			if (!(list[k] in exists))
				continue
			check_include(file, list[k])
			if (unit(list[k]) != unit(file))
				edges[unit(file)] = edges[unit(file)] " " unit(list[k])
		}
		if (!is_header(file))
			check_exports(file)
	}
	for (f = 1; f <= nfiles; f++)
		if (!(unit(files[f]) in number))
			visit(unit(files[f]))
	check_rings()
	for (d in door)
		if (!(d in exists))
			fault("doors", d, "is listed and not there")
}

#include "core/expr/pure.h"

#include <stdlib.h>
#include <strings.h>

/* SQLite's functions that give the same for the same, from nothing but their
 * arguments; sorted.  json_patch() compares each key with each: not taken. */
static const char *const pure_functions[] = {
	"->", "->>", "abs", "acos", "acosh", "asin", "asinh", "atan", "atan2",
	"atanh", "ceil", "ceiling", "char", "coalesce", "cos", "cosh",
	"degrees", "exp", "floor", "format", "glob", "hex", "ifnull", "iif",
	"instr", "json", "json_array", "json_array_length",
	"json_error_position", "json_extract", "json_insert", "json_object",
	"json_quote", "json_remove", "json_replace", "json_set",
	"json_type", "json_valid", "length", "levenshtein", "like", "likelihood", "likely",
	"ln", "log", "log10", "log2", "lower", "ltrim", "max", "min", "mod",
	"nullif", "num", "octet_length", "pi", "pow", "power", "printf",
	"quote", "radians", "replace", "rouge1", "round", "rtrim", "sign", "sin", "sinh",
	"sqrt", "substr", "substring", "tan", "tanh", "trim", "trunc",
	"typeof", "unhex", "unicode", "unlikely", "upper",
	"words"
};

static int
name_compare(const void *a, const void *b)
{
	return strcasecmp(a, *(const char *const *)b);
}

bool
expr_function_is_pure(const char *name)
{
	return bsearch(name, pure_functions, sizeof(pure_functions) /
	    sizeof(pure_functions[0]), sizeof(pure_functions[0]),
	    name_compare) != NULL;
}

const char *
expr_function_pure(size_t i)
{
	return i < sizeof(pure_functions) / sizeof(pure_functions[0]) ?
	    pure_functions[i] : NULL;
}

/* The table of keywords: in which drafts each is one, and what compiles it. */
#include "core/schema/keywords.h"

#include "core/schema/applicators.h"
#include "core/schema/assertions.h"


#define D4	SCHEMA_DRAFT_4
#define D6	SCHEMA_DRAFT_6
#define D7	SCHEMA_DRAFT_7
#define D19	SCHEMA_2019_09
#define D20	SCHEMA_2020_12
#define APPLY	VOCAB_APPLICATOR
#define VALID	VOCAB_VALIDATION

static const struct keyword keywords[] = {
	{ "$ref", D19, D20, 0, SUB_NONE, compile_ref },
	{ "$dynamicRef", D20, D20, 0, SUB_NONE, compile_dynamic_ref },
	{ "$recursiveRef", D19, D19, 0, SUB_NONE, compile_recursive_ref },
	{ "$defs", D19, D20, 0, SUB_MAP, NULL },
	{ "definitions", D4, D20, 0, SUB_MAP, NULL },

	{ "type", D4, D20, VALID, SUB_NONE, kw_type },
	{ "enum", D4, D20, VALID, SUB_NONE, kw_enum },
	{ "const", D6, D20, VALID, SUB_NONE, kw_const },
	{ "multipleOf", D4, D20, VALID, SUB_NONE, kw_multiple_of },
	{ "minimum", D4, D20, VALID, SUB_NONE, kw_minimum },
	{ "maximum", D4, D20, VALID, SUB_NONE, kw_maximum },
	{ "exclusiveMinimum", D6, D20, VALID, SUB_NONE, kw_exclusive_minimum },
	{ "exclusiveMaximum", D6, D20, VALID, SUB_NONE, kw_exclusive_maximum },
	{ "minLength", D4, D20, VALID, SUB_NONE, kw_min_length },
	{ "maxLength", D4, D20, VALID, SUB_NONE, kw_max_length },
	{ "pattern", D4, D20, VALID, SUB_NONE, kw_pattern },
	{ "format", D4, D20, 0, SUB_NONE, kw_format },
	{ "minItems", D4, D20, VALID, SUB_NONE, kw_min_items },
	{ "maxItems", D4, D20, VALID, SUB_NONE, kw_max_items },
	{ "uniqueItems", D4, D20, VALID, SUB_NONE, kw_unique_items },
	{ "minProperties", D4, D20, VALID, SUB_NONE, kw_min_properties },
	{ "maxProperties", D4, D20, VALID, SUB_NONE, kw_max_properties },
	{ "required", D4, D20, VALID, SUB_NONE, kw_names },
	{ "dependentRequired", D19, D20, VALID, SUB_NONE,
	    kw_dependent_required },

	{ "properties", D4, D20, APPLY, SUB_MAP, kw_names },
	{ "patternProperties", D4, D20, APPLY, SUB_MAP, kw_pattern_properties },
	{ "additionalProperties", D4, D20, APPLY, SUB_SCHEMA,
	    kw_additional_properties },
	{ "propertyNames", D6, D20, APPLY, SUB_SCHEMA, kw_property_names },
	{ "dependencies", D4, D20, APPLY, SUB_MAP_MIXED, kw_dependencies },
	{ "dependentSchemas", D19, D20, APPLY, SUB_MAP, kw_dependent_schemas },
	{ "prefixItems", D20, D20, APPLY, SUB_LIST, kw_prefix_items },
	{ "items", D20, D20, APPLY, SUB_SCHEMA, kw_items },
	{ "items", D4, D19, APPLY, SUB_SCHEMA_OR_LIST, kw_items_or_list },
	{ "additionalItems", D4, D19, APPLY, SUB_SCHEMA, NULL },
	{ "contains", D6, D20, APPLY, SUB_SCHEMA, kw_contains },
	{ "allOf", D4, D20, APPLY, SUB_LIST, kw_all_of },
	{ "anyOf", D4, D20, APPLY, SUB_LIST, kw_any_of },
	{ "oneOf", D4, D20, APPLY, SUB_LIST, kw_one_of },
	{ "not", D4, D20, APPLY, SUB_SCHEMA, kw_not },
	{ "if", D7, D20, APPLY, SUB_SCHEMA, kw_if },
	{ "then", D7, D20, APPLY, SUB_SCHEMA, NULL },
	{ "else", D7, D20, APPLY, SUB_SCHEMA, NULL },
	{ "unevaluatedItems", D19, D20, VOCAB_UNEVALUATED, SUB_SCHEMA,
	    kw_unevaluated_items },
	{ "unevaluatedProperties", D19, D20, VOCAB_UNEVALUATED, SUB_SCHEMA,
	    kw_unevaluated_properties },
	{ NULL, D4, D4, 0, SUB_NONE, NULL }
};

const struct keyword *
keyword_find(enum schema_draft draft, struct slice name)
{
	for (const struct keyword *k = keywords; k->name != NULL; k++) {
		if (k->from <= draft && draft <= k->to &&
		    slice_is(name, k->name))
			return k;
	}
	return NULL;
}

enum subschemas
keyword_subschemas(enum schema_draft draft, struct slice name)
{
	const struct keyword *k = keyword_find(draft, name);

	return k == NULL ? SUB_NONE : k->sub;
}

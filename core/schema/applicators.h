/*
 * The keywords that have schemas in them, or refer to one, or count the children
 * of a value.
 */
#ifndef CORE_SCHEMA_APPLICATORS_H
#define CORE_SCHEMA_APPLICATORS_H

#include "core/schema/keywords.h"

keyword_fn	compile_ref, compile_dynamic_ref, compile_recursive_ref;
keyword_fn	kw_prefix_items, kw_items, kw_items_or_list, kw_contains,
		kw_min_items, kw_max_items, kw_unique_items,
		kw_unevaluated_items, kw_unevaluated_properties, kw_all_of,
		kw_any_of, kw_one_of, kw_not, kw_if, kw_names,
		kw_pattern_properties, kw_additional_properties,
		kw_property_names, kw_min_properties, kw_max_properties,
		kw_dependencies, kw_dependent_required, kw_dependent_schemas;

#endif

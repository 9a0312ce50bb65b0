/* The rows of core/suite/assert.c's table, by what they look at. */
#ifndef CORE_SUITE_ASSERT_KINDS_H
#define CORE_SUITE_ASSERT_KINDS_H

#include "core/suite/assert.h"

extern const struct assert_row assert_text_rows[];	/* end with a null name */
extern const struct assert_row assert_form_rows[];
extern const struct assert_row assert_html_rows[];
extern const struct assert_row assert_figure_rows[];
extern const struct assert_row assert_service_rows[];

/* Not a reason of its own: the table's words do. */
enum status	assert_miss(struct assert_verdict *,
		    const struct assert_subject *, struct error *,
		    const char *, ...) PRINTF(4, 5);

#endif

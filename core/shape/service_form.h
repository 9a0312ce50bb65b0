/*
 * A row of the table of services (service_forms.c) and the paths that it is made of.
 */
#ifndef CORE_SHAPE_SERVICE_FORM_H
#define CORE_SHAPE_SERVICE_FORM_H

#include "core/shape/shape.h"

/*
 * A path is keys with dots between them; 0 is the first element of a list, -1 the
 * last, * an object's first member.  Of two with a | between them the second counts
 * where the first leads nowhere.  Of what a service needs "PATH=TEXT" must be that
 * text.
 */
struct answer_form {
	enum shape_key	 key;		/* that a record of it has */
	const char	*need[3];
	const char	*answer;	/* a text, parts, or a message */
	const char	*calls;		/* a list of calls beside it */
	const char	*id, *model, *usage, *reason, *sources, *created;
	const char	*cost, *latency;	/* numbers: USD, ms */
	const char	*asked;		/* messages, or a text */
	const char	*sure;		/* a number from 0 to 1, tokens, or segments */
	const char	*list;		/* of answers, an item each: answer, calls,
					 * reason and sure are of its elements */
	const char	*each;		/* of the answer's elements: the path in them */
	bool		 value;		/* the answer is what it is, no text */
	bool		 body;		/* it is a body that stands alone elsewhere */
	bool		 only;		/* the record has no other key than need[0]'s */
	bool		 status;	/* its status may say that there is none yet */
	unsigned	 since;		/* as in struct shape */
};

extern const struct answer_form service_forms[];
extern const size_t service_nforms;

/* The value at a path from t; JSON_NONE: none (or a NULL path). */
uint32_t	form_path(const struct json *, uint32_t t, const char *path);
/* Does the object at t have what a record of this form has? */
bool		form_is(const struct reading *, uint32_t t,
		    const struct answer_form *);

#endif

#include "core/wire/release_names.h"

#include "core/base/text.h"

size_t
release_names(const struct wire_release *r, struct buf *b,
    struct wire_member *m)
{
	size_t n = 0, id;

	if (r->id.p != NULL)
		text_json(b, r->id);
	id = b->n;
	if (r->model.p != NULL)
		text_json(b, r->model);
	/* Only now does the buffer stay where it is. */
	if (b->failed)
		return 0;
	if (r->id.p != NULL)
		m[n++] = (struct wire_member){ "id", { b->p, id } };
	if (r->model.p != NULL)
		m[n++] = (struct wire_member){ "model",
		    { b->p + id, b->n - id } };
	return n;
}

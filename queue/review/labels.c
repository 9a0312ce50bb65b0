#include "queue/review/labels.h"

#include "core/base/near.h"

static const char *
label_name(void *arg, size_t i)
{
	const struct queue_policy *q = arg;

	return i < q->nlabels ? q->labels[i] : NULL;
}

static enum status
label_unknown(const struct queue_policy *q, struct slice label,
    struct error *err)
{
	void *arg = (void *)(uintptr_t)q;
	struct buf names = BUF_INIT;
	char hint[NEAR_TEXT];
	enum status st;
	size_t i;

	if (near_hint(hint, label, label_name, arg)[0] == '\0')
		for (i = 0; i < q->nlabels && names.n < 300; i++)
			buf_printf(&names, "%s%s", i > 0 ? ", " :
			    "; labels are ", q->labels[i]);
	st = buf_check(&names, err);
	if (st == STATUS_OK)
		st = error_set(err, STATUS_INVALID, "queue %s has no label "
		    "\"%.*s\"%s", q->name, SLICE_ARG(label), names.n > 0 ?
		    buf_str(&names) : hint);
	buf_release(&names);
	return st;
}

enum status
labels_check(const struct queue_policy *q, const struct slice *labels, size_t n,
    struct error *err)
{
	size_t i, k;

	for (i = 0; i < n && q->nlabels > 0; i++) {
		for (k = 0; k < q->nlabels && !slice_is(labels[i],
		    q->labels[k]);)
			k++;
		if (k == q->nlabels)
			return label_unknown(q, labels[i], err);
	}
	return STATUS_OK;
}

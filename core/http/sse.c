#include "core/http/sse.h"

#include <assert.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#define BOM		"\xef\xbb\xbf"
#define RETRY_DIGITS	15u

void
sse_init(struct sse_reader *r, size_t max)
{
	memset(r, 0, sizeof(*r));
	r->max = max;
	r->retry_ms = -1;
	r->first = true;
}

void
sse_release(struct sse_reader *r)
{
	buf_release(&r->line);
	buf_release(&r->type);
	buf_release(&r->data);
	buf_release(&r->id);
}

/* Where the line ends: at CR or LF, or n. */
static size_t
line_run(const char *p, size_t n)
{
	size_t i = 0;

#if defined(__SSE2__)
	for (; n - i >= 16; i += 16) {
		__m128i x = _mm_loadu_si128((const __m128i *)(const void *)(p + i));
		unsigned mask = (unsigned)_mm_movemask_epi8(_mm_or_si128(
		    _mm_cmpeq_epi8(x, _mm_set1_epi8('\r')),
		    _mm_cmpeq_epi8(x, _mm_set1_epi8('\n'))));

		if (mask != 0)
			return i + (size_t)__builtin_ctz(mask);
	}
#endif
	while (i < n && p[i] != '\r' && p[i] != '\n')
		i++;
	return i;
}

static void
set(struct buf *b, struct slice value)
{
	buf_clear(b);
	buf_add_slice(b, value);
}

static void
take_event(struct sse_reader *r, struct slice value)
{
	set(&r->type, value);
}

static void
take_data(struct sse_reader *r, struct slice value)
{
	buf_add_slice(&r->data, value);
	buf_putc(&r->data, '\n');
}

static void
take_id(struct sse_reader *r, struct slice value)
{
	if (value.n > 0 && memchr(value.p, '\0', value.n) != NULL)
		return;
	set(&r->id, value);
	r->named = true;
}

static void
take_retry(struct sse_reader *r, struct slice value)
{
	int64_t ms = 0;
	size_t i;

	if (value.n == 0 || value.n > RETRY_DIGITS)
		return;
	for (i = 0; i < value.n; i++) {
		if (value.p[i] < '0' || value.p[i] > '9')
			return;
		ms = ms * 10 + (value.p[i] - '0');
	}
	r->retry_ms = ms;
}

static const struct sse_field {
	const char	*name;
	void		(*take)(struct sse_reader *, struct slice value);
} fields[] = {
	{ "data", take_data }, { "event", take_event }, { "id", take_id },
	{ "retry", take_retry }
};

static void
field_line(struct sse_reader *r, struct slice line)
{
	const char *colon = memchr(line.p, ':', line.n);
	struct slice name = line, value = { line.p + line.n, 0 };
	size_t i;

	if (colon != NULL) {
		name.n = (size_t)(colon - line.p);
		value = (struct slice){ colon + 1, line.n - name.n - 1 };
		if (value.n > 0 && value.p[0] == ' ')
			value.p++, value.n--;
	}
	for (i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (slice_is(name, fields[i].name))
			fields[i].take(r, value);
}

static struct slice
without_bom(const struct sse_reader *r, struct slice line)
{
	const size_t n = sizeof(BOM) - 1;

	if (r->first && line.n >= n && memcmp(line.p, BOM, n) == 0)
		return (struct slice){ line.p + n, line.n - n };
	return line;
}

/* True where it ended an event. */
static bool
line_whole(struct sse_reader *r, struct slice line)
{
	line = without_bom(r, line);
	r->first = false;
	if (line.n > 0) {
		field_line(r, line);
		return false;
	}
	if (r->data.n > 0)
		return true;
	buf_clear(&r->type);
	return false;
}

static enum sse_outcome
tell(struct sse_reader *r, struct sse_event *event)
{
	event->type = r->type.n == 0 ? SLICE("message") : buf_slice(&r->type);
	event->data = buf_slice(&r->data);
	event->data.n--;
	event->id = r->named ? buf_slice(&r->id) : SLICE_NONE;
	r->told = true;
	return SSE_EVENT;
}

/* What was told is not needed any more. */
static void
forget(struct sse_reader *r)
{
	if (!r->told)
		return;
	buf_clear(&r->type);
	buf_clear(&r->data);
	r->told = false;
}

static bool
no_memory(const struct sse_reader *r)
{
	return r->line.failed || r->type.failed || r->data.failed || r->id.failed;
}

/* Takes what there is of the line, and what ends it; *line is whole then. */
static bool
line_take(struct sse_reader *r, struct slice *in, struct slice *line)
{
	size_t n = line_run(in->p, in->n);
	bool whole = n < in->n;

	if (r->line.n + n > r->max || (whole && r->data.n + r->type.n + r->line.n +
	    n > r->max)) {
		r->too_long = true;
		return false;
	}
	*line = (struct slice){ in->p, n };
	if (!whole || r->line.n > 0) {
		buf_add_slice(&r->line, *line);
		*line = buf_slice(&r->line);
	}
	r->after_cr = whole && in->p[n] == '\r';
	in->p += whole ? n + 1 : n;
	in->n -= whole ? n + 1 : n;
	return whole;
}

enum sse_outcome
sse_read(struct sse_reader *r, struct slice *in, struct sse_event *event)
{
	struct slice line;
	bool ended;

	forget(r);
	while (in->n > 0 && !r->too_long) {
		if (r->after_cr && in->p[0] == '\n') {
			r->after_cr = false;
			in->p++, in->n--;
			continue;
		}
		if (!line_take(r, in, &line))
			break;
		ended = line_whole(r, line);
		if (no_memory(r))
			break;
		buf_clear(&r->line);
		if (ended)
			return tell(r, event);
	}
	if (no_memory(r))
		return SSE_NO_MEMORY;
	return r->too_long ? SSE_TOO_LONG : SSE_MORE;
}

bool
sse_unfinished(const struct sse_reader *r)
{
	struct slice line = without_bom(r, buf_slice(&r->line));

	return (!r->told && (r->data.n > 0 || r->type.n > 0)) ||
	    (line.n > 0 && line.p[0] != ':');
}

static void
line_write(struct buf *out, const char *name, struct slice value)
{
	assert(line_run(value.p, value.n) == value.n);
	buf_puts(out, name);
	buf_puts(out, ": ");
	buf_add_slice(out, value);
	buf_putc(out, '\n');
}

void
sse_write(struct buf *out, const struct sse_event *event)
{
	struct slice rest = event->data;
	size_t n;

	if (event->type.p != NULL)
		line_write(out, "event", event->type);
	if (event->id.p != NULL) {
		assert(event->id.n == 0 ||
		    memchr(event->id.p, '\0', event->id.n) == NULL);
		line_write(out, "id", event->id);
	}
	while ((n = line_run(rest.p, rest.n)) < rest.n) {
		line_write(out, "data", (struct slice){ rest.p, n });
		if (rest.p[n] == '\r' && n + 1 < rest.n && rest.p[n + 1] == '\n')
			n++;
		rest.p += n + 1;
		rest.n -= n + 1;
	}
	line_write(out, "data", rest);
	buf_putc(out, '\n');
}

void
sse_comment(struct buf *out, struct slice text)
{
	line_write(out, "", text);
	buf_putc(out, '\n');
}

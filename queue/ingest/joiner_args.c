#include "queue/ingest/joiner_args.h"

#include "core/json/value.h"

#define STEPS_MAX	32u	/* of a path */
#define BYTES_MAX	((size_t)8 << 20)	/* of one call; more is cut */

/* A member's name, or the number of an element. */
struct path_step {
	struct slice	name;
	bool		element;
};

/* What ends a name or a number that begins behind ".", "[" or "['". */
static size_t
name_end(struct slice path, size_t i, bool quoted)
{
	while (i < path.n && (quoted ? path.p[i] != '\'' :
	    memchr(".[]", path.p[i], 3) == NULL))
		i++;
	return i;
}

/* Reads ".recipe", "[0]" or "['name']" at i: behind it, or 0. */
static size_t
step_read(struct slice path, size_t i, struct path_step *s)
{
	bool bracket = path.p[i] == '[', quoted;
	size_t from;

	if (!bracket && path.p[i] != '.')
		return 0;
	quoted = bracket && i + 1 < path.n && path.p[i + 1] == '\'';
	from = i + (quoted ? 2 : 1);
	if (from > path.n)
		return 0;
	i = name_end(path, from, quoted);
	s->name = (struct slice){ path.p + from, i - from };
	s->element = bracket && !quoted;
	i += quoted ? 2 : bracket;
	return i > path.n ? 0 : i;
}

/* "$.recipe.list[0].name"; 0: it is no such path. */
static size_t
steps_of(struct slice path, struct path_step *v)
{
	size_t i = 1, n = 0;

	if (path.n == 0 || path.p[0] != '$')
		return 0;
	while (i < path.n)
		if (n == STEPS_MAX || (i = step_read(path, i, &v[n++])) == 0)
			return 0;
	return n > 0 && v[0].element ? 0 : n;
}

static bool
same_step(const struct path_step *a, const struct path_step *b)
{
	return a->element == b->element && slice_eq(a->name, b->name);
}

static void
quoted_write(struct writer *w, struct slice inside, bool name)
{
	struct buf b = BUF_INIT;

	buf_putc(&b, '"');
	buf_add_slice(&b, inside);
	buf_putc(&b, '"');
	if (name)
		write_name(w, buf_slice(&b));
	else
		write_raw(w, NULL, buf_slice(&b));
	w->b->failed |= b.failed;
	buf_release(&b);
}

static void
string_end(struct args_joiner *a)
{
	if (a->text)
		quoted_write(&a->w, buf_slice(&a->string), false);
	buf_clear(&a->string);
	a->text = false;
}

/* The names of what the value is in, from where it parts from the last one's. */
static void
steps_begin(struct writer *w, const struct path_step *v, size_t from, size_t n)
{
	for (; from < n; from++) {
		if (!v[from].element)
			quoted_write(w, v[from].name, true);
		if (from + 1 == n)
			return;
		if (v[from + 1].element)
			write_array(w, NULL);
		else
			write_object(w, NULL);
	}
}

/* Leaves what the value before was in, but this one is not; false where it has no
 * place behind that one. */
static bool
path_move(struct args_joiner *a, struct slice path)
{
	struct path_step before[STEPS_MAX], now[STEPS_MAX];
	size_t n = steps_of(buf_slice(&a->path), before);
	size_t m = steps_of(path, now), same = 0, i;

	while (same < n && same < m && same_step(&before[same], &now[same]))
		same++;
	if (m == 0 || (n > 0 && (same == n || same == m)) || (n > 0 &&
	    before[same].element != now[same].element))
		return false;
	string_end(a);
	if (n == 0)
		write_object(&a->w, "args");
	for (i = n; i > same + 1; i--)
		write_end(&a->w);
	steps_begin(&a->w, now, same, m);
	buf_clear(&a->path);
	buf_add_slice(&a->path, path);
	return true;
}

/* One of partialArgs. */
static void
value_add(struct args_joiner *a, const struct json *d, uint32_t t)
{
	uint32_t path = json_get_kind(d, t, "jsonPath", TOKEN_STRING), v;
	uint32_t text = json_get_kind(d, t, "stringValue", TOKEN_STRING);
	struct slice at;

	if (path == JSON_NONE || a->call.n + a->string.n > BYTES_MAX)
		return;
	at = json_raw(d, path);
	at = (struct slice){ at.p + 1, at.n - 2 };
	if (!(a->text && slice_eq(at, buf_slice(&a->path))) &&
	    !path_move(a, at))
		return;
	if (text != JSON_NONE) {
		a->text = true;
		buf_add(&a->string, json_raw(d, text).p + 1,
		    json_raw(d, text).n - 2);
		if (json_get_kind(d, t, "willContinue", TOKEN_TRUE) ==
		    JSON_NONE)
			string_end(a);
		return;
	}
	if (a->text) {		/* an end of it that says nothing more */
		string_end(a);
		return;
	}
	if ((v = json_get(d, t, "numberValue")) == JSON_NONE)
		v = json_get(d, t, "boolValue");
	write_raw(&a->w, NULL, v == JSON_NONE ? SLICE("null") : json_raw(d, v));
}

void
args_joiner_end(struct args_joiner *a, struct buf *parts)
{
	if (!a->open)
		return;
	string_end(a);
	if (a->path.n == 0)
		write_object(&a->w, "args");
	while (a->w.depth > 0)
		write_end(&a->w);
	if (parts->n > 0)
		buf_putc(parts, ',');
	buf_add_slice(parts, buf_slice(&a->call));
	parts->failed |= a->call.failed | a->string.failed | a->path.failed;
	buf_clear(&a->call);
	buf_clear(&a->path);
	a->open = false;
}

static void
call_begin(struct args_joiner *a, const struct json *d, uint32_t call,
    uint32_t name)
{
	uint32_t id = json_get_kind(d, call, "id", TOKEN_STRING);

	a->w = WRITER(&a->call, WRITE_KEPT);
	write_object(&a->w, NULL);
	write_object(&a->w, "functionCall");
	write_raw(&a->w, "name", json_raw(d, name));
	if (id != JSON_NONE)
		write_raw(&a->w, "id", json_raw(d, id));
	a->open = true;
}

bool
args_joiner_add(struct args_joiner *a, const struct json *d, uint32_t t,
    struct buf *parts)
{
	uint32_t call = json_get_kind(d, t, "functionCall", TOKEN_OBJECT);
	uint32_t name = json_get_kind(d, call, "name", TOKEN_STRING), all, e;
	bool more = json_get_kind(d, call, "willContinue", TOKEN_TRUE) !=
	    JSON_NONE;

	if (call == JSON_NONE || (name != JSON_NONE && !more) ||
	    (name == JSON_NONE && !a->open))
		return false;
	if (name != JSON_NONE) {
		args_joiner_end(a, parts);
		call_begin(a, d, call, name);
	}
	all = json_get_kind(d, call, "partialArgs", TOKEN_ARRAY);
	for (e = all == JSON_NONE ? JSON_NONE : json_first(d, all);
	    e != JSON_NONE; e = json_next(d, all, e))
		if (json_kind(d, e) == TOKEN_OBJECT)
			value_add(a, d, e);
	if (!more)
		args_joiner_end(a, parts);
	return true;
}

void
args_joiner_release(struct args_joiner *a)
{
	buf_release(&a->call);
	buf_release(&a->string);
	buf_release(&a->path);
}

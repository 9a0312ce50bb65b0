#include "core/prompt/bundle.h"

#include "core/base/utf8.h"
#include "core/json/value.h"
#include "core/json/write.h"

static bool
text_fits(struct slice s)
{
	return utf8_valid(s.p, s.n) == s.n && (s.n == 0 ||
	    memchr(s.p, '\0', s.n) == NULL);
}

static enum status
check_texts(const struct bundle_body *b, struct error *err)
{
	bool fit = text_fits(b->note);
	size_t i;

	for (i = 0; i < b->nmodels; i++)
		fit = fit && text_fits(b->models[i]);
	return fit ? STATUS_OK : error_set(err, STATUS_INVALID, "its note or a "
	    "model is not UTF-8");
}

enum status
bundle_write(struct buf *out, const struct bundle_body *b, struct error *err)
{
	struct writer w = WRITER(out, WRITE_CANONICAL);
	enum status st;
	size_t i;

	if ((st = check_texts(b, err)) != STATUS_OK)
		return st;
	write_object(&w, NULL);
	if (b->data_sha256.p == NULL)
		write_null(&w, "data");
	else {
		write_object(&w, "data");
		write_int(&w, "bytes", b->data_bytes);
		write_text(&w, "sha256", b->data_sha256);
		write_end(&w);
	}
	write_text(&w, "label", b->label);
	write_texts(&w, "models", b->models, b->nmodels);
	write_text(&w, "note", b->note);
	write_text(&w, "policy", b->policy);
	write_array(&w, "prompts");
	for (i = 0; i < b->nprompts; i++) {
		write_object(&w, NULL);
		write_text(&w, "prompt", b->prompts[i].name);
		write_text(&w, "sha256", b->prompts[i].sha256);
		write_int(&w, "version", b->prompts[i].version);
		write_end(&w);
	}
	write_end(&w);
	write_count(&w, "run", b->run == 0 ? -1 : b->run);
	write_end(&w);
	if ((st = buf_check(out, err)) == STATUS_OK && out->n > BUNDLE_BYTES_MAX)
		st = error_set(err, STATUS_LIMIT, "a bundle of %zu bytes, where "
		    "%zu are the most", out->n, BUNDLE_BYTES_MAX);
	return st;
}

/* What is missing or of another type stays absent: the one form shows it. */
struct bundle_reading {
	const struct json	*d;
	struct arena		*arena;
	bool			 short_of_memory;
};

static struct slice
get_text(struct bundle_reading *r, uint32_t object, const char *key)
{
	uint32_t t = json_get_value(r->d, object, key);
	struct slice s;

	if (t == JSON_NONE || json_kind(r->d, t) != TOKEN_STRING)
		return SLICE_NONE;
	s = value_string(r->d, t, r->arena);
	if (s.p == NULL)
		r->short_of_memory = true;
	return s;
}

static int64_t
get_int(struct bundle_reading *r, uint32_t object, const char *key)
{
	uint32_t t = json_get_value(r->d, object, key);
	int64_t v;

	return t != JSON_NONE && json_kind(r->d, t) == TOKEN_NUMBER &&
	    json_int64(r->d, t, &v) && v > 0 ? v : 0;
}

/* An array's length, 0 for anything else. */
static size_t
get_count(const struct json *d, uint32_t t)
{
	return t != JSON_NONE && json_kind(d, t) == TOKEN_ARRAY ?
	    d->tok[t].count : 0;
}

static void
get_models(struct bundle_reading *r, struct bundle_body *b)
{
	uint32_t list = json_get(r->d, 0, "models"), t;
	size_t n = get_count(r->d, list);
	struct slice *v = arena_zalloc(r->arena, (n + 1) * sizeof(*v));

	b->models = v;
	if (v == NULL) {
		r->short_of_memory = true;
		return;
	}
	for (t = n == 0 ? JSON_NONE : json_first(r->d, list); t != JSON_NONE;
	    t = json_next(r->d, list, t))
		if (json_kind(r->d, t) == TOKEN_STRING) {
			v[b->nmodels] = value_string(r->d, t, r->arena);
			r->short_of_memory |= v[b->nmodels++].p == NULL;
		}
}

static void
get_prompts(struct bundle_reading *r, struct bundle_body *b)
{
	uint32_t list = json_get(r->d, 0, "prompts"), t;
	size_t n = get_count(r->d, list);
	struct bundle_prompt *v = arena_zalloc(r->arena, (n + 1) * sizeof(*v));

	b->prompts = v;
	if (v == NULL) {
		r->short_of_memory = true;
		return;
	}
	for (t = n == 0 ? JSON_NONE : json_first(r->d, list); t != JSON_NONE;
	    t = json_next(r->d, list, t))
		v[b->nprompts++] = (struct bundle_prompt){
			.name = get_text(r, t, "prompt"),
			.sha256 = get_text(r, t, "sha256"),
			.version = get_int(r, t, "version")
		};
}

enum status
bundle_read(struct bundle_body *b, struct slice bytes, struct arena *arena,
    struct error *err)
{
	struct json d = JSON_INIT;
	struct json_error why;
	struct bundle_reading r = { &d, arena, false };
	struct buf again = BUF_INIT;
	enum status st = json_parse(&d, bytes, JSON_DEPTH_MAX, 0, &why);
	uint32_t data;

	*b = (struct bundle_body){ 0 };
	if (st == STATUS_OK && json_kind(&d, 0) == TOKEN_OBJECT) {
		data = json_get_value(&d, 0, "data");
		b->label = get_text(&r, 0, "label");
		b->note = get_text(&r, 0, "note");
		b->policy = get_text(&r, 0, "policy");
		b->run = get_int(&r, 0, "run");
		if (data != JSON_NONE) {
			b->data_sha256 = get_text(&r, data, "sha256");
			b->data_bytes = get_int(&r, data, "bytes");
		}
		get_models(&r, b);
		get_prompts(&r, b);
	}
	if (st == STATUS_NOMEM || r.short_of_memory)
		st = error_nomem(err);
	else if ((st = bundle_write(&again, b, err)) == STATUS_OK &&
	    (!slice_eq(buf_slice(&again), bytes) || b->policy.p == NULL ||
	    b->label.p == NULL))
		st = error_set(err, STATUS_INVALID, "not a bundle in its one "
		    "form");
	buf_release(&again);
	json_release(&d);
	return st;
}

void
bundle_move(struct buf *out, struct slice name, struct slice label, int64_t from,
    int64_t to)
{
	struct writer w = WRITER(out, WRITE_CANONICAL);

	write_object(&w, NULL);
	write_count(&w, "from", from == 0 ? -1 : from);
	write_text(&w, "label", label);
	write_text(&w, "name", name);
	write_int(&w, "to", to);
	write_end(&w);
	write_line(&w);
}

#include "core/prompt/foreign.h"

#include "core/json/value.h"
#include "core/json/write.h"
#include "core/prompt/canonical.h"
#include "core/prompt/ref.h"

/* What each calls its keys; NULL: it has none such. */
static const struct foreign_keys {
	const char	*body, *config, *labels, *note;
} keys[PROMPT_FORMATS] = {
	[PROMPT_LANGFUSE] = { "prompt", "config", "labels", "commitMessage" },
	[PROMPT_MLFLOW] = { "template", "model_config", "aliases",
	    "commit_message" }
};
const char *const prompt_format_names[PROMPT_FORMATS] = {
	[PROMPT_LANGFUSE] = "langfuse", [PROMPT_MLFLOW] = "mlflow"
};
#define PROMPT_TAGS_MAX	100
#define RESPONSE_FORMAT	"response_format"	/* MLflow's, in our config */

bool
prompt_recognise(const struct json *d, uint32_t t, enum prompt_format *out)
{
	int i;

	for (i = 0; i < PROMPT_FORMATS; i++)
		if (json_get(d, t, keys[i].body) != JSON_NONE) {
			*out = (enum prompt_format)i;
			return true;
		}
	return false;
}

static enum status
optional_text(const struct json *d, uint32_t object, const char *key,
    struct slice *out, struct arena *arena, struct error *err)
{
	uint32_t t = json_get_value(d, object, key);

	*out = SLICE_NONE;
	if (t == JSON_NONE)
		return STATUS_OK;
	if (json_kind(d, t) != TOKEN_STRING)
		return error_set(err, STATUS_INVALID, "%s: a text is wanted",
		    key);
	*out = value_string(d, t, arena);
	return out->p == NULL ? error_nomem(err) : STATUS_OK;
}

/* A number, or (MLflow's REST) a text of digits. */
static enum status
get_version(const struct json *d, uint32_t object, int64_t *out,
    struct error *err)
{
	uint32_t t = json_get_value(d, object, "version");
	struct slice raw;
	bool ok = true;
	size_t i;

	*out = 0;
	if (t == JSON_NONE)
		return STATUS_OK;
	raw = json_raw(d, t);
	if (json_kind(d, t) == TOKEN_NUMBER)
		ok = json_int64(d, t, out);
	else if (json_kind(d, t) == TOKEN_STRING && raw.n > 2 && raw.n < 12)
		for (i = 1; i < raw.n - 1; i++) {
			ok = ok && raw.p[i] >= '0' && raw.p[i] <= '9';
			*out = *out * 10 + (raw.p[i] - '0');
		}
	return ok && *out >= 1 && *out <= PROMPT_VERSION_MAX ? STATUS_OK :
	    error_set(err, STATUS_INVALID, "version: a whole number from 1 to %d "
	    "is wanted", PROMPT_VERSION_MAX);
}

static enum status
get_labels(struct prompt_record *r, const struct json *d, uint32_t object,
    const char *key, struct arena *arena, struct error *err)
{
	uint32_t list = json_get_value(d, object, key), t;
	struct slice *v;

	if (list == JSON_NONE)
		return STATUS_OK;
	if (json_kind(d, list) != TOKEN_ARRAY)
		return error_set(err, STATUS_INVALID, "%s: an array of texts is "
		    "wanted", key);
	v = arena_alloc(arena, (d->tok[list].count + 1) * sizeof(*v));
	if ((r->labels = v) == NULL)
		return error_nomem(err);
	for (t = json_first(d, list); t != JSON_NONE; t = json_next(d, list, t)) {
		if (json_kind(d, t) != TOKEN_STRING)
			return error_set(err, STATUS_INVALID, "%s: an array of "
			    "texts is wanted", key);
		if (json_string_is(d, t, PROMPT_LATEST))
			continue;
		v[r->nlabels] = value_string(d, t, arena);
		if (v[r->nlabels].p == NULL)
			return error_nomem(err);
		if (prompt_label_check(v[r->nlabels++], err) != STATUS_OK)
			return error_prefix(err, "%s", key);
	}
	return STATUS_OK;
}

/* Langfuse's are an array, MLflow's an object; either is kept as it is. */
static enum status
get_tags(struct prompt_record *r, const struct json *d, uint32_t object,
    struct arena *arena, struct error *err)
{
	uint32_t t = json_get_value(d, object, "tags"), e;
	bool named = t != JSON_NONE && json_kind(d, t) == TOKEN_OBJECT;
	struct buf out = BUF_INIT;
	enum status st;

	if (t == JSON_NONE || d->tok[t].count == 0)
		return STATUS_OK;
	if (!named && json_kind(d, t) != TOKEN_ARRAY)
		return error_set(err, STATUS_INVALID, "tags: an array or an object "
		    "of texts is wanted");
	if (d->tok[t].count > PROMPT_TAGS_MAX)
		return error_set(err, STATUS_LIMIT, "tags: over %d",
		    PROMPT_TAGS_MAX);
	for (e = json_first(d, t); e != JSON_NONE; e = json_next(d, t, e))
		if (json_kind(d, named ? e + 1 : e) != TOKEN_STRING)
			return error_set(err, STATUS_INVALID, "tags: an array or "
			    "an object of texts is wanted");
	if ((st = canonical_json(&out, d, t, arena, err)) == STATUS_OK) {
		r->tags = (struct slice){ arena_copy(arena, out.p, out.n),
		    out.n };
		if (r->tags.p == NULL)
			st = error_nomem(err);
	}
	buf_release(&out);
	return st;
}

/* Langfuse puts a type into each message; of a placeholder it says what it is. */
static enum status
refuse_placeholders(const struct json *d, uint32_t list, struct error *err)
{
	uint32_t t, type;
	size_t i = 0;

	for (t = json_first(d, list); t != JSON_NONE; t = json_next(d, list, t)) {
		i++;
		type = json_get(d, t, "type");
		if (type == JSON_NONE)
			continue;
		if (json_kind(d, type) == TOKEN_STRING &&
		    json_string_is(d, type, "placeholder"))
			return error_set(err, STATUS_INVALID, "message %zu: a "
			    "placeholder stands for messages that come later; "
			    "they cannot be filled in here", i);
		if (json_kind(d, type) != TOKEN_STRING ||
		    (!json_string_is(d, type, "message") &&
		    !json_string_is(d, type, "chatmessage")))
			return error_set(err, STATUS_INVALID, "message %zu: type: "
			    "message or chatmessage is wanted", i);
	}
	return STATUS_OK;
}

static enum status
get_body(struct prompt_record *r, const struct json *d, uint32_t object,
    enum prompt_format f, struct arena *arena, struct error *err)
{
	const char *key = keys[f].body;
	uint32_t t = json_get(d, object, key), type;
	struct prompt_body *b = &r->body;
	enum status st;

	type = f == PROMPT_LANGFUSE ? json_get_value(d, object, "type") :
	    JSON_NONE;
	if (t == JSON_NONE || (json_kind(d, t) != TOKEN_STRING &&
	    json_kind(d, t) != TOKEN_ARRAY))
		return error_set(err, STATUS_INVALID, "%s: a text or an array of "
		    "messages is wanted", key);
	b->chat = json_kind(d, t) == TOKEN_ARRAY;
	if (type != JSON_NONE && (json_kind(d, type) != TOKEN_STRING ||
	    !json_string_is(d, type, b->chat ? "chat" : "text")))
		return error_set(err, STATUS_INVALID, "type: not that of its %s, "
		    "which is %s", key, b->chat ? "chat" : "text");
	if (b->chat) {
		if (f == PROMPT_LANGFUSE &&
		    (st = refuse_placeholders(d, t, err)) != STATUS_OK)
			return st;
		st = prompt_messages(b, d, t, f == PROMPT_LANGFUSE ? "type" :
		    NULL, arena, err);
		return st;
	}
	b->n = 1;
	b->messages = arena_zalloc(arena, sizeof(*b->messages));
	return b->messages == NULL ? error_nomem(err) : optional_text(d, object,
	    key, &b->messages[0].content, arena, err);
}

/* MLflow fills in Jinja's templates too, where {# ... #} is no text. */
static enum status
refuse_comments(const struct prompt_body *b, struct error *err)
{
	size_t i;

	for (i = 0; i < b->n; i++)
		if (slice_find(b->messages[i].content, SLICE("{#")) != NULL)
			return error_set(err, STATUS_INVALID, "template: {# begins "
			    "a comment of another template language; only "
			    "{{name}} and {{a.b}} are filled in");
	return STATUS_OK;
}

/* The config with a schema for the answer put into it. */
static enum status
with_format(struct prompt_body *b, const struct json *d, uint32_t format,
    struct arena *arena, struct error *err)
{
	struct json own = JSON_INIT;
	struct buf joined = BUF_INIT;
	struct writer w = WRITER(&joined, WRITE_KEPT);
	struct json_error why;
	enum status st;

	write_object(&w, NULL);
	if (b->config.p != NULL)
		write_inside(&w, b->config);
	write_raw(&w, RESPONSE_FORMAT, json_raw(d, format));
	write_end(&w);
	if ((st = buf_check(&joined, err)) != STATUS_OK)
		;
	else if ((st = json_parse(&own, buf_slice(&joined),
	    PROMPT_CONFIG_DEPTH, 0, &why)) == STATUS_NOMEM)
		st = error_nomem(err);
	else if (st != STATUS_OK)
		st = error_set(err, STATUS_INVALID, RESPONSE_FORMAT ": %s",
		    why.reason);
	else
		st = prompt_config(b, &own, 0, arena, err);
	json_release(&own);
	buf_release(&joined);
	return st;
}

static enum status
get_config(struct prompt_body *b, const struct json *d, uint32_t object,
    enum prompt_format f, struct arena *arena, struct error *err)
{
	uint32_t t = json_get_value(d, object, keys[f].config), format;
	enum status st;

	if (t != JSON_NONE && json_kind(d, t) != TOKEN_OBJECT)
		return error_set(err, STATUS_INVALID, "%s: an object is wanted",
		    keys[f].config);
	if (t != JSON_NONE && (st = prompt_config(b, d, t, arena, err)) !=
	    STATUS_OK)
		return st;
	format = f == PROMPT_MLFLOW ? json_get_value(d, object,
	    RESPONSE_FORMAT) : JSON_NONE;
	if (format == JSON_NONE)
		return STATUS_OK;
	if (json_kind(d, format) != TOKEN_OBJECT)
		return error_set(err, STATUS_INVALID, RESPONSE_FORMAT ": an object "
		    "is wanted");
	if (t != JSON_NONE && json_get(d, t, RESPONSE_FORMAT) != JSON_NONE)
		return error_set(err, STATUS_INVALID, RESPONSE_FORMAT ": stands in "
		    "model_config too");
	return with_format(b, d, format, arena, err);
}

enum status
prompt_import(struct prompt_record *r, const struct json *d, uint32_t t,
    enum prompt_format f, struct arena *arena, struct error *err)
{
	enum status st;

	*r = (struct prompt_record){ 0 };
	if (json_kind(d, t) != TOKEN_OBJECT)
		return error_set(err, STATUS_INVALID, "an object is wanted");
	if ((st = optional_text(d, t, "name", &r->name, arena, err)) !=
	    STATUS_OK)
		return st;
	if (r->name.p == NULL)
		return error_set(err, STATUS_INVALID, "name: a text is wanted");
	if ((st = prompt_name_check(r->name, err)) != STATUS_OK ||
	    (st = get_version(d, t, &r->version, err)) != STATUS_OK ||
	    (st = get_body(r, d, t, f, arena, err)) != STATUS_OK ||
	    (f == PROMPT_MLFLOW && (st = refuse_comments(&r->body, err)) !=
	    STATUS_OK) ||
	    (st = get_config(&r->body, d, t, f, arena, err)) != STATUS_OK ||
	    (st = get_labels(r, d, t, keys[f].labels, arena, err)) !=
	    STATUS_OK ||
	    (st = get_tags(r, d, t, arena, err)) != STATUS_OK ||
	    (st = optional_text(d, t, keys[f].note, &r->note, arena, err)) !=
	    STATUS_OK)
		return st;
	return prompt_make(&r->body, arena, err);
}

static void
write_body(struct writer *w, const struct prompt_record *r,
    enum prompt_format f)
{
	const struct prompt_body *b = &r->body;
	size_t i;

	if (f == PROMPT_LANGFUSE)
		write_word(w, "type", b->chat ? "chat" : "text");
	if (!b->chat) {
		write_text(w, keys[f].body, b->messages[0].content);
		return;
	}
	write_array(w, keys[f].body);
	for (i = 0; i < b->n; i++) {
		write_object(w, NULL);
		write_text(w, "role", b->messages[i].role);
		write_text(w, "content", b->messages[i].content);
		write_end(w);
	}
	write_end(w);
}

/* In MLflow's form the schema for the answer has a key of its own. */
static void
write_config(struct writer *w, struct slice config, enum prompt_format f,
    const struct json *d)
{
	uint32_t format = json_get(d, 0, RESPONSE_FORMAT), k;

	if (f == PROMPT_LANGFUSE || format == JSON_NONE ||
	    json_kind(d, format) != TOKEN_OBJECT) {
		write_raw(w, keys[f].config, config);
		if (f == PROMPT_MLFLOW)
			write_null(w, RESPONSE_FORMAT);
		return;
	}
	write_object(w, keys[f].config);
	for (k = json_first(d, 0); k != JSON_NONE; k = json_next(d, 0, k))
		if (k + 1 != format) {
			write_name(w, json_raw(d, k));
			write_raw(w, NULL, json_raw(d, k + 1));
		}
	write_end(w);
	write_raw(w, RESPONSE_FORMAT, json_raw(d, format));
}

/* Is the k-th element of an array of texts one of those before it? */
static bool
said_before(const struct json *d, uint32_t k)
{
	uint32_t t;

	for (t = json_first(d, 0); t != k; t = json_next(d, 0, t))
		if (slice_eq(json_raw(d, t), json_raw(d, k)))
			return true;
	return false;
}

/* Each format has the tags in its own form: "a=b" and {"a":"b"}, "a" and {"a":""}. */
static enum status
write_tags(struct writer *w, const struct json *d, enum prompt_format f,
    struct arena *arena, struct error *err)
{
	bool named = d->n > 0 && json_kind(d, 0) == TOKEN_OBJECT;
	struct slice key, value;
	uint32_t k;

	if (f == PROMPT_LANGFUSE)
		write_array(w, "tags");
	else
		write_object(w, "tags");
	for (k = d->n > 0 ? json_first(d, 0) : JSON_NONE; k != JSON_NONE;
	    k = json_next(d, 0, k)) {
		if (f == PROMPT_MLFLOW && !named && said_before(d, k))
			continue;
		if (f == PROMPT_MLFLOW) {
			write_name(w, json_raw(d, k));
			write_raw(w, NULL, named ? json_raw(d, k + 1) :
			    SLICE("\"\""));
			continue;
		}
		key = value_string(d, k, arena);
		value = named ? value_string(d, k + 1, arena) : SLICE("");
		if (key.p == NULL || value.p == NULL)
			return error_nomem(err);
		if (named && value.n > 0)
			key = arena_printf(arena, "%.*s=%.*s", SLICE_ARG(key),
			    SLICE_ARG(value));
		write_text(w, NULL, key);
	}
	write_end(w);
	return STATUS_OK;
}

/* Our own canonical JSON. */
static enum status
reparse(struct json *d, struct slice text, struct error *err)
{
	struct json_error why;
	enum status st = json_parse(d, text, JSON_DEPTH_MAX, 0, &why);

	if (st == STATUS_NOMEM)
		return error_nomem(err);
	return st == STATUS_OK ? st : error_set(err, STATUS_CORRUPT, "not JSON: "
	    "%s", why.reason);
}

enum status
prompt_export(struct buf *out, const struct prompt_record *r,
    enum prompt_format f, struct arena *arena, struct error *err)
{
	struct writer w = WRITER(out, WRITE_KEPT);
	struct json config = JSON_INIT, tags = JSON_INIT;
	enum status st;

	if ((st = reparse(&config, r->body.config, err)) != STATUS_OK ||
	    (r->tags.p != NULL && (st = reparse(&tags, r->tags, err)) !=
	    STATUS_OK))
		goto out;
	write_object(&w, NULL);
	write_text(&w, "name", r->name);
	write_int(&w, "version", r->version);
	write_body(&w, r, f);
	write_config(&w, r->body.config, f, &config);
	write_texts(&w, keys[f].labels, r->labels, r->nlabels);
	if ((st = write_tags(&w, &tags, f, arena, err)) != STATUS_OK)
		goto out;
	write_text(&w, keys[f].note, r->note);
	write_end(&w);
	write_line(&w);
	st = buf_check(out, err);
out:
	json_release(&config);
	json_release(&tags);
	return st;
}

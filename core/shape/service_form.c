#include "core/shape/service_form.h"

#include "core/json/value.h"
#include "core/shape/body.h"

/* JSON_NONE: none. */
static uint32_t
element(const struct json *d, uint32_t list, bool last)
{
	uint32_t e = json_first(d, list), next;

	while (last && e != JSON_NONE && (next = json_next(d, list, e)) !=
	    JSON_NONE)
		e = next;
	return e == JSON_NONE || json_kind(d, e) == TOKEN_NULL ? JSON_NONE : e;
}

static uint32_t
step_down(const struct json *d, uint32_t t, const char *key)
{
	bool last = strcmp(key, "-1") == 0;
	uint32_t first;

	if (json_kind(d, t) == TOKEN_OBJECT && strcmp(key, "*") == 0)
		return (first = json_first(d, t)) == JSON_NONE ? JSON_NONE :
		    first + 1;
	if (json_kind(d, t) == TOKEN_OBJECT)
		return json_get_value(d, t, key);
	if (json_kind(d, t) != TOKEN_ARRAY || !(last || strcmp(key, "0") == 0))
		return JSON_NONE;
	return element(d, t, last);
}

/* Up to its end, a '=' or a '|'. */
static uint32_t
one_path(const struct json *d, uint32_t t, const char *path)
{
	char key[32];
	size_t n;

	for (; *path != '\0' && *path != '=' && *path != '|'; path += n) {
		path += *path == '.';
		n = strcspn(path, ".=|");
		if (n >= sizeof(key))
			return JSON_NONE;
		memcpy(key, path, n);
		key[n] = '\0';
		if ((t = step_down(d, t, key)) == JSON_NONE)
			return JSON_NONE;
	}
	return t;
}

uint32_t
form_path(const struct json *d, uint32_t t, const char *path)
{
	uint32_t found = JSON_NONE;

	for (; path != NULL && found == JSON_NONE; path = *path == '|' ?
	    path + 1 : NULL) {
		found = one_path(d, t, path);
		path += strcspn(path, "|");
	}
	return found;
}

/* The first answer; the record itself: none. */
static uint32_t
answer_at(const struct json *d, uint32_t root, const struct answer_form *f)
{
	uint32_t t = root;

	if (f->list != NULL && (t = form_path(d, t, f->list)) != JSON_NONE)
		t = json_kind(d, t) == TOKEN_ARRAY ? element(d, t, false) :
		    JSON_NONE;
	if (t != JSON_NONE)
		t = form_path(d, t, f->answer);
	return t == JSON_NONE ? root : t;
}

/* What it is to be read from is there, where that is a body of another's. */
static bool
has_body(const struct reading *r, uint32_t root, const struct answer_form *f)
{
	uint32_t t = answer_at(r->d, root, f);

	return t != root && body_known(r, t);
}

bool
form_is(const struct reading *r, uint32_t t, const struct answer_form *f)
{
	const struct json *d = r->d;
	const char *is;
	uint32_t at;
	size_t i;

	if (f->only && d->tok[t].count != 1)
		return false;
	for (i = 0; i < 3 && f->need[i] != NULL; i++) {
		if ((at = form_path(d, t, f->need[i])) == JSON_NONE)
			return false;
		is = strchr(f->need[i], '=');
		if (is != NULL && (json_kind(d, at) != TOKEN_STRING ||
		    !json_string_is(d, at, is + 1)))
			return false;
	}
	if (f->body)
		return has_body(r, t, f);
	return !f->only || json_kind(d, answer_at(d, t, f)) == TOKEN_STRING;
}

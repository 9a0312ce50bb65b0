#include "tui/review/named.h"

#include <stdlib.h>

static size_t
blanks(struct slice s, size_t at)
{
	while (at < s.n && (s.p[at] == ' ' || s.p[at] == '\t'))
		at++;
	return at;
}

/* A text in quotes, \" and \\ within it; moves *at behind it.  NULL: it is none. */
static char *
quoted_read(struct slice s, size_t *at)
{
	char *out = malloc(s.n + 1);
	size_t i = blanks(s, *at), n = 0;

	if (out == NULL || i >= s.n || s.p[i] != '"') {
		free(out);
		return NULL;
	}
	for (i++; i < s.n && s.p[i] != '"'; i++) {
		if (s.p[i] == '\\' && i + 1 < s.n &&
		    (s.p[i + 1] == '"' || s.p[i + 1] == '\\'))
			i++;
		out[n++] = s.p[i];
	}
	out[n] = '\0';
	*at = i + 1;
	if (i < s.n && n > 0)
		return out;
	free(out);
	return NULL;
}

bool
named_setting(struct named *f, struct slice line, const char **why)
{
	static const char word[] = "filter";
	char *name, *condition = NULL;
	size_t at = blanks(line, 0);

	if (line.n - at < sizeof(word) ||
	    memcmp(line.p + at, word, sizeof(word) - 1) != 0)
		return false;
	at += sizeof(word) - 1;
	name = quoted_read(line, &at);
	at = blanks(line, at);
	if (name != NULL && at < line.n && line.p[at++] == '=')
		condition = quoted_read(line, &at);
	if (condition == NULL || blanks(line, at) < line.n ||
	    f->n == NAMED_MAX) {
		*why = f->n == NAMED_MAX ? "there are 50 filters already" :
		    "use: filter \"NAME\" = \"CONDITION\"";
		free(name);
		free(condition);
		return false;
	}
	f->v[f->n].name = name;
	f->v[f->n++].condition = condition;
	return true;
}

const char *
named_find(const struct named *f, struct slice name)
{
	size_t i;

	/* What comes later wins. */
	for (i = f->n; i-- > 0;) {
		if (slice_is(name, f->v[i].name))
			return f->v[i].condition;
	}
	return NULL;
}

void
named_offer(const struct named *f, struct complete *c)
{
	size_t i;

	for (i = 0; i < f->n; i++)
		complete_offer(c, slice_of(f->v[i].name));
}

void
named_release(struct named *f)
{
	while (f->n > 0) {
		free(f->v[--f->n].name);
		free(f->v[f->n].condition);
	}
}

#include "core/schema/uri.h"

#include "core/base/arena.h"

struct parts {
	struct slice	scheme, authority, path, query, fragment;
};

/* Takes from *s up to the first byte of `stop`; what is taken is returned. */
static struct slice
take(struct slice *s, const char *stop)
{
	struct slice got = { s->p, 0 };

	while (got.n < s->n && strchr(stop, s->p[got.n]) == NULL)
		got.n++;
	s->p += got.n;
	s->n -= got.n;
	return got;
}

static void
drop(struct slice *s, size_t n)
{
	s->p += n;
	s->n -= n;
}

static bool
is_scheme(struct slice s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		bool alpha = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');

		if (!alpha && (i == 0 || !((c >= '0' && c <= '9') || c == '+' ||
		    c == '-' || c == '.')))
			return false;
	}
	return s.n > 0;
}

static struct parts
split(struct slice s)
{
	struct parts u = { SLICE_NONE, SLICE_NONE, SLICE_NONE, SLICE_NONE,
	    SLICE_NONE };
	struct slice rest = s, first = take(&rest, ":/?#");

	if (rest.n > 0 && *rest.p == ':' && is_scheme(first)) {
		u.scheme = first;
		drop(&rest, 1);
	} else {
		rest = s;
	}
	if (rest.n >= 2 && rest.p[0] == '/' && rest.p[1] == '/') {
		drop(&rest, 2);
		u.authority = take(&rest, "/?#");
	}
	u.path = take(&rest, "?#");
	if (rest.n > 0 && *rest.p == '?') {
		drop(&rest, 1);
		u.query = take(&rest, "#");
	}
	if (rest.n > 0) {
		drop(&rest, 1);
		u.fragment = rest;
	}
	return u;
}

static bool
starts(struct slice s, const char *with)
{
	size_t n = strlen(with);

	return s.n >= n && memcmp(s.p, with, n) == 0;
}

/* "/." and "/.." before a '/' or the end: how many bytes they take, or 0. */
static size_t
dots(struct slice s, const char *what)
{
	size_t n = strlen(what);

	return starts(s, what) && (s.n == n || s.p[n] == '/') ? n : 0;
}

/* Section 5.2.4 over `in`, onto start, which has room; returns the end. */
static char *
remove_dots(struct slice in, char *start)
{
	char *out = start;
	size_t n;

	while (dots(in, "..") > 0 || dots(in, ".") > 0) {
		n = dots(in, "..") > 0 ? 2 : 1;
		drop(&in, n < in.n ? n + 1 : n);
	}
	while (in.n > 0) {
		if ((n = dots(in, "/..")) > 0) {
			while (out > start && *--out != '/')
				;
		} else {
			n = dots(in, "/.");
		}
		if (n > 0) {
			drop(&in, n);
			if (in.n == 0)
				*out++ = '/';
			continue;
		}
		do {
			*out++ = *in.p;
			drop(&in, 1);
		} while (in.n > 0 && *in.p != '/');
	}
	return out;
}

static char *
put(char *out, struct slice s)
{
	if (s.n > 0)
		memcpy(out, s.p, s.n);
	return out + s.n;
}

/* The path of the result, with room for it at out; returns its end. */
static char *
put_path(char *out, char *work, const struct parts *base, const struct parts *ref)
{
	char *w = work;
	size_t n;

	if (ref->scheme.p != NULL || ref->authority.p != NULL ||
	    starts(ref->path, "/")) {
		if (ref->scheme.p != NULL && !starts(ref->path, "/"))
			return put(out, ref->path);	/* urn:... */
		return remove_dots(ref->path, out);
	}
	if (ref->path.n == 0)
		return put(out, base->path);
	if (base->authority.p != NULL && base->path.n == 0) {
		*w++ = '/';
	} else {
		for (n = base->path.n; n > 0 && base->path.p[n - 1] != '/'; n--)
			;
		w = put(w, (struct slice){ base->path.p, n });
	}
	w = put(w, ref->path);
	return remove_dots((struct slice){ work, (size_t)(w - work) }, out);
}

bool
uri_resolve(struct arena *arena, struct slice base_text, struct slice text,
    struct slice *uri, struct slice *fragment)
{
	struct parts base = split(base_text), ref = split(text), *from;
	char *out, *end, *work;

	*fragment = ref.fragment;
	out = arena_alloc(arena, base_text.n + text.n + 8);
	work = arena_alloc(arena, base_text.n + text.n + 8);
	if (out == NULL || work == NULL)
		return false;
	end = out;
	from = ref.scheme.p != NULL ? &ref : &base;
	if (from->scheme.p != NULL) {
		end = put(end, from->scheme);
		*end++ = ':';
	}
	if (ref.scheme.p == NULL && ref.authority.p == NULL)
		from = &base;
	else
		from = &ref;
	if (from->authority.p != NULL) {
		end = put(end, SLICE("//"));
		end = put(end, from->authority);
	}
	end = put_path(end, work, &base, &ref);
	if (ref.query.p != NULL || from == &ref || ref.path.n > 0)
		from = &ref;
	if (from->query.p != NULL) {
		*end++ = '?';
		end = put(end, from->query);
	}
	*uri = (struct slice){ out, (size_t)(end - out) };
	return true;
}

struct slice
uri_decode(struct arena *arena, struct slice s)
{
	char *out, *p;

	if (s.n == 0 || memchr(s.p, '%', s.n) == NULL)
		return s.p == NULL ? SLICE("") : s;
	if ((p = out = arena_alloc(arena, s.n)) == NULL)
		return SLICE_NONE;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '%' && s.n - i > 2 && hex_digit(s.p[i + 1]) >= 0 &&
		    hex_digit(s.p[i + 2]) >= 0) {
			*p++ = (char)(hex_digit(s.p[i + 1]) * 16 + hex_digit(s.p[i + 2]));
			i += 2;
		} else {
			*p++ = s.p[i];
		}
	}
	return (struct slice){ out, (size_t)(p - out) };
}

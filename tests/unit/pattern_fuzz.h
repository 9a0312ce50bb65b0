/*
 * Patterns and texts made up from a source of numbers, and what a set finds in
 * a text against what PCRE2 alone finds.  Used by the unit test and the fuzzer.
 */
#ifndef TESTS_PATTERN_FUZZ_H
#define TESTS_PATTERN_FUZZ_H

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/pattern/pattern.h"
#include "core/pattern/paths.h"

#define FUZZ_PATTERNS	6
#define FUZZ_MATCHES	4096
#define FUZZ_STEPS	200000u	/* of one match; what needs more is not compared */

struct fuzz {
	unsigned	(*draw)(void *, unsigned n);	/* 0..n-1 */
	void		*arg;
};

static const char *const fuzz_piece[] = {
	"a", "b", "k", "s", "K", "S", "ab", "ghp_", "-", "@", ".", "\\.", " ",
	"\\d", "\\w", "\\s", "\\W", "\\D", "\\S", "\\b", "\\B", "^", "$", "\\h",
	"\\v", "\\x41", "\\x{e4}", "\\x{212a}", "\xc3\xa4", "\xe2\x82\xac",
	"\xf0\x9f\x98\x80", "[abc]", "[^abc]", "[a-c0-2]", "[^\\d]", "[\\w.-]",
	"[^\\W_]", "[k]", "[^k]", "[\xc3\xa4-\xc3\xbc]",
	"[b\xe2\x82\xac]", "[^\xc3\xa4]", "[\xc5\xbf\xe2\x80\x99]",
	"\xe2\x80\x99", "[\xc3\xa4\xf0\x9f\x98\x80]", "[[:digit:]x]",
	"[^[:alpha:]]", "[]a]", "[^]a]", "[a\\-z]", "[-a]", "[\\]b]", "\\p{Lu}",
	"\\PL", "(?i)", "(?-i)", "\\t", "\\n", "0", "12", "_", "\xc5\xbf",
	"[\\x{100}-\\x{220}]", "[\\x61-\\x{e5}]", "[a-\\d]", "\\/", "\\(", "{",
	"a{", "}", "]", "(?=a)", "(?!b)", "(?<=a)", "(?<!b)", "\\1", "(?1)"
};
#define FUZZ_PIECES	(sizeof(fuzz_piece) / sizeof(fuzz_piece[0]))
static const char *const fuzz_open[] = {
	"(", "(?:", "(?i:", "(?>", "(?<n>", "(?|", "(?=", "(?!", "(?<=", "(?-i:",
	"(?s:", "(?'q'"
};
static const char *const fuzz_times[] = {
	"", "", "", "", "", "", "*", "+", "?", "{2}", "{0}", "{1,3}", "{2,}",
	"*?", "+?", "??", "++", "{3}?", "{0,1}", "{,2}", "{ 1}"
};

static inline void
fuzz_branch(struct fuzz *z, struct buf *out, unsigned depth)
{
	unsigned n = 1 + z->draw(z->arg, 4), i;

	for (i = 0; i < n; i++) {
		if (depth < 3 && z->draw(z->arg, 5) == 0) {
			buf_puts(out, fuzz_open[z->draw(z->arg, 12)]);
			fuzz_branch(z, out, depth + 1);
			while (z->draw(z->arg, 2) == 0) {
				buf_putc(out, '|');
				fuzz_branch(z, out, depth + 1);
			}
			buf_putc(out, ')');
		} else {
			buf_puts(out, fuzz_piece[z->draw(z->arg, FUZZ_PIECES)]);
		}
		buf_puts(out, fuzz_times[z->draw(z->arg, 21)]);
	}
}

static inline void
fuzz_pattern(struct fuzz *z, struct buf *out)
{
	static const char *const run[] = {
		"[a-z.]", "\\w", "[^@]", "a", "[\xc3\xa4k]", "(?:a|b)", "\\d",
		"(?:[\xc3\xa4]x)", "[^\\W_]", "(?i)s"
	};
	static const char *const stop[] = { "@", "-", "\\.", "[@]", "K" };

	buf_clear(out);
	if (z->draw(z->arg, 4) == 0) {		/* a run and what ends it */
		buf_puts(out, z->draw(z->arg, 2) == 0 ? "\\b" : "");
		buf_puts(out, run[z->draw(z->arg, 10)]);
		buf_puts(out, z->draw(z->arg, 2) == 0 ? "+" : "{1,3}?");
		buf_puts(out, stop[z->draw(z->arg, 5)]);
	}
	fuzz_branch(z, out, 0);
	while (z->draw(z->arg, 4) == 0) {
		buf_putc(out, '|');
		fuzz_branch(z, out, 0);
	}
}

static inline void
fuzz_text(struct fuzz *z, struct buf *out)
{
	static const char *const piece[] = {
		"a", "b", "c", "k", "s", "K", "S", "A", "ab", "ghp_", "-", "@",
		".", " ", "0", "1", "2", "12", "_", "\n", "\t", "\r\n", "x", "z",
		"\xc3\xa4", "\xc3\x84", "\xe2\x82\xac", "\xe2\x84\xaa",
		"\xc5\xbf", "\xf0\x9f\x98\x80", "\xc2\xa0", "\xc2\x85", "(", "/",
		"{", "}", "]", "\xd9\xa3", "aaaa", "\xe2\x80\xa8",
		"\xe2\x80\x99"
	};
	unsigned n = z->draw(z->arg, 160);

	buf_clear(out);
	while (n-- > 0)
		buf_puts(out, piece[z->draw(z->arg, 41)]);
}

struct fuzz_found {
	struct {
		size_t		start, end;
		unsigned	id;
	} v[FUZZ_MATCHES];
	size_t	n;
};

static inline enum status
fuzz_note(void *arg, const struct pattern_match *m, struct error *err)
{
	struct fuzz_found *f = arg;

	(void)err;
	if (f->n < FUZZ_MATCHES) {
		f->v[f->n].start = m->span[0][0];
		f->v[f->n].end = m->span[0][1];
		f->v[f->n++].id = m->id;
	}
	return STATUS_OK;
}

static inline int
fuzz_cmp(const void *pa, const void *pb)
{
	const size_t *a = pa, *b = pb;
	unsigned ia, ib;

	memcpy(&ia, a + 2, sizeof(ia));
	memcpy(&ib, b + 2, sizeof(ib));
	if (ia != ib)
		return ia < ib ? -1 : 1;
	if (a[0] != b[0])
		return a[0] < b[0] ? -1 : 1;
	return a[1] < b[1] ? -1 : a[1] > b[1];
}

/* All matches of one pattern by PCRE2 alone, compiled: in rare cases 10.42's
 * interpreter finds others.  False: limit. */
static inline bool
fuzz_alone(const char *pattern, int flags, unsigned id, struct slice text,
    struct fuzz_found *out)
{
	uint32_t options = PCRE2_UTF | PCRE2_NEVER_BACKSLASH_C, again = 0;
	pcre2_match_context *limits = pcre2_match_context_create(NULL);
	pcre2_match_data *data;
	pcre2_code *code;
	PCRE2_SIZE at, from = 0, *o;
	int why, rc;

	if (flags & PATTERN_CASELESS)
		options |= PCRE2_CASELESS;
	if (!(flags & PATTERN_ASCII))
		options |= PCRE2_UCP;
	code = pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED,
	    options, &why, &at, NULL);
	(void)pcre2_jit_compile(code, PCRE2_JIT_COMPLETE);
	data = pcre2_match_data_create(64, NULL);
	(void)pcre2_set_match_limit(limits, FUZZ_STEPS);
	o = pcre2_get_ovector_pointer(data);
	for (rc = 0; from <= text.n;) {
		rc = pcre2_match(code, (PCRE2_SPTR)text.p, text.n, from, again,
		    data, limits);
		if (rc < 0 && rc != PCRE2_ERROR_NOMATCH)
			break;
		if (rc < 0 && again == 0)
			break;
		if (rc < 0) {
			for (from++; from < text.n &&
			    (text.p[from] & 0xc0) == 0x80;)
				from++;
			again = 0;
			continue;
		}
		if (out->n < FUZZ_MATCHES) {
			out->v[out->n].start = o[0];
			out->v[out->n].end = o[1];
			out->v[out->n++].id = id;
		}
		from = o[1];
		again = o[0] == o[1] ?
		    PCRE2_NOTEMPTY_ATSTART | PCRE2_ANCHORED : 0;
	}
	pcre2_match_context_free(limits);
	pcre2_match_data_free(data);
	pcre2_code_free(code);
	return rc >= PCRE2_ERROR_NOMATCH;
}

struct fuzz_state {
	struct scratch		*scratch;
	struct fuzz_found	 want, got;
	struct buf		 text, pattern[FUZZ_PATTERNS];
};

/* The first match that differs, the text and the patterns. */
static inline void
fuzz_tell(const struct fuzz_state *s, int form, unsigned kept, const int *flags)
{
	size_t n;
	unsigned i;

	for (n = 0; n < s->got.n && n < s->want.n && memcmp(&s->got.v[n],
	    &s->want.v[n], sizeof(s->got.v[0])) == 0;)
		n++;
	(void)fprintf(stderr, "form %d: %zu matches, not %zu; the first: "
	    "%u %zu-%zu, not %u %zu-%zu, in: %s\n", form, s->got.n, s->want.n,
	    s->got.v[n].id, s->got.v[n].start, s->got.v[n].end,
	    s->want.v[n].id, s->want.v[n].start, s->want.v[n].end,
	    s->text.p == NULL ? "" : s->text.p);
	for (i = 0; i < kept; i++)
		(void)fprintf(stderr, "  %u, %d: %s\n", i, flags[i],
		    s->pattern[i].p);
}

/* One round; says on stderr what differs and returns false then. */
static inline bool
fuzz_round(struct fuzz *z, struct fuzz_state *s)
{
	static const enum filter_form forms[] = {
		FILTER_NONE, FILTER_PLAIN, FILTER_SSSE3, FILTER_AVX2, FILTER_BEST
	};
	struct pattern_set *set = NULL;
	struct error err = { STATUS_OK, "" };
	unsigned n = 1 + z->draw(z->arg, FUZZ_PATTERNS), i, id;
	int flags[FUZZ_PATTERNS];
	bool sound = true, same = true;
	unsigned kept = 0;

	if (pattern_set_new(&set, &err) != STATUS_OK)
		return true;
	for (i = 0; i < n; i++) {
		fuzz_pattern(z, &s->pattern[kept]);
		flags[kept] = (int)z->draw(z->arg, 4);
		if (pattern_add(set, buf_str(&s->pattern[kept]), flags[kept],
		    0, &id, &err) == STATUS_OK)
			kept++;
		error_clear(&err);
	}
	fuzz_text(z, &s->text);
	s->want.n = 0;
	for (i = 0; i < kept; i++)
		/* With more ways compiled code goes on for hours. */
		sound = sound && pattern_paths(buf_str(&s->pattern[i])) <=
		    FUZZ_STEPS && fuzz_alone(buf_str(&s->pattern[i]), flags[i],
		    i, buf_slice(&s->text), &s->want);
	qsort(s->want.v, s->want.n, sizeof(s->want.v[0]), fuzz_cmp);
	for (i = 0; sound && i < 5; i++) {
		s->got.n = 0;
		scratch_form(s->scratch, forms[i]);
		if (pattern_scan(set, buf_slice(&s->text), s->scratch,
		    fuzz_note, &s->got, &err) != STATUS_OK)
			break;
		qsort(s->got.v, s->got.n, sizeof(s->got.v[0]), fuzz_cmp);
		if (s->got.n != s->want.n || memcmp(s->got.v, s->want.v,
		    s->got.n * sizeof(s->got.v[0])) != 0) {
			same = false;
			break;
		}
	}
	if (!same)
		fuzz_tell(s, (int)forms[i], kept, flags);
	pattern_set_free(set);
	return same;
}

#endif

#include "db/audit/leaf.h"

#include <assert.h>

#include "core/base/hash.h"
#include "core/base/utf8.h"
#include "core/json/write.h"

#define DAY_MS	((int64_t)86400000)

/* Days of 1970-01-01 to a date and back: H. Hinnant, "chrono-Compatible
 * Low-Level Date Algorithms". */
static void
date_of(int64_t days, int *year, unsigned *month, unsigned *day)
{
	int64_t z = days + 719468, era = z / 146097, y;
	unsigned doe = (unsigned)(z - era * 146097);
	unsigned yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	unsigned doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	unsigned mp = (5 * doy + 2) / 153;

	y = (int64_t)yoe + era * 400;
	*day = doy - (153 * mp + 2) / 5 + 1;
	*month = mp < 10 ? mp + 3 : mp - 9;
	*year = (int)(y + (*month <= 2 ? 1 : 0));
}

static int64_t
days_of(int64_t y, unsigned m, unsigned d)
{
	int64_t era;
	unsigned yoe, doy;

	y -= m <= 2 ? 1 : 0;
	era = y / 400;
	yoe = (unsigned)(y - era * 400);
	doy = (153 * (m > 2 ? m - 3 : m + 9) + 2) / 5 + d - 1;
	return era * 146097 + (int64_t)(yoe * 365 + yoe / 4 - yoe / 100 + doy) -
	    719468;
}

static void
digits(char *p, unsigned n, unsigned v)
{
	while (n-- > 0) {
		p[n] = (char)('0' + v % 10);
		v /= 10;
	}
}

bool
leaf_ts_write(int64_t ms, char out[LEAF_TS_LEN + 1])
{
	unsigned month, day, rest;
	int year;

	if (ms < 0 || ms / DAY_MS > 2932896)	/* 9999-12-31 */
		return false;
	date_of(ms / DAY_MS, &year, &month, &day);
	rest = (unsigned)(ms % DAY_MS);
	memcpy(out, "0000-00-00T00:00:00.000Z", LEAF_TS_LEN + 1);
	digits(out, 4, (unsigned)year);
	digits(out + 5, 2, month);
	digits(out + 8, 2, day);
	digits(out + 11, 2, rest / 3600000);
	digits(out + 14, 2, rest / 60000 % 60);
	digits(out + 17, 2, rest / 1000 % 60);
	digits(out + 20, 3, rest % 1000);
	return true;
}

bool
leaf_ts_read(struct slice s, int64_t *ms)
{
	static const char form[] = "dddd-dd-ddTdd:dd:dd.dddZ";
	char again[LEAF_TS_LEN + 1];
	unsigned v[7] = { 0 };
	size_t i, part = 0;

	if (s.p == NULL || s.n != LEAF_TS_LEN)
		return false;
	for (i = 0; i < LEAF_TS_LEN; i++)
		if (form[i] != 'd') {
			if (s.p[i] != form[i])
				return false;
			part++;
		} else if (s.p[i] < '0' || s.p[i] > '9')
			return false;
		else
			v[part] = v[part] * 10 + (unsigned)(s.p[i] - '0');
	if (v[0] < 1970 || v[1] < 1 || v[1] > 12)
		return false;
	*ms = days_of((int64_t)v[0], v[1], v[2]) * DAY_MS +
	    (int64_t)v[3] * 3600000 + (int64_t)v[4] * 60000 +
	    (int64_t)v[5] * 1000 + (int64_t)v[6];
	/* 31 April, 25:00 and the like come out as another moment. */
	return leaf_ts_write(*ms, again) && memcmp(again, s.p, LEAF_TS_LEN) == 0;
}

#define INT_TEXT	24

/* Of a number that is none below 0. */
static struct slice
int_text(int64_t v, char text[INT_TEXT])
{
	size_t at = INT_TEXT;

	assert(v >= 0);
	do
		text[--at] = (char)('0' + v % 10);
	while ((v /= 10) != 0);
	return (struct slice){ text + at, INT_TEXT - at };
}

/* Hexadecimal needs no look for what must be escaped. */
static void
write_hash(struct writer *w, const char *name, const struct hash *h)
{
	char text[HASH_HEX + 1];

	text[0] = '"';
	hash_hex(h, text + 1);
	text[HASH_HEX] = '"';
	write_raw(w, name, (struct slice){ text, sizeof(text) });
}

/* A leaf has no absent text: an empty one. */
static void
write_string(struct writer *w, const char *name, struct slice s)
{
	write_text(w, name, s.p == NULL ? SLICE("") : s);
}

static void
write_field(struct writer *w, const struct leaf_field *f)
{
	switch (f->type) {
	case LEAF_TEXT:
		write_string(w, f->key, f->text);
		break;
	case LEAF_INT:
		write_int(w, f->key, f->number);
		break;
	case LEAF_HASH:
		write_hash(w, f->key, f->hash);
		break;
	case LEAF_BOOL:
		write_bool(w, f->key, f->number != 0);
		break;
	case LEAF_NULL:
		write_null(w, f->key);
		break;
	}
}

enum head_key {
	HEAD_ACTOR, HEAD_BACK, HEAD_EVENT, HEAD_ITEM, HEAD_LOG, HEAD_PREV, HEAD_SEQ, HEAD_TS,
	HEAD_V, HEAD_COUNT
};
static const char *const head_key[HEAD_COUNT] = {
	"actor", "back_ms", "event", "item", "log", "prev", "seq", "ts", "v"
};

static void
write_actor(struct writer *w, const struct actor *a)
{
	write_object(w, "actor");
	write_string(w, "name", slice_of(a->name));
	write_string(w, "role", slice_of(a->role));
	write_int(w, "uid", a->uid);
	write_string(w, "via", slice_of(a->via));
	write_end(w);
}

/* Notes where prev, seq and ts go, and leaves room for the two whose length is
 * known. */
static void
write_head(struct writer *w, const struct leaf_head *h, enum head_key key,
    struct audit_draft *d)
{
	static const char zeros[HASH_HEX] = "0000000000000000000000000000000000"
	    "000000000000000000000000000000";
	const char *name = head_key[key];

	switch (key) {
	case HEAD_ACTOR:
		write_actor(w, h->actor);
		break;
	case HEAD_BACK:
		d->back = (uint32_t)w->b->n;
		break;
	case HEAD_EVENT:
		write_string(w, name, slice_of(h->event));
		break;
	case HEAD_ITEM:
		if (h->item.p != NULL)
			write_text(w, name, h->item);
		break;
	case HEAD_LOG:
		write_string(w, name, slice_of(h->log));
		break;
	case HEAD_PREV:
		write_word(w, name, zeros);
		d->prev = (uint32_t)(w->b->n - HASH_HEX);
		break;
	case HEAD_SEQ:
		write_raw(w, name, SLICE(""));
		d->seq = (uint32_t)w->b->n;
		break;
	case HEAD_TS:
		write_text(w, name, (struct slice){ zeros, LEAF_TS_LEN });
		d->ts = (uint32_t)(w->b->n - LEAF_TS_LEN - 1);
		break;
	default:
		write_word(w, name, LEAF_VERSION);
	}
}

static bool
text_fits(struct slice s)
{
	return utf8_valid(s.p, s.n) == s.n;
}

/* order[]: the fields' numbers, sorted by key; callers give few, half sorted. */
static enum status
sort_fields(const struct leaf_field *f, size_t n, uint8_t *order,
    struct error *err)
{
	size_t i, j;
	int cmp = 1;

	for (i = 0; i < n; i++) {
		if (f[i].type == LEAF_TEXT && !text_fits(f[i].text))
			return error_set(err, STATUS_INVALID,
			    "audit leaf: %s: not UTF-8", f[i].key);
		if (f[i].type == LEAF_INT && (f[i].number > LEAF_INT_MAX ||
		    f[i].number < -LEAF_INT_MAX))
			return error_set(err, STATUS_INVALID,
			    "audit leaf: %s: a number beyond 2^53", f[i].key);
		for (j = i; j > 0; j--) {
			cmp = strcmp(f[order[j - 1]].key, f[i].key);
			if (cmp <= 0)
				break;
			order[j] = order[j - 1];
		}
		assert(j == 0 || cmp < 0);	/* each key once */
		order[j] = (uint8_t)i;
	}
	return STATUS_OK;
}

/* Two sorted lists of keys become one. */
static enum status
write_all(struct buf *b, const struct leaf_head *h, const struct leaf_field *f,
    size_t n, const uint8_t *order, struct audit_draft *d, struct error *err)
{
	struct writer w = WRITER(b, WRITE_CANONICAL);
	size_t i, at = 0;

	buf_clear(b);
	/* Once for all that is not text, so that most leaves grow nothing. */
	if (!buf_reserve(b, 1000))
		return error_nomem(err);
	write_object(&w, NULL);
	for (i = 0; i < HEAD_COUNT; i++) {
		while (at < n && strcmp(f[order[at]].key, head_key[i]) < 0)
			write_field(&w, &f[order[at++]]);
		/* None of those that every leaf has. */
		assert(at == n || strcmp(f[order[at]].key, head_key[i]) > 0);
		write_head(&w, h, (enum head_key)i, d);
	}
	while (at < n)
		write_field(&w, &f[order[at++]]);
	write_end(&w);
	return STATUS_OK;
}

enum status
leaf_draft(struct buf *b, const struct leaf_head *h, const struct leaf_field *f,
    size_t n, struct audit_draft *d, struct error *err)
{
	uint8_t order[LEAF_FIELDS_MAX];

	assert(n <= LEAF_FIELDS_MAX);
	if (!text_fits(h->item) || !text_fits(slice_of(h->actor->name)) ||
	    !text_fits(slice_of(h->actor->role)))
		return error_set(err, STATUS_INVALID,
		    "audit leaf: a name that is not UTF-8");
	if (sort_fields(f, n, order, err) != STATUS_OK)
		return err->code;
	if (write_all(b, h, f, n, order, d, err) != STATUS_OK)
		return err->code;
	if (buf_check(b, err) != STATUS_OK)
		return err->code;
	if (b->n > LEAF_MAX - LEAF_FILL)
		return error_set(err, STATUS_LIMIT, "audit leaf: %zu bytes, "
		    "where %d are the most", b->n, LEAF_MAX - LEAF_FILL);
	d->text = buf_slice(b);
	return STATUS_OK;
}

/* One more member, where the clock was set back. */
#define BACK_TEXT	(INT_TEXT + 16)
static size_t
back_text(int64_t ms, char out[BACK_TEXT])
{
	size_t n = strlen(head_key[HEAD_BACK]);
	struct slice digits;
	char room[INT_TEXT];

	if (ms <= 0)
		return 0;
	digits = int_text(ms, room);
	out[0] = ',';
	out[1] = out[2 + n] = '"';
	memcpy(out + 2, head_key[HEAD_BACK], n);
	out[3 + n] = ':';
	memcpy(out + 4 + n, digits.p, digits.n);
	return 4 + n + digits.n;
}

enum status
leaf_fill(char *out, size_t *n, const struct audit_draft *d,
    const struct leaf_head *h, struct error *err)
{
	char ts[LEAF_TS_LEN + 1], seq[INT_TEXT], prev[HASH_HEX], back[BACK_TEXT];
	struct slice digits = int_text(h->seq, seq);
	size_t more = back_text(h->back_ms, back);

	if (!leaf_ts_write(h->ts_ms, ts))
		return error_set(err, STATUS_INVALID,
		    "audit leaf: the clock is outside 1970 to 9999");
	memcpy(out, d->text.p, d->back);
	memcpy(out + d->back, back, more);
	memcpy(out + d->back + more, d->text.p + d->back, d->seq - d->back);
	out += more;
	memcpy(out + d->seq, digits.p, digits.n);
	memcpy(out + d->seq + digits.n, d->text.p + d->seq,
	    d->text.n - d->seq);
	hash_hex(h->prev, prev);
	memcpy(out + d->prev, prev, HASH_HEX - 1);
	memcpy(out + d->ts + digits.n, ts, LEAF_TS_LEN);
	*n = more + d->text.n + digits.n;
	return STATUS_OK;
}

enum status
leaf_write(struct buf *b, const struct leaf_head *h, const struct leaf_field *f,
    size_t n, struct error *err)
{
	struct buf draft = BUF_INIT;
	struct audit_draft d;
	enum status st = leaf_draft(&draft, h, f, n, &d, err);

	buf_clear(b);
	if (st == STATUS_OK) {
		if (!buf_reserve(b, d.text.n + LEAF_FILL))
			st = error_nomem(err);
		else if ((st = leaf_fill(b->p, &b->n, &d, h, err)) ==
		    STATUS_OK)
			b->p[b->n] = '\0';
	}
	buf_release(&draft);
	return st;
}

#include "tui/cmd/audit_leaf.h"

#include <inttypes.h>

#include "core/base/csv_cell.h"
#include "core/base/text.h"
#include "core/base/text_cells.h"
#include "core/base/time.h"
#include "core/json/value.h"
#include "core/json/write.h"
#include "db/audit/audit.h"
#include "tui/cmd/cmd.h"

void
leaf_printing_release(struct leaf_printing *p)
{
	buf_release(&p->b);
	arena_release(&p->arena);
	json_release(&p->json);
}

static enum status
leaf_parse(struct leaf_printing *p, const struct audit_found *f,
    struct error *err)
{
	struct json_error why;

	arena_reset(&p->arena);
	if (json_parse(&p->json, f->leaf, JSON_DEPTH_MAX, 0, &why) == STATUS_OK &&
	    json_kind(&p->json, 0) == TOKEN_OBJECT)
		return STATUS_OK;
	return error_set(err, STATUS_CORRUPT, "a leaf is not a JSON object "
	    "(number %" PRId64 "); see handrail audit verify", f->seq);
}

/* A text, or a number as it stands there; else absent. */
static struct slice
leaf_text(struct leaf_printing *p, uint32_t object, const char *key)
{
	uint32_t t = object == JSON_NONE || json_kind(&p->json, object) !=
	    TOKEN_OBJECT ? JSON_NONE : json_get_value(&p->json, object, key);

	if (t != JSON_NONE && json_kind(&p->json, t) == TOKEN_NUMBER)
		return json_raw(&p->json, t);
	if (t == JSON_NONE || json_kind(&p->json, t) != TOKEN_STRING)
		return SLICE_NONE;
	return json_text(&p->json, t, &p->arena);
}

static struct slice
actor_text(struct leaf_printing *p, const char *key)
{
	return leaf_text(p, json_get(&p->json, 0, "actor"), key);
}

/* A key, in quotes, and a name. */
static bool
is_behind(struct slice key, const char *name)
{
	size_t n = strlen(name), k = key.n - 2;
	int c = memcmp(key.p + 1, name, k < n ? k : n);

	return c > 0 || (c == 0 && k > n);
}

/* The leaf's own keys, and what stands beside it, each in its sorted place. */
static enum status
json_row(struct leaf_printing *p, const struct audit_found *f,
    struct error *err)
{
	struct writer w = WRITER(&p->b, WRITE_SHOWN);
	char hex[HASH_HEX];
	const struct {
		const char	*name;
		struct slice	 text;
		bool		 decision;	/* beside those alone */
	} beside[] = {
		{ "leaf_sha256", { hex, HASH_HEX - 1 }, false },
		{ "note", f->note, true }, { "reason", f->reason, true }
	};
	const size_t n = sizeof(beside) / sizeof(beside[0]);
	enum status st = leaf_parse(p, f, err);
	struct slice key;
	bool decision;
	uint32_t t;
	size_t i = 0;

	if (st != STATUS_OK)
		return st;
	hash_hex(&f->hash, hex);
	decision = slice_is(leaf_text(p, 0, "event"), "decision");
	write_object(&w, NULL);
	for (t = json_first(&p->json, 0); ; t = json_next(&p->json, 0, t)) {
		key = t == JSON_NONE ? SLICE_NONE : json_raw(&p->json, t);
		for (; i < n && (t == JSON_NONE || is_behind(key,
		    beside[i].name)); i++)
			if (!beside[i].decision || decision)
				write_text(&w, beside[i].name, beside[i].text);
		if (t == JSON_NONE)
			break;
		write_name(&w, key);
		write_raw(&w, NULL, json_raw(&p->json, t + 1));
	}
	write_end(&w);
	write_line(&w);
	return STATUS_OK;
}

/* A cell as wide as that, and never cut: what is longer moves the rest. */
static void
cell(struct buf *b, struct slice text, size_t width)
{
	size_t at = b->n, used;

	text_sanitize_line(b, text, 0);
	used = text_width((struct slice){ b->p + at, b->n - at });
	for (; used < width; used++)
		buf_putc(b, ' ');
	buf_putc(b, ' ');
}

#define WIDTH_SEQ	7
#define WIDTH_TIME	25
#define WIDTH_BY	8
#define WIDTH_EVENT	12
#define WIDTH_ITEM	12

static void
table_head(struct leaf_printing *p)
{
	cell(&p->b, SLICE("SEQ"), WIDTH_SEQ);
	cell(&p->b, SLICE("TIME"), WIDTH_TIME);
	cell(&p->b, SLICE("BY"), WIDTH_BY);
	cell(&p->b, SLICE("EVENT"), WIDTH_EVENT);
	cell(&p->b, SLICE("ITEM"), WIDTH_ITEM);
	buf_puts(&p->b, "WHAT\n");
}

/* Local time, to the second. */
static void
time_cell(struct leaf_printing *p)
{
	struct slice ts = leaf_text(p, 0, "ts");
	char at[TIME_LOCAL];
	int64_t ms;

	if (time_parse(ts, &ms)) {
		time_local(ms, at);
		ts = slice_of(at);
	}
	cell(&p->b, ts, WIDTH_TIME);
}

static void
named(struct leaf_printing *p, const char *name, struct slice text, bool quoted)
{
	if (text.p == NULL)
		return;
	buf_printf(&p->b, "%s=%s", name, quoted ? "\"" : "");
	text_sanitize_line(&p->b, text, 0);
	buf_puts(&p->b, quoted ? "\" " : " ");
}

/* When, who, what, on which item, with what outcome and why. */
static enum status
table_row(struct leaf_printing *p, const struct audit_found *f,
    struct error *err)
{
	static const char *const rest[] = {
		"queue", "prompt", "version", "label", "bundle", "decision",
		"route", "rule", "from", "to", "format"
	};
	enum status st = leaf_parse(p, f, err);
	struct slice policy;
	uint32_t test;
	size_t i;

	if (st != STATUS_OK)
		return st;
	buf_printf(&p->b, "%-*" PRId64 " ", WIDTH_SEQ, f->seq);
	time_cell(p);
	cell(&p->b, actor_text(p, "name"), WIDTH_BY);
	cell(&p->b, leaf_text(p, 0, "event"), WIDTH_EVENT);
	cell(&p->b, leaf_text(p, 0, "item"), WIDTH_ITEM);
	for (i = 0; i < sizeof(rest) / sizeof(rest[0]); i++)
		named(p, rest[i], leaf_text(p, 0, rest[i]), false);
	/* Where a rule was found, its route says so much. */
	if (json_get(&p->json, 0, "route") == JSON_NONE)
		named(p, "state", leaf_text(p, 0, "state"), false);
	policy = leaf_text(p, 0, "policy");
	if (policy.n > POLICY_SHORT)
		policy.n = POLICY_SHORT;
	named(p, "policy", policy, false);
	named(p, "hook", leaf_text(p, 0, "hook"), false);
	if (json_get(&p->json, 0, "hook") != JSON_NONE)	/* which release */
		named(p, "n", leaf_text(p, 0, "n"), false);
	named(p, "reason", f->reason, true);
	named(p, "note", f->note, true);
	test = json_get(&p->json, 0, "test");
	if (test != JSON_NONE && json_kind(&p->json, test) == TOKEN_TRUE)
		buf_puts(&p->b, "test=true ");
	while (p->b.n > 0 && p->b.p[p->b.n - 1] == ' ')
		p->b.n--;
	buf_putc(&p->b, '\n');
	return STATUS_OK;
}

/* The columns that stand in the leaf itself, between those around them. */
static const char *const csv_keys[] = {
	"event", "item", "queue", "decision", "route", "rule", "state", "from",
	"to", "policy"
};
#define CSV_KEYS	(sizeof(csv_keys) / sizeof(csv_keys[0]))

static void
csv_head(struct leaf_printing *p)
{
	size_t i;

	buf_puts(&p->b, "seq,ts,by,role,uid,via");
	for (i = 0; i < CSV_KEYS; i++)
		buf_printf(&p->b, ",%s", csv_keys[i]);
	buf_puts(&p->b, ",reason,note,leaf_sha256\n");
}

static enum status
csv_row(struct leaf_printing *p, const struct audit_found *f,
    struct error *err)
{
	static const char *const actor[] = { "name", "role", "uid", "via" };
	enum status st = leaf_parse(p, f, err);
	char hex[HASH_HEX];
	size_t i;

	if (st != STATUS_OK)
		return st;
	buf_printf(&p->b, "%" PRId64, f->seq);
	csv_cell(&p->b, leaf_text(p, 0, "ts"), false);
	for (i = 0; i < sizeof(actor) / sizeof(actor[0]); i++)
		csv_cell(&p->b, actor_text(p, actor[i]), false);
	for (i = 0; i < CSV_KEYS; i++)
		csv_cell(&p->b, leaf_text(p, 0, csv_keys[i]), false);
	csv_cell(&p->b, f->reason, false);
	csv_cell(&p->b, f->note, false);
	hash_hex(&f->hash, hex);
	csv_cell(&p->b, slice_of(hex), false);
	buf_putc(&p->b, '\n');
	return STATUS_OK;
}

/* The bytes that were hashed; whoever looks at them does not hash them. */
static enum status
raw_row(struct leaf_printing *p, const struct audit_found *f,
    struct error *err)
{
	(void)err;
	if (cmd_on_terminal())
		text_json_raw(&p->b, f->leaf);
	else
		buf_add_slice(&p->b, f->leaf);
	buf_putc(&p->b, '\n');
	return STATUS_OK;
}

const struct leaf_form leaf_table = { .head = table_head, .row = table_row };
const struct leaf_form leaf_json = { .row = json_row };
const struct leaf_form leaf_csv = { .head = csv_head, .row = csv_row };
const struct leaf_form leaf_raw = { .raw = true, .row = raw_row };

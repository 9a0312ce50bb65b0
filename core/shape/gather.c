#include "core/shape/gather.h"

#include "core/json/value.h"
#include "core/json/write.h"
#include "core/shape/answer.h"
#include "core/shape/part_kind.h"
#include "core/shape/part_value.h"
#include "core/shape/parts.h"

void
gather_begin(struct gather *g, struct reading *r, const struct json *d)
{
	g->r = r;
	g->d = d;
	g->text = part_buf(r);
	g->parts = part_buf(r);
	g->context = part_buf(r);
	g->texts = g->calls = g->others = g->refusals = 0;
	g->images = g->sounds = g->files = 0;
	g->said = g->whole = false;
	g->logprobs = JSON_NONE;
	g->nseen = 0;
}

void
gather_words(struct gather *g, uint32_t string)
{
	part_inside(&g->text, json_raw(g->d, string));
	g->texts++;
	g->said |= part_says(g->r, g->d, string);
}

/* Its bytes as they stand, where there is nothing to leave out. */
static void
value_keep(struct gather *g, struct buf *b, uint32_t t)
{
	const struct json *d = g->d;
	size_t before = b->n;
	struct writer w = WRITER(b, WRITE_KEPT);

	if (part_write(d, t, g->r->mapping, &w) > 0 || b->failed)
		return;
	b->n = before;
	buf_add_slice(b, json_raw(d, t));
}

void
gather_keep(struct gather *g, uint32_t t)
{
	if (g->whole)
		return;
	buf_putc(&g->parts, g->parts.n == 0 ? '[' : ',');
	value_keep(g, &g->parts, t);
}

void
gather_calls(struct gather *g, uint32_t calls)
{
	uint32_t t;

	if (!part_calls(g->d, calls))
		return;
	if (json_kind(g->d, calls) == TOKEN_OBJECT) {
		gather_keep(g, calls);
		g->calls++;
		g->said = true;
		return;
	}
	for (t = json_first(g->d, calls); t != JSON_NONE;
	    t = json_next(g->d, calls, t)) {
		if (json_kind(g->d, t) != TOKEN_OBJECT)
			continue;
		gather_keep(g, t);
		g->calls++;
		g->said = true;
	}
}

/* What a source may be called, where it is, and what it says. */
static const char *const titles[] = { "title", "document_title",
    "documentTitle", "filename", "file_name", "name", "Title", NULL };
/* Since MAPPING_WRAPPED: Dify's and RAGFlow's, Azure's. */
static const char *const later_titles[] = { "document_name", "filepath", NULL };
static const char *const addresses[] = { "url", "uri", "retrieved_url",
    "retrievedUrl", "link", "source", "Url", NULL };
static const char *const words[] = { "text", "snippet", "cited_text", "quote",
    "content", "output", "stdout", "stderr", "logs", "code",
    "command", "result_text", "response", "result",
    "revised_prompt", NULL };

static uint32_t
string_of(const struct json *d, uint32_t object, const char *const *names)
{
	uint32_t t;

	for (; *names != NULL; names++)
		if ((t = json_get_kind(d, object, *names, TOKEN_STRING)) !=
		    JSON_NONE && !json_string_is(d, t, ""))
			return t;
	return JSON_NONE;
}

/* Is it new?  The first of many are remembered. */
static bool
seen_add(struct gather *g, struct slice entry)
{
	uint32_t hash = 2166136261u;
	size_t i;

	for (i = 0; i < entry.n; i++)
		hash = (hash ^ (unsigned char)entry.p[i]) * 16777619u;
	for (i = 0; i < g->nseen; i++)
		if (g->seen[i] == hash)
			return false;
	if (g->nseen < GATHER_SEEN)
		g->seen[g->nseen++] = hash;
	return true;
}

/* An address alone tells nothing of what stands there already: Perplexity's come
 * twice. */
static bool
address_new(struct gather *g, uint32_t address)
{
	return g->r->mapping < MAPPING_WRAPPED || address == JSON_NONE ||
	    seen_add(g, json_raw(g->d, address));
}

static void
source_add(struct gather *g, uint32_t title, uint32_t address, uint32_t text)
{
	const struct json *d = g->d;
	size_t before = g->context.n;
	struct writer w;

	if (!address_new(g, address) && title == JSON_NONE && text == JSON_NONE)
		return;
	buf_putc(&g->context, before == 0 ? '[' : ',');
	w = WRITER(&g->context, WRITE_KEPT);
	write_object(&w, NULL);
	if (title != JSON_NONE)
		write_raw(&w, "title", json_raw(d, title));
	if (address != JSON_NONE)
		write_raw(&w, "url", json_raw(d, address));
	if (text != JSON_NONE)
		write_raw(&w, "text", json_raw(d, text));
	write_end(&w);
	if (!g->context.failed && !seen_add(g, (struct slice){
	    g->context.p + before + 1, g->context.n - before - 1 }))
		g->context.n = before;
}

/* An object's own words, each with its title and address. */
static void
object_source(struct gather *g, uint32_t object, uint32_t title,
    uint32_t address, bool own)
{
	const struct json *d = g->d;
	const char *const *name;
	bool told = false;
	uint32_t t;

	for (name = words; *name != NULL; name++) {
		t = json_get_kind(d, object, *name, TOKEN_STRING);
		if (t == JSON_NONE || json_string_is(d, t, ""))
			continue;
		source_add(g, title, address, t);
		told = true;
	}
	if (!told && json_get_is(d, object, "type", "text") && (t =
	    json_get_kind(d, object, "data", TOKEN_STRING)) != JSON_NONE) {
		source_add(g, title, address, t);
		told = true;
	}
	if (!told && own)
		source_add(g, title, address, JSON_NONE);
}

static bool
is_address(const struct json *d, uint32_t t)
{
	struct slice raw = json_raw(d, t);

	return json_kind(d, t) == TOKEN_STRING && raw.n > 10 &&
	    (memcmp(raw.p, "\"http://", 8) == 0 ||
	    memcmp(raw.p, "\"https://", 9) == 0);
}

static void	list_sources(struct gather *, uint32_t, uint32_t, uint32_t);

/* What stands within it has its title and address, where it has none. */
static void
sources_in(struct gather *g, uint32_t t, uint32_t title, uint32_t address)
{
	const struct json *d = g->d;
	uint32_t own, e;

	if (json_kind(d, t) == TOKEN_ARRAY)
		list_sources(g, t, title, address);
	if (json_kind(d, t) != TOKEN_OBJECT)
		return;
	own = string_of(d, t, titles);
	if (own == JSON_NONE && g->r->mapping >= MAPPING_WRAPPED)
		own = string_of(d, t, later_titles);
	if (own != JSON_NONE)
		title = own;
	if ((own = string_of(d, t, addresses)) != JSON_NONE)
		address = own;
	object_source(g, t, title, address, own != JSON_NONE);
	for (e = json_first(d, t); e != JSON_NONE; e = json_next(d, t, e))
		sources_in(g, e + 1, title, address);
}

static void
list_sources(struct gather *g, uint32_t list, uint32_t title, uint32_t address)
{
	const struct json *d = g->d;
	uint32_t e;

	for (e = json_first(d, list); e != JSON_NONE;
	    e = json_next(d, list, e)) {
		if (is_address(d, e))
			source_add(g, JSON_NONE, e, JSON_NONE);
		else
			sources_in(g, e, title, address);
	}
}

void
gather_sources(struct gather *g, uint32_t t)
{
	if (t != JSON_NONE)
		sources_in(g, t, JSON_NONE, JSON_NONE);
}

/* The tools that a server offers were not found by anyone. */
static void
hosted_sources(struct gather *g, uint32_t part)
{
	if (!json_get_is(g->d, part, "type", "mcp_list_tools") &&
	    !json_get_is(g->d, part, "type", "tool_search_output"))
		gather_sources(g, part);
}

static void
text_part(struct gather *g, uint32_t part)
{
	const struct json *d = g->d;
	uint32_t t = part_words(d, part), inner;

	if (t == JSON_NONE && json_kind(d, part) == TOKEN_OBJECT && (inner =
	    json_get_kind(d, part, "citationsContent", TOKEN_OBJECT)) !=
	    JSON_NONE) {
		gather_sources(g, json_get_value(d, inner, "citations"));
		inner = json_get_kind(d, inner, "content", TOKEN_ARRAY);
		if (inner != JSON_NONE)
			gather_content(g, inner);
		return;
	}
	if (t == JSON_NONE)
		return;
	gather_words(g, t);
	if (!json_string_is(d, t, ""))
		gather_keep(g, part);
	if (json_kind(d, part) != TOKEN_OBJECT)
		return;
	g->logprobs = g->texts == 1 ? json_get_kind(d, part, "logprobs",
	    TOKEN_ARRAY) : JSON_NONE;
	gather_sources(g, json_get_value(d, part, "citations"));
	gather_sources(g, json_get_value(d, part, "annotations"));
}

/* Gemini's say by their type what they are; what was drawn may have words. */
static void
media_part(struct gather *g, uint32_t part)
{
	static const char *const data[] = { "inlineData", "inline_data",
	    "fileData", "file_data" };
	static const char *const types[] = { "mimeType", "mime_type" };
	const struct json *d = g->d;
	uint32_t t, type;
	size_t i;

	if ((t = json_get_kind(d, part, "revised_prompt", TOKEN_STRING)) !=
	    JSON_NONE)
		source_add(g, JSON_NONE, JSON_NONE, t);
	for (i = 0; i < 8; i++)
		if ((t = json_get_kind(d, part, data[i / 2], TOKEN_OBJECT)) !=
		    JSON_NONE && (type = json_get_kind(d, t, types[i % 2],
		    TOKEN_STRING)) != JSON_NONE && json_raw(d, type).n > 6 &&
		    memcmp(json_raw(d, type).p, "\"audio", 6) == 0) {
			g->sounds++;
			return;
		}
	g->images++;
}

static uint32_t
first_string(const struct json *d, const uint32_t *in, size_t n,
    const char *const *names)
{
	uint32_t t = JSON_NONE;
	size_t i;

	for (i = 0; i < n && t == JSON_NONE; i++)
		if (in[i] != JSON_NONE)
			t = string_of(d, in[i], names);
	return t;
}

/* By its name, else by its type, and where it is; what it holds is not told. */
static void
file_part(struct gather *g, uint32_t part)
{
	static const char *const named[] = { "filename", "file_name", "name",
	    "identifier", "file_id", "fileId", NULL };
	static const char *const typed[] = { "mediaType", "media_type",
	    "mimeType", "mime_type", NULL };
	static const char *const where[] = { "url", "uri", "file_url", NULL };
	const struct json *d = g->d;
	uint32_t in[] = { part, json_get_kind(d, part, "content",
	    TOKEN_OBJECT), json_get_kind(d, part, "file", TOKEN_OBJECT) };
	uint32_t title = first_string(d, in, 3, named);
	uint32_t url = first_string(d, in, 3, where);

	if (title == JSON_NONE)
		title = first_string(d, in, 3, typed);
	if (url != JSON_NONE && !is_address(d, url))
		url = JSON_NONE;
	if (title != JSON_NONE || url != JSON_NONE)
		source_add(g, title, url, JSON_NONE);
	g->files++;
}

void
gather_media(struct gather *g, uint32_t list)
{
	if (list != JSON_NONE)
		g->images += g->d->tok[list].count;
}

static void
part_add(struct gather *g, uint32_t part)
{
	uint32_t t;

	switch (part_kind(g->d, part, g->r->mapping)) {
	case PART_REFUSAL:
		g->refusals++;
		/* FALLTHROUGH */
	case PART_TEXT:
		text_part(g, part);
		break;
	case PART_THOUGHT:
		break;
	case PART_HOSTED:
		hosted_sources(g, part);
		break;
	case PART_CALL:
		g->calls++;
		g->said = true;
		gather_keep(g, part);
		break;
	case PART_AUDIO:
		if ((t = json_get_kind(g->d, part, "transcript",
		    TOKEN_STRING)) != JSON_NONE) {
			gather_words(g, t);
			gather_keep(g, part);
			break;
		}
		g->sounds++;
		break;
	case PART_MEDIA:
		media_part(g, part);
		break;
	case PART_FILE:
		file_part(g, part);
		break;
	case PART_OTHER:
		g->others++;
		g->said |= part_says(g->r, g->d, part);
		gather_keep(g, part);
		break;
	}
}

void
gather_content(struct gather *g, uint32_t t)
{
	uint32_t e;

	if (json_kind(g->d, t) == TOKEN_NULL)
		return;
	if (json_kind(g->d, t) != TOKEN_ARRAY) {
		part_add(g, t);
		return;
	}
	for (e = json_first(g->d, t); e != JSON_NONE;
	    e = json_next(g->d, t, e))
		if (json_kind(g->d, e) != TOKEN_NULL)
			part_add(g, e);
}

/* What stood in the record as context comes first. */
static void
context_set(struct gather *g, struct item *item)
{
	struct buf b;
	struct slice own = item->context;
	struct writer w;

	if (g->context.n == 0) {
		part_give(g->r, &g->context);
		return;
	}
	buf_putc(&g->context, ']');
	if (own.p == NULL) {
		item->context = part_keep(g->r, &g->context);
		return;
	}
	b = part_buf(g->r);
	w = WRITER(&b, WRITE_KEPT);
	write_array(&w, NULL);
	write_inside(&w, own);
	write_inside(&w, buf_slice(&g->context));
	write_end(&w);
	b.failed |= g->context.failed;
	item->context = part_keep(g->r, &b);
	part_give(g->r, &g->context);
}

/* An answer that nobody can read. */
static void
media_fault(struct gather *g, struct item *item)
{
	if (g->said || g->images + g->sounds + g->files == 0 ||
	    item->fault != FAULT_NONE)
		return;
	item->fault = FAULT_BROKEN;	/* beside other choices kept */
	item->fault_text = g->images > 0 ? SLICE("the answer is an image: it "
	    "has no text to judge") : g->files > 0 ? SLICE("the answer is a "
	    "file: it has no text to judge") : SLICE("the answer is audio without its "
	    "transcript: it has no text to judge");
}

static void
text_output(struct gather *g, struct item *item)
{
	struct slice inside = buf_slice(&g->text);
	char *decoded = arena_alloc(g->r->reader->arena, inside.n + 1);

	g->r->failed |= g->text.failed || decoded == NULL;
	item->output_is_string = true;
	item->silent = false;
	item->output = decoded == NULL ? SLICE_NONE : (struct slice){ decoded,
	    json_decode_into(inside, decoded) };
}

void
gather_end_as(struct gather *g, uint32_t t, struct item *item)
{
	struct buf b;

	if (t == JSON_NONE) {
		text_output(g, item);
	} else {
		b = part_buf(g->r);
		value_keep(g, &b, t);
		item->output_is_string = false;
		item->output = part_keep(g->r, &b);
		item->silent = !g->said;
	}
	media_fault(g, item);
	context_set(g, item);
	part_give(g->r, &g->text);
	part_give(g->r, &g->parts);
}

void
gather_end(struct gather *g, struct item *item)
{
	if (g->calls + g->others == 0) {
		gather_end_as(g, JSON_NONE, item);
		return;
	}
	buf_puts(&g->parts, g->parts.n == 0 ? "[]" : "]");
	item->output_is_string = false;
	item->output = part_keep(g->r, &g->parts);
	item->silent = !g->said;
	context_set(g, item);
	part_give(g->r, &g->text);
}

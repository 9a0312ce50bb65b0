#include "core/wire/release.h"

#include "core/json/value.h"
#include "core/wire/api.h"

static enum status
parse(struct json *d, struct slice response, struct error *err)
{
	struct json_error why;
	enum status st = json_parse(d, response, JSON_DEPTH_MAX, 0, &why);

	if (st == STATUS_NOMEM)
		return error_nomem(err);
	if (st != STATUS_OK)
		return error_set(err, st, "the answer's byte %zu: %s",
		    why.offset, why.reason);
	return json_kind(d, 0) == TOKEN_OBJECT ? STATUS_OK : error_set(err,
	    STATUS_INVALID, "the answer is no object");
}

static bool
changes(const struct wire_release *r)
{
	size_t i;

	if (r->cut_usage || r->cut_logprobs || r->id.p != NULL ||
	    r->model.p != NULL || r->usage != NULL)
		return true;
	for (i = 0; i < r->n; i++)
		if (r->choice[i].withheld || r->choice[i].changed ||
		    r->choice[i].cut_reasoning)
			return true;
	return false;
}

enum status
wire_release_write(struct buf *out, enum wire_api api, struct slice response,
    const struct wire_release *r, struct error *err)
{
	struct json d = JSON_INIT;
	struct writer w = WRITER(out, WRITE_KEPT);
	enum status st;

	if (!changes(r)) {
		buf_add_slice(out, response);
		return buf_check(out, err);
	}
	if ((st = parse(&d, response, err)) == STATUS_OK)
		st = wire_row(api)->write(&w, &d, r, err);
	json_release(&d);
	return st == STATUS_OK ? buf_check(out, err) : st;
}

enum status
wire_release_events(struct buf *out, enum wire_api api, struct slice response,
    const struct wire_release *r, struct error *err)
{
	struct json d = JSON_INIT;
	struct buf b = BUF_INIT;
	enum status st = wire_release_write(&b, api, response, r, err);

	if (st == STATUS_OK && (st = parse(&d, buf_slice(&b), err)) ==
	    STATUS_OK) {
		wire_row(api)->events(out, &d);
		st = buf_check(out, err);
	}
	json_release(&d);
	buf_release(&b);
	return st;
}

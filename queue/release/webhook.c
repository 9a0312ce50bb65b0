#include "queue/release/webhook.h"

#include <stdio.h>

#include "queue/release/release.h"

static void
body_write(struct buf *b, struct store *store, const struct release *r,
    uint64_t size, const struct hash *root)
{
	struct writer w = WRITER(b, WRITE_SHOWN);
	char hex[HASH_HEX];

	hash_hex(root, hex);
	write_object(&w, NULL);
	write_word(&w, "type", slice_is(r->state, "recalled") ?
	    "item.recalled" : "item.released");
	write_time(&w, "timestamp", r->ts_ms);
	write_object(&w, "data");
	release_members(&w, r);
	write_object(&w, "log");
	write_word(&w, "name", store_log(store));
	write_uint(&w, "size", size);
	write_word(&w, "root", hex);
	write_end(&w);
	write_end(&w);
	write_end(&w);
}

static enum status
body_make(struct buf *b, struct session *s, int64_t n, struct error *err)
{
	struct release r;
	struct hash root;
	uint64_t size;
	enum status st;

	if ((st = store_begin_read(s->store, err)) != STATUS_OK)
		return st;
	if ((st = release_get(s, n, &r, err)) == STATUS_OK &&
	    (st = audit_root(s->store, &size, &root, err)) == STATUS_OK)
		body_write(b, s->store, &r, size, &root);
	store_end_read(s->store);
	return st == STATUS_OK ? buf_check(b, err) : st;
}

enum status
webhook_make(struct webhook *m, struct session *s, int64_t n,
    const struct hook_secrets *secrets, int64_t now_ms, struct error *err)
{
	char id[32];
	enum status st;

	(void)snprintf(id, sizeof(id), "rel_%lld", (long long)n);
	if ((st = body_make(&m->body, s, n, err)) != STATUS_OK)
		return st;
	buf_printf(&m->id, "webhook-id: %s", id);
	buf_printf(&m->timestamp, "webhook-timestamp: %lld",
	    (long long)(now_ms / 1000));
	buf_puts(&m->signature, "webhook-signature: ");
	if ((st = hook_sign(&m->signature, secrets, id, now_ms / 1000,
	    buf_slice(&m->body), err)) != STATUS_OK ||
	    (st = buf_check(&m->id, err)) != STATUS_OK)
		return st;
	return buf_check(&m->timestamp, err);
}

void
webhook_headers(struct webhook *m, const char *headers[HTTP_CALL_HEADERS])
{
	headers[0] = "Content-Type: application/json";
	headers[1] = buf_str(&m->id);
	headers[2] = buf_str(&m->timestamp);
	headers[3] = buf_str(&m->signature);
}

void
webhook_release(struct webhook *m)
{
	buf_release(&m->body);
	buf_release(&m->id);
	buf_release(&m->timestamp);
	buf_release(&m->signature);
}

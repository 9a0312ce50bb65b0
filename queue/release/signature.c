#include "queue/release/signature.h"

#include <ctype.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "core/base/hash.h"
#include "queue/secret.h"

#define PREFIX	"whsec_"

/* Base64 with its padding, as every sender of secrets writes it. */
static bool
secret_decode(struct slice s, struct hook_secret *to)
{
	unsigned char out[(HOOK_SECRET_MOST / 3 + 2) * 3];
	size_t pad = 0, i;
	bool well;
	int n;

	while (pad < 2 && pad < s.n && s.p[s.n - 1 - pad] == '=')
		pad++;
	for (i = 0; i < s.n - pad; i++)
		if (!isalnum((unsigned char)s.p[i]) && s.p[i] != '+' &&
		    s.p[i] != '/')
			return false;
	if (s.n == 0 || s.n % 4 != 0 || s.n / 4 * 3 > sizeof(out))
		return false;
	n = EVP_DecodeBlock(out, (const unsigned char *)s.p, (int)s.n);
	to->n = n < 0 ? 0 : (size_t)n - pad;
	well = to->n >= HOOK_SECRET_LEAST && to->n <= HOOK_SECRET_MOST;
	if (well)
		memcpy(to->b, out, to->n);
	OPENSSL_cleanse(out, sizeof(out));
	return well;
}

static enum status
secret_add(struct hook_secrets *s, const struct hook_policy *h, const char *env,
    const char *file, struct error *err)
{
	const struct secret_place place = { env, file, 1 };
	size_t skip = sizeof(PREFIX) - 1;
	struct buf text = BUF_INIT;
	bool well;

	if (secret_read(&place, &text, err) != STATUS_OK) {
		secret_release(&text);
		return error_prefix(err, "hook \"%s\"", h->name);
	}
	well = text.n > skip && memcmp(text.p, PREFIX, skip) == 0 &&
	    secret_decode((struct slice){ text.p + skip, text.n - skip },
	    &s->v[s->n]);
	secret_release(&text);
	if (!well)
		return error_set(err, STATUS_INVALID, "hook \"%s\": %s: a secret "
		    "is " PREFIX " and the base64 of %d to %d bytes", h->name,
		    env != NULL ? env : file, HOOK_SECRET_LEAST,
		    HOOK_SECRET_MOST);
	s->n++;
	return STATUS_OK;
}

enum status
hook_secrets_read(struct hook_secrets *s, const struct hook_policy *h,
    struct error *err)
{
	enum status st = STATUS_OK;
	size_t i;

	s->n = 0;
	for (i = 0; i < h->nenv && st == STATUS_OK; i++)
		st = secret_add(s, h, h->secret_env[i], NULL, err);
	for (i = 0; i < h->nfiles && st == STATUS_OK; i++)
		st = secret_add(s, h, NULL, h->secret_file[i], err);
	return st;
}

void
hook_secrets_forget(struct hook_secrets *s)
{
	OPENSSL_cleanse(s, sizeof(*s));
}

enum status
hook_sign(struct buf *out, const struct hook_secrets *s, const char *id,
    int64_t timestamp_s, struct slice body, struct error *err)
{
	unsigned char text[(HASH_LEN / 3 + 1) * 4 + 1];
	struct buf what = BUF_INIT;
	struct hash h;
	enum status st;
	size_t i;

	buf_printf(&what, "%s.%lld.", id, (long long)timestamp_s);
	buf_add_slice(&what, body);
	st = buf_check(&what, err);
	for (i = 0; i < s->n && st == STATUS_OK; i++) {
		st = hash_hmac((struct slice){ (const char *)s->v[i].b,
		    s->v[i].n }, buf_slice(&what), &h, err);
		if (st != STATUS_OK)
			break;
		(void)EVP_EncodeBlock(text, h.b, HASH_LEN);
		buf_printf(out, "%sv1,%s", i == 0 ? "" : " ",
		    (const char *)text);
	}
	buf_release(&what);
	return st == STATUS_OK ? buf_check(out, err) : st;
}

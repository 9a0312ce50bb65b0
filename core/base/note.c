#include "core/base/note.h"

#include <inttypes.h>
#include <stdio.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "core/base/utf8.h"

#define TYPE_ED25519	0x01
/* What begins the line of a signature. */
#define DASH		"\xe2\x80\x94 "
#define PRIVATE		"PRIVATE+KEY+"
#define ID_HEX		8

void
note_base64(const uint8_t *p, size_t n, struct buf *b)
{
	unsigned char out[4 * ((NOTE_SIG_LEN + 8) / 3 + 1) + 1];

	(void)EVP_EncodeBlock(out, p, (int)n);
	buf_puts(b, (char *)out);
	OPENSSL_cleanse(out, sizeof(out));
}

/* Bytes of standard base64 with its padding, in the one form that it has. */
static bool
base64_read(struct slice s, uint8_t *out, size_t max, size_t *n)
{
	unsigned char room[256], back[sizeof(room) / 3 * 4 + 8];
	size_t pad = 0;
	int got;

	if (s.n == 0 || s.n % 4 != 0 || s.n / 4 * 3 > sizeof(room))
		return false;
	while (pad < 2 && s.p[s.n - 1 - pad] == '=')
		pad++;
	got = EVP_DecodeBlock(room, (const unsigned char *)s.p, (int)s.n);
	if (got < 0 || (size_t)got < pad || (*n = (size_t)got - pad) > max)
		return false;
	(void)EVP_EncodeBlock(back, room, (int)*n);
	if (memcmp(back, s.p, s.n) != 0)
		return false;
	memcpy(out, room, *n);
	OPENSSL_cleanse(room, sizeof(room));
	OPENSSL_cleanse(back, sizeof(back));
	return true;
}

enum status
note_signed_by(const uint8_t key[NOTE_KEY_LEN], struct slice text,
    struct slice sig, struct error *err)
{
	EVP_PKEY *k = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, key,
	    NOTE_KEY_LEN);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	enum status st = STATUS_OK;

	if (k == NULL || ctx == NULL ||
	    EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, k) != 1)
		st = error_nomem(err);
	else if (sig.n != NOTE_SIG_LEN || EVP_DigestVerify(ctx,
	    (const unsigned char *)sig.p, sig.n,
	    (const unsigned char *)text.p, text.n) != 1)
		st = STATUS_CORRUPT;
	EVP_MD_CTX_free(ctx);
	EVP_PKEY_free(k);
	return st;
}

static bool
is_name(struct slice s)
{
	size_t i;

	if (s.n == 0 || s.n > NOTE_NAME_MAX || utf8_valid(s.p, s.n) != s.n)
		return false;
	for (i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] <= ' ' || s.p[i] == '+' ||
		    s.p[i] == 0x7f)
			return false;
	return true;
}

/* The first four bytes of SHA-256(name || LF || type || key). */
static enum status
key_id(struct note_key *k, struct error *err)
{
	static const uint8_t type = TYPE_ED25519;
	const struct slice parts[] = {
		slice_of(k->name), SLICE("\n"), { (const char *)&type, 1 },
		{ (const char *)k->bytes, NOTE_KEY_LEN }
	};
	struct hasher *hasher;
	struct hash h;
	enum status st;

	if ((st = hasher_new(&hasher, err)) != STATUS_OK)
		return st;
	hash_parts(hasher, parts, sizeof(parts) / sizeof(parts[0]), &h);
	hasher_free(hasher);
	memcpy(k->id, h.b, sizeof(k->id));
	return STATUS_OK;
}

static bool
id_reads(struct slice s, uint8_t id[4])
{
	size_t i;

	if (s.n != ID_HEX)
		return false;
	for (i = 0; i < 4; i++) {
		if (hex_digit(s.p[2 * i]) < 0 || hex_digit(s.p[2 * i + 1]) < 0)
			return false;
		id[i] = (uint8_t)(hex_digit(s.p[2 * i]) << 4 |
		    hex_digit(s.p[2 * i + 1]));
	}
	return true;
}

/* NAME+ID+BASE64(type || 32 bytes); the base64 may have pluses of its own. */
static bool
key_reads(struct slice s, char *name, uint8_t id[4], uint8_t bytes[NOTE_KEY_LEN])
{
	uint8_t all[1 + NOTE_KEY_LEN];
	const char *plus, *end;
	struct slice part;
	size_t n;
	bool ok;

	while (s.n > 0 && s.p[s.n - 1] == '\n')
		s.n--;
	if (s.n == 0 || (plus = memchr(s.p, '+', s.n)) == NULL)
		return false;
	part = (struct slice){ s.p, (size_t)(plus - s.p) };
	end = s.p + s.n;
	if (!is_name(part) || end - plus < ID_HEX + 2 || plus[ID_HEX + 1] != '+' ||
	    !id_reads((struct slice){ plus + 1, ID_HEX }, id))
		return false;
	memcpy(name, part.p, part.n);
	name[part.n] = '\0';
	part.p = plus + ID_HEX + 2;
	part.n = (size_t)(end - part.p);
	ok = base64_read(part, all, sizeof(all), &n) && n == sizeof(all) &&
	    all[0] == TYPE_ED25519;
	if (ok)
		memcpy(bytes, all + 1, NOTE_KEY_LEN);
	OPENSSL_cleanse(all, sizeof(all));
	return ok;
}

enum status
note_key_read(struct note_key *k, struct slice s, struct error *err)
{
	uint8_t id[4];
	enum status st;

	memset(k, 0, sizeof(*k));
	if (!key_reads(s, k->name, id, k->bytes))
		return error_set(err, STATUS_INVALID,
		    "not a key: NAME+ID+BASE64 of an Ed25519 key is wanted");
	if ((st = key_id(k, err)) != STATUS_OK)
		return st;
	return memcmp(id, k->id, sizeof(id)) == 0 ? STATUS_OK : error_set(err,
	    STATUS_INVALID, "a key whose id is not that of its name and bytes");
}

static void
key_write(const struct note_key *k, const uint8_t bytes[NOTE_KEY_LEN],
    struct buf *b)
{
	uint8_t all[1 + NOTE_KEY_LEN] = { TYPE_ED25519 };

	memcpy(all + 1, bytes, NOTE_KEY_LEN);
	buf_printf(b, "%s+%02x%02x%02x%02x+", k->name, k->id[0], k->id[1],
	    k->id[2], k->id[3]);
	note_base64(all, sizeof(all), b);
	OPENSSL_cleanse(all, sizeof(all));
}

void
note_key_write(const struct note_key *k, struct buf *b)
{
	key_write(k, k->bytes, b);
}

void
note_signer_write(const struct note_signer *s, struct buf *b)
{
	buf_puts(b, PRIVATE);
	key_write(&s->key, s->seed, b);
}

enum status
note_signer_make(struct note_signer *s, const char *name,
    const uint8_t seed[NOTE_KEY_LEN], struct error *err)
{
	size_t n = NOTE_KEY_LEN;
	EVP_PKEY *k;
	bool ok;

	if (!is_name(slice_of(name)))
		return error_set(err, STATUS_INVALID, "no name for a key: "
		    "1 to %d bytes without blanks and \"+\" are wanted",
		    NOTE_NAME_MAX);
	memmove(s->seed, seed, NOTE_KEY_LEN);
	(void)snprintf(s->key.name, sizeof(s->key.name), "%s", name);
	k = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, s->seed,
	    NOTE_KEY_LEN);
	ok = k != NULL && EVP_PKEY_get_raw_public_key(k, s->key.bytes, &n) == 1;
	EVP_PKEY_free(k);
	return ok ? key_id(&s->key, err) : error_nomem(err);
}

enum status
note_signer_read(struct note_signer *s, struct slice text, struct error *err)
{
	const size_t n = sizeof(PRIVATE) - 1;
	char name[NOTE_NAME_MAX + 1];
	uint8_t id[4], seed[NOTE_KEY_LEN];
	enum status st;

	if (text.n < n || memcmp(text.p, PRIVATE, n) != 0 || !key_reads(
	    (struct slice){ text.p + n, text.n - n }, name, id, seed))
		return error_set(err, STATUS_INVALID, "not a signing key: "
		    PRIVATE "NAME+ID+BASE64 is wanted");
	st = note_signer_make(s, name, seed, err);
	OPENSSL_cleanse(seed, sizeof(seed));
	if (st == STATUS_OK && memcmp(id, s->key.id, sizeof(id)) != 0)
		st = error_set(err, STATUS_INVALID, "a signing key whose id is "
		    "not that of its name and bytes");
	return st;
}

enum status
note_sign(const struct note_signer *s, struct slice text, struct buf *out,
    struct error *err)
{
	EVP_PKEY *k = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL,
	    s->seed, NOTE_KEY_LEN);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	uint8_t sig[4 + NOTE_SIG_LEN];
	size_t n = NOTE_SIG_LEN;
	bool ok;

	ok = k != NULL && ctx != NULL &&
	    EVP_DigestSignInit(ctx, NULL, NULL, NULL, k) == 1 &&
	    EVP_DigestSign(ctx, sig + 4, &n, (const unsigned char *)text.p,
	    text.n) == 1;
	EVP_MD_CTX_free(ctx);
	EVP_PKEY_free(k);
	if (!ok)
		return error_nomem(err);
	memcpy(sig, s->key.id, 4);
	buf_add_slice(out, text);
	buf_printf(out, "\n" DASH "%s ", s->key.name);
	note_base64(sig, sizeof(sig), out);
	buf_putc(out, '\n');
	return buf_check(out, err);
}

static bool
is_note(struct slice s)
{
	size_t i;

	if (s.n == 0 || s.n > NOTE_MAX || s.p[s.n - 1] != '\n' || utf8_valid(s.p, s.n) != s.n)
		return false;
	for (i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < ' ' && s.p[i] != '\n')
			return false;
	return true;
}

/* The text with its last line feed, and the lines after the last empty one. */
static bool
note_split(struct slice note, struct slice *text, struct slice *sigs)
{
	const char *p = note.p + note.n;

	if (!is_note(note))
		return false;
	while (--p > note.p)
		if (p[0] == '\n' && p[-1] == '\n')
			break;
	if (p <= note.p)
		return false;
	*text = (struct slice){ note.p, (size_t)(p - note.p) };
	*sigs = (struct slice){ p + 1, note.n - text->n - 1 };
	return sigs->n > 0;
}

/* A signature as its line has it: bytes are the key's id, then what it made. */
struct sig {
	struct slice	name;
	uint8_t		bytes[192];
	size_t		n;
};

static bool
sig_read(struct slice line, struct sig *s)
{
	const size_t dash = sizeof(DASH) - 1;
	const char *space;

	if (line.n <= dash || memcmp(line.p, DASH, dash) != 0)
		return false;
	line.p += dash;
	line.n -= dash;
	if ((space = memchr(line.p, ' ', line.n)) == NULL)
		return false;
	s->name = (struct slice){ line.p, (size_t)(space - line.p) };
	return is_name(s->name) && base64_read((struct slice){ space + 1,
	    line.n - s->name.n - 1 }, s->bytes, sizeof(s->bytes), &s->n) &&
	    s->n > 4;
}

static enum status
sig_check(const struct sig *s, struct slice text, const struct note_key *keys,
    size_t n, bool *signed_by, struct error *err)
{
	enum status st;
	size_t i;

	for (i = 0; i < n; i++) {
		if (!slice_is(s->name, keys[i].name) ||
		    memcmp(s->bytes, keys[i].id, 4) != 0)
			continue;
		st = note_signed_by(keys[i].bytes, text, (struct slice){
		    (const char *)s->bytes + 4, s->n - 4 }, err);
		if (st == STATUS_CORRUPT)
			return error_set(err, st, "its signature by %s is wrong",
			    keys[i].name);
		if (st != STATUS_OK)
			return st;
		signed_by[i] = true;
	}
	return STATUS_OK;
}

enum status
note_open(struct slice note, const struct note_key *keys, size_t n,
    struct slice *text, bool *signed_by, struct error *err)
{
	struct slice sigs;
	const char *end;
	size_t i, count = 0;
	enum status st;
	struct sig s;

	for (i = 0; i < n; i++)
		signed_by[i] = false;
	if (!note_split(note, text, &sigs))
		return error_set(err, STATUS_INVALID, "not a signed note");
	for (; sigs.n > 0; sigs.n -= (size_t)(end + 1 - sigs.p), sigs.p = end + 1) {
		end = memchr(sigs.p, '\n', sigs.n);
		if (++count > NOTE_SIGS_MAX || !sig_read((struct slice){ sigs.p,
		    (size_t)(end - sigs.p) }, &s))
			return error_set(err, STATUS_INVALID, "not a signed note: "
			    "signature %zu", count);
		if ((st = sig_check(&s, *text, keys, n, signed_by, err)) !=
		    STATUS_OK)
			return st;
	}
	for (i = 0; i < n; i++)
		if (signed_by[i])
			return STATUS_OK;
	return error_set(err, STATUS_NOT_FOUND, "not signed by a known key");
}

static bool
line_take(struct slice *rest, struct slice *line)
{
	const char *end = rest->n == 0 ? NULL : memchr(rest->p, '\n', rest->n);

	if (end == NULL)
		return false;
	*line = (struct slice){ rest->p, (size_t)(end - rest->p) };
	rest->p = end + 1;
	rest->n -= line->n + 1;
	return true;
}

/* Decimal in its one form. */
static bool
size_reads(struct slice s, uint64_t *n)
{
	size_t i;

	if (s.n == 0 || s.n > 18 || (s.n > 1 && s.p[0] == '0'))
		return false;
	for (*n = 0, i = 0; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
		*n = *n * 10 + (uint64_t)(s.p[i] - '0');
	}
	return true;
}

enum status
checkpoint_read(struct checkpoint *c, struct slice text, struct error *err)
{
	struct slice line;
	size_t n;

	if (!line_take(&text, &line) || line.n == 0 || line.n > NOTE_NAME_MAX)
		goto bad;
	memcpy(c->origin, line.p, line.n);
	c->origin[line.n] = '\0';
	if (line_take(&text, &line) && size_reads(line, &c->size) &&
	    line_take(&text, &line) && base64_read(line, c->root.b,
	    sizeof(c->root.b), &n) && n == sizeof(c->root.b))
		return STATUS_OK;
bad:
	return error_set(err, STATUS_INVALID, "not a checkpoint: the log's name, "
	    "its size and its root are wanted, a line each");
}

void
checkpoint_write(const struct checkpoint *c, struct buf *b)
{
	buf_printf(b, "%s\n%" PRIu64 "\n", c->origin, c->size);
	note_base64(c->root.b, sizeof(c->root.b), b);
	buf_putc(b, '\n');
}

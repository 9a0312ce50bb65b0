#include "core/http/chunk.h"

#include "core/http/chars.h"

#define SIZE_DIGITS	15u

static const struct http_fault
	fault_size = { 400, "a chunk's size is malformed" },
	fault_extension = { 400, "a chunk's extension is malformed" },
	fault_line = { 400, "a chunk or its size does not end with CR LF" },
	fault_trailer = { 400, "a trailer is malformed" },
	fault_extra = { 431, "chunk extensions and trailers are too long" },
	fault_body_long = { 413, "the body is too long" };

enum state {
	SIZE, SIZE_LF, DATA, DATA_CR, DATA_LF,
	NAME_FIRST, NAME, VALUE_FIRST, VALUE, QUOTED, ESCAPED, QUOTE,
	TRAILER, TRAILER_NAME, TRAILER_VALUE, TRAILER_LF, LAST_LF, END
};

static const struct http_fault *
to(struct http_chunks *c, enum state state)
{
	c->state = (uint8_t)state;
	return NULL;
}

static const struct http_fault *
extra(struct http_chunks *c, enum state state)
{
	return c->extra++ < HTTP_CHUNK_EXTRA_MAX ? to(c, state) : &fault_extra;
}

static const struct http_fault *
value_end(struct http_chunks *c, char byte)
{
	if (byte == ';')
		return extra(c, NAME_FIRST);
	return byte == '\r' ? to(c, SIZE_LF) : &fault_extension;
}

static const struct http_fault *
size(struct http_chunks *c, char byte, uint64_t body_max)
{
	int digit = hex_digit(byte);

	(void)body_max;
	if (digit >= 0 && c->digits < SIZE_DIGITS) {
		c->left = c->left << 4 | (unsigned)digit;
		c->digits++;
		return NULL;
	}
	if (c->digits > 0 && byte == ';')
		return extra(c, NAME_FIRST);
	return c->digits > 0 && byte == '\r' ? to(c, SIZE_LF) : &fault_size;
}

/* Of an extension, ";NAME", ";NAME=TOKEN" or ";NAME=\"QUOTED\"". */
static const struct http_fault *
name_first(struct http_chunks *c, char byte, uint64_t body_max)
{
	(void)body_max;
	return http_char_is(byte, CHAR_TOKEN) ? extra(c, NAME) :
	    &fault_extension;
}

static const struct http_fault *
name(struct http_chunks *c, char byte, uint64_t body_max)
{
	if (byte == '=')
		return extra(c, VALUE_FIRST);
	return byte == '\r' || byte == ';' ? value_end(c, byte) :
	    name_first(c, byte, body_max);
}

static const struct http_fault *
value_first(struct http_chunks *c, char byte, uint64_t body_max)
{
	(void)body_max;
	if (byte == '"')
		return extra(c, QUOTED);
	return http_char_is(byte, CHAR_TOKEN) ? extra(c, VALUE) :
	    &fault_extension;
}

static const struct http_fault *
value(struct http_chunks *c, char byte, uint64_t body_max)
{
	(void)body_max;
	return http_char_is(byte, CHAR_TOKEN) ? extra(c, VALUE) :
	    value_end(c, byte);
}

static const struct http_fault *
quoted(struct http_chunks *c, char byte, uint64_t body_max)
{
	(void)body_max;
	if (!http_char_is_text(byte))
		return &fault_extension;
	return extra(c, byte == '"' ? QUOTE : byte == '\\' ? ESCAPED : QUOTED);
}

static const struct http_fault *
escaped(struct http_chunks *c, char byte, uint64_t body_max)
{
	(void)body_max;
	return http_char_is_text(byte) ? extra(c, QUOTED) : &fault_extension;
}

static const struct http_fault *
quote(struct http_chunks *c, char byte, uint64_t body_max)
{
	(void)body_max;
	return value_end(c, byte);
}

static const struct http_fault *
size_lf(struct http_chunks *c, char byte, uint64_t body_max)
{
	if (byte != '\n')
		return &fault_line;
	if (c->left > body_max || c->taken > body_max - c->left)
		return &fault_body_long;
	c->digits = 0;
	return to(c, c->left == 0 ? TRAILER : DATA);
}

static const struct http_fault *
data_cr(struct http_chunks *c, char byte, uint64_t body_max)
{
	(void)body_max;
	return byte == '\r' ? to(c, DATA_LF) : &fault_line;
}

static const struct http_fault *
data_lf(struct http_chunks *c, char byte, uint64_t body_max)
{
	(void)body_max;
	return byte == '\n' ? to(c, SIZE) : &fault_line;
}

static const struct http_fault *
trailer(struct http_chunks *c, char byte, uint64_t body_max)
{
	(void)body_max;
	if (byte == '\r')
		return to(c, LAST_LF);
	return http_char_is(byte, CHAR_TOKEN) ? extra(c, TRAILER_NAME) :
	    &fault_trailer;
}

static const struct http_fault *
trailer_name(struct http_chunks *c, char byte, uint64_t body_max)
{
	(void)body_max;
	if (byte == ':')
		return extra(c, TRAILER_VALUE);
	return http_char_is(byte, CHAR_TOKEN) ? extra(c, TRAILER_NAME) :
	    &fault_trailer;
}

static const struct http_fault *
trailer_value(struct http_chunks *c, char byte, uint64_t body_max)
{
	(void)body_max;
	if (byte == '\r')
		return to(c, TRAILER_LF);
	return http_char_is_text(byte) ? extra(c, TRAILER_VALUE) : &fault_trailer;
}

static const struct http_fault *
trailer_lf(struct http_chunks *c, char byte, uint64_t body_max)
{
	(void)body_max;
	return byte == '\n' ? to(c, TRAILER) : &fault_trailer;
}

static const struct http_fault *
last_lf(struct http_chunks *c, char byte, uint64_t body_max)
{
	(void)body_max;
	return byte == '\n' ? to(c, END) : &fault_trailer;
}

/* One function a state: takes the byte, or says why it may not be there. */
static const struct http_fault *(*const steps[])(struct http_chunks *, char,
    uint64_t body_max) = {
	[SIZE] = size, [SIZE_LF] = size_lf, [DATA_CR] = data_cr,
	[DATA_LF] = data_lf, [NAME_FIRST] = name_first, [NAME] = name,
	[VALUE_FIRST] = value_first, [VALUE] = value, [QUOTED] = quoted,
	[ESCAPED] = escaped, [QUOTE] = quote, [TRAILER] = trailer,
	[TRAILER_NAME] = trailer_name, [TRAILER_VALUE] = trailer_value,
	[TRAILER_LF] = trailer_lf, [LAST_LF] = last_lf
};

static enum http_event
data(struct http_chunks *c, struct slice *in, struct slice *piece)
{
	*piece = *in;
	if (piece->n > c->left)
		piece->n = (size_t)c->left;
	in->p += piece->n;
	in->n -= piece->n;
	c->taken += piece->n;
	c->left -= piece->n;
	if (c->left == 0)
		c->state = DATA_CR;
	return HTTP_DATA;
}

enum http_event
http_chunks_read(struct http_chunks *c, uint64_t body_max, struct slice *in,
    struct slice *piece, const struct http_fault **fault)
{
	while (in->n > 0 && c->state != END) {
		if (c->state == DATA)
			return data(c, in, piece);
		if ((*fault = steps[c->state](c, *in->p, body_max)) != NULL)
			return HTTP_BAD;
		in->p++;
		in->n--;
	}
	return c->state == END ? HTTP_END : HTTP_MORE;
}

#include "core/http/response.h"

#include <assert.h>
#include <stdio.h>
#include <time.h>

#include "core/base/text.h"
#include "core/http/chars.h"
#include "core/http/target.h"

static const struct status_text_row {
	int		 status;
	const char	*text;
} statuses[] = {
	{ 100, "Continue" },
	{ 200, "OK" }, { 201, "Created" }, { 202, "Accepted" },
	{ 204, "No Content" }, { 304, "Not Modified" },
	{ 400, "Bad Request" }, { 401, "Unauthorized" }, { 403, "Forbidden" },
	{ 404, "Not Found" }, { 405, "Method Not Allowed" },
	{ 406, "Not Acceptable" }, { 408, "Request Timeout" },
	{ 409, "Conflict" }, { 411, "Length Required" },
	{ 413, "Content Too Large" }, { 414, "URI Too Long" },
	{ 415, "Unsupported Media Type" }, { 417, "Expectation Failed" },
	{ 422, "Unprocessable Content" }, { 429, "Too Many Requests" },
	{ 431, "Request Header Fields Too Large" },
	{ 500, "Internal Server Error" }, { 501, "Not Implemented" },
	{ 502, "Bad Gateway" }, { 503, "Service Unavailable" },
	{ 504, "Gateway Timeout" }, { 505, "HTTP Version Not Supported" }
};

const char *
http_status_text(int status)
{
	size_t i;

	for (i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++)
		if (statuses[i].status == status)
			return statuses[i].text;
	return "";
}

/* strftime() would speak the operator's language. */
void
http_date(int64_t ms, char out[HTTP_DATE])
{
	static const char days[] = "SunMonTueWedThuFriSat",
	    months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	const int64_t first = -62135596800, last = 253402300799;
	int64_t seconds = ms / 1000 - (ms % 1000 < 0);
	char text[96];
	struct tm tm;
	time_t t;

	t = (time_t)(seconds < first ? first : seconds > last ? last : seconds);
	(void)gmtime_r(&t, &tm);
	(void)snprintf(text, sizeof(text), "%.3s, %02d %.3s %04d %02d:%02d:%02d GMT",
	    days + (ptrdiff_t)3 * tm.tm_wday, tm.tm_mday,
	    months + (ptrdiff_t)3 * tm.tm_mon, tm.tm_year + 1900, tm.tm_hour,
	    tm.tm_min, tm.tm_sec);
	memcpy(out, text, HTTP_DATE);
}

void
http_response_begin(struct buf *out, int status, const char *date, bool closes)
{
	assert(status >= 100 && status <= 999);
	buf_puts(out, "HTTP/1.1 ");
	buf_uint(out, (uint64_t)status);
	buf_putc(out, ' ');
	buf_puts(out, http_status_text(status));
	buf_puts(out, "\r\n");
	http_response_field(out, "Date", slice_of(date));
	if (closes)
		buf_puts(out, "Connection: close\r\n");
}

static void
field_name(struct buf *out, const char *name)
{
	assert(name[0] != '\0' && http_chars_are(slice_of(name), CHAR_TOKEN));
	buf_puts(out, name);
	buf_puts(out, ": ");
}

void
http_response_field(struct buf *out, const char *name, struct slice value)
{
	size_t i, begin;

	value = http_trim(value);
	field_name(out, name);
	begin = 0;
	/* Mostly all of it. */
	for (i = text_plain(value.p, value.n); i < value.n; i++) {
		if (http_char_is_text(value.p[i]) && (unsigned char)value.p[i] < 0x80)
			continue;
		buf_add(out, value.p + begin, i - begin);
		buf_printf(out, "%%%02X", (unsigned char)value.p[i]);
		begin = i + 1;
	}
	if (value.n > begin)
		buf_add(out, value.p + begin, value.n - begin);
	buf_puts(out, "\r\n");
}

void
http_response_number(struct buf *out, const char *name, uint64_t n)
{
	field_name(out, name);
	buf_uint(out, n);
	buf_puts(out, "\r\n");
}

void
http_response_length(struct buf *out, uint64_t n)
{
	http_response_number(out, "Content-Length", n);
	buf_puts(out, "\r\n");
}

void
http_response_chunked(struct buf *out)
{
	buf_puts(out, "Transfer-Encoding: chunked\r\n\r\n");
}

void
http_response_bare(struct buf *out)
{
	buf_puts(out, "\r\n");
}

void
http_chunk(struct buf *out, struct slice bytes)
{
	static const char digits[] = "0123456789abcdef";
	char size[2 * sizeof(bytes.n) + 2], *at = size + sizeof(size);
	size_t n = bytes.n;

	if (n == 0)
		return;
	*--at = '\n';
	*--at = '\r';
	for (; n > 0; n >>= 4)
		*--at = digits[n & 15];
	buf_add(out, at, (size_t)(size + sizeof(size) - at));
	buf_add_slice(out, bytes);
	buf_puts(out, "\r\n");
}

void
http_chunk_end(struct buf *out)
{
	buf_puts(out, "0\r\n\r\n");
}

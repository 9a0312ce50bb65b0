/*
 * A file of whatever kind, in pieces of any size: what comes of it is whole lines, the
 * same ones however it is read, and each is read as a record is.
 */
#include <sys/mman.h>
#include <unistd.h>

#include "core/shape/read.h"
#include "queue/ingest/frames.h"
#include "tests/fuzz/items.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static enum status
take(void *arg, const struct item *item, struct error *err)
{
	(void)arg;
	(void)err;
	must_be_item(item);
	return STATUS_OK;
}

/* piece: bytes asked for at a time. */
static void
frames_all(const char *path, size_t piece, struct buf *out)
{
	struct error err = { STATUS_OK, "" };
	struct frames *f;
	char bytes[4096];
	size_t got;

	MUST(frames_open(&f, path, &err) == STATUS_OK);
	while (!frames_ended(f) && frames_refused(f) == NULL) {
		if (frames_read(f, bytes, piece, &got, &err) != STATUS_OK) {
			MUST(err.text[0] != '\0');
			break;
		}
		MUST(got <= piece);
		buf_add(out, bytes, got);
	}
	frames_close(f);
}

static void
records_read(struct slice all)
{
	struct arena arena = ARENA_INIT;
	struct item_reader reader = { .arena = &arena };
	struct error err = { STATUS_OK, "" };
	const char *p = all.p, *end = all.p + all.n, *lf;

	for (; p < end; p = lf + 1) {
		if ((lf = memchr(p, '\n', (size_t)(end - p))) == NULL)
			lf = end;
		error_clear(&err);
		if (item_read(&reader, (struct slice){ p, (size_t)(lf - p) },
		    take, NULL, &err) != STATUS_OK)
			MUST(err.text[0] != '\0');
		arena_reset(&arena);
	}
	item_reader_release(&reader);
	arena_release(&arena);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct buf one = BUF_INIT, two = BUF_INIT;
	int fd = memfd_create("frames", 0);
	char path[64];

	MUST(fd >= 0 && write(fd, data, n) == (ssize_t)n);
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	frames_all(path, 4096, &one);
	frames_all(path, 17, &two);
	MUST(slice_eq(buf_slice(&one), buf_slice(&two)));
	if (one.n > 0)
		records_read(buf_slice(&one));
	buf_release(&one);
	buf_release(&two);
	(void)close(fd);
	return 0;
}

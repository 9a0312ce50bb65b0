#include "core/base/utf8.h"
#include "core/shape/read.h"
/* One record in the native shape: taken or refused with a reason. */
#include "tests/fuzz/items.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static enum status
take(void *arg, const struct item *item, struct error *err)
{
	(void)arg;
	(void)err;
	MUST(strcmp(item->shape, "native") == 0 && item->choice == 0);
	must_be_item(item);
	must_read_again(item);
	return STATUS_OK;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena arena = ARENA_INIT;
	struct item_reader reader = { .arena = &arena, .format = "native" };
	struct slice record = { (const char *)data, n };
	struct error err = { STATUS_OK, "" };

	if (item_read(&reader, record, take, NULL, &err) != STATUS_OK) {
		MUST(err.code == STATUS_INVALID && err.text[0] != '\0');
		MUST(utf8_valid(err.text, strlen(err.text)) ==
		    strlen(err.text));
	}
	item_reader_release(&reader);
	arena_release(&arena);
	return 0;
}

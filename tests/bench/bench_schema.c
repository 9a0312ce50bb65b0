/*
 * Validations a second of an extraction's schema (16 properties, nested arrays,
 * references, patterns): of parsed values, and with the parsing.
 *
 *   bench_schema             prints the figures
 *   bench_schema lines       prints the schema and the instances, one a line,
 *                            for schema.js, which runs ajv over them
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "core/schema/compile.h"
#include "core/schema/schema.h"
#include "core/schema/validate.h"

#define INSTANCES	2000
#define TURNS		15

static const char schema_text[] =
    "{\"$schema\":\"http://json-schema.org/draft-07/schema#\","
    "\"type\":\"object\",\"definitions\":{"
    "\"money\":{\"type\":\"object\",\"required\":[\"amount\",\"currency\"],"
    "\"properties\":{\"amount\":{\"type\":\"number\",\"minimum\":0},"
    "\"currency\":{\"enum\":[\"EUR\",\"USD\",\"GBP\",\"CHF\"]}},"
    "\"additionalProperties\":false},"
    "\"line\":{\"type\":\"object\",\"required\":[\"sku\",\"text\",\"qty\","
    "\"price\"],\"properties\":{\"sku\":{\"type\":\"string\",\"pattern\":"
    "\"^[A-Z]{3}-[0-9]{4}$\"},\"text\":{\"type\":\"string\",\"minLength\":1,"
    "\"maxLength\":200},\"qty\":{\"type\":\"integer\",\"minimum\":1,"
    "\"maximum\":1000},\"price\":{\"$ref\":\"#/definitions/money\"},"
    "\"tags\":{\"type\":\"array\",\"items\":{\"type\":\"string\"},"
    "\"maxItems\":8}},\"additionalProperties\":false}},"
    "\"required\":[\"id\",\"kind\",\"status\",\"customer\",\"lines\","
    "\"total\"],\"properties\":{\"id\":{\"type\":\"string\",\"pattern\":"
    "\"^[A-Z]{2}-[0-9]+$\"},\"kind\":{\"enum\":[\"invoice\",\"order\","
    "\"return\"]},\"status\":{\"enum\":[\"open\",\"paid\",\"void\"]},"
    "\"created\":{\"type\":\"string\",\"minLength\":10,\"maxLength\":30},"
    "\"customer\":{\"type\":\"object\",\"required\":[\"name\",\"email\"],"
    "\"properties\":{\"name\":{\"type\":\"string\",\"minLength\":1},"
    "\"email\":{\"type\":\"string\",\"pattern\":\"@\"},\"phone\":{\"type\":"
    "[\"string\",\"null\"]},\"vip\":{\"type\":\"boolean\"}},"
    "\"additionalProperties\":false},\"lines\":{\"type\":\"array\","
    "\"minItems\":1,\"maxItems\":100,\"items\":{\"$ref\":"
    "\"#/definitions/line\"}},\"total\":{\"$ref\":\"#/definitions/money\"},"
    "\"discount\":{\"anyOf\":[{\"type\":\"null\"},{\"$ref\":"
    "\"#/definitions/money\"}]},\"confidence\":{\"type\":\"number\","
    "\"minimum\":0,\"maximum\":1},\"language\":{\"type\":\"string\","
    "\"maxLength\":8},\"summary\":{\"type\":\"string\",\"maxLength\":2000},"
    "\"sources\":{\"type\":\"array\",\"items\":{\"type\":\"string\"},"
    "\"uniqueItems\":true},\"urgent\":{\"type\":\"boolean\"},"
    "\"priority\":{\"type\":\"integer\",\"minimum\":0,\"maximum\":9},"
    "\"notes\":{\"type\":[\"string\",\"null\"]},\"ratings\":{\"type\":"
    "\"object\",\"additionalProperties\":{\"type\":\"number\"}}},"
    "\"additionalProperties\":false}";

static uint32_t
next(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

static void
add_line(struct buf *b, uint32_t *seed)
{
	buf_printf(b, "{\"sku\":\"ABC-%04u\",\"text\":\"a thing of some "
	    "kind, number %u\",\"qty\":%u,\"price\":{\"amount\":%u.%02u,"
	    "\"currency\":\"EUR\"},\"tags\":[\"new\",\"blue\",\"t%u\"]}",
	    next(seed) % 10000, next(seed), 1 + next(seed) % 900,
	    next(seed) % 500, next(seed) % 100, next(seed) % 10);
}

/* One in ten is wrong somewhere. */
static void
add_instance(struct buf *b, uint32_t *seed, int i)
{
	buf_printf(b, "{\"id\":\"AB-%d\",\"kind\":\"order\",\"status\":\"%s\","
	    "\"created\":\"2026-11-23T10:00:00Z\",\"customer\":{\"name\":"
	    "\"A. Person\",\"email\":\"a%u@example.com\",\"phone\":null,"
	    "\"vip\":true},\"lines\":[", i, i % 20 == 0 ? "lost" : "open",
	    next(seed));
	for (uint32_t n = 1 + next(seed) % 10; n > 0; n--) {
		add_line(b, seed);
		buf_puts(b, n > 1 ? "," : "],");
	}
	buf_printf(b, "\"total\":{\"amount\":%u.5,\"currency\":\"EUR\"},"
	    "\"discount\":null,\"confidence\":0.%u,\"language\":\"en\","
	    "\"summary\":\"An order of several things, to be sent in one "
	    "parcel by the end of the week.\",\"sources\":[\"mail\",\"form\","
	    "\"call-%u\"],\"urgent\":false,\"priority\":%d,\"notes\":null,"
	    "\"ratings\":{\"speed\":4.5,\"tone\":3}}\n", next(seed) % 900,
	    10 + next(seed) % 90, next(seed) % 100, i % 20 == 1 ? 10 : 3);
}

static double
now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
check(enum status st)
{
	if (st != STATUS_OK)
		exit(1);
}

/* Seconds for all instances; *valid is how many are. */
static double
turn(const struct schema *s, struct json *parsed, const struct slice *text,
    struct arena *arena, bool parse, int *valid)
{
	struct json_error why;
	struct error err;
	double from = now();
	bool ok;

	*valid = 0;
	for (int i = 0; i < INSTANCES; i++) {
		if (parse)
			check(json_parse(&parsed[i], text[i], 64, 0, &why));
		arena_reset(arena);
		check(schema_validate(s, &parsed[i], arena, NULL, NULL, &ok,
		    &err));
		*valid += ok;
	}
	return now() - from;
}

int
main(int argc, char **argv)
{
	static struct json parsed[INSTANCES];
	static struct slice text[INSTANCES];
	struct schema_options options = { SCHEMA_2020_12, false, NULL, NULL };
	struct arena arena = ARENA_INIT;
	struct error err = { STATUS_OK, "" };
	struct schema *s;
	struct buf b = BUF_INIT;
	double with = 1e9, alone = 1e9, t;
	uint32_t seed = 1;
	int valid = 0;
	size_t at = 0;

	for (int i = 0; i < INSTANCES; i++)
		add_instance(&b, &seed, i);
	if (argc > 1 && strcmp(argv[1], "lines") == 0) {
		printf("%s\n%s", schema_text, buf_str(&b));
		return 0;
	}
	for (int i = 0; i < INSTANCES; i++) {
		text[i].p = b.p + at;
		text[i].n = (size_t)(strchr(text[i].p, '\n') - text[i].p);
		at += text[i].n + 1;
	}
	check(schema_compile(&s, slice_of(schema_text), &options, &err));
	for (int i = 0; i < TURNS; i++) {
		if ((t = turn(s, parsed, text, &arena, true, &valid)) < with)
			with = t;
		if ((t = turn(s, parsed, text, &arena, false, &valid)) < alone)
			alone = t;
	}
	printf("schema: %.0f validations/s, with parsing %.0f/s (%.0f MB/s), "
	    "%d of %d valid\n", INSTANCES / alone, INSTANCES / with,
	    (double)b.n / with / 1e6, valid, INSTANCES);
	for (int i = 0; i < INSTANCES; i++)
		json_release(&parsed[i]);
	arena_release(&arena);
	schema_free(s);
	buf_release(&b);
	return 0;
}

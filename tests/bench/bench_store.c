/*
 * What the store itself takes of an ingest: rows that are ready, put into it by
 * one thread, with their leaves; nothing is read, judged or rendered.  One item a
 * statement and 200 a statement, in turn.  BENCH_RECORDS (200000) of them.
 *
 * The second figure is as fast as an ingest can become while the rows go through
 * SQLite, whatever is gained elsewhere.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "db/audit/audit.h"
#include "db/clock.h"
#include "db/query.h"
#include "queue/ingest/row.h"

#define MANY		200
#define RUNS		3
#define RECORD		1800		/* bytes, as in the corpus */
#define TRANSACTION	6600		/* items: 12 MiB */

static char dir[] = "bench-store-XXXXXX";
static struct error err;
static const struct actor who = { "bench", "owner", "cli", 1 };

static void
must(enum status st)
{
	if (st == STATUS_OK)
		return;
	(void)fprintf(stderr, "bench_store: %s\n", err.text);
	exit(1);
}

static double
now_s(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* One item as ingest_row_make() leaves it. */
struct queue_judge {
	union items_insert	item;
	union payloads_insert	payload;
	struct audit_draft	leaf;
	char			id[24];
	struct hash		content;
};

static char record[RECORD];
static struct queue_judge ready[MANY];

static void
make_ready(struct store *s, struct arena *arena, struct queue_judge *r, long n)
{
	static const char *const queue[] = { "prose", "answers" };
	struct slice id = { r->id, 0 }, name = slice_of(queue[n % 2]);
	struct slice salt = { (const char *)r->content.b, 16 };
	const union items_insert item = {
		.item = value_int(n + 1), .queue = value_text(name),
		.state = value_text(SLICE("flagged")),
		.review = value_int(0), .route = value_text(SLICE("flag")),
		.rule = value_text(SLICE("no rule matched")),
		.rules = value_text(SLICE("0")),
		.policy = value_text(SLICE("0123456789ab")),
		.priority = value_int(0),
		.due_ms = value_int(1800000000000 + n / 100),
		.confidence = value_real((double)(n * 7919 % 1000) / 1000),
		.failures = value_int(0), .guards = value_text(SLICE("[]")),
		.model = value_text(SLICE("gpt-4o-mini")),
		.prompt = value_text(SLICE("answer@3")),
		.created_ms = value_int(1800000000000),
		.ingested_ms = value_int(1800000000000 + n / 100),
		.input_tokens = value_int(200), .output_tokens = value_int(300),
		.cost_usd = value_real(0.01), .latency_ms = value_real(812),
		.salt = value_blob(salt),
		.content_sha256 = value_blob((struct slice){
		    (const char *)r->content.b, HASH_LEN }),
		.snippet = value_text((struct slice){ record, 118 }),
		.seq = value_int(n)
	};
	struct leaf_field field[] = {
		{ .key = "content_sha256", .type = LEAF_HASH,
		    .hash = &r->content },
		{ .key = "policy", .text = SLICE("0123456789ab") },
		{ .key = "queue", .text = name },
		{ .key = "rule", .text = SLICE("no rule matched") },
		{ .key = "state", .text = SLICE("flagged") }
	};

	id.n = (size_t)snprintf(r->id, sizeof(r->id), "rec-%09ld", n);
	memcpy(r->content.b, &n, sizeof(n));
	r->item = item;
	r->item.id = value_text(id);
	r->payload = (union payloads_insert){ .item = value_int(n + 1),
	    .part = value_int(0), .mapping = value_int(1),
	    .record = value_blob((struct slice){ record, RECORD }) };
	must(audit_draft(s, &who, "route", id, field, 5, arena, &r->leaf,
	    &err));
}

static void
put(struct store *s, const struct queue_judge *r, size_t n)
{
	const struct audit_draft *leaf[MANY];
	struct batch items = BATCH_INIT, payloads = BATCH_INIT;
	size_t i;

	for (i = 0; i < n; i++) {
		must(batch_add(&items, r[i].item.row, &err));
		must(batch_add(&payloads, r[i].payload.row, &err));
		leaf[i] = &r[i].leaf;
	}
	must(batch_run(&items, s, QUERY_ITEMS_INSERT, NULL, &err));
	must(batch_run(&payloads, s, QUERY_PAYLOADS_INSERT, NULL, &err));
	must(audit_append_drafts(s, leaf, n, clock_now_ms(NULL), &err));
	batch_release(&items);
	batch_release(&payloads);
}

/* Seconds for all, without the time in which the rows are made ready. */
static double
fill(const char *path, long records, size_t at_once)
{
	static const struct store_options making = { .create = true,
	    .wait_ms = 1000 };
	struct arena arena = ARENA_INIT;
	struct store *s;
	double spent = 0, from;
	size_t i, k;
	long n;

	must(store_open(&s, path, &making, NULL, &err));
	must(store_begin(s, DURABLE_BULK, &err));
	for (n = 0; n < records; n += MANY) {
		arena_reset(&arena);
		for (i = 0; i < MANY; i++)
			make_ready(s, &arena, &ready[i], n + (long)i);
		from = now_s();
		for (i = 0; i < MANY; i += at_once)
			put(s, ready + i, at_once);
		if ((n / MANY) % (TRANSACTION / MANY) == 0)
			must(store_next(s, &err));
		spent += now_s() - from;
	}
	from = now_s();
	must(store_commit(s, &err));
	store_close(s);
	for (k = 0; k < 4; k++) {
		static const char *const part[] = { "", "-wal", "-shm", "-lock",
		    "-key" };
		char name[128];

		(void)snprintf(name, sizeof(name), "%s%s", path, part[k]);
		(void)unlink(name);
	}
	arena_release(&arena);
	return spent + now_s() - from;
}

int
main(void)
{
	const char *v = getenv("BENCH_RECORDS");
	long records = v == NULL ? 200000 : strtol(v, NULL, 10);
	double one = 1e9, many = 1e9, t;
	char path[64];
	int run;

	if (mkdtemp(dir) == NULL) {
		perror(dir);
		return 1;
	}
	(void)snprintf(path, sizeof(path), "%s/s.db", dir);
	memset(record, 'a', sizeof(record));
	for (run = 0; run < RUNS; run++) {
		if ((t = fill(path, records, 1)) < one)
			one = t;
		if ((t = fill(path, records, MANY)) < many)
			many = t;
	}
	(void)rmdir(dir);
	printf("one item a statement   %8.0f items/s\n"
	    "%d items a statement  %8.0f items/s, %.2fx; %.2f s for %ld\n",
	    (double)records / one, MANY, (double)records / many, one / many,
	    many, records);
	return 0;
}

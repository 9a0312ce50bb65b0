/*
 * Power that goes: makes of a recording (power_vfs.c) what a disk may hold after it
 * ended at any of its steps, and looks at each of these states as the next command
 * would find it.
 *
 *	power keep RECORDING TEXT...	what was acknowledged: "id STATE", "leaves N",
 *					"made", "gone ID WORD"
 *	power crash RECORDING STATES SEED FOLDER [LAX]
 *
 * A disk that is lax about a file, LAX, takes no sync of it for one.
 * Of what was not synced each write, or each sector of it, is there or is not; names
 * change in the order in which they were changed, up to any of them.  -shm holds
 * anything, and the lock file what some earlier start left.
 */
#include <dirent.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "db/audit/audit.h"
#include "db/audit/verify.h"
#include "db/write.h"
#include "tests/fault/power.h"

#define SECTOR	512
#define NAMES	64
#define STORE	"s.db"

/* A write or a cut that no sync followed yet. */
struct pending {
	const struct power_record *r;
	const uint8_t		*data;
};
struct disk_file {
	uint8_t		*safe;
	size_t		 n, room;
	struct pending	*pending;
	size_t		 npending;
	bool		 unknown;	/* named before it was synced */
};
struct named {
	char		 name[POWER_NAME];
	struct disk_file *file;
};
struct folder {
	struct named	 at[NAMES];
	size_t		 n;
};
/* What was done to names since the folder was synced. */
struct renaming {
	char		 from[POWER_NAME], to[POWER_NAME];	/* "": made, gone */
	struct disk_file *file;
};
static struct folder safe, now;
static struct renaming renamings[NAMES];
static size_t nrenamings;

/* What was acknowledged, and at which record. */
static struct kept {
	size_t	at;
	char	text[POWER_NAME];
} *kept;
static size_t nkept;

static uint64_t seed;
static const char *lax = "";

static uint64_t
draw(uint64_t below)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (seed >> 11) % below;
}

static void *
grown(void *p, size_t n)
{
	if ((p = realloc(p, n)) == NULL)
		abort();
	return p;
}

static struct named *
folder_find(struct folder *f, const char *name)
{
	size_t i;

	for (i = 0; i < f->n; i++)
		if (strcmp(f->at[i].name, name) == 0)
			return &f->at[i];
	return NULL;
}

static void
folder_drop(struct folder *f, const char *name)
{
	struct named *x = folder_find(f, name);

	if (x != NULL)
		*x = f->at[--f->n];
}

static void
folder_put(struct folder *f, const char *name, struct disk_file *file)
{
	folder_drop(f, name);
	if (f->n == NAMES)
		abort();
	(void)snprintf(f->at[f->n].name, POWER_NAME, "%s", name);
	f->at[f->n++].file = file;
}

static void
folder_change(struct folder *f, const struct renaming *c)
{
	if (c->from[0] != '\0')
		folder_drop(f, c->from);
	if (c->to[0] != '\0')
		folder_put(f, c->to, c->file);
}

static void
change(const char *from, const char *to, struct disk_file *file)
{
	struct renaming *c = &renamings[nrenamings];

	if (++nrenamings == NAMES)
		abort();
	(void)snprintf(c->from, POWER_NAME, "%s", from);
	(void)snprintf(c->to, POWER_NAME, "%s", to);
	c->file = file;
	folder_change(&now, c);
}

static struct disk_file *
file_named(const char *name)
{
	struct named *x = folder_find(&now, name);
	struct disk_file *f;

	if (x != NULL)
		return x->file;
	if ((f = calloc(1, sizeof(*f))) == NULL)
		abort();
	change("", name, f);
	return f;
}

static void
file_cut(struct disk_file *f, size_t n)
{
	if (n > f->room)
		f->safe = grown(f->safe, f->room = n + (n >> 1) + 4096);
	if (n > f->n)
		memset(f->safe + f->n, 0, n - f->n);
	f->n = n;
}

static void
file_write(struct disk_file *f, size_t at, const uint8_t *p, size_t n)
{
	if (at + n > f->n)
		file_cut(f, at + n);
	memcpy(f->safe + at, p, n);
}

static void
file_sync(struct disk_file *f)
{
	const struct pending *p = f->pending;
	size_t i;

	for (i = 0; i < f->npending; i++, p++)
		if (p->r->op == POWER_CUT)
			file_cut(f, (size_t)p->r->offset);
		else
			file_write(f, (size_t)p->r->offset, p->data, p->r->n);
	f->npending = 0;
	f->unknown = false;
}

/* How much of what was not synced is there after all. */
enum survival { NOTHING, ALL, WRITES, SECTORS, ALL_BUT_END, SURVIVALS };

static void
survive(struct disk_file *f, const struct pending *p, enum survival how, bool last)
{
	size_t at = (size_t)p->r->offset, i, n;

	if (how == WRITES && draw(2) == 0)
		return;
	if (p->r->op == POWER_CUT) {
		if (how != SECTORS || draw(2) == 0)
			file_cut(f, at);
		return;
	}
	for (i = 0; i < p->r->n; i += n) {
		n = SECTOR - (at + i) % SECTOR;
		n = n < p->r->n - i ? n : p->r->n - i;
		if ((how == SECTORS || (how == ALL_BUT_END && last)) && draw(2) == 0)
			continue;
		file_write(f, at + i, p->data + i, n);
	}
}

static void
put(const char *path, const void *p, size_t n)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	if (fd == -1 || write(fd, p, n) != (ssize_t)n || close(fd) != 0) {
		perror(path);
		exit(2);
	}
}

static void
put_file(const char *folder, const struct named *x, enum survival how)
{
	struct disk_file f = { NULL, 0, 0, NULL, 0, false };
	char path[4096];
	size_t i;

	file_write(&f, 0, x->file->safe == NULL ? (const uint8_t *)"" :
	    x->file->safe, x->file->n);
	for (i = 0; how != NOTHING && i < x->file->npending; i++)
		survive(&f, &x->file->pending[i], how,
		    i + 1 == x->file->npending);
	(void)snprintf(path, sizeof(path), "%s/%s", folder, x->name);
	put(path, f.safe, f.n);
	free(f.safe);
}

/* A disk after the power went; false: a name is there whose bytes nobody synced. */
static bool
put_folder(const char *folder)
{
	static const char *const marks[] = { "clean", "open another-boot", "" };
	enum survival how = (enum survival)draw(SURVIVALS);
	size_t i, n = how == NOTHING ? 0 : how == ALL ? nrenamings :
	    draw(nrenamings + 1);
	struct folder f = safe;
	const char *mark = marks[draw(3)];
	char path[4096], noise[32768];
	bool known = true;

	for (i = 0; i < n; i++)
		folder_change(&f, &renamings[i]);
	for (i = 0; i < f.n; i++) {
		put_file(folder, &f.at[i], how);
		if (f.at[i].file->unknown) {
			known = false;
			fprintf(stderr, "%s: named before it was synced: ",
			    f.at[i].name);
		}
	}
	(void)snprintf(path, sizeof(path), "%s/" STORE "-lock", folder);
	put(path, mark, strlen(mark));
	for (i = 0; i < sizeof(noise); i++)
		noise[i] = (char)draw(256);
	(void)snprintf(path, sizeof(path), "%s/" STORE "-shm", folder);
	if (draw(2) == 0)
		put(path, noise, sizeof(noise));
	return known;
}

static void
clear_folder(const char *folder)
{
	struct dirent *e;
	DIR *d = opendir(folder);

	while (d != NULL && (e = readdir(d)) != NULL)
		if (e->d_name[0] != '.')
			(void)unlinkat(dirfd(d), e->d_name, 0);
	if (d != NULL)
		(void)closedir(d);
}

static void
bad(const char *what, const char *why)
{
	fprintf(stderr, "%s: %s\n", what, why);
	exit(1);
}

/* The last text of a kind that was acknowledged before, and the next one. */
static void
around(size_t at, const char *kind, const char **before, const char **after)
{
	size_t i, n = strlen(kind);

	*before = *after = NULL;
	for (i = 0; i < nkept && *after == NULL; i++)
		if (strncmp(kept[i].text, kind, n) == 0 && kept[i].text[n] == ' ')
			*(kept[i].at < at ? before : after) = kept[i].text + n + 1;
}

static void
problem(void *arg, const char *line)
{
	char *first = arg;

	if (first[0] == '\0')
		(void)snprintf(first, 200, "%s", line);
}

static void
verifies(struct store *s)
{
	struct audit_report r = { 0 };
	struct error err = { 0 };
	char first[200] = "";

	if (audit_verify(s, problem, first, &r, &err) != STATUS_OK)
		bad("audit verify", err.text);
	if (r.problems != 0)
		bad("audit verify", first);
}

static enum status
one_leaf(void *arg, struct error *err)
{
	static const struct actor who = { "ana", "member", "cli", 1001 };

	return audit_append(arg, &who, store_now_ms(arg), "export", SLICE_NONE,
	    NULL, 0, NULL, err);
}

/* The one text that SQL gives about an id. */
static bool
text_of(sqlite3 *db, const char *sql, const char *id, char *out, size_t n)
{
	sqlite3_stmt *q;
	bool row;

	if (sqlite3_prepare_v2(db, sql, -1, &q, NULL) != SQLITE_OK)
		bad(sql, sqlite3_errmsg(db));
	(void)sqlite3_bind_text(q, 1, id, -1, SQLITE_STATIC);
	if ((row = sqlite3_step(q) == SQLITE_ROW))
		(void)snprintf(out, n, "%s", (const char *)sqlite3_column_text(q, 0));
	(void)sqlite3_finalize(q);
	return row;
}

static bool
stands(const char *folder, const char *word)
{
	char path[4096], *p, *found = NULL;
	struct dirent *e;
	struct stat sb;
	DIR *d = opendir(folder);
	int fd;

	while (d != NULL && found == NULL && (e = readdir(d)) != NULL) {
		(void)snprintf(path, sizeof(path), "%s/%s", folder, e->d_name);
		if (strncmp(e->d_name, STORE, strlen(STORE)) != 0 ||
		    (fd = open(path, O_RDONLY)) == -1)
			continue;
		if (fstat(fd, &sb) == 0 && (p = malloc((size_t)sb.st_size + 1)) != NULL) {
			if (read(fd, p, (size_t)sb.st_size) == sb.st_size)
				found = memmem(p, (size_t)sb.st_size, word,
				    strlen(word));
			free(p);
		}
		(void)close(fd);
	}
	if (d != NULL)
		(void)closedir(d);
	return found != NULL;
}

/* Each text that was acknowledged about an id: it is as it was said to be, or as it
 * is said to be next. */
static void
look_at_kept(sqlite3 *db, const char *folder, size_t at)
{
	const char *before, *after, *text;
	char id[POWER_NAME], got[100], line[400];
	size_t i, n;
	bool there;

	for (i = 0; i < nkept; i++) {
		text = kept[i].text;
		n = strcspn(text, " ");
		(void)snprintf(id, sizeof(id), "%.*s", (int)n, text);
		if (strcmp(id, "gone") == 0) {
			n = strcspn(text + 5, " ");
			(void)snprintf(id, sizeof(id), "%.*s", (int)n, text + 5);
			there = !text_of(db, "SELECT 1 FROM items WHERE id = ? "
			    "AND salt IS NULL", id, got, sizeof(got));
			if ((!there || kept[i].at < at) && stands(folder,
			    text + 5 + n + 1))
				bad(text, "the text is still there");
			continue;
		}
		if (strcmp(id, "leaves") == 0)
			there = text_of(db, "SELECT count(*) FROM leaves WHERE ? > ''",
			    id, got, sizeof(got));
		else
			there = text_of(db, "SELECT state FROM items WHERE id = ?",
			    id, got, sizeof(got));
		around(at, id, &before, &after);
		if (before == NULL && !there)
			continue;
		(void)snprintf(line, sizeof(line), "%s, where %s was "
		    "acknowledged and %s followed", there ? got : "none",
		    before == NULL ? "nothing" : before,
		    after == NULL ? "nothing" : after);
		if (strcmp(id, "leaves") == 0 ? before != NULL && atol(got) <
		    atol(before) : !there || ((before == NULL ||
		    strcmp(got, before) != 0) && (after == NULL ||
		    strcmp(got, after) != 0)))
			bad(id, line);
	}
}

static bool
was_kept(size_t at, const char *text)
{
	size_t i;

	for (i = 0; i < nkept; i++)
		if (kept[i].at < at && strcmp(kept[i].text, text) == 0)
			return true;
	return false;
}

/* A copy or a store that was put back is whole where it has its name. */
static void
look_at_others(const char *folder)
{
	const struct store_options reading = { .read_only = true, .wait_ms = 1000 };
	struct error err = { 0 };
	char path[4096];
	struct dirent *e;
	struct store *s;
	DIR *d = opendir(folder);

	while (d != NULL && (e = readdir(d)) != NULL) {
		if (strlen(e->d_name) < 4 || strcmp(e->d_name, STORE) == 0 ||
		    strcmp(e->d_name + strlen(e->d_name) - 3, ".db") != 0)
			continue;
		(void)snprintf(path, sizeof(path), "%s/%s", folder, e->d_name);
		if (store_open(&s, path, &reading, NULL, &err) != STATUS_OK)
			bad(e->d_name, err.text);
		verifies(s);
		store_close(s);
	}
	if (d != NULL)
		(void)closedir(d);
}

/* Invariant I, as the next command would find it. */
static void
look(const char *folder, size_t at)
{
	bool made = was_kept(at, "made");
	const struct store_options o = { .create = !made, .wait_ms = 5000 };
	struct error err = { 0 };
	char path[4096], got[200];
	struct store *s;
	sqlite3 *db;

	(void)snprintf(path, sizeof(path), "%s/" STORE, folder);
	if (store_open(&s, path, &o, NULL, &err) != STATUS_OK)
		bad("open", err.text);
	if (store_unsettled(s))
		store_settle_left(s);
	verifies(s);
	if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK ||
	    !text_of(db, "SELECT * FROM pragma_integrity_check(1) WHERE ?1 > ''",
	    "x", got, sizeof(got)) || strcmp(got, "ok") != 0)
		bad("integrity_check", got);
	look_at_kept(db, folder, at);
	(void)sqlite3_close(db);
	/* Nothing needs a hand before the next change. */
	if (store_write(s, DURABLE_NOW, one_leaf, s, &err) != STATUS_OK)
		bad("write", err.text);
	verifies(s);
	store_close(s);
	look_at_others(folder);
}

/* One state, looked at by a process of its own. */
static bool
crash(const char *folder, size_t at)
{
	int how = 0;
	bool good;
	pid_t pid;

	clear_folder(folder);
	good = put_folder(folder);
	(void)fflush(NULL);
	if ((pid = fork()) == 0) {
		if (good)
			look(folder, at);
		exit(good ? 0 : 1);
	}
	if (pid == -1 || waitpid(pid, &how, 0) != pid)
		abort();
	if (how != 0)
		fprintf(stderr, "# record %zu: exit %d, signal %d\n", at,
		    WEXITSTATUS(how), WTERMSIG(how));
	return how == 0;
}

static void
step_file(const struct power_record *r, const char *name, const uint8_t *data)
{
	struct disk_file *f = file_named(name);

	switch (r->op) {
	case POWER_WRITE:
	case POWER_CUT:
		f->pending = grown(f->pending, (f->npending + 1) *
		    sizeof(*f->pending));
		f->pending[f->npending++] = (struct pending){ r, data };
		break;
	case POWER_WHOLE:
		f->npending = 0;
		f->n = 0;
		file_write(f, 0, data, r->n);
		f->unknown = false;
		break;
	case POWER_SYNC:
		if (strcmp(name, lax) != 0)
			file_sync(f);
	}
}

static void
step(const struct power_record *r, const char *name, const uint8_t *data)
{
	char to[POWER_NAME];
	struct disk_file *f;
	bool seen;

	(void)snprintf(to, sizeof(to), "%.*s", (int)r->n, (const char *)data);
	switch (r->op) {
	case POWER_FOLDER:
		safe = now;
		nrenamings = 0;
		break;
	case POWER_GONE:
		if (folder_find(&now, name) != NULL)
			change(name, "", NULL);
		break;
	case POWER_RENAMED:
		seen = folder_find(&now, name) != NULL;
		f = file_named(name);
		f->unknown = f->unknown || !seen;
		change(name, to, f);
		break;
	case POWER_KEPT:
		break;
	default:
		step_file(r, name, data);
	}
}

/* Calls fn for each record. */
typedef void record_fn(size_t at, const struct power_record *, const char *name,
    const uint8_t *data);

static size_t
records_each(const uint8_t *p, size_t size, record_fn *fn)
{
	char name[POWER_NAME];
	struct power_record *r;
	size_t i = 0, n = 0;

	while (i + sizeof(*r) <= size) {
		if ((r = malloc(sizeof(*r))) == NULL)
			abort();
		memcpy(r, p + i, sizeof(*r));
		i += sizeof(*r);
		(void)snprintf(name, sizeof(name), "%.*s", (int)r->name_n,
		    (const char *)p + i);
		i += r->name_n;
		if (i + r->n > size)
			abort();
		fn(n++, r, name, p + i);
		i += r->n;
	}
	return n;
}

static void
keep_record(size_t at, const struct power_record *r, const char *name,
    const uint8_t *data)
{
	(void)name;
	if (r->op != POWER_KEPT)
		return;
	kept = grown(kept, (nkept + 1) * sizeof(*kept));
	kept[nkept].at = at;
	(void)snprintf(kept[nkept++].text, POWER_NAME, "%.*s", (int)r->n,
	    (const char *)data);
}

static size_t total, wanted, tried, failed;
static const char *place;

static void
crash_record(size_t at, const struct power_record *r, const char *name,
    const uint8_t *data)
{
	/* As many states at each as its part of the whole. */
	while (tried * total < (at + 1) * wanted) {
		tried++;
		failed += !crash(place, at);
	}
	step(r, name, data);
}

static uint8_t *
read_whole(const char *path, size_t *n)
{
	int fd = open(path, O_RDONLY);
	struct stat sb;
	uint8_t *p;

	if (fd == -1 || fstat(fd, &sb) != 0 ||
	    (p = malloc((size_t)sb.st_size + 1)) == NULL ||
	    read(fd, p, (size_t)sb.st_size) != sb.st_size) {
		perror(path);
		exit(2);
	}
	(void)close(fd);
	*n = (size_t)sb.st_size;
	return p;
}

static int
keep(const char *path, int n, char **texts)
{
	struct power_record r = { POWER_KEPT, 0, 0, 0 };
	FILE *f = fopen(path, "a");
	int i;

	for (i = 0; f != NULL && i < n; i++) {
		r.n = (uint32_t)strlen(texts[i]);
		(void)fwrite(&r, sizeof(r), 1, f);
		(void)fwrite(texts[i], 1, r.n, f);
	}
	return f == NULL || fclose(f) != 0 ? 2 : 0;
}

int
main(int argc, char **argv)
{
	uint8_t *p;
	size_t n;

	if (argc > 3 && strcmp(argv[1], "keep") == 0)
		return keep(argv[2], argc - 3, argv + 3);
	if (argc < 6 || argc > 7 || strcmp(argv[1], "crash") != 0) {
		fprintf(stderr, "power keep RECORDING TEXT... | "
		    "power crash RECORDING STATES SEED FOLDER [LAX]\n");
		return 2;
	}
	p = read_whole(argv[2], &n);
	wanted = strtoul(argv[3], NULL, 10);
	seed = strtoul(argv[4], NULL, 10) * 2654435761u + 1;
	place = argv[5];
	lax = argc == 7 ? argv[6] : "";
	total = records_each(p, n, keep_record);
	(void)records_each(p, n, crash_record);
	printf("%zu states of %zu records, %zu bad\n", tried, total, failed);
	return failed == 0 && tried > 0 ? 0 : 1;
}

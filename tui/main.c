/* handrail [-d STORE] [-p POLICY] COMMAND [options] [args] */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <locale.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tui/cmd/cmd.h"
#include "tui/cmd/help.h"
#include "tui/private.h"

#define GLOBALS		4	/* rows of cmd_globals */
#define OPTION_MAX	40	/* bytes of "--name" */

/* Options that every command takes, before its name or after. */
const struct cmd_option cmd_globals[] = {
	{ "store", 'd', "STORE", "the store's file; else $HANDRAIL_STORE, else "
	    "$XDG_DATA_HOME/handrail/handrail.db" },
	{ "policy", 'p', "POLICY", "the policy's file; else $HANDRAIL_POLICY, "
	    "else the one last applied, else the built-in one" },
	{ "wait", 0, "TIME", "how long to wait for a locked store (30s)" },
	{ "help", 'h', NULL, "show this" },
	{ NULL, 0, NULL, NULL }
};

/* One call's words on their way through getopt. */
struct cmd_words {
	struct option	 longs[GLOBALS + CMD_OPTIONS_MAX + 1];
	char		 shorts[2 * (GLOBALS + CMD_OPTIONS_MAX) + 3];
	size_t		 n;
	bool		 help;
};

static void
words_add(struct cmd_words *w, const struct cmd_option *o)
{
	size_t at = strlen(w->shorts);

	w->longs[w->n] = (struct option){ .name = o->name,
	    .has_arg = o->arg == NULL ? no_argument : required_argument,
	    .val = o->letter };
	if (o->letter != 0) {
		w->shorts[at++] = o->letter;
		if (o->arg != NULL)
			w->shorts[at++] = ':';
	}
	w->n++;
}

static void
words_init(struct cmd_words *w, const char *begin,
    const struct cmd_option *own)
{
	size_t i;

	memset(w, 0, sizeof(*w));
	memcpy(w->shorts, begin, strlen(begin));
	for (i = 0; i < GLOBALS; i++)
		words_add(w, &cmd_globals[i]);
	for (i = 0; own != NULL && own[i].name != NULL && i < CMD_OPTIONS_MAX;
	    i++)
		words_add(w, &own[i]);
}

static int
set_global(struct cmd_run *run, struct cmd_words *w, size_t i,
    const char *value)
{
	switch (i) {
	case 0:
		run->store = value;
		run->store_named = true;
		break;
	case 1:
		run->policy = value;
		break;
	case 2:
		if (!cmd_parse_age(value, &run->wait_ms))
			return cmd_usage(run, "--wait %s: a time is wanted, like "
			    "30s or 2m", value);
		break;
	default:
		w->help = true;
	}
	return EXIT_WELL;
}

static void
note_value(struct cmd_run *run, size_t option, const char *value)
{
	run->value[option] = value == NULL ? "" : value;
	if (run->ngiven < CMD_GIVEN_MAX) {
		run->given[run->ngiven].option = option;
		run->given[run->ngiven++].value = run->value[option];
	}
}

/* Which row a short option belongs to; n for none. */
static size_t
row_of_letter(const struct cmd_words *w, int letter)
{
	size_t i;

	for (i = 0; i < w->n; i++)
		if (w->longs[i].val == letter && letter != 0)
			return i;
	return w->n;
}

/* Behind a command its own option goes before the one of all commands. */
static size_t
row_of_command(const struct cmd_words *w, size_t global)
{
	size_t i;

	for (i = GLOBALS; i < w->n; i++)
		if (strcmp(w->longs[i].name, w->longs[global].name) == 0)
			return i;
	return global;
}

/* "--limit", and without a command "--version". */
static const char *
option_name(void *arg, size_t i)
{
	const struct cmd_words *w = arg;
	static char names[GLOBALS + CMD_OPTIONS_MAX][OPTION_MAX];

	if (i == w->n && w->n == GLOBALS)
		return "--version";
	if (i >= w->n)
		return NULL;
	(void)snprintf(names[i], sizeof(names[i]), "--%s", w->longs[i].name);
	return names[i];
}

/* The row of a long option, w->n for none. */
static size_t
row_of_name(const struct cmd_words *w, struct slice name)
{
	size_t i;

	for (i = 0; i < w->n && !slice_is(name, w->longs[i].name); i++)
		;
	return i;
}

/* Of some command: then it goes behind the command's name. */
static bool
of_command(struct slice name, char letter)
{
	const struct cmd_option *o;
	size_t i;

	for (i = 0; cmd_table[i] != NULL; i++)
		for (o = cmd_table[i]->options; o->name != NULL; o++)
			if (slice_is(name, o->name) || (letter != '\0' &&
			    o->letter == letter))
				return true;
	return false;
}

/* "--limt=3" and "-x": what may have been meant, which for "-x1" is an ID. */
static int
words_unknown(struct cmd_words *w, struct cmd_run *run, const char *word,
    char letter)
{
	struct slice dashed = { word, strcspn(word, "=") }, name = SLICE_NONE;
	char hint[NEAR_TEXT] = "";

	if (letter == '\0' && dashed.n > 2)
		name = (struct slice){ word + 2, dashed.n - 2 };
	if (name.n > 0 && row_of_name(w, name) < w->n)
		return cmd_usage(run, "%.200s: takes no value", word);
	if (run->cmd->name == NULL && of_command(name, letter))
		(void)snprintf(hint, sizeof(hint), "; a command's options go "
		    "behind its name");
	else if (name.n > 0 && near_hint(hint, dashed, option_name, w)[0] !=
	    '\0')
		;
	else if (run->cmd->args != NULL && word[1] != '\0' &&
	    word[2] != '\0' && strstr(run->cmd->args, "ID") != NULL)
		(void)snprintf(hint, sizeof(hint), "; an ID that begins with - "
		    "goes after --");
	if (letter != '\0')
		return cmd_usage(run, "-%c: no such option%s", letter, hint);
	return cmd_usage(run, "%.200s: no such option%s", word, hint);
}

/* What getopt stopped at. */
static int
words_wrong(struct cmd_words *w, struct cmd_run *run, int c, char **argv)
{
	const char *word = argv[optind - 1];
	size_t row = row_of_letter(w, optopt);

	if (c == ':')
		return cmd_usage(run, "%s: needs a value", word);
	return words_unknown(w, run, word, optopt != 0 && row == w->n ?
	    (char)optopt : '\0');
}

/* Takes the options of argv apart; the operands stay in order. */
static int
words_parse(struct cmd_words *w, struct cmd_run *run, int argc, char **argv)
{
	int c, at, rc;
	size_t i;

	opterr = 0;
	optind = 0;		/* 0: glibc begins again */
	for (;;) {
		at = -1;
		if ((c = getopt_long(argc, argv, w->shorts, w->longs, &at)) == -1)
			break;
		if (c == '?' || c == ':')
			return words_wrong(w, run, c, argv);
		i = at >= 0 ? (size_t)at : row_of_letter(w, c);
		if (i < GLOBALS)
			i = row_of_command(w, i);
		if (i >= GLOBALS)
			note_value(run, i - GLOBALS, optarg);
		else if ((rc = set_global(run, w, i, optarg)) != EXIT_WELL)
			return rc;
	}
	run->argc = argc - optind;
	run->argv = argv + optind;
	return EXIT_WELL;
}

/* $HOME, else as the system has it: a service may be begun without. */
static const char *
home_folder(void)
{
	const char *home = getenv("HOME");
	const struct passwd *pw;

	if (home != NULL && home[0] != '\0')
		return home;
	pw = getpwuid(geteuid());
	return pw == NULL ? "" : pw->pw_dir;
}

/* $XDG_DATA_HOME/handrail/handrail.db, else under ~/.local/share. */
static const char *
default_store(void)
{
	static char path[4096];
	const char *data = getenv("XDG_DATA_HOME");
	int n;

	if (data != NULL && data[0] == '/')
		n = snprintf(path, sizeof(path), "%s/handrail/handrail.db", data);
	else
		n = snprintf(path, sizeof(path),
		    "%s/.local/share/handrail/handrail.db", home_folder());
	return n > 0 && (size_t)n < sizeof(path) ? path : "handrail.db";
}

static const char *
env_or(const char *name, const char *otherwise)
{
	const char *v = getenv(name);

	return v == NULL || v[0] == '\0' ? otherwise : v;
}

static bool
has_option(const struct cmd *c, const char *name)
{
	const struct cmd_option *o = c->options;

	while (o->name != NULL && strcmp(o->name, name) != 0)
		o++;
	return o->name != NULL;
}

static int
run_command(struct cmd_run *run)
{
	char hint[NEAR_TEXT];
	int rc;

	if (run->cmd->args[0] == '\0' && run->argc > 0)
		return cmd_usage(run, "%.200s: %s takes no operand; the %s",
		    run->argv[0], run->cmd->name,
		    has_option(run->cmd, "output") ? "file is named with -o" :
		    has_option(run->cmd, "queue") ? "queue is named with -q, the "
		    "store with -d" : "store is named with -d");
	if (run->argc > 0) {
		help_word(run->cmd, run->argv[0], hint);
		if (hint[0] != '\0')
			return cmd_usage(run, "%.200s: no such word%s",
			    run->argv[0], hint);
	}
	rc = run->cmd->run(run);
	if (fflush(stdout) != 0 && rc == EXIT_WELL) {
		if (errno == EPIPE)
			return EXIT_WELL;
		(void)error_set(&run->err, STATUS_IO, "standard output: %s",
		    strerror(errno));
		return cmd_fail(run);
	}
	return rc;
}

/* A closed descriptor would be that of the next file opened, the store's: what is
 * printed must not go there, but fail. */
static void
standard_open(void)
{
	int fd;

	for (fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		if (fcntl(fd, F_GETFD) == -1 && errno == EBADF)
			(void)open("/dev/null", fd == STDIN_FILENO ? O_WRONLY :
			    O_RDONLY);
	}
}

/* Before there is a command. */
static const struct cmd_option main_options[] = { { NULL, 0, NULL, NULL } };
static const struct cmd main_row = { .name = NULL, .options = main_options };

int
main(int argc, char **argv)
{
	struct cmd_run run = { .cmd = &main_row, .wait_ms = STORE_WAIT_MS };
	struct cmd_words w;
	int rc;

	standard_open();
	private_begin();
	(void)setlocale(LC_CTYPE, "");
	(void)umask(umask(0) | 077);
	(void)signal(SIGXFSZ, SIG_IGN);	/* the write fails and says why */
	if (argc == 2 && strcmp(argv[1], "--version") == 0)
		argv[1] = "version";	/* as most programs have it */
	words_init(&w, "+:", NULL);
	if ((rc = words_parse(&w, &run, argc, argv)) != EXIT_WELL)
		return rc;
	if (w.help || run.argc == 0) {
		help_main(w.help ? stdout : stderr);
		return w.help ? EXIT_WELL : EXIT_UNABLE;
	}
	if ((run.cmd = cmd_find(run.argv[0])) == NULL)
		return help_unknown(run.argv[0]);
	words_init(&w, ":", run.cmd->options);
	if ((rc = words_parse(&w, &run, run.argc, run.argv)) != EXIT_WELL)
		return rc;
	if (w.help) {
		help_command(stdout, run.cmd);
		return EXIT_WELL;
	}
	if (run.store == NULL)
		run.store = env_or("HANDRAIL_STORE", default_store());
	if (run.policy == NULL)
		run.policy = env_or("HANDRAIL_POLICY", NULL);
	return run_command(&run);
}

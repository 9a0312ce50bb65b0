#include "tui/cmd/help.h"

#include <stdio.h>

#include "tui/cmd/complete.h"

#define HELP_COLUMNS	78
#define HELP_INDENT	28

static void
print_wrapped(FILE *f, const char *text, int at)
{
	const char *p;
	int n;

	for (p = text; *p != '\0'; p += n + (p[n] == ' ')) {
		n = (int)strcspn(p, " ");
		if (p > text && at + 1 + n > HELP_COLUMNS) {
			(void)fprintf(f, "\n%*s", HELP_INDENT, "");
			at = HELP_INDENT;
		} else if (p > text) {
			(void)fputc(' ', f);
			at++;
		}
		(void)fprintf(f, "%.*s", n, p);
		at += n;
	}
	(void)fputc('\n', f);
}

static bool
has_option(const struct cmd_option *own, const char *name)
{
	while (own->name != NULL && strcmp(own->name, name) != 0)
		own++;
	return own->name != NULL;
}

/* Those that are not the command's own too. */
static void
print_options(FILE *f, const struct cmd_option *o, const struct cmd_option *own)
{
	char left[64], letter[8];
	int n;

	for (; o->name != NULL; o++) {
		if (own != NULL && has_option(own, o->name))
			continue;
		(void)snprintf(letter, sizeof(letter), o->letter == 0 ? "    " :
		    "-%c, ", o->letter);
		n = snprintf(left, sizeof(left), "  %s--%s%s%s", letter, o->name,
		    o->arg == NULL ? "" : " ", o->arg == NULL ? "" : o->arg);
		if (n >= HELP_INDENT - 1)
			(void)fprintf(f, "%s\n%*s", left, HELP_INDENT, "");
		else
			(void)fprintf(f, "%-*s", HELP_INDENT, left);
		print_wrapped(f, o->help, HELP_INDENT);
	}
}

void
help_main(FILE *f)
{
	size_t i;

	(void)fprintf(f, "Human review of AI outputs.\n\n"
	    "usage: handrail [-d STORE] [-p POLICY] COMMAND [options] [args]\n\n");
	for (i = 0; cmd_table[i] != NULL; i++)
		(void)fprintf(f, "  %-10s %s\n", cmd_table[i]->name,
		    cmd_table[i]->summary);
	(void)fprintf(f, "\nFor every command:\n");
	print_options(f, cmd_globals, NULL);
	(void)fprintf(f, "\nhandrail COMMAND --help says more; so does "
	    "handrail(1).\n");
}

/* One line each way to call it: "check FILE|list" are two. */
static void
print_usage(FILE *f, const struct cmd *c)
{
	const char *p = c->args, *before = "usage:";
	size_t n, deep;

	do {
		for (n = deep = 0; p[n] != '\0' && (deep > 0 || p[n] != '|');
		    n++)
			deep += (size_t)(p[n] == '[' || p[n] == '(') -
			    (size_t)(p[n] == ']' || p[n] == ')');
		(void)fprintf(f, "%s handrail %s [options]%s%.*s\n", before,
		    c->name, n == 0 ? "" : " ", (int)n, p);
		p += n + (p[n] == '|');
		before = "      ";
	} while (*p != '\0');
	(void)fputc('\n', f);
}

void
help_command(FILE *f, const struct cmd *c)
{
	(void)fprintf(f, "%s\n\n", c->summary);
	print_usage(f, c);
	print_options(f, c->options, NULL);
	if (c->options[0].name != NULL)
		(void)fputc('\n', f);
	print_options(f, cmd_globals, c->options);
}

static const char *
command_name(void *arg, size_t i)
{
	(void)arg;
	return cmd_table[i] == NULL ? NULL : cmd_table[i]->name;
}

/* What other programs call them. */
static const char *const others[][2] = {
	{ "ls", "list" }, { "cat", "show" }, { "get", "show" },
	{ "open", "review" }, { "tui", "review" }, { "log", "audit" },
	{ "logs", "audit" }, { "history", "audit" }, { "verify", "audit" },
	{ "add", "ingest" }, { "import", "ingest" }, { "load", "ingest" },
	{ "rm", "erase" }, { "delete", "erase" }, { "claim", "next" },
	{ "accept", "decide" }, { "approve", "decide" }, { "edit", "decide" },
	{ "reject", "decide" }, { "escalate", "decide" }, { "undo", "decide" },
	{ "status", "stats" }, { "count", "stats" }, { "lint", "policy" },
	{ "validate", "check" }, { "server", "serve" }, { "fsck", "doctor" }
};

int
help_unknown(const char *name)
{
	char line[512], hint[NEAR_TEXT];
	size_t i;

	(void)near_hint(hint, slice_of(name), command_name, NULL);
	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (strcmp(name, others[i][0]) == 0)
			(void)snprintf(hint, sizeof(hint), "; did you mean %s?",
			    others[i][1]);
	(void)snprintf(line, sizeof(line), "%.200s: no such command%s", name,
	    hint[0] == '\0' ? "; see handrail help" : hint);
	cmd_notice(line);
	return EXIT_UNABLE;
}

/* The i-th of the words, which stand one behind the other and end with an empty
 * one. */
static const char *
word_name(void *arg, size_t i)
{
	const char *p = arg;

	for (; i > 0 && *p != '\0'; i--)
		p += strlen(p) + 1;
	return *p == '\0' ? NULL : p;
}

void
help_word(const struct cmd *c, const char *word, char hint[NEAR_TEXT])
{
	char words[128] = "", *p;

	hint[0] = '\0';
	if (c->words == NULL || strlen(c->words) + 2 > sizeof(words))
		return;
	(void)snprintf(words, sizeof(words), "%s", c->words);
	for (p = words; (p = strchr(p, '|')) != NULL; p++)
		*p = '\0';
	for (p = words; *p != '\0'; p += strlen(p) + 1)
		if (strcmp(p, word) == 0)
			return;
	(void)near_hint(hint, slice_of(word), word_name, words);
}

static int
help_run(struct cmd_run *run)
{
	const struct cmd *c;
	const char *shell = cmd_value(run, "completion");

	if (shell != NULL) {
		if (complete_print(stdout, shell))
			return EXIT_WELL;
		return cmd_usage(run, "--completion %s: bash, zsh or fish is "
		    "wanted", shell);
	}
	if (run->argc == 0) {
		help_main(stdout);
		return EXIT_WELL;
	}
	if ((c = cmd_find(run->argv[0])) == NULL)
		return help_unknown(run->argv[0]);
	help_command(stdout, c);
	return EXIT_WELL;
}

static const struct cmd_option help_options[] = {
	{ "completion", 0, "SHELL", "print the completion for bash, zsh or fish" },
	{ NULL, 0, NULL, NULL }
};
const struct cmd cmd_help = {
	"help", "[COMMAND]", "what there is, or what one command takes",
	help_options, NULL, help_run
};

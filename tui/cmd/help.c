#include "tui/cmd/help.h"

#include <stdlib.h>

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

/* How many letters have to change (Levenshtein). */
static size_t
distance(const char *a, const char *b)
{
	size_t row[32], n = strlen(b), i, j, corner, up;

	if (n >= sizeof(row) / sizeof(row[0]) || strlen(a) >= 32)
		return SIZE_MAX;
	for (j = 0; j <= n; j++)
		row[j] = j;
	for (i = 0; a[i] != '\0'; i++) {
		corner = row[0];
		row[0] = i + 1;
		for (j = 0; j < n; j++) {
			up = row[j + 1];
			row[j + 1] = corner + (a[i] != b[j]);
			if (up + 1 < row[j + 1])
				row[j + 1] = up + 1;
			if (row[j] + 1 < row[j + 1])
				row[j + 1] = row[j] + 1;
			corner = up;
		}
	}
	return row[n];
}

int
help_unknown(const char *name)
{
	char line[512];
	const char *near = NULL;
	size_t i, d, best = 3;

	for (i = 0; cmd_table[i] != NULL; i++)
		if ((d = distance(name, cmd_table[i]->name)) < best) {
			best = d;
			near = cmd_table[i]->name;
		}
	if (near != NULL)
		(void)snprintf(line, sizeof(line), "%s: no such command; did you "
		    "mean %s?", name, near);
	else
		(void)snprintf(line, sizeof(line), "%s: no such command; see "
		    "handrail help", name);
	cmd_notice(line);
	return EXIT_UNABLE;
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

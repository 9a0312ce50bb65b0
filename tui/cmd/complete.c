#include "tui/cmd/complete.h"

#include "core/shape/shape.h"
#include "queue/export/format.h"
#include "tui/cmd/help.h"

static const char *
format_name(size_t i)
{
	return export_formats[i].name;
}

static const char	*shell_name(size_t);

/* The options that take one of a few values: a list, or a function that has it. */
static const struct choice {
	const char	*cmd, *option;
	const char	*words;
	const char	*(*name)(size_t);	/* ends with NULL */
} choices[] = {
	{ "ingest", "format", NULL, shape_name },
	{ "check", "format", NULL, shape_name },
	{ "ask", "format", NULL, shape_name },
	{ "eval", "format", NULL, shape_name },
	{ "probe", "format", NULL, shape_name },
	{ "review", "state", "flagged escalated", NULL },
	{ "next", "state", "flagged escalated", NULL },
	{ "list", "state", "flagged escalated approved accepted edited rejected "
	    "all", NULL },
	{ "export", "format", NULL, format_name },
	{ "ask", "on-timeout", "fallback reject", NULL },
	{ "run", "format", "promptfoo inspect openai oaieval langfuse mlflow", NULL },
	{ "prompt", "format", "langfuse mlflow", NULL },
	{ "help", "completion", NULL, shell_name }
};

static const struct choice *
choice_of(const struct cmd *c, const struct cmd_option *o)
{
	size_t i;

	for (i = 0; c != NULL && i < sizeof(choices) / sizeof(choices[0]); i++)
		if (strcmp(choices[i].cmd, c->name) == 0 &&
		    strcmp(choices[i].option, o->name) == 0)
			return &choices[i];
	return NULL;
}

static void
put_choice(FILE *f, const struct choice *c)
{
	size_t i;

	if (c->words != NULL)
		(void)fputs(c->words, f);
	for (i = 0; c->name != NULL && c->name(i) != NULL; i++)
		(void)fprintf(f, "%s%s", i == 0 ? "" : " ", c->name(i));
}

static bool
takes_file(const struct cmd_option *o)
{
	return o->arg != NULL && (strcmp(o->arg, "FILE") == 0 ||
	    strcmp(o->arg, "STORE") == 0 || strcmp(o->arg, "POLICY") == 0);
}

static bool
wants_file(const struct cmd *c)
{
	return strstr(c->args, "FILE") != NULL || strcmp(c->args, "SUITE") == 0;
}

/* Text inside single quotes of a shell. */
static void
quoted(FILE *f, const char *s)
{
	for (; *s != '\0'; s++) {
		if (*s == '\'')
			(void)fputs("'\\''", f);
		else
			(void)fputc(*s, f);
	}
}

static void
put_commands(FILE *f)
{
	size_t i;

	for (i = 0; cmd_table[i] != NULL; i++)
		(void)fprintf(f, "%s%s", i == 0 ? "" : " ", cmd_table[i]->name);
}

/* The words between bars up to the end or the bracket. */
static void
put_words(FILE *f, const char *bars)
{
	for (; *bars != '\0' && *bars != ')'; bars++)
		(void)fputc(*bars == '|' ? ' ' : *bars, f);
}

/* Are there words for operand `at` (0, 1)? */
static bool
has_operand(const struct cmd *c, int at)
{
	return at == 0 ? c->words != NULL || strcmp(c->args, "[COMMAND]") == 0 :
	    strchr(c->args, '(') != NULL;
}

static void
put_operand(FILE *f, const struct cmd *c, int at)
{
	if (at == 1)
		put_words(f, strchr(c->args, '(') + 1);
	else if (c->words != NULL)
		put_words(f, c->words);
	else
		put_commands(f);
}

/* "CMD -x"|"CMD --long" of an option, as a pattern of a shell's `case`. */
static void
put_pattern(FILE *f, const char *cmd, const struct cmd_option *o,
    const char *between)
{
	if (o->letter != 0)
		(void)fprintf(f, "%s' -%c'%s", cmd, o->letter, between);
	(void)fprintf(f, "%s' --%s'", cmd, o->name);
}

static void
bash_values(FILE *f, const struct cmd *c, const struct cmd_option *o)
{
	const struct choice *choice;

	for (; o->name != NULL; o++) {
		choice = choice_of(c, o);
		if (choice == NULL && !takes_file(o))
			continue;
		(void)fputs("\t\t", f);
		put_pattern(f, c == NULL ? "*" : c->name, o, "|");
		if (choice == NULL)
			(void)fputs(") files=1 ;;\n", f);
		else {
			(void)fputs(") words='", f);
			put_choice(f, choice);
			(void)fputs("' ;;\n", f);
		}
	}
}

static void
bash_takes(FILE *f, const char *cmd, const struct cmd_option *o)
{
	for (; o->name != NULL; o++)
		if (o->arg != NULL) {
			(void)fputs("\t\t", f);
			put_pattern(f, cmd, o, "|");
			(void)fputs(") opt=\"$cmd $w\" ;;\n", f);
		}
}

static void
bash_options(FILE *f, const struct cmd_option *o)
{
	for (; o->name != NULL; o++)
		(void)fprintf(f, " --%s", o->name);
}

static void
bash_operands(FILE *f)
{
	const struct cmd *c;
	size_t i;
	int at;

	(void)fputs("\t\tcase $cmd:$n in\n\t\t:0) words='", f);
	put_commands(f);
	(void)fputs("' ;;\n", f);
	for (i = 0; (c = cmd_table[i]) != NULL; i++) {
		for (at = 0; at < 2; at++)
			if (has_operand(c, at)) {
				(void)fprintf(f, "\t\t%s:%d) words='", c->name,
				    at);
				put_operand(f, c, at);
				(void)fputs("' ;;\n", f);
			}
		if (wants_file(c))
			(void)fprintf(f, "\t\t%s:*) files=1 ;;\n", c->name);
		else if (c->args[0] == '\0')
			(void)fprintf(f, "\t\t%s:*) words=$options ;;\n",
			    c->name);
	}
	(void)fputs("\t\tesac\n", f);
}

static void
bash(FILE *f)
{
	size_t i;

	(void)fputs("# bash completion for handrail\n_handrail() {\n"
	    "\tlocal cur=${COMP_WORDS[COMP_CWORD]} cmd= opt= words= files= "
	    "options= n=0 w i\n\tlocal -a found\n"
	    "\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
	    "\t\tw=${COMP_WORDS[i]}\n"
	    "\t\tif [[ -n $opt ]]; then [[ $w == '=' ]] || opt=; continue; fi\n"
	    "\t\tcase \"$cmd $w\" in\n", f);
	bash_takes(f, "*", cmd_globals);
	for (i = 0; cmd_table[i] != NULL; i++)
		bash_takes(f, cmd_table[i]->name, cmd_table[i]->options);
	(void)fputs("\t\t*' '-*) ;;\n"
	    "\t\t*) if [[ -z $cmd ]]; then cmd=$w; else ((n++)); fi ;;\n"
	    "\t\tesac\n\tdone\n\tcase $cmd in\n", f);
	for (i = 0; cmd_table[i] != NULL; i++) {
		(void)fprintf(f, "\t%s) options='", cmd_table[i]->name);
		bash_options(f, cmd_table[i]->options);
		(void)fputs("' ;;\n", f);
	}
	(void)fputs("\tesac\n\toptions+='", f);
	bash_options(f, cmd_globals);
	(void)fputs("'\n\tif [[ -n $opt ]]; then\n"
	    "\t\t[[ $cur == '=' ]] && cur=\n\t\tcase $opt in\n", f);
	bash_values(f, NULL, cmd_globals);
	for (i = 0; cmd_table[i] != NULL; i++)
		bash_values(f, cmd_table[i], cmd_table[i]->options);
	(void)fputs("\t\tesac\n\telif [[ $cur == -* ]]; then\n"
	    "\t\twords=$options\n\telse\n", f);
	bash_operands(f);
	(void)fputs("\tfi\n\tCOMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
	    "\t[[ -n $files ]] || return 0\n"
	    "\tcompopt -o filenames 2>/dev/null\n"
	    "\tmapfile -t found < <(compgen -f -- \"$cur\")\n"
	    "\tCOMPREPLY+=(\"${found[@]}\")\n}\n"
	    "complete -F _handrail handrail\n", f);
}

/* An option's help inside the brackets of _arguments. */
static void
zsh_help(FILE *f, const char *s)
{
	for (; *s != '\0'; s++) {
		if (*s == '\'')
			(void)fputs("'\\''", f);
		else if (strchr("[]:", *s) != NULL)
			(void)fprintf(f, "\\%c", *s);
		else
			(void)fputc(*s, f);
	}
}

static void
zsh_option(FILE *f, const struct cmd *c, const struct cmd_option *o,
    bool letter)
{
	const struct choice *choice = choice_of(c, o);

	(void)fputs(" \\\n\t\t\t'", f);
	if (o->letter != 0)
		(void)fprintf(f, "(-%c --%s)", o->letter, o->name);
	if (letter)
		(void)fprintf(f, "-%c[", o->letter);
	else
		(void)fprintf(f, "--%s%s[", o->name, o->arg == NULL ? "" : "=");
	zsh_help(f, o->help);
	(void)fputc(']', f);
	if (o->arg != NULL)
		(void)fprintf(f, ":%s:%s", o->arg, takes_file(o) ? "_files" :
		    choice == NULL ? " " : "(");
	if (choice != NULL) {
		put_choice(f, choice);
		(void)fputc(')', f);
	}
	(void)fputc('\'', f);
}

static void
zsh_options(FILE *f, const struct cmd *c, const struct cmd_option *o)
{
	for (; o->name != NULL; o++) {
		if (o->letter != 0)
			zsh_option(f, c, o, true);
		zsh_option(f, c, o, false);
	}
}

static void
zsh_command(FILE *f, const struct cmd *c)
{
	int at;

	(void)fprintf(f, "\t\t%s) _arguments", c->name);
	zsh_options(f, c, c->options);
	zsh_options(f, NULL, cmd_globals);
	for (at = 0; at < 2; at++) {
		if (has_operand(c, at)) {
			(void)fprintf(f, " \\\n\t\t\t'%d: :(", at + 1);
			put_operand(f, c, at);
			(void)fputs(")'", f);
		} else if (at == 0 && strncmp(c->args, "ID", 2) == 0)
			(void)fputs(" \\\n\t\t\t'1:ID: '", f);
	}
	if (wants_file(c))
		(void)fputs(" \\\n\t\t\t'*:file:_files'", f);
	(void)fputs(" ;;\n", f);
}

static void
zsh(FILE *f)
{
	size_t i;

	(void)fputs("#compdef handrail\n_handrail() {\n"
	    "\tlocal curcontext=$curcontext state line\n"
	    "\t_arguments -C", f);
	zsh_options(f, NULL, cmd_globals);
	(void)fputs(" \\\n\t\t\t'1:command:->command' '*::arg:->args'\n"
	    "\tcase $state in\n\tcommand)\n\t\tlocal -a commands=(\n", f);
	for (i = 0; cmd_table[i] != NULL; i++) {
		(void)fprintf(f, "\t\t\t'%s:", cmd_table[i]->name);
		quoted(f, cmd_table[i]->summary);
		(void)fputs("'\n", f);
	}
	(void)fputs("\t\t)\n\t\t_describe command commands ;;\n"
	    "\targs)\n\t\tcase $words[1] in\n", f);
	for (i = 0; cmd_table[i] != NULL; i++)
		zsh_command(f, cmd_table[i]);
	(void)fputs("\t\tesac ;;\n\tesac\n}\n"
	    "if [[ $funcstack[1] == _handrail ]]; then\n\t_handrail \"$@\"\n"
	    "else\n\tcompdef _handrail handrail\nfi\n", f);
}

static void
fish_takes(FILE *f, const char *cmd, const struct cmd_option *o)
{
	for (; o->name != NULL; o++)
		if (o->arg != NULL) {
			(void)fputs("\t\tcase ", f);
			put_pattern(f, cmd, o, " ");
			(void)fputs("\n\t\t\tset skip 1\n", f);
		}
}

static void
fish_options(FILE *f, const struct cmd *c, const struct cmd_option *o)
{
	const struct choice *choice;

	for (; o->name != NULL; o++) {
		(void)fputs("complete -c handrail", f);
		if (c != NULL)
			(void)fprintf(f, " -n '__handrail_at %s'", c->name);
		(void)fprintf(f, " -l %s", o->name);
		if (o->letter != 0)
			(void)fprintf(f, " -s %c", o->letter);
		if (o->arg != NULL)
			(void)fputs(takes_file(o) ? " -r -F" : " -x", f);
		if ((choice = choice_of(c, o)) != NULL) {
			(void)fputs(" -a '", f);
			put_choice(f, choice);
			(void)fputc('\'', f);
		}
		(void)fputs(" -d '", f);
		quoted(f, o->help);
		(void)fputs("'\n", f);
	}
}

static void
fish_command(FILE *f, const struct cmd *c)
{
	int at;

	(void)fprintf(f, "complete -c handrail -n \"__handrail_at ''\" -a %s -d '",
	    c->name);
	quoted(f, c->summary);
	(void)fputs("'\n", f);
	for (at = 0; at < 2; at++)
		if (has_operand(c, at)) {
			(void)fprintf(f, "complete -c handrail -n "
			    "'__handrail_at %s %d' -a '", c->name, at);
			put_operand(f, c, at);
			(void)fputs("'\n", f);
		}
	if (wants_file(c))
		(void)fprintf(f, "complete -c handrail -n '__handrail_at %s%s' "
		    "-F\n", c->name, has_operand(c, 0) ? " 1" : "");
	fish_options(f, c, c->options);
}

static void
fish(FILE *f)
{
	size_t i;

	(void)fputs("# fish completion for handrail\n"
	    "# Is CMD the command so far, with N operands behind it?\n"
	    "function __handrail_at\n"
	    "\tset -l cmd ''\n\tset -l n 0\n\tset -l skip\n"
	    "\tfor w in (commandline -opc)[2..-1]\n"
	    "\t\tif set -q skip[1]\n\t\t\tset skip\n\t\t\tcontinue\n\t\tend\n"
	    "\t\tswitch \"$cmd $w\"\n", f);
	fish_takes(f, "'*'", cmd_globals);
	for (i = 0; cmd_table[i] != NULL; i++)
		fish_takes(f, cmd_table[i]->name, cmd_table[i]->options);
	(void)fputs("\t\tcase '* -*'\n\t\tcase '*'\n"
	    "\t\t\tif test -z \"$cmd\"\n\t\t\t\tset cmd $w\n"
	    "\t\t\telse\n\t\t\t\tset n (math $n + 1)\n\t\t\tend\n"
	    "\t\tend\n\tend\n\ttest \"$cmd\" = \"$argv[1]\"\n"
	    "\tand begin\n\t\ttest (count $argv) -eq 1\n"
	    "\t\tor test \"$n\" = \"$argv[2]\"\n\tend\nend\n"
	    "complete -c handrail -f\n", f);
	fish_options(f, NULL, cmd_globals);
	for (i = 0; cmd_table[i] != NULL; i++)
		fish_command(f, cmd_table[i]);
}

static const struct {
	const char	*name;
	void		(*print)(FILE *);
} shells[] = {
	{ "bash", bash }, { "zsh", zsh }, { "fish", fish }
};

static const char *
shell_name(size_t i)
{
	return i < sizeof(shells) / sizeof(shells[0]) ? shells[i].name : NULL;
}

bool
complete_print(FILE *f, const char *shell)
{
	size_t i;

	for (i = 0; i < sizeof(shells) / sizeof(shells[0]); i++)
		if (strcmp(shells[i].name, shell) == 0) {
			shells[i].print(f);
			return true;
		}
	return false;
}

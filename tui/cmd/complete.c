#include "tui/cmd/complete.h"

#include "tui/cmd/help.h"

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
words(FILE *f, const char *bars)
{
	for (; bars != NULL && *bars != '\0'; bars++)
		(void)fputc(*bars == '|' ? ' ' : *bars, f);
}

static void
bash_options(FILE *f, const struct cmd_option *o)
{
	for (; o->name != NULL; o++)
		(void)fprintf(f, " --%s", o->name);
}

static void
bash(FILE *f)
{
	size_t i;

	(void)fputs("# bash completion for handrail\n_handrail() {\n"
	    "\tlocal cur=${COMP_WORDS[COMP_CWORD]} cmd= w i\n"
	    "\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
	    "\t\tw=${COMP_WORDS[i]}\n"
	    "\t\tcase $w in -d|-p|--store|--policy|--wait) ((i++)) ;; -*) ;; "
	    "*) cmd=$w; break ;; esac\n\tdone\n\tlocal words=\n"
	    "\tcase $cmd in\n\t'') words='", f);
	for (i = 0; cmd_table[i] != NULL; i++)
		(void)fprintf(f, "%s%s", i == 0 ? "" : " ", cmd_table[i]->name);
	bash_options(f, cmd_globals);
	(void)fputs("' ;;\n", f);
	for (i = 0; cmd_table[i] != NULL; i++) {
		(void)fprintf(f, "\t%s) words='", cmd_table[i]->name);
		words(f, cmd_table[i]->words);
		bash_options(f, cmd_table[i]->options);
		bash_options(f, cmd_globals);
		(void)fputs("' ;;\n", f);
	}
	(void)fputs("\tesac\n"
	    "\tCOMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
	    "\t[[ $cur != -* ]] && COMPREPLY+=($(compgen -f -- \"$cur\"))\n}\n"
	    "complete -o filenames -F _handrail handrail\n", f);
}

static void
zsh_options(FILE *f, const struct cmd_option *o)
{
	for (; o->name != NULL; o++) {
		(void)fprintf(f, " '--%s[", o->name);
		for (const char *s = o->help; *s != '\0'; s++) {
			if (*s == '\'')
				(void)fputs("'\\''", f);
			else if (*s == '[' || *s == ']' || *s == ':')
				(void)fprintf(f, "\\%c", *s);
			else
				(void)fputc(*s, f);
		}
		(void)fprintf(f, "]%s%s%s'", o->arg == NULL ? "" : ":",
		    o->arg == NULL ? "" : o->arg, o->arg == NULL ? "" :
		    ":_files");
	}
}

static void
zsh(FILE *f)
{
	size_t i;

	(void)fputs("#compdef handrail\n_handrail() {\n\tlocal state\n"
	    "\t_arguments -C", f);
	zsh_options(f, cmd_globals);
	(void)fputs(" '1:command:->command' '*::arg:->args'\n"
	    "\tcase $state in\n\tcommand)\n\t\tlocal -a commands=(\n", f);
	for (i = 0; cmd_table[i] != NULL; i++) {
		(void)fprintf(f, "\t\t\t'%s:", cmd_table[i]->name);
		quoted(f, cmd_table[i]->summary);
		(void)fputs("'\n", f);
	}
	(void)fputs("\t\t)\n\t\t_describe command commands ;;\n"
	    "\targs)\n\t\tcase $words[1] in\n", f);
	for (i = 0; cmd_table[i] != NULL; i++) {
		(void)fprintf(f, "\t\t%s) _arguments", cmd_table[i]->name);
		zsh_options(f, cmd_table[i]->options);
		zsh_options(f, cmd_globals);
		if (cmd_table[i]->words != NULL) {
			(void)fputs(" '1: :(", f);
			words(f, cmd_table[i]->words);
			(void)fputs(")'", f);
		}
		(void)fputs(" '*:file:_files' ;;\n", f);
	}
	(void)fputs("\t\tesac ;;\n\tesac\n}\n_handrail \"$@\"\n", f);
}

static void
fish_options(FILE *f, const char *cmd, const struct cmd_option *o)
{
	for (; o->name != NULL; o++) {
		(void)fputs("complete -c handrail", f);
		if (cmd != NULL)
			(void)fprintf(f, " -n '__fish_seen_subcommand_from %s'",
			    cmd);
		(void)fprintf(f, " -l %s", o->name);
		if (o->letter != 0)
			(void)fprintf(f, " -s %c", o->letter);
		(void)fprintf(f, "%s -d '", o->arg == NULL ? "" : " -r");
		quoted(f, o->help);
		(void)fputs("'\n", f);
	}
}

static void
fish(FILE *f)
{
	size_t i;

	(void)fputs("# fish completion for handrail\n", f);
	fish_options(f, NULL, cmd_globals);
	for (i = 0; cmd_table[i] != NULL; i++) {
		(void)fprintf(f, "complete -c handrail -n __fish_use_subcommand "
		    "-a %s -d '", cmd_table[i]->name);
		quoted(f, cmd_table[i]->summary);
		(void)fputs("'\n", f);
		if (cmd_table[i]->words != NULL) {
			(void)fprintf(f, "complete -c handrail -n "
			    "'__fish_seen_subcommand_from %s' -a '",
			    cmd_table[i]->name);
			words(f, cmd_table[i]->words);
			(void)fputs("'\n", f);
		}
		fish_options(f, cmd_table[i]->name, cmd_table[i]->options);
	}
}

static const struct {
	const char	*name;
	void		(*print)(FILE *);
} shells[] = {
	{ "bash", bash }, { "zsh", zsh }, { "fish", fish }
};

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

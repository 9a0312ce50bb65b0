#include "tui/cmd/action.h"

#include <stdio.h>

/* The first option given that the action does not take. */
static const char *
misplaced(const struct cmd_run *run, const char *takes)
{
	const struct cmd_option *o = run->cmd->options;
	char word[32];
	size_t i;

	for (i = 0; o[i].name != NULL; i++) {
		(void)snprintf(word, sizeof(word), "%s ", o[i].name);
		if (run->value[i] != NULL && strstr(takes, word) == NULL)
			return o[i].name;
	}
	return NULL;
}

/* "add, list or show is wanted" */
static int
none_named(struct cmd_run *run, const struct cmd_action *a)
{
	char names[256];
	size_t n = 0, i;

	for (i = 0; a[i].name != NULL && n < sizeof(names); i++)
		n += (size_t)snprintf(names + n, sizeof(names) - n, "%s%s",
		    i == 0 ? "" : a[i + 1].name == NULL ? " or " : ", ",
		    a[i].name);
	return cmd_usage(run, "%s is wanted", names);
}

int
cmd_act(struct cmd_run *run, const struct cmd_action *actions)
{
	const struct cmd_action *a = actions;
	const char *wrong;

	while (run->argc > 0 && a->name != NULL &&
	    strcmp(a->name, run->argv[0]) != 0)
		a++;
	if (run->argc == 0 || a->name == NULL)
		return none_named(run, actions);
	if (run->argc > a->operands)
		return cmd_usage(run, "%s: one operand too many for %s %s",
		    run->argv[a->operands], run->cmd->name, a->name);
	if ((wrong = misplaced(run, a->takes)) != NULL)
		return cmd_usage(run, "--%s does not go with %s %s", wrong,
		    run->cmd->name, a->name);
	return a->run(run);
}

#include <stdio.h>

#include "tui/cmd/cmd.h"
#include "tui/version.h"

static int
version_cmd(struct cmd_run *run)
{
	(void)run;
	(void)printf("handrail %s\n", HANDRAIL_VERSION);
	return EXIT_WELL;
}

static const struct cmd_option options[] = { { NULL, 0, NULL, NULL } };
const struct cmd cmd_version = {
	"version", "", "the program's version", options, NULL, version_cmd
};

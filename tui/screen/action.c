#include "tui/screen/action.h"

#define ACTION_ROW(id, name, group, needs, help) \
	{ name, GROUP_##group, needs, help },
const struct action_row action_rows[ACTION_COUNT] = { ACTIONS(ACTION_ROW) };

const char *const action_groups[] = {
	[GROUP_MOVE] = "Moving", [GROUP_READ] = "Reading",
	[GROUP_LIST] = "The list", [GROUP_DECIDE] = "Deciding",
	[GROUP_SCREEN] = "The screen"
};

bool
action_from(struct slice name, enum action *out)
{
	int i;

	for (i = 0; i < ACTION_COUNT; i++) {
		if (slice_is(name, action_rows[i].name)) {
			*out = (enum action)i;
			return true;
		}
	}
	return false;
}

const char *
action_name(void *arg, size_t i)
{
	(void)arg;
	return i < ACTION_COUNT ? action_rows[i].name : NULL;
}

/* Every command, in the order of the help. */
#include "tui/cmd/cmd.h"

extern const struct cmd cmd_demo, cmd_init, cmd_ingest, cmd_check, cmd_review,
    cmd_list, cmd_show, cmd_next, cmd_decide, cmd_lease, cmd_releases, cmd_serve,
    cmd_ask, cmd_hook, cmd_metrics, cmd_eval, cmd_probe, cmd_run, cmd_export, cmd_audit,
    cmd_policy, cmd_schema, cmd_prompt, cmd_bundle, cmd_reroute, cmd_search, cmd_stats,
    cmd_erase, cmd_purge, cmd_backup, cmd_restore, cmd_doctor, cmd_version, cmd_help;

const struct cmd *const cmd_table[] = {
	&cmd_demo, &cmd_init, &cmd_ingest, &cmd_check, &cmd_review, &cmd_list,
	&cmd_show, &cmd_next, &cmd_decide, &cmd_lease, &cmd_releases,
	&cmd_serve, &cmd_ask, &cmd_hook, &cmd_metrics, &cmd_eval, &cmd_probe, &cmd_run,
	&cmd_export, &cmd_audit, &cmd_policy, &cmd_schema, &cmd_prompt, &cmd_bundle,
	&cmd_reroute, &cmd_search, &cmd_stats, &cmd_erase, &cmd_purge, &cmd_backup,
	&cmd_restore, &cmd_doctor, &cmd_version, &cmd_help, NULL
};

/*
 * The commands: one row of cmd_table a command, one file here each.  The rows
 * are the only definition of options: parsing, --help and the completions for
 * bash, zsh and fish are made from them.
 */
#ifndef TUI_CMD_CMD_H
#define TUI_CMD_CMD_H

#include <signal.h>

#include "core/base/error.h"
#include "queue/session.h"

enum { EXIT_WELL = 0, EXIT_SHORT = 1, EXIT_UNABLE = 2 };

struct cmd_option {
	const char	*name;		/* long; NULL ends the table */
	char		 letter;	/* 0: none */
	const char	*arg;		/* NULL: a flag */
	const char	*help;
};

struct cmd_run;
struct cmd {
	const char		*name;
	/* Operands, for the usage lines: a "|" outside of brackets begins
	 * another one. */
	const char		*args;
	const char		*summary;
	const struct cmd_option	*options;
	const char		*words;		/* "a|b": what the first operand may be */
	int			(*run)(struct cmd_run *);
};
extern const struct cmd *const cmd_table[];	/* ends with NULL */
const struct cmd *cmd_find(const char *name);

#define CMD_OPTIONS_MAX	24
#define CMD_GIVEN_MAX	128	/* of one call that cmd_values() knows */

/* One call of a command, its words taken apart. */
struct cmd_run {
	const struct cmd	*cmd;
	const char		*store;		/* never NULL */
	bool			 store_named;	/* by -d, not as it is else */
	const char		*policy;	/* NULL: not given */
	int64_t			 wait_ms;
	const char		*value[CMD_OPTIONS_MAX];	/* by option */
	struct {
		size_t		 option;
		const char	*value;
	}			 given[CMD_GIVEN_MAX];	/* as they came */
	size_t			 ngiven;
	int			 argc;		/* operands */
	char			**argv;
	struct error		 err;
};

/* The value of an option, "" for a flag that is set, NULL where it is not set, or
 * where the command has none of the name: `demo` runs what `review` does. */
const char	*cmd_value(const struct cmd_run *, const char *name);

/* Every value of an option that may be given more than once, max at most. */
size_t		 cmd_values(const struct cmd_run *, const char *name,
		    const char **out, size_t max);

/*
 * One line on standard error, "handrail: COMMAND: WHY", safe on any terminal;
 * returns the exit code that the status means.
 */
int		 cmd_fail(struct cmd_run *);
/* The same for what kept the command from running at all. */
int		 cmd_unable(struct cmd_run *);
/* And names the help, unless it ends with a question. */
int		 cmd_usage(struct cmd_run *, const char *fmt, ...) PRINTF(2, 3);
/* The same line for what does not end the command. */
void		 cmd_complain(const struct cmd_run *, const char *line);
void		 cmd_notice(const char *line);
/* cmd_complain() once what was printed is read: behind the pager, where there is
 * one. */
void		 cmd_after(const struct cmd_run *, const char *line);

/* STATUS_INVALID with what a number or a time must look like. */
enum status	 cmd_number(struct cmd_run *, const char *option, int64_t min,
		    int64_t max, int64_t *) MUST_CHECK;
/* The shape that --format names, or NULL where it is not given.  An unknown one is
 * an error that lists the names. */
enum status	 cmd_shape(struct cmd_run *, const char **) MUST_CHECK;
/* A time as core/base/when.h has it, by the store's clock and of the
 * local day: cmd_when_ms() gives the moment, -1 where the option is absent. */
/* The file that --inputs or --scores names, or NULL; both are STATUS_INVALID. */
enum status	 cmd_inputs(struct cmd_run *, const char **) MUST_CHECK;
/* RFC 3339, a date, or an age ("7d", "24h", "90m"), counted back from the store's
 * time: cmd_when_ms() gives the moment, -1 where the option is absent. */
struct cmd_when {
	const char	*text;		/* NULL: the option is absent */
};
enum status	 cmd_time(struct cmd_run *, const char *option,
		    struct cmd_when *) MUST_CHECK;
int64_t		 cmd_when_ms(const struct cmd_when *, const struct session *);
/* "7d", "24h", "90m", "30s" into milliseconds; false if not one. */
bool		 cmd_parse_age(const char *, int64_t *ms);

enum { CMD_WRITES = 1, CMD_CREATES = 2, CMD_ANY_POLICY = 4,
    CMD_ANY_VERSION = 8 };
/* Opens a session as the one whom the kernel names; `who` is filled in here. */
enum status	 cmd_open(struct cmd_run *, struct session **,
		    struct session_options) MUST_CHECK;
/* Opens the store that the words name; NULL after cmd_fail's line: return
 * EXIT_UNABLE then. */
struct session	*cmd_session(struct cmd_run *, int flags);

/* A mistyped --queue must not look like an empty queue: STATUS_INVALID where
 * neither the policy nor the store knows it.  cmd_queue_soon() lets pass what may
 * still come: policy_doubts_queue() says what looks mistyped. */
enum status	 cmd_queue(struct cmd_run *, struct session *) MUST_CHECK;
enum status	 cmd_queue_soon(struct cmd_run *, struct session *) MUST_CHECK;

/* The bytes of a file, or of standard input for "-", 8 MiB at most. */
enum status	 cmd_read(struct cmd_run *, const char *path, struct buf *)
		    MUST_CHECK;

/* Prints what is in the buffer to standard output and empties it.  What in it no
 * terminal may have is escaped, whoever put it there. */
enum status	 cmd_print(struct buf *, struct error *) MUST_CHECK;
/* The very bytes, for a file or another program: not on a terminal. */
enum status	 cmd_print_raw(struct buf *, struct error *) MUST_CHECK;
/* Does standard output end on a terminal, a pager's too? */
bool		 cmd_on_terminal(void);
/* From here on standard output goes to a pager, where it is a terminal. */
void		 cmd_pager(void);
/* Columns of the terminal, a pager's too, or 0 where standard output is none. */
size_t		 cmd_columns(void);

/* For measuring how long something takes; no point in time. */
int64_t		 cmd_clock_ns(void);

/* Set by SIGINT and SIGTERM once cmd_catch_stop() was called. */
extern volatile sig_atomic_t cmd_stop;
void		 cmd_catch_stop(void);

#endif

/* Runs of suites beside their leaves. */
#ifndef DB_AUDIT_VERIFY_EVAL_H
#define DB_AUDIT_VERIFY_EVAL_H

#include "db/audit/verify_run.h"

/* The run of a leaf: its row, and its results by the hash of their lines. */
enum status	verify_eval(struct verify *, struct error *) MUST_CHECK;
/* The label that a leaf moved. */
enum status	verify_eval_label(struct verify *, struct error *) MUST_CHECK;
/* Runs and labels that no leaf stands for. */
enum status	verify_evals_end(struct verify *, struct error *) MUST_CHECK;

#endif

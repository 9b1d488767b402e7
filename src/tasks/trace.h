/* Records every task that StarPU runs in this process, without the codelets' doing: the scheduling policy is
 * the same one with hooks before and after each task. */
#ifndef ARETE_TASKS_TRACE_H
#define ARETE_TASKS_TRACE_H

#include "base/error.h"

#include <stdbool.h>

struct starpu_conf;

/* Asks for a trace of this process in the file `path` (trace_file.h), appended to an earlier one or in its
 * place. Before runtime_start. Times count from began_s of clock_seconds. */
int trace_start(const char *path, bool append, double began_s, struct error *err);

/* The hooks around the policy that conf names, when a trace was asked for. For runtime_start. */
void trace_attach(struct starpu_conf *conf);

/* Ends the trace: after runtime_stop, or at any time in a process that is about to leave; a no-op when there
 * is none. A trace that could not be written is reported here; it never stops a run. */
int trace_stop(struct error *err);

#endif

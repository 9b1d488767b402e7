/* Records every task that StarPU runs in this process. Codelets need not know: the scheduling policy is
 * replaced by a copy of itself with hooks before and after each task. */
#ifndef ARETE_TASKS_TRACE_H
#define ARETE_TASKS_TRACE_H

#include "base/error.h"

#include <stdbool.h>

struct starpu_conf;

/* Asks for a trace of this process in the file `path` (tasks/trace_file.h). append: adds to an older file;
 * else that is replaced. Times count from began_s, a time of clock_seconds. Call it before runtime_start. */
int trace_start(const char *path, bool append, double began_s, struct error *err);

/* Puts the hooks around the policy that conf names, if a trace was asked for. For runtime_start. */
void trace_attach(struct starpu_conf *conf);

/* Ends the trace, if there is one: after runtime_stop, once no task is left, or at any time in a process that
 * is about to end. A
 * trace that could not be written is reported here; it never stops a run. */
int trace_stop(struct error *err);

#endif

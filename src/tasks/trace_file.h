/* The file that says what every worker did when: tab-separated, one row for each task, in the order in which
 * tasks end (columns: docs/study-file.md).
 *
 * Each run of a campaign adds a section: a line "# arete-trace 1 workers=W began=UNIX_SECONDS", then rows
 * whose times count from there, then "# ended=SECONDS peak_memory_bytes=B" unless it was killed. The size
 * stays bounded: after most_single rows, one row sums up all tasks of a name on a worker within window_s
 * seconds. */
#ifndef ARETE_TASKS_TRACE_FILE_H
#define ARETE_TASKS_TRACE_FILE_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { TRACE_FILE_MOST_SUMS = 512 };

struct trace_task {
    const char *name; /* must stay valid while the file is open; compared as text */
    int worker;       /* from 0 */
    double start_s, end_s;
    int64_t memory_bytes; /* in use by the process when the task ended */
};

/* A row that sums up the tasks of one name on one worker. */
struct trace_sum {
    struct trace_task task; /* its first start, last end, most memory */
    double busy_s;
    int64_t count;
};

struct trace_file {
    char *path;
    FILE *file;          /* NULL until the first task */
    int failed;          /* errno of the first call that failed; nothing is written after it */
    bool append;         /* else an older file is replaced */
    int64_t most_single; /* rows for single tasks */
    double window_s;
    int64_t n_single;
    double flushed_s, window_start_s;
    size_t n_sums;
    struct trace_sum sums[TRACE_FILE_MOST_SUMS];
};

/* Whether `path` may be replaced by a trace: 0 for one, and where nothing is. */
int trace_file_check(const char *path, struct error *err);

/* Writes nothing before the first task, since until then a run may still be refused. */
int trace_file_init(struct trace_file *trace, const char *path, bool append, int64_t most_single,
                    double window_s, struct error *err);

/* Adds a task; tasks come in the order in which they end. began_unix_s and n_workers are used with the first
 * one. One thread at a time. A run that is killed loses its last second. */
void trace_file_add(struct trace_file *trace, const struct trace_task *task, double began_unix_s,
                    int n_workers);

/* Writes what is left and closes the file. A write that failed at any time is reported here. */
int trace_file_close(struct trace_file *trace, double ended_s, int64_t peak_bytes, struct error *err);

#endif

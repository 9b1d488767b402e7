/* The trace of a run (tasks/trace_file.h) as a picture needs it: how many workers did what in each stretch of
 * time, and the memory. However long the file, it is read twice and kept in bins. */
#ifndef ARETE_REPORT_TRACE_READ_H
#define ARETE_REPORT_TRACE_READ_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TRACE_READ_BINS = 320, TRACE_READ_KINDS = 24, TRACE_READ_RUNS = 64, TRACE_READ_NAME = 48 };

/* One run of the campaign, which may have several. */
struct trace_run {
    double began_unix_s;
    double start_s,
        seconds; /* where it stands among all, without the time between them, and how long it took */
    int n_workers;
    int64_t peak_bytes;
};

struct trace_read {
    struct trace_run run[TRACE_READ_RUNS];
    size_t n_runs;
    bool is_full;                                 /* no room for the run whose rows come */
    double seconds;                               /* of all runs */
    char kind[TRACE_READ_KINDS][TRACE_READ_NAME]; /* types of tasks, in the order in which they first ended */
    size_t n_kinds;
    double *busy;   /* TRACE_READ_KINDS x TRACE_READ_BINS: workers, the mean over the bin */
    double *memory; /* TRACE_READ_BINS: the most bytes; 0: no task ended in it */
};

/* Reads the file. One that is not there, or is no trace, has no run and is no error; lines that are no rows,
 * as a run that was killed may leave, are passed over, and so are runs and types beyond what there is room
 * for. Freed by trace_read_free, also after an error. */
int trace_read_file(struct trace_read *trace, const char *path, struct error *err);
void trace_read_free(struct trace_read *trace);

#endif

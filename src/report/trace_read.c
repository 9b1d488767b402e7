#include "report/trace_read.h"

#include "base/memory.h"
#include "base/open_file.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char header[] = "task\tstart_s\tend_s\tworker\tmemory_bytes\tcount\tbusy_s";
static const double most_seconds = 1e9,
                    least_seconds = 1e-9; /* of all runs together: of less there is no picture */
enum { LINE_BYTES = 256, MOST_WORKERS = 100000 };

struct row {
    char name[TRACE_READ_NAME];
    double start_s, end_s, busy_s;
    int64_t memory_bytes;
};

static bool read_row(const char *line, struct row *row)
{
    long long memory;
    int length = 0;
    int read = sscanf(line, "%47[^\t]\t%lf\t%lf\t%*d\t%lld\t%*d\t%lf%n", row->name, &row->start_s,
                      &row->end_s, &memory, &row->busy_s, &length);
    row->memory_bytes = memory;
    return read == 5 && line[length] == '\n' && row->name[0] != '#' && row->start_s >= 0 &&
           row->end_s >= row->start_s && row->end_s <= most_seconds && row->busy_s >= 0 &&
           row->busy_s <= most_seconds && memory >= 0;
}

/* A line about a run; whether it is one. */
static bool read_run(struct trace_read *trace, const char *line)
{
    struct trace_run run = {0};
    struct trace_run *last = trace->n_runs > 0 ? &trace->run[trace->n_runs - 1] : NULL;
    double ended;
    long long peak;
    if (sscanf(line, "# arete-trace 1 workers=%d began=%lf", &run.n_workers, &run.began_unix_s) == 2) {
        trace->is_full = trace->n_runs == TRACE_READ_RUNS || run.n_workers < 1 ||
                         run.n_workers > MOST_WORKERS || !(fabs(run.began_unix_s) < most_seconds * 1e3);
        if (!trace->is_full)
            trace->run[trace->n_runs++] = run;
        return true;
    }
    if (last != NULL && sscanf(line, "# ended=%lf peak_memory_bytes=%lld", &ended, &peak) == 2 &&
        ended >= 0 && ended <= most_seconds) {
        last->seconds = fmax(last->seconds, ended);
        last->peak_bytes = peak;
    }
    return line[0] == '#';
}

/* The first time: how long runs are. */
static void measure(struct trace_read *trace, FILE *file)
{
    char line[LINE_BYTES];
    struct row row;
    while (fgets(line, sizeof line, file) != NULL)
        if (!read_run(trace, line) && trace->n_runs > 0 && !trace->is_full && read_row(line, &row)) {
            struct trace_run *run = &trace->run[trace->n_runs - 1];
            run->seconds = fmax(run->seconds, row.end_s);
            if (row.memory_bytes > run->peak_bytes)
                run->peak_bytes = row.memory_bytes;
        }
    for (size_t k = 0; k < trace->n_runs; k++) {
        trace->run[k].start_s = trace->seconds;
        trace->seconds += trace->run[k].seconds;
    }
}

/* TRACE_READ_KINDS: there is no room for it. */
static size_t kind_of(struct trace_read *trace, const char *name)
{
    for (size_t k = 0; k < trace->n_kinds; k++)
        if (strcmp(trace->kind[k], name) == 0)
            return k;
    if (trace->n_kinds == TRACE_READ_KINDS)
        return TRACE_READ_KINDS;
    snprintf(trace->kind[trace->n_kinds], TRACE_READ_NAME, "%s", name);
    return trace->n_kinds++;
}

/* A row's time, evenly over the bins that it lies in. */
static void add_row(struct trace_read *trace, const struct trace_run *run, const struct row *row)
{
    double width = trace->seconds / TRACE_READ_BINS, start = run->start_s + row->start_s,
           end = run->start_s + row->end_s;
    size_t kind = kind_of(trace, row->name), last = TRACE_READ_BINS - 1;
    size_t first = (size_t)fmin(start / width, (double)last), final = (size_t)fmin(end / width, (double)last);
    for (size_t b = first; kind < TRACE_READ_KINDS && b <= final; b++) {
        double inside = fmin(end, width * (double)(b + 1)) - fmax(start, width * (double)b);
        double share = end > start ? fmax(inside, 0) / (end - start) : 0;
        trace->busy[kind * TRACE_READ_BINS + b] += row->busy_s * share / width;
    }
    trace->memory[final] = fmax(trace->memory[final], (double)row->memory_bytes);
}

/* The second time. */
static void fill(struct trace_read *trace, FILE *file)
{
    char line[LINE_BYTES];
    struct trace_read begun = {0}; /* its runs alone: which of them a row is of */
    struct row row;
    while (fgets(line, sizeof line, file) != NULL)
        if (!read_run(&begun, line) && begun.n_runs > 0 && !begun.is_full && read_row(line, &row))
            add_row(trace, &trace->run[begun.n_runs - 1], &row);
}

static bool begins_as_trace(FILE *file)
{
    char line[sizeof header + 1] = "";
    return fgets(line, sizeof line, file) != NULL && strncmp(line, header, sizeof header - 1) == 0 &&
           line[sizeof header - 1] == '\n';
}

int trace_read_file(struct trace_read *trace, const char *path, struct error *err)
{
    *trace = (struct trace_read){0};
    trace->busy =
        memory_zeroed((size_t)TRACE_READ_KINDS * TRACE_READ_BINS, sizeof *trace->busy, "the trace", err);
    trace->memory = memory_zeroed(TRACE_READ_BINS, sizeof *trace->memory, "the trace", err);
    struct error absent = {0};
    FILE *file = err->code == 0 ? open_file_stream(path, &absent) : NULL;
    if (file == NULL)
        return err->code;
    if (begins_as_trace(file)) {
        measure(trace, file);
        rewind(file);
        if (trace->seconds >= least_seconds)
            fill(trace, file);
        else
            trace->n_runs = 0;
    }
    fclose(file); /* it was only read */
    return 0;
}

void trace_read_free(struct trace_read *trace)
{
    free(trace->busy);
    free(trace->memory);
    *trace = (struct trace_read){0};
}

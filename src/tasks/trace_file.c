#include "tasks/trace_file.h"

#include "base/memory.h"
#include "base/open_file.h"
#include "base/replace.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const double flush_every_s = 1;

static const char header[] = "task\tstart_s\tend_s\tworker\tmemory_bytes\tcount\tbusy_s\n";
static const struct replace_kind kind = {
    .a_file = "a trace of arete", .begins = header, .begins_bytes = sizeof header - 1};

int trace_file_check(const char *path, struct error *err)
{
    return replace_check(path, &kind, err);
}

int trace_file_init(struct trace_file *trace, const char *path, bool append, int64_t most_single,
                    double window_s, struct error *err)
{
    *trace = (struct trace_file){.append = append, .most_single = most_single, .window_s = window_s};
    trace->path = memory_string(path, err);
    return err->code;
}

/* Begins on a new line: a run that was killed may have left half of one. */
static void begin_section(struct trace_file *trace, double began_unix_s, int n_workers)
{
    struct error other = {0};
    struct stat status;
    if (trace_file_check(trace->path, &other) != 0) { /* somebody's */
        trace->failed = stat(trace->path, &status) == 0 && S_ISDIR(status.st_mode) ? EISDIR : EEXIST;
        return;
    }
    int descriptor = open_file_append(trace->path, OPEN_FILE_PUBLIC, &other);
    if (descriptor >= 0 && (trace->append || ftruncate(descriptor, 0) == 0))
        trace->file = fdopen(descriptor, "a");
    if (trace->file == NULL && descriptor >= 0)
        close(descriptor);
    if (trace->file == NULL || fseek(trace->file, 0, SEEK_END) != 0) {
        trace->failed = errno != 0 ? errno : EINVAL;
        return;
    }
    if (ftell(trace->file) == 0)
        fputs(header, trace->file);
    else
        fprintf(trace->file, "\n");
    fprintf(trace->file, "# arete-trace 1 workers=%d began=%.6f\n", n_workers, began_unix_s);
}

static void write_row(struct trace_file *trace, const struct trace_sum *sum)
{
    const struct trace_task *task = &sum->task;
    fprintf(trace->file, "%s\t%.6f\t%.6f\t%d\t%lld\t%lld\t%.6f\n", task->name, task->start_s, task->end_s,
            task->worker, (long long)task->memory_bytes, (long long)sum->count, sum->busy_s);
}

static void write_sums(struct trace_file *trace)
{
    for (size_t i = 0; i < trace->n_sums; i++)
        write_row(trace, &trace->sums[i]);
    trace->n_sums = 0;
}

static struct trace_sum *sum_of(struct trace_file *trace, const struct trace_task *task)
{
    for (size_t i = 0; i < trace->n_sums; i++)
        if (trace->sums[i].task.worker == task->worker && strcmp(trace->sums[i].task.name, task->name) == 0)
            return &trace->sums[i];
    if (trace->n_sums == TRACE_FILE_MOST_SUMS)
        write_sums(trace);
    struct trace_sum *sum = &trace->sums[trace->n_sums++];
    *sum = (struct trace_sum){.task = *task};
    return sum;
}

static void add_to_sum(struct trace_file *trace, const struct trace_task *task)
{
    if (trace->n_sums == 0)
        trace->window_start_s = task->start_s;
    struct trace_sum *sum = sum_of(trace, task);
    sum->task.end_s = task->end_s;
    if (task->memory_bytes > sum->task.memory_bytes)
        sum->task.memory_bytes = task->memory_bytes;
    sum->busy_s += task->end_s - task->start_s;
    sum->count++;
    if (task->end_s - trace->window_start_s >= trace->window_s)
        write_sums(trace);
}

void trace_file_add(struct trace_file *trace, const struct trace_task *task, double began_unix_s,
                    int n_workers)
{
    if (trace->file == NULL && trace->failed == 0)
        begin_section(trace, began_unix_s, n_workers);
    if (trace->failed != 0)
        return;
    if (trace->n_single < trace->most_single) {
        struct trace_sum single = {*task, task->end_s - task->start_s, 1};
        write_row(trace, &single);
        trace->n_single++;
    } else {
        add_to_sum(trace, task);
    }
    if (task->end_s - trace->flushed_s >= flush_every_s) {
        trace->flushed_s = task->end_s;
        if (fflush(trace->file) != 0)
            trace->failed = errno;
    }
}

int trace_file_close(struct trace_file *trace, double ended_s, int64_t peak_bytes, struct error *err)
{
    if (trace->file != NULL) {
        if (trace->failed == 0) {
            write_sums(trace);
            fprintf(trace->file, "# ended=%.6f peak_memory_bytes=%lld\n", ended_s, (long long)peak_bytes);
        }
        bool unwritten = ferror(trace->file) != 0;
        if ((fclose(trace->file) != 0 || unwritten) && trace->failed == 0)
            trace->failed = errno;
    }
    if (trace->failed != 0)
        error_set(err, EXIT_CODE_FAILED, "%s: could not be written whole: %s", trace->path,
                  strerror(trace->failed));
    free(trace->path);
    *trace = (struct trace_file){0};
    return err->code;
}

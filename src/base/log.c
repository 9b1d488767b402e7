#include "base/log.h"

#include "base/memory.h"
#include "base/open_file.h"
#include "base/screen.h"
#include "base/utf8.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { TIME_STAMP_LENGTH = sizeof "2026-01-31 12:00:00 " - 1 };

int log_init(struct log *log, FILE *echo, struct error *err)
{
    *log = (struct log){.echo = echo};
    int code = pthread_mutex_init(&log->mutex, NULL);
    return code == 0 ? 0 : error_set(err, EXIT_CODE_FAILED, "cannot make the log's lock: %s", strerror(code));
}

/* With log->mutex held. */
static void flush(struct log *log)
{
    if (fflush(log->file) != 0 && log->failure == 0)
        log->failure = errno;
}

/* Logs are looked at in terminals. */
static void put_line(FILE *file, const char *line)
{
    screen_write(file, line, strlen(line));
    putc('\n', file);
}

int log_attach(struct log *log, const char *path, struct error *err)
{
    char *name = memory_string(path, err);
    int descriptor = name != NULL ? open_file_append(path, OPEN_FILE_PRIVATE, err) : -1;
    FILE *file = descriptor >= 0 ? fdopen(descriptor, "a") : NULL;
    if (descriptor >= 0 && file == NULL) {
        error_set(err, EXIT_CODE_FAILED, "%s: cannot be written: %s", path, strerror(errno));
        close(descriptor);
    }
    if (file == NULL) {
        free(name);
        return err->code;
    }
    pthread_mutex_lock(&log->mutex);
    log->file = file;
    log->path = name;
    for (size_t i = 0; i < log->kept.count; i++)
        put_line(file, log->kept.items[i]);
    flush(log);
    text_list_free(&log->kept);
    pthread_mutex_unlock(&log->mutex);
    return 0;
}

/* The line with the time of day in front; NULL when there is no memory for it, and then the line is lost, not
 * the run. */
static char *stamped(const char *kind, const char *format, va_list arguments)
{
    char *text = NULL, *line = NULL;
    if (vasprintf(&text, format, arguments) < 0)
        return NULL;
    char clock_text[32];
    time_t now = time(NULL);
    struct tm local;
    localtime_r(&now, &local);
    strftime(clock_text, sizeof clock_text, "%Y-%m-%d %H:%M:%S", &local);
    if (asprintf(&line, "%s %s%s", clock_text, kind, text) < 0)
        line = NULL;
    free(text);
    return line;
}

static void write_line(struct log *log, const char *line)
{
    if (log->file != NULL) {
        put_line(log->file, line);
        flush(log);
        return;
    }
    struct error ignored = {0};
    text_list_add(&log->kept, line, &ignored);
}

void log_info(struct log *log, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *line = stamped("", format, arguments);
    va_end(arguments);
    if (line == NULL)
        return;
    pthread_mutex_lock(&log->mutex);
    write_line(log, line);
    if (log->info_echo != NULL)
        put_line(log->info_echo, line + TIME_STAMP_LENGTH);
    pthread_mutex_unlock(&log->mutex);
    free(line);
}

/* How a line is kept for the record. */
enum record { NOT_KEPT, KEPT_AS_IT_IS, KEPT_OTHERWISE };

/* What the terminal shows too. `otherwise` is what KEPT_OTHERWISE keeps. */
static void tell(struct log *log, const char *kind, enum record record, const char *otherwise,
                 const char *format, va_list arguments)
{
    char *line = stamped(kind, format, arguments);
    if (line == NULL)
        return;
    const char *text = line + TIME_STAMP_LENGTH;
    struct error ignored = {0};
    pthread_mutex_lock(&log->mutex);
    write_line(log, line);
    const char *kept = record == KEPT_AS_IT_IS ? text + strlen(kind) : otherwise;
    if (record != NOT_KEPT && kept != NULL && text_list_add(&log->warnings, kept, &ignored) == 0)
        utf8_mend(log->warnings.items[log->warnings.count - 1]); /* names may be cut inside a character */
    if (log->echo != NULL)
        screen_say(log->echo, "arete:", text);
    pthread_mutex_unlock(&log->mutex);
    free(line);
}

void log_warning(struct log *log, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    tell(log, "warning: ", KEPT_AS_IT_IS, NULL, format, arguments);
    va_end(arguments);
}

void log_warning_of_people(struct log *log, const char *record, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    tell(log, "warning: ", KEPT_OTHERWISE, record, format, arguments);
    va_end(arguments);
}

void log_run_warning(struct log *log, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    tell(log, "warning: ", NOT_KEPT, NULL, format, arguments);
    va_end(arguments);
}

void log_note(struct log *log, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    tell(log, "note: ", NOT_KEPT, NULL, format, arguments);
    va_end(arguments);
}

bool log_is_large_loss(size_t n_lost, size_t n_before)
{
    const double told = 0.05;
    return (double)n_lost > told * (double)n_before;
}

/* Takes over `why`. Without memory it is lost, like a line. */
static void keep_filter(struct log *log, enum log_filtered what, const struct log_filter *filter)
{
    struct error ignored = {0};
    pthread_mutex_lock(&log->mutex);
    size_t count = log->filtered[what].count;
    struct log_filter *filters = memory_grow(log->filtered[what].filters, &log->filtered[what].capacity,
                                             count + 1, sizeof *filters, "the filters", &ignored);
    if (filters != NULL) {
        filters[count] = *filter;
        log->filtered[what].filters = filters;
        log->filtered[what].count = count + 1;
    } else {
        free(filter->why);
    }
    pthread_mutex_unlock(&log->mutex);
}

void log_filter(struct log *log, enum log_filtered what, size_t dropped, size_t left, const char *format, ...)
{
    static const char *const names[LOG_FILTERED] = {[LOG_SUBJECTS] = "subjects", [LOG_SNPS] = "SNPs"};
    struct log_filter filter = {NULL, (int64_t)dropped, (int64_t)left};
    va_list arguments;
    va_start(arguments, format);
    int length = vasprintf(&filter.why, format, arguments);
    va_end(arguments);
    if (length < 0)
        return;
    utf8_mend(filter.why); /* as of warnings */
    log_info(log, "%s: %zu dropped: %s", names[what], dropped, filter.why);
    keep_filter(log, what, &filter);
}

int log_close(struct log *log, struct error *err)
{
    int code = 0;
    if (log->file != NULL && fclose(log->file) != 0 && log->failure == 0)
        log->failure = errno;
    if (log->failure != 0)
        code = error_set(err, EXIT_CODE_FAILED, "%s: could not be written whole: %s", log->path,
                         strerror(log->failure));
    free(log->path);
    text_list_free(&log->kept);
    text_list_free(&log->warnings);
    for (int what = 0; what < LOG_FILTERED; what++) {
        for (size_t k = 0; k < log->filtered[what].count; k++)
            free(log->filtered[what].filters[k].why);
        free(log->filtered[what].filters);
    }
    pthread_mutex_destroy(&log->mutex);
    *log = (struct log){0};
    return code;
}

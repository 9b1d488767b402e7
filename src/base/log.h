/* The log of a run: lines of run.log, and warnings, which also go to stderr.
 *
 * A run writes no file before it has checked its input. So lines are kept in memory until log_attach names
 * the file. Any thread may call these functions. A line that cannot be written does not stop a run; log_close
 * reports it. */
#ifndef ARETE_BASE_LOG_H
#define ARETE_BASE_LOG_H

#include "base/error.h"
#include "base/text.h"

#include <pthread.h>
#include <stdio.h>

struct log {
    pthread_mutex_t mutex;
    FILE *file;                /* NULL until log_attach */
    struct text_list kept;     /* lines before the file was there */
    struct text_list warnings; /* every warning of this run, for reports */
    FILE *info_echo;           /* where lines other than warnings go too, without their time; NULL at first */
    FILE *echo;                /* where warnings go too: stderr, or NULL for nowhere */
};

int log_init(struct log *log, FILE *echo, struct error *err);
/* Opens the file, appends to it what was kept, and from then on each line. */
int log_attach(struct log *log, const char *path, struct error *err);
void log_info(struct log *log, const char *format, ...) __attribute__((format(printf, 2, 3)));
void log_warning(struct log *log, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Closes the file; safe on a log that was never attached. */
int log_close(struct log *log, struct error *err);

#endif

/* What a run says of itself: lines of run.log, warnings that also go to stderr.
 *
 * Nothing may be written before the input has been checked, so lines are kept in memory until log_attach
 * names the file. Every call may come from any thread. A line that cannot be written does not stop a run;
 * log_close reports it. */
#ifndef ARETE_BASE_LOG_H
#define ARETE_BASE_LOG_H

#include "base/error.h"
#include "base/text.h"

#include <pthread.h>
#include <stdio.h>

struct log {
    pthread_mutex_t mutex;
    FILE *file;                /* NULL until attached */
    struct text_list kept;     /* lines before the file was there */
    struct text_list warnings; /* every warning of this run, for reports */
    FILE *info_echo;           /* where every other line goes as well, without its time; NULL at first */
    FILE *echo;                /* where warnings go as well: stderr, or NULL for silence */
};

int log_init(struct log *log, FILE *echo, struct error *err);
/* Opens (appends to) the file and writes what was kept. */
int log_attach(struct log *log, const char *path, struct error *err);
void log_info(struct log *log, const char *format, ...) __attribute__((format(printf, 2, 3)));
void log_warning(struct log *log, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Closes the file; safe on a log that was never attached. */
int log_close(struct log *log, struct error *err);

#endif

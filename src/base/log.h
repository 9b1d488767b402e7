/* The log of a run: lines of a file, and warnings, which also go to stderr.
 *
 * A run writes no file before it has checked its input. So lines are kept in memory until log_attach names
 * the file. Any thread may call these functions. A line that cannot be written does not stop a run; log_close
 * reports it. */
#ifndef ARETE_BASE_LOG_H
#define ARETE_BASE_LOG_H

#include "base/error.h"
#include "base/text.h"

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* A reason for which subjects or SNPs are left out, and how many are left after it. */
struct log_filter {
    char *why;
    int64_t dropped, left;
};

enum log_filtered { LOG_SUBJECTS, LOG_SNPS, LOG_FILTERED };

struct log {
    pthread_mutex_t mutex;
    FILE *file;                /* NULL until log_attach */
    char *path;                /* its */
    int failure;               /* errno where its first line was lost; 0 = none was */
    struct text_list kept;     /* lines before the file was there */
    struct text_list warnings; /* of the study, in order, for its record */
    struct {
        struct log_filter *filters;
        size_t count, capacity;
    } filtered[LOG_FILTERED]; /* in the order of the filters, for the record too */
    FILE *info_echo;          /* where lines other than warnings go too, without their time; NULL at first */
    FILE *echo;               /* where warnings go too: stderr, or NULL for nowhere */
};

int log_init(struct log *log, FILE *echo, struct error *err);
/* Opens the file (never through a link), appends to it what was kept, and from then on each line. */
int log_attach(struct log *log, const char *path, struct error *err);
void log_info(struct log *log, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A warning about the study, whoever runs it and where: kept for its record. */
void log_warning(struct log *log, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A warning that names people (their IDs, a value of theirs): the record keeps `record` of it, which names
 * none, since reports are made of the record and mailed. NULL, where memory failed, keeps nothing. */
void log_warning_of_people(struct log *log, const char *record, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* A warning about this run or this machine alone: not kept. */
void log_run_warning(struct log *log, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* What nobody need worry about, but should see: goes where warnings go, and is none. */
void log_note(struct log *log, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The one rule for what vanishes: whoever loses more than 5 % of what was there says so on the terminal
 * (log_note, or log_warning where something seems wrong), with an example and the likely reason. */
bool log_is_large_loss(size_t n_lost, size_t n_before);

/* "subjects: 12 dropped: not in keep.txt": `format` is the reason. Kept for the record, with how many are
 * left. */
void log_filter(struct log *log, enum log_filtered what, size_t dropped, size_t left, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
/* Closes the file; safe on a log that was never attached. */
int log_close(struct log *log, struct error *err);

#endif

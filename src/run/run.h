/* A study run from its file to its table: the same call goes on with a campaign that was begun. */
#ifndef ARETE_RUN_RUN_H
#define ARETE_RUN_RUN_H

#include "base/error.h"
#include "base/reporter.h"
#include "base/text.h"
#include "ranks/ranks.h"

#include <stdbool.h>
#include <stdio.h>

struct run_request {
    const char *study_path;
    const struct text_list *sets; /* "key=value", each in place of a key of the study file */
    bool fresh;                   /* replaces the campaign that stands in the output folder */
    const struct reporter *reporter;
    FILE *warnings; /* where warnings of the log go as well; NULL: nowhere */
    FILE *screen;   /* where the table and the names of the files are shown; NULL: nowhere */
};

/* Collective over `ranks`, which stay open. Returns the exit code (EXIT_CODE_STOPPED when it was asked to
 * stop and has saved). After an error that others heard of while messages may be under way, the process ends
 * here (ranks_exit). */
int run_study(const struct run_request *request, struct ranks *ranks, struct error *err);

#endif

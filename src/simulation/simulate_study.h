/* A study of made-up people whose truth is known. */
#ifndef ARETE_SIMULATION_SIMULATE_STUDY_H
#define ARETE_SIMULATION_SIMULATE_STUDY_H

#include "base/error.h"
#include "base/reporter.h"
#include "base/text.h"

#include <stdbool.h>
#include <stdio.h>

struct simulate_request {
    const char *path;             /* of the simulation's file of keys */
    const struct text_list *sets; /* "key=value", each in place of a key of that file */
    bool fresh;                   /* replaces a study that a simulation made in the same folder before */
    const struct reporter *reporter;
    FILE *screen; /* where what was made is named */
};

/* Makes the study; all files appear together at the end, or none. Returns the exit code. */
int simulate_study(const struct simulate_request *request, struct error *err);

#endif

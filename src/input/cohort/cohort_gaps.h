/* People who lack a value: named when that is an error, dropped where the study says so. */
#ifndef ARETE_INPUT_COHORT_COHORT_GAPS_H
#define ARETE_INPUT_COHORT_COHORT_GAPS_H

#include "input/cohort/cohort_build.h"

/* What a message says of them. */
struct cohort_gaps_words {
    const char *path;   /* of the table */
    const char *what;   /* "without a value of a target" */
    const char *list;   /* name of the file that lists them where they are many */
    const char *remedy; /* after "expected a value for everybody" */
};

/* Adds a line to an error that names the people with lacks[i]: all of them, in a file of the request's folder
 * where they are many (where there is such a folder). */
void cohort_gaps_name(const struct cohort_build *build, const bool *lacks,
                      const struct cohort_gaps_words *words, struct error *err);

/* Drops those who lack a covariate or a label, where the study says so (covariates.missing). A step of
 * cohort_load, before missing targets are counted. */
int cohort_gaps_drop(struct cohort_build *build, struct error *err);
/* Whoever is still in and lacks a covariate, a label or a given fold is an error. A step of cohort_load,
 * after those who lack a target are gone. */
int cohort_gaps_refuse(const struct cohort_build *build, struct error *err);

#endif

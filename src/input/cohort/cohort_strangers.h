/* Who of the genotypes and of another file has no partner there, and why that may be. */
#ifndef ARETE_INPUT_COHORT_COHORT_STRANGERS_H
#define ARETE_INPUT_COHORT_COHORT_STRANGERS_H

#include "input/cohort/cohort_build.h"

struct cohort_strangers {
    size_t n_ours;   /* still in, and not in the other file */
    size_t n_theirs; /* in the other file, and not in the genotypes */
    char ours[SUBJECTS_NAME_BYTES],
        theirs[SUBJECTS_NAME_BYTES]; /* an example of each; "" when there is none */
    const char *difference;          /* of their IDs, if they seem to be the same people; or NULL */
};

/* found[i] = who of the others subject i of the build is, or TEXT_NOT_FOUND. */
int cohort_strangers_find(struct cohort_strangers *strangers, const struct cohort_build *build,
                          const struct subjects *others, const ptrdiff_t *found, struct error *err);

#endif

/* Targets with all SNPs (associate.full) and SNPs with all targets (associate.snps), by their names. */
#ifndef ARETE_ASSOCIATE_NAMED_PAIRS_H
#define ARETE_ASSOCIATE_NAMED_PAIRS_H

#include "base/error.h"
#include "codelets/associate_tile.h"
#include "study/analysis.h"

struct named_pairs {
    uint32_t *variant;          /* of every associate.snps */
    uint32_t *target;           /* of every associate.full that is analysed: among the analysed targets */
    double *memory;             /* of both kinds of correlations */
    struct associate_full full; /* of the arrays above */
};

/* In rank 0. Finds the names in what the study reads: the cohort. A name that is not there, or an ID that two
 * variants have, is EXIT_CODE_BAD_INPUT. */
int named_pairs_find(struct named_pairs *named, const struct analysis *analysis, struct error *err);

/* In rank 0, once it is known which targets are analysed: leaves these in target and full.n_targets, and says
 * in the log which are not. */
int named_pairs_analysed(struct named_pairs *named, const struct analysis *analysis, struct error *err);

/* In each rank, where these are known: room for the correlations. */
int named_pairs_allocate(struct named_pairs *named, const struct analysis *analysis, struct error *err);
void named_pairs_free(struct named_pairs *named);

/* "<output>/<what>_<name><ending>", what is no letter, digit, '.', '-', '+' or ':' of the name as '_': the
 * caller's. */
char *named_pairs_path(const char *what, const char *name, const char *ending, struct error *err);

#endif

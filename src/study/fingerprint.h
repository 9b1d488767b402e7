/* Fingerprints: a hash of each thing that changes a study's numbers, by name, so that a refusal can say which
 * one changed. */
#ifndef ARETE_STUDY_FINGERPRINT_H
#define ARETE_STUDY_FINGERPRINT_H

#include "base/error.h"
#include "checkpoint/campaign.h"
#include "study/analysis.h"

#include <stdbool.h>
#include <stddef.h>

enum { FINGERPRINT_MOST = 16, FINGERPRINT_NAME_BYTES = 64 /* no name is longer */ };

/* Fills at most FINGERPRINT_MOST entries (names are constants: nothing to release) and returns their number.
 * Parsed values are hashed for tables, content for genotypes; nothing that leaves numbers alone (paths,
 * workers, the number of permutations), and nothing that BLAS has rounded: a campaign may go on on another
 * processor. */
size_t fingerprint_fill(const struct analysis *analysis, struct campaign_fingerprint *fingerprints);

/* Whether it is of what only ridge prediction looks at. */
bool fingerprint_is_of_ridge(const char *name);

/* That of the targets, as they were read or as it was before they were released. */
uint64_t fingerprint_targets(const struct cohort *cohort);

#endif

/* Labels of subjects: sites, families, folds. */
#ifndef ARETE_INPUT_COHORT_LABELS_H
#define ARETE_INPUT_COHORT_LABELS_H

#include "base/error.h"
#include "input/cohort/cohort.h"

#include <stddef.h>

/* The labels of n subjects from their texts, texts[i * stride], none of which is NULL. Levels are sorted as
 * numbers if all are numbers, else as text. */
int labels_init(struct cohort_labels *labels, char *const *texts, size_t stride, size_t n, struct error *err);
/* Keeps those of the subjects at `positions` (ascending), and of the levels those that any of them has. */
int labels_keep(struct cohort_labels *labels, const size_t *positions, size_t count, struct error *err);
void labels_free(struct cohort_labels *labels);

#endif

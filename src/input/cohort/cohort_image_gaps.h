/* People whose row of the table of images names none: dropped where the study says so, else an error. */
#ifndef ARETE_INPUT_COHORT_COHORT_IMAGE_GAPS_H
#define ARETE_INPUT_COHORT_COHORT_IMAGE_GAPS_H

#include "input/cohort/cohort_build.h"

/* A step of matching people, once it is known who is in all tables. With targets.missing: drop-subject
 * whoever has no image is dropped like those who have no row: before max_missing_per_target looks at any
 * target. */
int cohort_image_gaps_drop(struct cohort_build *build, struct error *err);

/* Once paths are read: EXIT_CODE_BAD_INPUT with who lacks one, if anybody does. */
int cohort_image_gaps_refuse(const struct cohort_build *build, struct error *err);

#endif

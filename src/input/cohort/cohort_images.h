/* Targets from images: a step of cohort_load. */
#ifndef ARETE_INPUT_COHORT_COHORT_IMAGES_H
#define ARETE_INPUT_COHORT_COHORT_IMAGES_H

#include "input/cohort/cohort_build.h"

/* Finds the image of each subject and lists the files; the regions of the cohort; every image's grid. */
int cohort_images_open(struct cohort_build *build, struct error *err);

/* Reads the targets' values for all n from the images. */
int cohort_images_read(struct cohort_build *build, struct error *err);

/* Refuses images of subjects still in that have no number in a target that can be analysed. */
int cohort_images_refuse_missing(const struct cohort_build *build, struct error *err);
void cohort_images_free(struct cohort_build *build);

#endif

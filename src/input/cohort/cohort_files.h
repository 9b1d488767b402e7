/* The files a cohort is made of: a step of cohort_load. */
#ifndef ARETE_INPUT_COHORT_COHORT_FILES_H
#define ARETE_INPUT_COHORT_COHORT_FILES_H

#include "input/cohort/cohort.h"

/* Lists every file that will be read, and checks that it is there and a file. */
int cohort_files_list(struct cohort *cohort, const struct cohort_request *request, struct error *err);

/* Adds the subjects' images, and checks that they are there. */
int cohort_files_add_images(struct cohort *cohort, char *const *paths, size_t count, struct error *err);

/* Fills in the hashes that are not there yet; those of files of calls are `calls_hash`. */
int cohort_files_hash(struct cohort *cohort, uint64_t calls_hash, struct error *err);

#endif

/* What two study files say differently. */
#ifndef ARETE_CONFIG_STUDY_CHANGES_H
#define ARETE_CONFIG_STUDY_CHANGES_H

#include "base/error.h"

/* "model.outer_folds was 10, is 5; seed was not set, is 7": of two texts as study->yaml has them, without the
 * keys that change no result (permutations.count, output, run, network, associate). "" where they say the
 * same. Values are compared whole and shown cut, long ones that begin alike from where they part. A long list
 * ends in "...". Of a text that is no mapping it says that it cannot be read, unless the other is the same to
 * the byte. The caller frees it; NULL and an error without memory. */
char *study_changes(const char *before, const char *now, struct error *err);

/* The same of the texts that two processes of one run have, "model.outer_folds 10 there, 5 here", where every
 * key counts but how many workers a process has. */
char *study_differences(const char *there, const char *here, struct error *err);

#endif

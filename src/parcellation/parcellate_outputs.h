/* What `arete parcellate` writes, before it writes anything. */
#ifndef ARETE_PARCELLATION_PARCELLATE_OUTPUTS_H
#define ARETE_PARCELLATION_PARCELLATE_OUTPUTS_H

#include "base/error.h"
#include "config/parcellation.h"
#include "input/images/image_stack.h"

#include <stddef.h>

#define PARCELLATE_OUTPUTS_LOCK "parcellate.lock"

/* "<folder>/parcels-100.nii.gz" of a cut and an ending; without the number when there is only one cut. To be
 * freed. */
char *parcellate_outputs_name(const struct parcellation *parcellation, size_t cut, const char *ending,
                              struct error *err);

/* EXIT_CODE_BAD_INPUT when an output is one of the inputs, or would take the place of a file that is not of
 * its own kind. */
int parcellate_outputs_check(const struct parcellation *parcellation, const struct image_stack *stack,
                             struct error *err);

/* Removes parcels of an earlier tree, of whatever numbers, of the folder of a new one: files of arete's own.
 * They are gone from the disk when it returns. */
int parcellate_outputs_remove_earlier(const char *folder, struct error *err);

#endif

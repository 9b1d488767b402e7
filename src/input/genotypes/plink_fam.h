/* .fam files: the subjects of a fileset, and targets that stand beside them. */
#ifndef ARETE_INPUT_GENOTYPES_PLINK_FAM_H
#define ARETE_INPUT_GENOTYPES_PLINK_FAM_H

#include "base/error.h"
#include "base/text.h"
#include "input/tables/subjects.h"

#include <stddef.h>
#include <stdint.h>

/* Every line's FID and IID; checks that lines have at least six fields and that no subject stands twice. On
 * error `subjects` is empty. */
int plink_fam_read(struct subjects *subjects, const char *path, struct error *err);

/* rows[i] = row of person i in another fileset's .fam, which must hold just the same people. */
int plink_fam_match(const struct text_list *fid, const struct text_list *iid, const char *path,
                    const struct subjects *others, const char *others_path, uint32_t *rows,
                    struct error *err);

/* values[s * count + k] = number in the 1-based column columns[k] (which messages call names[k]) of the row
 * of subject s = subject_of_row[row]; NaN = missing. Rows whose subject is TEXT_NOT_FOUND are not looked at.
 */
int plink_fam_read_numbers(const char *path, const ptrdiff_t *subject_of_row, size_t n_rows,
                           char *const *names, const int *columns, size_t count,
                           const struct text_list *missing_codes, double *values, struct error *err);

#endif

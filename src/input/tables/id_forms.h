/* Why IDs of two files do not fit: the same people written in another form. */
#ifndef ARETE_INPUT_TABLES_ID_FORMS_H
#define ARETE_INPUT_TABLES_ID_FORMS_H

#include "base/error.h"

#include <stddef.h>

/* People of one file whom the other does not have. */
struct id_forms_side {
    char **fid; /* NULL = it has IIDs alone */
    char **iid;
    size_t count;
};

/* The form in which most of them fit. */
struct id_forms {
    const char
        *difference; /* "leading zeros differ"; NULL when less than a tenth of both sides fits in any */
    size_t n_alike;
    size_t ours, theirs; /* positions of two who are alike: an example; 0, 0 when there are none */
};

/* Tries one form after the other; only those count whom it makes alike to just one on either side. */
int id_forms_find(struct id_forms *forms, const struct id_forms_side *ours,
                  const struct id_forms_side *theirs, struct error *err);

#endif

/* What types, shapes and CRCs cannot tell of a campaign. */
#ifndef ARETE_CHECKPOINT_CAMPAIGN_CHECK_H
#define ARETE_CHECKPOINT_CAMPAIGN_CHECK_H

#include "base/error.h"

/* Whether what is used as an index or a count is one, whoever wrote the file. `record`: a struct campaign. */
int campaign_check(const void *record, const char *path, struct error *err);

#endif

/* The schema of a file of sums (fold_sums.h), and of its parts; of a struct campaign. */
#ifndef ARETE_CHECKPOINT_FOLD_SUMS_SCHEMA_H
#define ARETE_CHECKPOINT_FOLD_SUMS_SCHEMA_H

#include "checkpoint/schema.h"

extern const struct schema fold_sums_schema;

#define FOLD_SUMS_ROWS "/sums/row"
#define FOLD_SUMS_STATE "/sums/state"
#define FOLD_SUMS_UNIT_CRC "/sums/unit_crc"

#endif

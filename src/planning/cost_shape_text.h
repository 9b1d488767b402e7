/* A study's shape from a text, for plans without files. */
#ifndef ARETE_PLANNING_COST_SHAPE_TEXT_H
#define ARETE_PLANNING_COST_SHAPE_TEXT_H

#include "base/error.h"
#include "planning/cost.h"
#include "planning/cost_time.h"

/* "subjects=1500,snps=500000,...", see arete plan --help. memory_bytes and network are left alone where the
 * text does not name them. What is wrong is EXIT_CODE_BAD_INPUT. */
int cost_shape_text_read(const char *text, struct cost_shape *shape, double *memory_bytes,
                         struct cost_network *network, struct error *err);

#endif

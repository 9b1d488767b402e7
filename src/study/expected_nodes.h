/* How many penalty nodes a run of the study will choose, from a sample of its people and genotypes. */
#ifndef ARETE_STUDY_EXPECTED_NODES_H
#define ARETE_STUDY_EXPECTED_NODES_H

#include "study/analysis.h"

/* For arete plan: reads some of the calls, and takes a second or so of one core. That number, or all
 * penalties where every one is computed, or the sample tells nothing. Needs cohort, not its calls. */
int expected_nodes_find(const struct analysis *analysis);

#endif

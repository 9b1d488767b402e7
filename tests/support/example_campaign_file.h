/* A campaign file to save permutations in (support/campaign_example.h), for tests whose own example has the
 * same names. */
#ifndef ARETE_TEST_EXAMPLE_CAMPAIGN_FILE_H
#define ARETE_TEST_EXAMPLE_CAMPAIGN_FILE_H

#include <stddef.h>
#include <stdint.h>

/* Its path, in a new folder. */
const char *example_campaign_file(size_t n_targets, int64_t n_permutations, int64_t unit_permutations);

#endif

#include "example_campaign_file.h"

#include "campaign_example.h"

const char *example_campaign_file(size_t n_targets, int64_t n_permutations, int64_t unit_permutations)
{
    return example_file(n_targets, n_permutations, unit_permutations);
}

#include "checkpoint/campaign.h"
#include "cli/command.h"
#include "run/permutation_order.h"

#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>

static const char help[] =
    "usage: arete permutation campaign.h5 NUMBER\n"
    "       arete permutation campaign.h5 ORBIT SHIFT\n"
    "\n"
    "Prints the subject order of one permutation of a campaign, one 0-based index a line: line k (from 0) "
    "is\n"
    "the subject whose targets stand at subject k. Subjects are counted in the campaign's order "
    "(/subjects).\n"
    "Where permutations come in orbits: which shift of which orbit, both from 0; orbit 0 is the identity's.\n"
    "Where they are drawn one by one: which of them; number 0 is the identity, and row i of /null/score is\n"
    "permutation i + 1. The last is the campaign's count.\n";

static int read_name(int argc, char **argv, struct permutation_name *name, struct error *err)
{
    *name = (struct permutation_name){.has_shift = argc == 4};
    if (argc != 3 && argc != 4)
        return error_set(err, EXIT_CODE_BAD_INPUT,
                         "%d arguments found; expected arete permutation campaign.h5 NUMBER, or ORBIT SHIFT",
                         argc - 1);
    if (!text_to_int64(argv[2], &name->number) || name->number < 0)
        return error_set(err, EXIT_CODE_BAD_INPUT, "permutation %s found; expected a number from 0", argv[2]);
    if (name->has_shift && (!text_to_int64(argv[3], &name->shift) || name->shift < 0))
        return error_set(err, EXIT_CODE_BAD_INPUT, "shift %s found; expected a number from 0", argv[3]);
    return 0;
}

static int permutation(int argc, char **argv, struct error *err)
{
    struct permutation_name name;
    struct campaign campaign = {0};
    if (read_name(argc, argv, &name, err) != 0 || campaign_read(&campaign, argv[1], err) != 0)
        return err->code;
    uint32_t *order = permutation_order(&campaign, argv[1], &name, err);
    for (size_t i = 0; order != NULL && i < campaign.n; i++)
        printf("%u\n", order[i]);
    free(order);
    campaign_free(&campaign);
    return err->code;
}

const struct command command_permutation = {
    .name = "permutation",
    .summary = "print the subject order of one permutation of a campaign",
    .help = help,
    .run = permutation,
};

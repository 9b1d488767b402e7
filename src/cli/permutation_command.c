#include "checkpoint/campaign.h"
#include "cli/command.h"

#include "base/memory.h"
#include "base/text.h"
#include "model/stats/permutation.h"

#include <stdio.h>
#include <stdlib.h>

static const char help[] = "usage: arete permutation campaign.h5 NUMBER\n"
                           "\n"
                           "Prints the subject order of one permutation of a campaign, one 0-based index a "
                           "line: line k (from 0) is the subject\n"
                           "whose targets stand at subject k. Subjects are counted in the campaign's order "
                           "(/subjects). Number 0 is the identity;\n"
                           "row i of /null/score is permutation i + 1. The last is the campaign's count.\n";

static int print_order(const struct campaign *campaign, uint64_t number, struct error *err)
{
    struct permutation_scheme scheme;
    if (permutation_scheme_init(&scheme, campaign->exchangeability, campaign->n, campaign->seed, err) != 0)
        return err->code;
    uint32_t *order = memory_zeroed(2 * campaign->n, sizeof *order, "a permutation", err);
    if (order != NULL) {
        permutation_draw(&scheme, number, order, order + campaign->n);
        for (size_t i = 0; i < campaign->n; i++)
            printf("%u\n", order[i]);
    }
    free(order);
    permutation_scheme_free(&scheme);
    return err->code;
}

static int permutation(int argc, char **argv, struct error *err)
{
    int64_t number;
    if (argc != 3)
        return error_set(err, EXIT_CODE_BAD_INPUT,
                         "%d arguments found; expected arete permutation campaign.h5 NUMBER", argc - 1);
    if (!text_to_int64(argv[2], &number) || number < 0)
        return error_set(err, EXIT_CODE_BAD_INPUT, "permutation %s found; expected a number from 0", argv[2]);
    struct campaign campaign = {0};
    if (campaign_read(&campaign, argv[1], err) == 0 && number > campaign.n_permutations)
        error_set(err, EXIT_CODE_BAD_INPUT, "%s: permutation %lld found; expected 0 to %lld, its count",
                  argv[1], (long long)number, (long long)campaign.n_permutations);
    if (err->code == 0)
        print_order(&campaign, (uint64_t)number, err);
    campaign_free(&campaign);
    return err->code;
}

const struct command command_permutation = {
    .name = "permutation",
    .summary = "print the subject order of one permutation of a campaign",
    .help = help,
    .run = permutation,
};

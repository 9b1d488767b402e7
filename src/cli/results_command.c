/* arete results: the tables from what is finished so far. */
#include "cli/command.h"
#include "output/result_columns.h"
#include "run/campaign_results.h"

#include <stdio.h>

static const char help[] =
    "usage: arete results campaign.h5 [results.tsv]\n"
    "\n"
    "Writes the table from the permutations that are finished without a gap from the first one on, to the\n"
    "file named (default: results.partial.tsv beside the campaign; results.tsv when all are finished). While "
    "permutations are\n"
    "missing every row's note says `partial: N of M permutations`. What other ranks have saved in\n"
    "campaign.part-*.h5 beside it counts as well. It only reads: a run may be saving meanwhile. Warnings "
    "that "
    "the campaign was\n"
    "begun with are repeated, and so is the line on what a study of its size can find.\n"
    "\n"
    "Columns, and in brackets the dataset of campaign.h5 that keeps one and the map of it where targets are "
    "images:\n";

static int results(int argc, char **argv, struct error *err)
{
    if (argc != 2 && argc != 3)
        return error_set(err, EXIT_CODE_BAD_INPUT,
                         "%d arguments found; expected arete results campaign.h5 [results.tsv]", argc - 1);
    for (int k = 1; k < argc; k++)
        if (argv[k][0] == '-')
            return error_set(err, EXIT_CODE_BAD_INPUT, "%s: unknown option; see arete results --help",
                             argv[k]);
    return campaign_results_table(argv[1], argc == 3 ? argv[2] : NULL, stdout, stderr, err);
}

const struct command command_results = {
    .name = "results",
    .summary = "write the table from what is finished so far",
    .help = help,
    .more_help = result_columns_print,
    .run = results,
};

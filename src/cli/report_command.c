/* arete report: what people look at first. */
#include "cli/command.h"
#include "run/campaign_results.h"

#include <stdio.h>

static const char help[] =
    "usage: arete report campaign.h5 [report.html]\n"
    "\n"
    "Writes the report of a campaign, one HTML file that opens offline, to the file named (default: report.html\n"
    "beside the campaign), as `arete run` does at its end: the verdict with its warnings, the table to sort, what\n"
    "chance does, power, penalties, who was kept, folds, the study file, and a methods paragraph to paste. While\n"
    "permutations are missing it says so and has no p-values. Of associations.h5, the campaign of `arete\n"
    "associate`, it writes associations.html: best SNPs, Manhattan and QQ plots. It reads nothing but the campaign\n"
    "and the trace beside the report, if there is one: a run may be saving meanwhile.\n"
    "\n"
    "docs/report.md tells how to read it.\n";

static int report(int argc, char **argv, struct error *err)
{
    if (argc != 2 && argc != 3)
        return error_set(err, EXIT_CODE_BAD_INPUT,
                         "%d arguments found; expected arete report campaign.h5 [report.html]", argc - 1);
    for (int k = 1; k < argc; k++)
        if (argv[k][0] == '-')
            return error_set(err, EXIT_CODE_BAD_INPUT, "%s: unknown option; see arete report --help",
                             argv[k]);
    return campaign_results_page(argv[1], argc == 3 ? argv[2] : NULL, stdout, err);
}

const struct command command_report = {
    .name = "report",
    .summary = "write the report of a campaign: one HTML file",
    .help = help,
    .run = report,
};

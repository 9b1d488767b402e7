/* arete results: the tables from what is finished so far. */
#include "checkpoint/campaign.h"
#include "cli/command.h"
#include "output/result_columns.h"
#include "run/partial.h"
#include "run/report.h"
#include "study/power.h"

#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>

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

/* What a study of its size can find. Campaigns of older programs do not tell. */
static void print_power(const struct campaign *campaign)
{
    char text[POWER_TEXT_BYTES];
    if (campaign->n_power == 0)
        return;
    power_text(campaign->heritability_error, campaign->power_heritability, campaign->expected_r2,
               campaign->n_power, text);
    printf("power:    %s\n", text);
}

/* Table and screen. Warnings go to stderr: those that the study was begun with, and those that the table
 * gives. */
static int report(const struct campaign *campaign, const struct campaign_units *units, int64_t n_finished,
                  const char *path, struct error *err)
{
    struct log log;
    if (log_init(&log, stderr, err) != 0)
        return err->code;
    struct report_request request = {.campaign = campaign,
                                     .units = units,
                                     .n_permutations = n_finished,
                                     .path = path,
                                     .log = &log,
                                     .screen = stdout};
    for (size_t k = 0; k < campaign->n_warnings; k++)
        log_warning(&log, "%s", campaign->warning[k]);
    if (report_write(&request, err) == 0)
        print_power(campaign);
    log_close(&log, err);
    return err->code;
}

static int write_tables(struct campaign *campaign, const struct campaign_units *units,
                        const char *campaign_path, const char *given_path, struct error *err)
{
    bool *done = memory_zeroed((size_t)campaign_units_count(units), sizeof *done, "the units", err);
    if (done == NULL || campaign_units_done(units, done, err) != 0) {
        free(done);
        return err->code;
    }
    int64_t n_finished = partial_finished(campaign, done);
    bool partial = n_finished < campaign->n_permutations;
    free(done);
    if (n_finished == 0)
        return error_set(err, EXIT_CODE_FAILED,
                         "%s: no permutation is finished yet; expected at least one unit (%lld)",
                         campaign_path, (long long)campaign->unit_permutations);
    if (partial && partial_mark(campaign, n_finished, err) != 0)
        return err->code;
    char *path =
        given_path != NULL ? memory_string(given_path, err) : partial_path(campaign_path, partial, err);
    if (path != NULL)
        report(campaign, units, n_finished, path, err);
    if (err->code == 0 && !partial && given_path == NULL)
        report_remove_partial(path, err);
    if (err->code == 0)
        printf("\nresults:  %s (%lld of %lld permutations)\n", path, (long long)n_finished,
               (long long)campaign->n_permutations);
    free(path);
    return err->code;
}

static int results(int argc, char **argv, struct error *err)
{
    if (argc != 2 && argc != 3)
        return error_set(err, EXIT_CODE_BAD_INPUT,
                         "%d arguments found; expected arete results campaign.h5 [results.tsv]", argc - 1);
    for (int k = 1; k < argc; k++)
        if (argv[k][0] == '-')
            return error_set(err, EXIT_CODE_BAD_INPUT, "%s: unknown option; see arete results --help",
                             argv[k]);
    struct campaign campaign = {0};
    struct campaign_units *units = NULL;
    if (campaign_read(&campaign, argv[1], err) == 0 && campaign_units_open_read(&units, argv[1], err) == 0)
        write_tables(&campaign, units, argv[1], argc == 3 ? argv[2] : NULL, err);
    campaign_units_close(units);
    campaign_free(&campaign);
    return err->code;
}

const struct command command_results = {
    .name = "results",
    .summary = "write the table from what is finished so far",
    .help = help,
    .more_help = result_columns_print,
    .run = results,
};

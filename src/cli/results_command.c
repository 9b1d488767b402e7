/* arete results: the tables from what is finished so far. */
#include "checkpoint/campaign.h"
#include "cli/command.h"
#include "output/result_columns.h"
#include "run/partial.h"
#include "run/report.h"
#include "study/power.h"

#include "base/amount.h"
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

/* Where the campaign is, and where the table is to go; NULL: beside it. */
struct place {
    const char *campaign, *given;
};

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
static int report(struct report_request *request, struct error *err)
{
    struct log log;
    if (log_init(&log, stderr, err) != 0)
        return err->code;
    const struct campaign *campaign = request->campaign;
    request->log = &log;
    request->screen = stdout;
    for (size_t k = 0; k < campaign->n_warnings; k++)
        log_warning(&log, "%s", campaign->warning[k]);
    if (report_write(request, err) == 0)
        print_power(campaign);
    log_close(&log, err);
    return err->code;
}

static int none_finished(const struct campaign *campaign, const char *path, struct error *err)
{
    if (campaign_has_orbits(campaign))
        return error_set(err, EXIT_CODE_FAILED,
                         "%s: the first orbit is not finished yet; expected at least that (%zu permutations)",
                         path, campaign->n_shifts);
    return error_set(err, EXIT_CODE_FAILED,
                     "%s: no permutation is finished yet; expected at least one unit (%lld)", path,
                     (long long)campaign->unit_permutations);
}

/* done: which units are. */
static int write_finished(struct campaign *campaign, const struct campaign_units *units, const bool *done,
                          const struct place *place, struct error *err)
{
    int64_t n_finished = partial_finished(campaign, done);
    int64_t all = campaign_permutations(campaign, campaign->n_permutations);
    bool partial = n_finished < all;
    struct report_request request = {.campaign = campaign, .units = units};
    request.extent.n_permutations = campaign_has_orbits(campaign) ? campaign->n_permutations : n_finished;
    request.extent.done = done;
    if (n_finished == 0)
        return none_finished(campaign, place->campaign, err);
    if (partial && partial_mark(campaign, n_finished, err) != 0)
        return err->code;
    char finished_text[AMOUNT_BYTES], all_text[AMOUNT_BYTES];
    char *path =
        place->given != NULL ? memory_string(place->given, err) : partial_path(place->campaign, partial, err);
    request.path = path;
    if (path != NULL)
        report(&request, err);
    if (err->code == 0 && !partial && place->given == NULL)
        report_remove_partial(path, err);
    if (err->code == 0)
        printf("\nresults:  %s (%s of %s permutations)\n", path, amount_exact(n_finished, finished_text),
               amount_exact(all, all_text));
    free(path);
    return err->code;
}

static int write_tables(struct campaign *campaign, const struct campaign_units *units,
                        const struct place *place, struct error *err)
{
    bool *done = memory_zeroed((size_t)campaign_units_count(units), sizeof *done, "the units", err);
    if (done != NULL && campaign_units_done(units, done, err) == 0)
        write_finished(campaign, units, done, place, err);
    free(done);
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
    struct place place = {argv[1], argc == 3 ? argv[2] : NULL};
    struct campaign campaign = {0};
    struct campaign_units *units = NULL;
    if (campaign_read(&campaign, argv[1], err) == 0 && campaign.model != NULL)
        error_set(err, EXIT_CODE_BAD_INPUT,
                  "%s: is a campaign of arete associate; expected one of arete run (the same arete associate "
                  "again writes its tables)",
                  argv[1]);
    if (err->code == 0 && campaign_units_open_read(&units, argv[1], err) == 0)
        write_tables(&campaign, units, &place, err);
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

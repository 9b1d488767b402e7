#include "run/campaign_results.h"

#include "base/amount.h"
#include "base/memory.h"
#include "base/screen.h"
#include "checkpoint/campaign.h"
#include "run/partial.h"
#include "run/report.h"
#include "run/report_page.h"
#include "study/power.h"

#include <stdbool.h>
#include <stdlib.h>

/* A campaign as it stands. */
struct opened {
    const char *path;
    struct campaign campaign;
    struct campaign_units *units;
    bool *done;              /* which units are */
    int64_t n_finished, all; /* permutations */
};

static int opened_read(struct opened *opened, const char *path, struct error *err)
{
    *opened = (struct opened){.path = path};
    if (campaign_open_read(&opened->campaign, &opened->units, path, err) != 0)
        return err->code;
    opened->done =
        memory_zeroed((size_t)campaign_units_count(opened->units), sizeof *opened->done, "the units", err);
    if (opened->done == NULL || campaign_units_done(opened->units, opened->done, err) != 0)
        return err->code;
    opened->n_finished = partial_finished(&opened->campaign, opened->done);
    opened->all = campaign_permutations(&opened->campaign, opened->campaign.n_permutations);
    return 0;
}

static void opened_free(struct opened *opened)
{
    campaign_units_close(opened->units);
    campaign_free(&opened->campaign);
    free(opened->done);
}

/* What a study of its size can find. Campaigns of older programs do not tell. */
static void print_power(FILE *screen, const struct campaign *campaign)
{
    char text[POWER_TEXT_BYTES];
    if (campaign->n_power == 0)
        return;
    power_text(campaign->heritability_error, campaign->power_heritability, campaign->expected_r2,
               campaign->n_power, text);
    screen_say(screen, "power:   ", text);
}

static void print_place(FILE *screen, const char *what, const char *path, const struct opened *opened)
{
    char finished[AMOUNT_BYTES], all[AMOUNT_BYTES];
    fprintf(screen, "%s%s (%s of %s permutations)\n", what, path, amount_exact(opened->n_finished, finished),
            amount_exact(opened->all, all));
}

/* Table and screen. Warnings: those that the study was begun with, and those that the table gives. */
static int write_table(const struct opened *opened, const char *path, FILE *screen, FILE *warnings,
                       struct error *err)
{
    const struct campaign *campaign = &opened->campaign;
    struct log log;
    struct report_request request = {
        .campaign = campaign, .units = opened->units, .path = path, .log = &log, .screen = screen};
    request.extent.n_permutations =
        campaign_has_orbits(campaign) ? campaign->n_permutations : opened->n_finished;
    request.extent.done = opened->done;
    if (log_init(&log, warnings, err) != 0)
        return err->code;
    for (size_t k = 0; k < campaign->n_warnings; k++)
        log_warning(&log, "%s", campaign->warning[k]);
    if (report_write(&request, err) == 0)
        print_power(screen, campaign);
    log_close(&log, err);
    return err->code;
}

static int none_finished(const struct opened *opened, struct error *err)
{
    if (campaign_has_orbits(&opened->campaign))
        return error_set(err, EXIT_CODE_FAILED,
                         "%s: the first orbit is not finished yet; expected at least that (%zu permutations)",
                         opened->path, opened->campaign.n_shifts);
    return error_set(err, EXIT_CODE_FAILED,
                     "%s: no permutation is finished yet; expected at least one unit (%lld)", opened->path,
                     (long long)opened->campaign.unit_permutations);
}

static int write_finished(struct opened *opened, const char *given, FILE *screen, FILE *warnings,
                          struct error *err)
{
    bool partial = opened->n_finished < opened->all;
    if (opened->n_finished == 0)
        return none_finished(opened, err);
    if (partial && partial_mark(&opened->campaign, opened->n_finished, err) != 0)
        return err->code;
    char *path = given != NULL ? memory_string(given, err) : partial_path(opened->path, partial, err);
    if (path != NULL)
        write_table(opened, path, screen, warnings, err);
    if (err->code == 0 && !partial && given == NULL)
        report_remove_partial(path, err);
    if (err->code == 0)
        print_place(screen, "\nresults:  ", path, opened);
    free(path);
    return err->code;
}

static int refuse_univariate(const struct opened *opened, struct error *err)
{
    return opened->campaign.model == NULL
               ? 0
               : error_set(err, EXIT_CODE_BAD_INPUT,
                           "%s: is a campaign of arete associate; expected one of arete run (the same arete "
                           "associate again writes its tables, arete report its report)",
                           opened->path);
}

int campaign_results_table(const char *campaign_path, const char *given, FILE *screen, FILE *warnings,
                           struct error *err)
{
    struct opened opened;
    if (opened_read(&opened, campaign_path, err) == 0 && refuse_univariate(&opened, err) == 0)
        write_finished(&opened, given, screen, warnings, err);
    opened_free(&opened);
    return err->code;
}

/* p-values are of whole studies alone. */
static int write_page(const struct opened *opened, const char *path, struct error *err)
{
    bool whole = opened->n_finished == opened->all;
    struct null_sketch sketch = {0};
    struct report_rows rows = {0};
    struct report_extent extent = {.done = opened->done};
    if (whole && null_sketch_init(&sketch, &opened->campaign, err) == 0) {
        extent.n_permutations = opened->campaign.n_permutations;
        extent.sketch = &sketch;
    }
    if (err->code == 0 && report_rows_compute(&rows, &opened->campaign, opened->units, &extent, err) == 0)
        report_page_write(path, &opened->campaign, &rows, whole ? &sketch : NULL, opened->n_finished,
                          opened->all, err);
    report_rows_free(&rows);
    null_sketch_free(&sketch);
    return err->code;
}

int campaign_results_page(const char *campaign_path, const char *given, FILE *screen, struct error *err)
{
    struct opened opened;
    char *path = NULL;
    if (opened_read(&opened, campaign_path, err) == 0)
        path = given != NULL ? memory_string(given, err)
                             : report_page_path(campaign_path, opened.campaign.model, err);
    if (path != NULL && write_page(&opened, path, err) == 0)
        print_place(screen, "report:   ", path, &opened);
    opened_free(&opened);
    free(path);
    return err->code;
}

#include "run/report.h"

#include "base/amount.h"
#include "base/durable.h"
#include "base/folder.h"
#include "base/screen.h"
#include "output/maps.h"
#include "output/results.h"
#include "output/results_print.h"
#include "report/page.h"
#include "run/report_page.h"
#include "run/report_rows.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TARGETS_SHOWN = 20, SENTENCE_BYTES = 256 };

/* The maps of an image study: beside results.tsv. */
static int write_maps(const struct report_request *request, const struct report_rows *rows, struct error *err)
{
    const struct regions *regions = request->regions;
    if (regions == NULL)
        return 0;
    if (regions->n_targets != rows->count)
        return error_set(err, EXIT_CODE_FAILED, "%s: %zu targets found; expected the %zu of the images",
                         request->path, rows->count, regions->n_targets);
    char *beside = durable_folder(request->path, err);
    char *folder = beside != NULL ? folder_path(beside, "maps", err) : NULL;
    if (folder != NULL && folder_make(folder, err) == 0)
        maps_write(folder, regions, rows->rows, err);
    free(folder);
    free(beside);
    return err->code;
}

/* "10 of 2,728 targets at p_fwer < .05; r2 up to .061": of those that have a p. */
static void summarise(const struct report_rows *rows, char sentence[SENTENCE_BYTES])
{
    int64_t n_tested = 0, n_found = 0;
    double best = -INFINITY, least = INFINITY;
    for (size_t i = 0; i < rows->count; i++) {
        const double *value = rows->rows[i].value;
        if (isnan(value[RESULT_P_FWER]))
            continue;
        n_tested++;
        least = fmin(least, value[RESULT_P_FWER]);
        if (value[RESULT_P_FWER] < REPORT_NOTES_FOUND) {
            n_found++;
            best = fmax(best, value[RESULT_R2]);
        }
    }
    char found[AMOUNT_BYTES], tested[AMOUNT_BYTES], number[REPORT_NOTES_DECIMAL];
    amount_exact(n_found, found);
    amount_exact(n_tested, tested);
    const char *shown = report_notes_decimal(n_found > 0 ? best : least, number);
    snprintf(sentence, SENTENCE_BYTES, "%s of %s targets at p_fwer < .05%s%s", found, tested,
             n_found > 0    ? "; r2 up to "
             : n_tested > 0 ? "; the smallest p_fwer is "
                            : "",
             n_tested > 0 ? shown : "");
}

/* What keeps a good target's r2 from being as good as it could be. */
static void warn_of_edges(const struct report_request *request, const struct report_notes *notes)
{
    static const struct {
        const char *edge, *heritability, *lambda;
    } words[REPORT_EDGES] = {
        [REPORT_EDGE_SMALLEST] = {"smallest", "larger values", "smaller values"},
        [REPORT_EDGE_LARGEST] = {"largest", "smaller values", "larger values"},
    };
    for (int edge = 0; edge < REPORT_EDGES; edge++)
        if (notes->n_at_edge[edge] > 0)
            log_warning(
                request->log,
                "%zu target%s with p_fwer < .05 chose the %s penalty of the grid in nearly every outer fold: "
                "another one may predict better (add %s to %s)",
                notes->n_at_edge[edge], notes->n_at_edge[edge] == 1 ? "" : "s", words[edge].edge,
                notes->gives_penalties ? words[edge].lambda : words[edge].heritability,
                report_notes_grid_key(notes));
}

static int show(const struct report_request *request, const struct report_rows *rows, struct error *err)
{
    char sentence[SENTENCE_BYTES];
    FILE *screen = request->screen;
    if (screen != NULL &&
        results_print(screen, rows->rows, rows->count, TARGETS_SHOWN, screen_columns(screen), err) != 0)
        return err->code;
    summarise(rows, sentence);
    log_info(request->log, "results: %s", sentence);
    if (screen != NULL)
        fprintf(screen, "\n%s\n", sentence);
    return 0;
}

/* Of a campaign that is finished as far as the study asks. */
static int write_page(const struct report_request *request, const struct report_rows *rows,
                      const struct null_sketch *sketch, struct error *err)
{
    int64_t n = campaign_permutations(request->campaign, request->extent.n_permutations);
    return request->page == NULL
               ? 0
               : report_page_write(request->page, request->campaign, rows, sketch, n, n, err);
}

int report_write(const struct report_request *request, struct error *err)
{
    struct report_rows rows = {0};
    struct report_extent extent = request->extent;
    struct null_sketch sketch = {0};
    if (results_check(request->path, err) != 0 ||
        (request->page != NULL && page_check(request->page, err) != 0))
        return err->code;
    if (request->page != NULL && null_sketch_init(&sketch, request->campaign, err) == 0)
        extent.sketch = &sketch;
    if (err->code == 0 && report_rows_compute(&rows, request->campaign, request->units, &extent, err) == 0 &&
        write_maps(request, &rows, err) == 0 &&
        results_write(request->path, rows.rows, rows.count, err) == 0 && show(request, &rows, err) == 0) {
        warn_of_edges(request, &rows.notes);
        write_page(request, &rows, &sketch, err);
    }
    report_rows_free(&rows);
    null_sketch_free(&sketch);
    return err->code;
}

int report_remove_partial(const char *path, struct error *err)
{
    char *beside = durable_folder(path, err);
    char *partial = beside != NULL ? folder_path(beside, "results.partial.tsv", err) : NULL;
    if (partial != NULL && results_check(partial, err) == 0 && unlink(partial) != 0 && errno != ENOENT)
        error_set(err, EXIT_CODE_FAILED, "%s: is out of date and cannot be removed: %s", partial,
                  strerror(errno));
    free(partial);
    free(beside);
    return err->code;
}

#include "run/report.h"

#include "base/durable.h"
#include "base/folder.h"
#include "base/screen.h"
#include "output/maps.h"
#include "output/results.h"
#include "output/results_print.h"
#include "run/report_rows.h"

#include <stdlib.h>

enum { TARGETS_SHOWN = 20 };

/* The maps of an image study: beside results.tsv. */
static int write_maps(const struct report_rows *rows, const struct regions *regions, const char *path,
                      struct error *err)
{
    if (regions == NULL)
        return 0;
    if (regions->n_targets != rows->count)
        return error_set(err, EXIT_CODE_FAILED, "%s: %zu targets found; expected the %zu of the images", path,
                         rows->count, regions->n_targets);
    char *beside = durable_folder(path, err);
    char *folder = beside != NULL ? folder_path(beside, "maps", err) : NULL;
    if (folder != NULL && folder_make(folder, err) == 0)
        maps_write(folder, regions, rows->rows, err);
    free(folder);
    free(beside);
    return err->code;
}

int report_write(const struct campaign *campaign, const struct campaign_units *units, int64_t n_permutations,
                 const struct regions *regions, const char *path, FILE *out, struct error *err)
{
    struct report_rows rows;
    if (report_rows_compute(&rows, campaign, units, n_permutations, err) != 0)
        return err->code;
    if (write_maps(&rows, regions, path, err) == 0 && results_write(path, rows.rows, rows.count, err) == 0 &&
        out != NULL)
        results_print(out, rows.rows, rows.count, TARGETS_SHOWN, screen_columns(out), err);
    report_rows_free(&rows);
    return err->code;
}

#include "associate/association_page.h"

#include "associate/association_record.h"
#include "associate/maxima_record.h"
#include "base/folder.h"
#include "run/report_page.h"
#include "run/report_rows.h"

#include <stdlib.h>

int association_page_name(struct record *record, const char *folder, struct error *err)
{
    free(record->page_path);
    record->page_path = folder_path(folder, REPORT_PAGE_ASSOCIATIONS, err);
    return err->code;
}

int association_page_fill(struct record *record, const struct association_tables *tables, struct error *err)
{
    struct campaign *campaign = &record->campaign;
    if (record->units == NULL &&
        maxima_record_fill(campaign, tables->analysis, &tables->found->associations, err) != 0)
        return err->code;
    return association_record_fill(campaign, tables, err);
}

int association_page_write(const struct record *record, const struct analysis *analysis,
                           const struct maxima *maxima, struct error *err)
{
    const struct campaign *campaign = &record->campaign;
    bool is_permuted = record->units != NULL;
    int64_t count = is_permuted ? analysis->study.permutations.count : 0;
    struct report_rows rows = {0};
    const struct report_extent extent = {.n_permutations = count, .counted = maxima->counted};
    if (report_rows_compute(&rows, campaign, record->units, &extent, err) == 0) {
        int64_t n = is_permuted ? campaign_permutations(campaign, count) : 0;
        report_page_write(record->page_path, campaign, &rows, is_permuted ? &maxima->sketch : NULL, n, n,
                          err);
    }
    report_rows_free(&rows);
    return err->code;
}

#include "run/report_page.h"

#include "base/durable.h"
#include "base/folder.h"
#include "config/study_key.h"
#include "model/univariate/student.h"
#include "report/page.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

char *report_page_path(const char *beside, const char *model, struct error *err)
{
    const char *name = model != NULL ? REPORT_PAGE_ASSOCIATIONS : "report.html";
    char *folder = durable_folder(beside, err);
    char *path = folder != NULL ? folder_path(folder, name, err) : NULL;
    free(folder);
    return path;
}

/* The last part of the output folder's name that says something, whichever folder the report goes to. Slashes
 * at its end are taken off. */
static const char *name_of(char *folder)
{
    size_t length = strlen(folder);
    while (length > 0 && folder[length - 1] == '/')
        folder[--length] = '\0';
    const char *slash = strrchr(folder, '/');
    const char *name = slash != NULL ? slash + 1 : folder;
    return name[0] == '\0' || strcmp(name, ".") == 0 || strcmp(name, "..") == 0 ? "arete report" : name;
}

/* -log10 p of a score, of any target: filled values count (associate/targets_in_rows.c). */
static double log10p_of(const struct campaign *campaign, double score)
{
    double degrees = (double)campaign->n - (double)campaign->n_covariates - 1;
    return score >= 0 && score < 1 && degrees > 0 ? -student_log_p(score, degrees) / M_LN10 : NAN;
}

int report_page_write(const char *path, const struct campaign *campaign, const struct report_rows *rows,
                      const struct null_sketch *null, int64_t n_done, int64_t n_permutations,
                      struct error *err)
{
    char *folder = durable_folder(path, err);
    if (folder == NULL)
        return err->code;
    char *output = study_key_text(campaign->yaml, "output");
    struct page_content content = {.campaign = campaign,
                                   .rows = rows->rows,
                                   .limit = NAN,
                                   .limit_log10p = NAN,
                                   .n_permutations = n_permutations,
                                   .n_done = n_done,
                                   .null = null,
                                   .name = output != NULL ? name_of(output) : "arete report",
                                   .folder = folder};
    if (null != NULL)
        content.limit = null->maxima.limit;
    if (campaign->model != NULL)
        content.limit_log10p = log10p_of(campaign, content.limit);
    page_write(path, &content, err);
    free(output);
    free(folder);
    return err->code;
}

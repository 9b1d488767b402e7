#include "run/report_page.h"

#include "base/durable.h"
#include "base/folder.h"
#include "report/page.h"

#include <stdlib.h>
#include <string.h>

char *report_page_path(const char *beside, struct error *err)
{
    char *folder = durable_folder(beside, err);
    char *path = folder != NULL ? folder_path(folder, "report.html", err) : NULL;
    free(folder);
    return path;
}

/* The last part of the folder's name that says something. */
static const char *name_of(const char *folder)
{
    const char *slash = strrchr(folder, '/');
    const char *name = slash != NULL ? slash + 1 : folder;
    return name[0] == '\0' || strcmp(name, ".") == 0 || strcmp(name, "..") == 0 ? "arete report" : name;
}

int report_page_write(const char *path, const struct campaign *campaign, const struct report_rows *rows,
                      struct null_sketch *null, int64_t n_done, int64_t n_permutations, struct error *err)
{
    char *folder = durable_folder(path, err);
    if (folder == NULL)
        return err->code;
    struct page_content content = {.campaign = campaign,
                                   .rows = rows->rows,
                                   .n_permutations = n_permutations,
                                   .n_done = n_done,
                                   .null = null,
                                   .name = name_of(folder),
                                   .folder = folder};
    if (null != NULL)
        content.limit = null_sketch_limit(null, REPORT_NOTES_FOUND, campaign_has_orbits(campaign) ? 0 : 1);
    page_write(path, &content, err);
    free(folder);
    return err->code;
}

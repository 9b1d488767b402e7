#include "report/sections.h"

#include "base/amount.h"
#include "base/text.h"
#include "report/html.h"

#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

enum { FILES_MOST = 40 };

/* Whether the study file, which the page shows, has `path` between marks of YAML. */
static bool is_in_study_file(const char *yaml, const char *path)
{
    static const char marks[] = " \t\n\"'[]{},";
    size_t length = strlen(path);
    for (const char *at = strstr(yaml, path); at != NULL; at = strstr(at + 1, path))
        if ((at == yaml || strchr(marks, at[-1]) != NULL) && strchr(marks, at[length]) != NULL)
            return true; /* the end of the text counts as one */
    return false;
}

/* An image that a table names is one person's, and called by that person's ID as a rule. The page is mailed:
 * it names nobody. */
static bool is_of_a_person(const struct campaign *campaign, const struct campaign_file *file)
{
    return (text_ends_with(file->path, ".nii") || text_ends_with(file->path, ".nii.gz")) &&
           !is_in_study_file(campaign->yaml, file->path);
}

static void write_file(FILE *out, const struct campaign_file *file)
{
    char bytes[AMOUNT_BYTES];
    fputs("<tr><th scope=\"row\" class=\"text\">", out);
    html_text(out, file->path);
    fprintf(out, "</th><td>%s</td><td class=\"text\"><code>%016" PRIx64 "</code></td></tr>\n",
            amount_exact(file->size_bytes, bytes), file->hash);
}

static void write_files(FILE *out, const struct campaign *campaign)
{
    size_t n_of_people = 0, n_listed = 0;
    if (campaign->n_files == 0)
        return;
    fprintf(
        out,
        "<details%s><summary>%zu input files</summary>\n<div class=\"scroll\"><table><thead><tr><th scope=\"col\" class=\"text\">file</th>"
        "<th scope=\"col\">bytes</th><th scope=\"col\" class=\"text\">XXH3</th></tr></thead><tbody>\n",
        campaign->n_files <= 12 ? " open" : "", campaign->n_files);
    for (size_t f = 0; f < campaign->n_files; f++)
        if (is_of_a_person(campaign, &campaign->files[f]))
            n_of_people++;
        else if (n_listed++ < FILES_MOST)
            write_file(out, &campaign->files[f]);
    fputs("</tbody></table></div>\n", out);
    if (n_of_people > 0)
        fprintf(out, "<p>and %zu image%s of a person each, in /study/files of the campaign.</p>\n",
                n_of_people, n_of_people == 1 ? "" : "s");
    if (n_listed > FILES_MOST)
        fprintf(out, "<p>and %zu more, in /study/files of the campaign.</p>\n", n_listed - FILES_MOST);
    fputs("</details>\n", out);
}

int section_study(struct page *page, struct error *err)
{
    const struct campaign *campaign = page->content->campaign;
    page_section(page, "study", "The study file", NULL);
    fputs("<pre class=\"code\" tabindex=\"0\">", page->out);
    html_text(page->out, campaign->yaml);
    fputs("</pre>\n", page->out);
    write_files(page->out, campaign);
    fputs("<p class=\"small\">arete ", page->out);
    html_text(page->out, campaign->arete_version);
    fputs(", OpenBLAS ", page->out);
    html_text(page->out, campaign->blas_core);
    fprintf(page->out, ", seed %" PRIu64 ".</p>\n", campaign->seed);
    return err->code;
}

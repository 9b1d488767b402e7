#include "report/sections.h"

#include "base/amount.h"
#include "report/html.h"

#include <inttypes.h>

enum { FILES_MOST = 40 };

static void write_files(FILE *out, const struct campaign *campaign)
{
    char bytes[AMOUNT_BYTES];
    if (campaign->n_files == 0)
        return;
    fprintf(
        out,
        "<details%s><summary>%zu input files</summary>\n<div class=\"scroll\"><table><thead><tr><th scope=\"col\" class=\"text\">file</th>"
        "<th scope=\"col\">bytes</th><th scope=\"col\" class=\"text\">XXH3</th></tr></thead><tbody>\n",
        campaign->n_files <= 12 ? " open" : "", campaign->n_files);
    for (size_t f = 0; f < campaign->n_files && f < FILES_MOST; f++) {
        fputs("<tr><th scope=\"row\" class=\"text\">", out);
        html_text(out, campaign->files[f].path);
        fprintf(out, "</th><td>%s</td><td class=\"text\"><code>%016" PRIx64 "</code></td></tr>\n",
                amount_exact(campaign->files[f].size_bytes, bytes), campaign->files[f].hash);
    }
    fputs("</tbody></table></div>\n", out);
    if (campaign->n_files > FILES_MOST)
        fprintf(out, "<p>and %zu more, in /study/files of the campaign.</p>\n",
                campaign->n_files - FILES_MOST);
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

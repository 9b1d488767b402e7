#include "report/sections.h"

#include "base/amount.h"
#include "base/memory.h"

#include <stdlib.h>

enum { COLUMNS_MOST = 20, BLOCKS_MOST = 30 };

/* people[block x n_outer + fold] */
static void write_table(FILE *out, const size_t *people, size_t n_blocks, size_t n_outer, size_t most)
{
    fputs(
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"People in each fold\"><table class=\"heat\"><thead><tr><td></td>",
        out);
    for (size_t o = 0; o < n_outer; o++)
        fprintf(out, "<th scope=\"col\">%zu</th>", o + 1);
    fputs("<th scope=\"col\">all</th></tr></thead>\n<tbody>", out);
    for (size_t b = 0; b < n_blocks; b++) {
        size_t sum = 0;
        if (n_blocks == 1)
            fputs("<tr><th scope=\"row\" class=\"text\">people</th>", out);
        else
            fprintf(out, "<tr><th scope=\"row\" class=\"text\">block %zu</th>", b + 1);
        for (size_t o = 0; o < n_outer; o++) {
            size_t count = people[b * n_outer + o];
            sum += count;
            fprintf(out, "<td style=\"--share:%.2f\">%zu</td>", (double)count / (double)(most > 0 ? most : 1),
                    count);
        }
        fprintf(out, "<td class=\"sum\">%zu</td></tr>\n", sum);
    }
    fputs("</tbody></table></div>\n", out);
}

static size_t count_blocks(const struct campaign *campaign)
{
    int32_t most = 0;
    for (size_t i = 0; i < campaign->n; i++)
        most = campaign->exchangeability[i] > most ? campaign->exchangeability[i] : most;
    return (size_t)most + 1;
}

int section_folds(struct page *page, struct error *err)
{
    const struct campaign *campaign = page->content->campaign;
    size_t n_blocks = count_blocks(campaign), shown = n_blocks <= BLOCKS_MOST ? n_blocks : 1, most = 0;
    char amount[AMOUNT_BYTES];
    size_t *people = memory_zeroed(shown * campaign->n_outer, sizeof *people, "the report", err);
    if (people == NULL)
        return err->code;
    for (size_t i = 0; i < campaign->n; i++) {
        size_t block = shown > 1 ? (size_t)campaign->exchangeability[i] : 0;
        size_t cell = block * campaign->n_outer + (size_t)campaign->outer_fold[i];
        people[cell]++;
        most = people[cell] > most ? people[cell] : most;
    }
    page_section(page, "folds", "Folds", NULL);
    fprintf(
        page->out,
        "<p>Every person is predicted once, by people of the other outer folds. Test people in each of the %zu outer folds",
        campaign->n_outer);
    if (n_blocks > 1)
        fprintf(page->out, "%s; under permutation people change places only inside their block (%s of them)",
                shown > 1 ? ", for each exchangeability block" : "", amount_exact((int64_t)n_blocks, amount));
    fputs(":</p>\n", page->out);
    if (campaign->n_outer <= COLUMNS_MOST)
        write_table(page->out, people, shown, campaign->n_outer, most);
    free(people);
    return err->code;
}

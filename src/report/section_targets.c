#include "report/sections.h"

#include "base/amount.h"
#include "base/memory.h"
#include "output/footnotes.h"
#include "report/html.h"
#include "report/page_columns.h"

#include <math.h>
#include <stdlib.h>

enum { MOST_ROWS = 5000, PLAIN_ROWS = 50, NAME_CHARACTERS = 60 };
#define FOUND 0.05

static void write_heads(const struct page *page, const struct page_columns *columns)
{
    FILE *out = page->out;
    fputs("<thead><tr>", out);
    for (size_t c = 0; c < columns->count; c++) {
        fprintf(out, "<th scope=\"col\"%s title=\"",
                page_columns_is_text(columns->id[c]) ? " class=\"text\"" : "");
        html_text(out, page_columns_meaning(page, columns->id[c]));
        fprintf(out, "\">%s</th>", page_columns_name(page, columns->id[c]));
    }
    fputs("</tr></thead>\n", out);
}

static void write_plain_row(const struct page *page, const struct page_columns *columns, size_t i,
                            const struct footnotes *notes)
{
    FILE *out = page->out;
    const struct result_row *row = &page->content->rows[i];
    char cell[RESULT_CELL_BYTES], letters[FOOTNOTES_BYTES];
    fputs("<tr>", out);
    for (size_t c = 0; c < columns->count; c++) {
        int id = columns->id[c];
        if (id == RESULT_TARGET) {
            fputs("<th scope=\"row\" class=\"text\">", out);
            html_short(out, row->target, NAME_CHARACTERS);
            fputs("</th>", out);
        } else if (id == RESULT_NOTE) {
            footnotes_letters(notes, row->note, letters);
            fprintf(out, "<td class=\"text\">%s</td>", letters);
        } else {
            fputs(page_columns_is_text(id) ? "<td class=\"text\">" : "<td>", out);
            html_short(out, page_columns_cell(page, id, i, cell), NAME_CHARACTERS);
            fputs("</td>", out);
        }
    }
    fputs("</tr>\n", out);
}

/* A row for the script: an array of texts, and a 1 behind them where p_fwer is under .05, which its rounded
 * text does not tell of .04995. */
static void write_data_row(const struct page *page, const struct page_columns *columns, size_t i,
                           const struct footnotes *notes)
{
    FILE *out = page->out;
    const struct result_row *row = &page->content->rows[i];
    char cell[RESULT_CELL_BYTES], letters[FOOTNOTES_BYTES];
    fputs("[", out);
    for (size_t c = 0; c < columns->count; c++) {
        int id = columns->id[c];
        fputs(c > 0 ? ",\"" : "\"", out);
        if (id == RESULT_TARGET) {
            html_json(out, row->target);
        } else if (id == RESULT_NOTE) {
            footnotes_letters(notes, row->note, letters);
            html_json(out, letters);
        } else {
            html_json(out, page_columns_cell(page, id, i, cell));
        }
        fputs("\"", out);
    }
    fputs(row->value[RESULT_P_FWER] < FOUND ? ",1]" : "]", out);
}

static void write_notes(FILE *out, const struct footnotes *notes)
{
    if (notes->texts.count == 0)
        return;
    char *text = NULL;
    size_t bytes = 0;
    FILE *lines = open_memstream(&text, &bytes);
    if (lines == NULL)
        return;
    footnotes_print(notes, lines, 0);
    if (fclose(lines) == 0) {
        fputs("<div class=\"notes\"><h3>Notes</h3><pre>", out);
        html_text(out, text);
        fputs("</pre></div>\n", out);
    }
    free(text);
}

/* Rows in the order in which they are shown: those with a score, then the others. */
static size_t *order_of(const struct page *page, size_t *count, struct error *err)
{
    size_t all = page->content->campaign->n_targets_all, n = page->n_by_p;
    size_t *order = memory_zeroed(all, sizeof *order, "the report", err);
    for (size_t k = 0; order != NULL && k < n; k++)
        order[k] = page->by_p[k];
    for (size_t i = 0; order != NULL && i < all; i++)
        if (isnan(page->content->rows[i].value[RESULT_R2]))
            order[n++] = i;
    *count = n < MOST_ROWS ? n : MOST_ROWS;
    return order;
}

static void write_table(struct page *page, const size_t *order, size_t count, const struct footnotes *notes)
{
    FILE *out = page->out;
    const struct page_columns columns = page_columns_of(page);
    fputs(
        "<div class=\"tools\" hidden><label>Filter <input id=\"filter\" type=\"search\" autocomplete=\"off\" "
        "placeholder=\"part of a name\"></label>\n<label><input id=\"found\" type=\"checkbox\"> p_fwer &lt; .05</label>\n"
        "<span id=\"shown\" role=\"status\"></span>\n<button type=\"button\" id=\"copy\">Copy</button></div>\n"
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Targets\"><table id=\"table\">\n",
        out);
    write_heads(page, &columns);
    fputs("<tbody>\n", out);
    for (size_t k = 0; k < count && k < PLAIN_ROWS; k++)
        write_plain_row(page, &columns, order[k], notes);
    fputs("</tbody></table></div>\n<p><button type=\"button\" id=\"more\" hidden>Show more</button></p>\n"
          "<script type=\"application/json\" id=\"rows\">[",
          out);
    for (size_t k = 0; k < count; k++) {
        fputs(k > 0 ? ",\n" : "", out);
        write_data_row(page, &columns, order[k], notes);
    }
    fputs("]</script>\n", out);
}

int section_targets(struct page *page, struct error *err)
{
    size_t count = 0, all = page->content->campaign->n_targets_all;
    const char *file = page_is_univariate(page) ? "targets.tsv" : "results.tsv";
    size_t *order = order_of(page, &count, err);
    struct footnotes notes = {0};
    for (size_t k = 0; err->code == 0 && k < count; k++)
        footnotes_add(&notes, page->content->rows[order[k]].note, err);
    if (err->code == 0) {
        page_section(page, "targets", "Targets", NULL);
        char total[AMOUNT_BYTES], shown[AMOUNT_BYTES];
        if (count < all)
            fprintf(
                page->out,
                "<p class=\"lead\">The first %s of %s targets by p<sub>fwer</sub>, p and r<sup>2</sup>; all of them are in "
                "%s.</p>\n",
                amount_exact((int64_t)count, shown), amount_exact((int64_t)all, total), file);
        else if (count > PLAIN_ROWS)
            fprintf(page->out, "<noscript><p>The first %d of %s; all of them are in %s.</p></noscript>\n",
                    PLAIN_ROWS, amount_exact((int64_t)all, total), file);
        write_table(page, order, count, &notes);
        write_notes(page->out, &notes);
    }
    footnotes_free(&notes);
    free(order);
    return err->code;
}

#include "report/page.h"

#include "base/memory.h"
#include "base/replace.h"
#include "report/assets.h"
#include "report/html.h"
#include "report/sections.h"

#include <math.h>
#include <stdlib.h>

/* The first line says whose file it is: no other is replaced. */
static const char begins[] = "<!DOCTYPE html><!-- arete report -->\n";
static const struct replace_kind kind = {
    .a_file = "a report of arete", .begins = begins, .begins_bytes = sizeof begins - 1, .is_private = true};

int page_check(const char *path, struct error *err)
{
    return replace_check(path, &kind, err);
}

bool page_is_univariate(const struct page *page)
{
    return page->content->campaign->model != NULL;
}

bool page_has_associations(const struct page *page)
{
    return page_is_univariate(page) && page->content->campaign->best_variant != NULL;
}

int64_t page_snps(const struct campaign *campaign)
{
    return campaign->n_tested > 0 ? campaign->n_tested : campaign->n_snps;
}

void page_section(struct page *page, const char *id, const char *title, const char *lead)
{
    fprintf(page->out, "%s<section id=\"%s\" aria-labelledby=\"%s-title\">\n<h2 id=\"%s-title\">",
            page->n_headings > 0 ? "</section>\n" : "", id, id, id);
    html_text(page->out, title);
    fputs("</h2>\n", page->out);
    if (lead != NULL) {
        fputs("<p class=\"lead\">", page->out);
        html_text(page->out, lead);
        fputs("</p>\n", page->out);
    }
    page->headings[page->n_headings++] = (struct page_heading){id, title};
}

static double rank_of(double value)
{
    return isnan(value) ? INFINITY : value;
}

static int compare_rows(const void *a, const void *b, void *context)
{
    const struct result_row *rows = context;
    size_t i = *(const size_t *)a, j = *(const size_t *)b;
    const double *x = rows[i].value, *y = rows[j].value;
    const double left[] = {rank_of(x[RESULT_P_FWER]), rank_of(x[RESULT_P]), rank_of(-x[RESULT_R2])};
    const double right[] = {rank_of(y[RESULT_P_FWER]), rank_of(y[RESULT_P]), rank_of(-y[RESULT_R2])};
    for (size_t k = 0; k < sizeof left / sizeof *left; k++)
        if (left[k] < right[k] || left[k] > right[k])
            return left[k] < right[k] ? -1 : 1;
    return i < j ? -1 : i > j;
}

static int order_rows(struct page *page, struct error *err)
{
    const struct campaign *campaign = page->content->campaign;
    size_t all = campaign->n_targets_all, t = 0;
    page->by_p = memory_zeroed(all, sizeof *page->by_p, "the report", err);
    page->by_row = memory_zeroed(all, sizeof *page->by_row, "the report", err);
    if (err->code != 0)
        return err->code;
    for (size_t i = 0; i < all; i++) {
        page->by_row[i] = t;
        t += campaign->target_analysed[i] != 0;
        if (!isnan(page->content->rows[i].value[RESULT_R2]))
            page->by_p[page->n_by_p++] = i;
    }
    qsort_r(page->by_p, page->n_by_p, sizeof *page->by_p, compare_rows, (void *)page->content->rows);
    return 0;
}

static int write_sections(struct page *page, struct error *err)
{
    static const struct {
        int (*write)(struct page *page, struct error *err);
        bool is_of_ridge;
    } sections[] = {{section_maps, false},       {section_targets, false},   {section_snps, false},
                    {section_null, false},       {section_quantiles, false}, {section_power, true},
                    {section_predictions, true}, {section_penalties, true},  {section_flow, false},
                    {section_relatives, false},  {section_folds, true},      {section_timeline, false},
                    {section_study, false},      {section_methods, false}};
    for (size_t k = 0; err->code == 0 && k < sizeof sections / sizeof *sections; k++)
        if (!sections[k].is_of_ridge || !page_is_univariate(page))
            sections[k].write(page, err);
    fputs("</section>\n", page->out);
    return err->code;
}

static void write_head(FILE *out, const char *name)
{
    fputs(begins, out);
    fputs("<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
          "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
          "<meta name=\"color-scheme\" content=\"light dark\">\n"
          "<meta name=\"generator\" content=\"arete " ARETE_VERSION "\">\n<title>",
          out);
    html_text(out, name);
    fputs(" \xC2\xB7 arete</title>\n<style>\n", out);
    fputs(assets_style, out);
    fputs("</style></head><body>\n<a class=\"skip\" href=\"#main\">Skip to the results</a>\n", out);
}

static void write_contents(FILE *out, const struct page *page)
{
    fputs("<nav aria-label=\"Contents\"><ol>\n", out);
    for (size_t k = 0; k < page->n_headings; k++) {
        fprintf(out, "<li><a href=\"#%s\">", page->headings[k].id);
        html_text(out, page->headings[k].title);
        fputs("</a></li>\n", out);
    }
    fputs("</ol></nav>\n", out);
}

/* The sections are written first, to know their titles. */
static int write_page(FILE *file, struct page *page, struct error *err)
{
    char *body = NULL;
    size_t body_bytes = 0;
    page->out = open_memstream(&body, &body_bytes);
    if (page->out == NULL)
        return error_set(err, EXIT_CODE_FAILED, "out of memory for the report");
    write_sections(page, err);
    bool is_written = fclose(page->out) == 0;
    if (!is_written && err->code == 0)
        error_set(err, EXIT_CODE_FAILED, "out of memory for the report");
    if (err->code == 0) {
        page->out = file;
        write_head(file, page->content->name);
        section_verdict(page, err);
        fputs("<div class=\"columns\">\n", file);
        write_contents(file, page);
        fputs("<main id=\"main\">\n", file);
        fwrite(body, 1, body_bytes, file);
        fputs("</main></div>\n<script>\n", file);
        fputs(assets_script, file);
        fputs("</script></body></html>\n", file);
    }
    free(body);
    return err->code;
}

int page_write(const char *path, const struct page_content *content, struct error *err)
{
    struct page page = {.content = content};
    struct replace replace;
    if (replace_open(&replace, path, &kind, err) != 0)
        return err->code;
    if (order_rows(&page, err) == 0)
        write_page(replace.file, &page, err);
    free(page.by_p);
    free(page.by_row);
    if (err->code != 0) {
        replace_abandon(&replace);
        return err->code;
    }
    return replace_finish(&replace, err);
}

#include "report/sections.h"

#include "report/decimal.h"
#include "report/map_look.h"
#include "report/mosaic.h"
#include "report/png.h"
#include "report/ramp.h"
#include "report/svg.h"
#include "report/viewer.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>

enum { WIDTH = 912, FOOT = 40, SHADES = 127 };
#define FOUND 0.05

/* Whether it is known which side is left: by an sform or qform. */
static bool has_sides(const struct campaign *campaign)
{
    return campaign->map_space > 0;
}

static bool is_found(const struct result_row *row)
{
    return row->value[RESULT_P_FWER] < FOUND;
}

/* The pixel of a target: 0: none; SHADES faded colors, SHADES full ones. Without p values fade by size. */
static uint8_t shade_of(const struct map_look *look, const struct result_row *row)
{
    double value = map_look_value(look, row), range = look->high - look->low;
    if (isnan(value))
        return 0;
    double share = range > 0 ? fmin((value - look->low) / range, 1) : 1;
    return (uint8_t)(1 + lround(share * (SHADES - 1)) + (is_found(row) ? SHADES : 0));
}

static int write_overlay(FILE *out, const struct map_look *look, const struct mosaic *mosaic,
                         const struct result_row *rows, bool has_p, struct error *err)
{
    size_t count = mosaic->width * mosaic->height;
    uint8_t *pixel = memory_zeroed(count, 1, "a brain map", err), color[PNG_COLORS][4] = {{0}};
    for (int c = 1; c <= 2 * SHADES; c++) {
        double share = (double)((c - 1) % SHADES) / (SHADES - 1);
        ramp_color(look->ramp, share, color[c]);
        color[c][3] = (uint8_t)(c > SHADES ? 255 : 30 + (has_p ? 100 : 225) * (look->fades ? share : 0.6));
    }
    for (size_t k = 0; pixel != NULL && k < count; k++)
        pixel[k] = mosaic->target[k] >= 0 ? shade_of(look, &rows[mosaic->target[k]]) : 0;
    fprintf(out, "<image width=\"%zu\" height=\"%zu\" href=\"", mosaic->width, mosaic->height);
    if (pixel != NULL)
        png_write(out, &(struct png){mosaic->width, mosaic->height, pixel, (const uint8_t(*)[4])color}, err);
    fputs("\"/>\n", out);
    free(pixel);
    return err->code;
}

static int write_mean(FILE *out, const struct mosaic *mosaic, struct error *err)
{
    uint8_t color[PNG_COLORS][4];
    for (int c = 0; c < PNG_COLORS; c++)
        for (int k = 0; k < 4; k++)
            color[c][k] = (uint8_t)(k == 3 ? (c > 0 ? 255 : 0) : c * 5 / 8);
    fprintf(out, "<defs><image id=\"mean-image\" width=\"%zu\" height=\"%zu\" href=\"", mosaic->width,
            mosaic->height);
    png_write(out, &(struct png){mosaic->width, mosaic->height, mosaic->grey, (const uint8_t(*)[4])color},
              err);
    fputs("\"/></defs>\n", out);
    return err->code;
}

/* Decimals of the slices' places: whole mm tell those of a human brain. */
static int count_decimals(const struct mosaic *mosaic)
{
    const double whole = 5;
    const int most = 6;
    double apart = whole;
    for (size_t k = 1; k < mosaic->n_slices; k++)
        if (mosaic->slice[k].axis == mosaic->slice[k - 1].axis)
            apart = fmin(apart, mosaic->slice[k].mm - mosaic->slice[k - 1].mm);
    return apart > 0 ? (int)fmin(ceil(-log10(apart / whole)), most) : most;
}

static void write_levels(FILE *out, const struct mosaic *mosaic, double scale, bool with_sides)
{
    static const char names[] = "xyz";
    const int decimals = count_decimals(mosaic);
    for (size_t k = 0; k < mosaic->n_slices; k++) {
        const struct mosaic_slice *slice = &mosaic->slice[k];
        bool is_first = k == 0 || slice[-1].axis != slice->axis;
        double x = (double)slice->left * scale, y = (double)slice->top * scale;
        const char name[] = {names[slice->axis], ' ', '=', ' ', '\0'};
        svg_text(out, "level", x + 4, y - 1, SVG_START, "%s%s%.*f%s", is_first ? name : "",
                 slice->mm <= -0.5 * pow(10, -decimals) ? "\xE2\x88\x92" : "", decimals, fabs(slice->mm),
                 is_first ? " mm" : "");
        if (with_sides && is_first && slice->axis > 0) {
            double middle = y + (double)slice->height * scale / 2 + 4;
            svg_text(out, "level", x + 2, middle, SVG_START, "L");
            svg_text(out, "level", x + (double)slice->width * scale - 2, middle, SVG_END, "R");
        }
    }
}

static void write_bar(FILE *out, const struct map_look *look, bool has_p, double y)
{
    char low[DECIMAL_BYTES], high[DECIMAL_BYTES];
    double ends[] = {look->low, look->high};
    bool is_p = look->is_best_p || look->id == RESULT_P_FWER;
    if (look->id == RESULT_PENALTY) {
        snprintf(low, sizeof low, "%.3g", pow(10, ends[0]));
        snprintf(high, sizeof high, "%.3g", pow(10, ends[1]));
    } else {
        decimal_digits(ends[0], is_p ? 1 : 3, low);
        decimal_digits(ends[1], is_p ? 1 : 3, high);
    }
    svg_text(out, "level", 8, y + 25, SVG_START, "%s", look->bar);
    ramp_bar(out, look->ramp, map_look_name(look), (const double[]){WIDTH - 250, y + 15, 180, 12});
    svg_text(out, "level", WIDTH - 256, y + 25, SVG_END, "%s", ends[0] == 0 ? "0" : low);
    svg_text(out, "level", WIDTH - 64, y + 25, SVG_START, "%s", high);
    if (has_p)
        svg_text(out, "level soft", WIDTH - 320, y + 25, SVG_END, "faded: p_fwer not under .05");
}

/* The target with the largest value of the map. */
static const struct result_row *top_of(const struct map_look *look, const struct page *page)
{
    const struct result_row *best = NULL;
    for (size_t k = 0; k < page->n_by_p; k++) {
        const struct result_row *row = &page->content->rows[page->by_p[k]];
        double value = map_look_value(look, row);
        if (!isnan(value) && (best == NULL || value > map_look_value(look, best)))
            best = row;
    }
    return best;
}

static int write_map(struct page *page, const struct map_look *look, const struct mosaic *mosaic,
                     bool is_first, struct error *err)
{
    FILE *out = page->out;
    double scale = (double)WIDTH / (double)mosaic->width, bottom = (double)mosaic->height * scale;
    bool has_p = page->content->null != NULL;
    const struct result_row *top = look->id != RESULT_PENALTY ? top_of(look, page) : NULL;
    char label[400];
    snprintf(label, sizeof label, "Brain slices: %s%s%.200s", look->title, top != NULL ? ", largest in " : "",
             top != NULL ? top->target : "");
    fprintf(out, "<h3>%s</h3>\n<figure class=\"brain\">", look->title);
    svg_begin(out, WIDTH, bottom + FOOT, label);
    fprintf(out, "<rect class=\"film\" width=\"%d\" height=\"%.1f\" rx=\"4\"/>\n", WIDTH, bottom + FOOT);
    if (is_first && write_mean(out, mosaic, err) != 0)
        return err->code;
    fprintf(out, "<g transform=\"scale(%.5f)\"><use href=\"#mean-image\"/>\n", scale);
    write_overlay(out, look, mosaic, page->content->rows, has_p, err);
    fputs("</g>\n", out);
    write_levels(out, mosaic, scale, has_sides(page->content->campaign));
    write_bar(out, look, has_p, bottom);
    svg_end(out);
    fputs("</figure>\n", out);
    return err->code;
}

static int write_all(struct page *page, const struct mosaic *mosaic, struct error *err)
{
    struct map_look looks[MAP_LOOKS];
    size_t n_looks = map_looks(page, looks);
    for (size_t k = 0; k < n_looks && err->code == 0; k++)
        write_map(page, &looks[k], mosaic, k == 0, err);
    return err->code == 0 ? viewer_write(page, looks, n_looks, mosaic->peak, err) : err->code;
}

int section_maps(struct page *page, struct error *err)
{
    const struct campaign *campaign = page->content->campaign;
    struct mosaic mosaic;
    size_t first = page->n_by_p > 0 ? page->by_p[0] : campaign->n_targets_all;
    if (campaign->n_placed == 0)
        return 0;
    page_section(page, "maps", "Brain maps", NULL);
    if (!mosaic_is_possible(campaign)) {
        fputs(
            "<p class=\"lead\">The campaign does not say which voxels a target has: it is of an older arete, "
            "or its images have no place in space. The maps in maps/ show them.</p>\n",
            page->out);
        return 0;
    }
    if (mosaic_init(&mosaic, campaign, first, err) == 0) {
        fprintf(page->out,
                "<p class=\"lead\">%s%s.%s The maps themselves stand beside the tables, in maps/.</p>\n",
                has_sides(campaign)
                    ? "Axial, coronal and sagittal slices over the mean of the images; left is left"
                    : "Slices across the third, second and first axis of the images, over their mean; which "
                      "side is left is not known (sform_code and qform_code are 0)",
                isnan(mosaic.peak[0])
                    ? ""
                    : ", and one slice of each kind goes through the first target of the table",
                page_is_univariate(page)
                    ? ""
                    : " Where r<sup>2</sup> is 0 or less, or p<sub>fwer</sub> is 1, there is no colour.");
        write_all(page, &mosaic, err);
    }
    mosaic_free(&mosaic);
    return err->code;
}

#include "associate/manhattan.h"

#include "associate/plot_file.h"
#include "base/memory.h"
#include "report/axis.h"
#include "report/svg.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    WIDTH = 1000,
    HEIGHT = 400,
    LEFT = 52,
    RIGHT = 984,
    TOP = 56,
    BASE = 348,
    COLUMNS = RIGHT - LEFT, /* places of the picture, a pixel each */
    ROWS = BASE - TOP,
    NAMED_MOST = 10,
    NAMES_APART = 70,
    LEAST_GAP = 16 /* between the labels of two chromosomes */
};

/* Where chromosomes stand: in the order of the genotypes, each as wide as its positions reach, or, where
 * these are not known, as it has variants. */
struct places {
    bool by_position;
    double *first, *last;  /* of every chromosome: its smallest and largest position ... */
    double *start, *width; /* ... and where it stands, 0 to 1; width 0: no SNP of it is tested */
    size_t count;
};

struct plot {
    const struct manhattan *manhattan;
    struct places places;
    struct axis y;
    char *marks; /* ROWS x COLUMNS: 0, or the class of what stands there */
    FILE *out;
};

enum { ODD = 1, EVEN, OVER };
static const char *const classes[] = {NULL, "odd", "even", "over"};

static double where(const struct places *places, const struct variants *variants, size_t v)
{
    return places->by_position ? (double)variants->entries[v].position : (double)v;
}

static void find_ends(struct places *places, const struct manhattan *manhattan)
{
    for (size_t c = 0; c < places->count; c++) {
        places->first[c] = INFINITY;
        places->last[c] = -INFINITY;
    }
    for (size_t v = 0; v < manhattan->variants->count; v++) {
        if (isnan(manhattan->log10p[v]))
            continue;
        size_t c = manhattan->variants->entries[v].chromosome;
        double at = where(places, manhattan->variants, v);
        places->first[c] = fmin(places->first[c], at);
        places->last[c] = fmax(places->last[c], at);
    }
}

static double length_of(const struct places *places, size_t c)
{
    return places->last[c] >= places->first[c] ? places->last[c] - places->first[c] + 1 : 0;
}

static int places_init(struct places *places, const struct manhattan *manhattan, struct error *err)
{
    const double gap = 0.006;
    size_t count = places->count = manhattan->variants->chromosomes.count;
    double *memory = memory_zeroed(4 * count, sizeof *memory, "a plot", err), all = 0, at = 0;
    if (memory == NULL)
        return err->code;
    places->first = memory;
    places->last = memory + count;
    places->start = memory + 2 * count;
    places->width = memory + 3 * count;
    places->by_position = true;
    for (size_t v = 0; v < manhattan->variants->count; v++)
        if (!isnan(manhattan->log10p[v]) && manhattan->variants->entries[v].position < 0)
            places->by_position = false;
    find_ends(places, manhattan);
    double n_gaps = 0;
    for (size_t c = 0; c < count; c++) {
        all += length_of(places, c);
        n_gaps += length_of(places, c) > 0;
    }
    double share = fmin(gap, 0.3 / n_gaps); /* of many contigs gaps must not take all */
    for (size_t c = 0; c < count; c++) {
        if (length_of(places, c) <= 0)
            continue;
        places->width[c] = length_of(places, c) * (1 - share * n_gaps) / all;
        places->start[c] = at + share / 2;
        at = places->start[c] + places->width[c] + share / 2;
    }
    return 0;
}

/* 0 to 1. */
static double place_of(const struct plot *plot, size_t v)
{
    const struct places *places = &plot->places;
    size_t c = plot->manhattan->variants->entries[v].chromosome;
    double along = where(places, plot->manhattan->variants, v) - places->first[c] + 0.5;
    return places->start[c] + places->width[c] * along / length_of(places, c);
}

static void mark(struct plot *plot)
{
    const struct manhattan *manhattan = plot->manhattan;
    double limit = manhattan->lines[0].log10p;
    for (size_t v = 0; v < manhattan->variants->count; v++) {
        double value = manhattan->log10p[v];
        if (isnan(value))
            continue;
        int column = (int)(place_of(plot, v) * COLUMNS), row = (int)axis_at(&plot->y, value) - TOP;
        column = column < COLUMNS ? column : COLUMNS - 1;
        row = row < 0 ? 0 : row < ROWS ? row : ROWS - 1;
        plot->marks[row * COLUMNS + column] =
            (char)(value >= limit                                        ? OVER
                   : manhattan->variants->entries[v].chromosome % 2 == 0 ? ODD
                                                                         : EVEN);
    }
}

/* All places of one class; those that follow each other in a column are one stroke. */
static void draw_class(const struct plot *plot, int class)
{
    svg_path_begin(plot->out, classes[class]);
    for (int column = 0; column < COLUMNS; column++)
        for (int row = 0; row < ROWS; row++) {
            int end = row;
            while (end < ROWS && plot->marks[end * COLUMNS + column] == class)
                end++;
            if (end == row)
                continue;
            fprintf(plot->out, "M%d %dv%d", LEFT + column, TOP + row, end - row - 1);
            row = end;
        }
    svg_path_end(plot->out);
}

static void draw_chromosomes(const struct plot *plot)
{
    const struct places *places = &plot->places;
    double last = -LEAST_GAP;
    svg_line(plot->out, "axis", LEFT, BASE, RIGHT, BASE);
    for (size_t c = 0; c < places->count; c++) {
        double middle = LEFT + COLUMNS * (places->start[c] + places->width[c] / 2);
        if (places->width[c] <= 0 || middle - last < LEAST_GAP)
            continue;
        const double place[2] = {middle, BASE + 18};
        svg_name(plot->out, "tick", place, SVG_MIDDLE, plot->manhattan->variants->chromosomes.items[c], 5);
        last = middle;
    }
    svg_text(plot->out, "label", (LEFT + RIGHT) / 2.0, BASE + 40, SVG_MIDDLE, "chromosome");
}

static void draw_lines(const struct plot *plot)
{
    /* beside each other, as the lines may lie close */
    static const double label_at[MANHATTAN_LINES] = {RIGHT, (LEFT + RIGHT) / 2.0, LEFT + 8};
    static const enum svg_anchor anchor[MANHATTAN_LINES] = {SVG_END, SVG_MIDDLE, SVG_START};
    for (int k = 0; k < MANHATTAN_LINES; k++) {
        const struct manhattan_line *line = &plot->manhattan->lines[k];
        if (!(line->log10p > 0) || line->label == NULL)
            continue;
        double y = axis_at(&plot->y, line->log10p);
        svg_line(plot->out, "limit", LEFT, y, RIGHT, y);
        svg_text(plot->out, "note", label_at[k], y - 5, anchor[k], "%s", line->label);
    }
}

/* The largest of those that are not near one that has its name already; variants->count: none. */
static size_t next_peak(const struct plot *plot, const double *named, size_t n_named)
{
    const struct manhattan *manhattan = plot->manhattan;
    size_t best = manhattan->variants->count;
    for (size_t v = 0; v < manhattan->variants->count; v++) {
        if (isnan(manhattan->log10p[v]) || !(manhattan->log10p[v] >= manhattan->lines[0].log10p) ||
            (best < manhattan->variants->count && manhattan->log10p[v] <= manhattan->log10p[best]))
            continue;
        bool is_near = false;
        for (size_t k = 0; k < n_named; k++)
            is_near = is_near || fabs(named[k] - place_of(plot, v)) * COLUMNS < NAMES_APART;
        if (!is_near)
            best = v;
    }
    return best;
}

static void draw_names(const struct plot *plot)
{
    const struct variants *variants = plot->manhattan->variants;
    double named[NAMED_MOST];
    for (size_t k = 0; k < NAMED_MOST; k++) {
        size_t v = next_peak(plot, named, k);
        if (v == variants->count)
            return;
        named[k] = place_of(plot, v);
        double x = LEFT + COLUMNS * named[k];
        const double place[2] = {x, axis_at(&plot->y, plot->manhattan->log10p[v]) - 7};
        enum svg_anchor anchor = x < LEFT + 50 ? SVG_START : x > RIGHT - 50 ? SVG_END : SVG_MIDDLE;
        svg_name(plot->out, "name", place, anchor, variants_get(variants, v).id, 16);
    }
}

static void draw(struct plot *plot)
{
    svg_text(plot->out, "title", LEFT, 22, SVG_START, "%s", plot->manhattan->title);
    axis_left(plot->out, &plot->y, LEFT, RIGHT, "\xE2\x88\x92log\xE2\x82\x81\xE2\x82\x80 p");
    mark(plot);
    for (int class = ODD; class <= OVER; class ++)
        draw_class(plot, class);
    draw_lines(plot);
    draw_names(plot);
    draw_chromosomes(plot);
}

int manhattan_write(const struct manhattan *manhattan, const char *path, struct error *err)
{
    static const double size[2] = {WIDTH, HEIGHT};
    struct plot plot = {.manhattan = manhattan, .y = {0, 8, BASE, TOP}};
    struct replace replace;
    for (size_t v = 0; v < manhattan->variants->count; v++)
        plot.y.high = fmax(plot.y.high, 1.08 * manhattan->log10p[v]); /* NaN leaves it */
    for (int k = 0; k < MANHATTAN_LINES; k++)
        plot.y.high = fmax(plot.y.high, 1.12 * manhattan->lines[k].log10p);
    plot.marks = memory_zeroed((size_t)ROWS * COLUMNS, sizeof *plot.marks, "a plot", err);
    if (plot.marks != NULL && places_init(&plot.places, manhattan, err) == 0 &&
        plot_file_open(&replace, path, size, manhattan->title, err) == 0) {
        plot.out = replace.file;
        draw(&plot);
        plot_file_close(&replace, err);
    }
    free(plot.places.first);
    free(plot.marks);
    return err->code;
}

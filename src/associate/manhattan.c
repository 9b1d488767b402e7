#include "associate/manhattan.h"

#include "associate/plot_file.h"
#include "base/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    COLUMNS = CAMPAIGN_MANHATTAN_COLUMNS, /* places of the picture, a pixel each */
    ROWS = CAMPAIGN_MANHATTAN_ROWS,
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
    size_t count = places->count = manhattan->variants->chromosomes.names.count;
    double *memory = memory_zeroed(4 * count, sizeof *memory, "a plot", err), all = 0, at = 0;
    if (memory == NULL)
        return err->code;
    places->first = memory;
    places->last = memory + count;
    places->start = memory + 2 * count;
    places->width = memory + 3 * count;
    places->by_position = true;
    for (size_t v = 0; v < manhattan->variants->count; v++)
        if (!isnan(manhattan->log10p[v]) && manhattan->variants->entries[v].position <= 0)
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
static double place_of(const struct places *places, const struct variants *variants, size_t v)
{
    size_t c = variants->entries[v].chromosome;
    double along = where(places, variants, v) - places->first[c] + 0.5;
    return places->start[c] + places->width[c] * along / length_of(places, c);
}

static void mark(const struct manhattan_picture *picture, const struct manhattan *manhattan,
                 const struct places *places)
{
    double limit = manhattan->lines[0].log10p;
    for (size_t v = 0; v < manhattan->variants->count; v++) {
        double value = manhattan->log10p[v];
        if (isnan(value))
            continue;
        int column = (int)(place_of(places, manhattan->variants, v) * COLUMNS);
        column = column < COLUMNS ? column : COLUMNS - 1;
        picture->marks[manhattan_plot_row(value, picture->most) * COLUMNS + column] =
            (uint8_t)(value >= limit                                        ? MANHATTAN_OVER
                      : manhattan->variants->entries[v].chromosome % 2 == 0 ? MANHATTAN_ODD
                                                                            : MANHATTAN_EVEN);
    }
}

/* Those that have room below the plot. */
static int name_chromosomes(struct manhattan_picture *picture, const struct manhattan *manhattan,
                            const struct places *places, struct error *err)
{
    double last = -LEAST_GAP;
    picture->chromosome = memory_zeroed(places->count, sizeof *picture->chromosome, "a plot", err);
    for (size_t c = 0; err->code == 0 && c < places->count; c++) {
        double middle = places->start[c] + places->width[c] / 2;
        if (places->width[c] <= 0 || middle * COLUMNS - last < LEAST_GAP)
            continue;
        char *name = memory_string(manhattan->variants->chromosomes.names.items[c], err);
        picture->chromosome[picture->n_chromosomes++] = (struct campaign_place){name, middle, 0};
        last = middle * COLUMNS;
    }
    return err->code;
}

/* The largest of those that are not near one that has its name already; variants->count: none. */
static size_t next_peak(const struct manhattan_picture *picture, const struct manhattan *manhattan,
                        const struct places *places)
{
    size_t best = manhattan->variants->count;
    for (size_t v = 0; v < manhattan->variants->count; v++) {
        if (isnan(manhattan->log10p[v]) || !(manhattan->log10p[v] >= manhattan->lines[0].log10p) ||
            (best < manhattan->variants->count && manhattan->log10p[v] <= manhattan->log10p[best]))
            continue;
        double across = place_of(places, manhattan->variants, v);
        bool is_near = false;
        for (size_t k = 0; k < picture->n_peaks; k++)
            is_near = is_near || fabs(picture->peak[k].across - across) * COLUMNS < NAMES_APART;
        if (!is_near)
            best = v;
    }
    return best;
}

static int name_peaks(struct manhattan_picture *picture, const struct manhattan *manhattan,
                      const struct places *places, struct error *err)
{
    const struct variants *variants = manhattan->variants;
    picture->peak = memory_zeroed(NAMED_MOST, sizeof *picture->peak, "a plot", err);
    while (err->code == 0 && picture->n_peaks < NAMED_MOST) {
        size_t v = next_peak(picture, manhattan, places);
        if (v == variants->count)
            break;
        picture->peak[picture->n_peaks++] =
            (struct campaign_place){memory_string(variants_get(variants, v).id, err),
                                    place_of(places, variants, v), manhattan->log10p[v]};
    }
    return err->code;
}

static double most_of(const struct manhattan *manhattan)
{
    double most = 8;
    for (size_t v = 0; v < manhattan->variants->count; v++)
        most = fmax(most, 1.08 * manhattan->log10p[v]); /* NaN leaves it */
    for (int k = 0; k < MANHATTAN_LINES; k++)
        most = fmax(most, 1.12 * manhattan->lines[k].log10p);
    return most;
}

int manhattan_make(struct manhattan_picture *picture, const struct manhattan *manhattan, struct error *err)
{
    struct places places = {0};
    *picture = (struct manhattan_picture){.most = most_of(manhattan)};
    picture->marks = memory_zeroed((size_t)ROWS * COLUMNS, 1, "a plot", err);
    if (picture->marks != NULL && places_init(&places, manhattan, err) == 0) {
        mark(picture, manhattan, &places);
        if (name_chromosomes(picture, manhattan, &places, err) == 0)
            name_peaks(picture, manhattan, &places, err);
    }
    free(places.first);
    return err->code;
}

void manhattan_free(struct manhattan_picture *picture)
{
    for (size_t k = 0; k < picture->n_chromosomes; k++)
        free(picture->chromosome[k].name);
    for (size_t k = 0; k < picture->n_peaks; k++)
        free(picture->peak[k].name);
    free(picture->chromosome);
    free(picture->peak);
    free(picture->marks);
    *picture = (struct manhattan_picture){0};
}

int manhattan_write_picture(const struct manhattan_picture *picture, const char *title,
                            const struct manhattan_line lines[MANHATTAN_LINES], const char *path,
                            struct error *err)
{
    static const double size[2] = {MANHATTAN_PLOT_WIDTH, MANHATTAN_PLOT_HEIGHT};
    struct replace replace;
    if (plot_file_open(&replace, path, size, title, err) != 0)
        return err->code;
    manhattan_plot_draw(replace.file, picture, title, lines);
    return plot_file_close(&replace, err);
}

int manhattan_write(const struct manhattan *manhattan, const char *path, struct error *err)
{
    struct manhattan_picture picture;
    if (manhattan_make(&picture, manhattan, err) == 0)
        manhattan_write_picture(&picture, manhattan->title, manhattan->lines, path, err);
    manhattan_free(&picture);
    return err->code;
}

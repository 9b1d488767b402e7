#include "report/manhattan_plot.h"

#include "report/axis.h"
#include "report/svg.h"

enum {
    LEFT = 52,
    RIGHT = LEFT + CAMPAIGN_MANHATTAN_COLUMNS,
    TOP = 56,
    BASE = TOP + CAMPAIGN_MANHATTAN_ROWS,
    NAME_ROOM = 50
};
_Static_assert((int)RIGHT < (int)MANHATTAN_PLOT_WIDTH && (int)BASE < (int)MANHATTAN_PLOT_HEIGHT,
               "the picture fits its plot");

static const char *const classes[MANHATTAN_CLASSES] = {NULL, "odd", "even", "over"};

static struct axis axis_up(double most)
{
    return (struct axis){0, most, BASE, TOP};
}

int manhattan_plot_row(double log10p, double most)
{
    struct axis y = axis_up(most);
    int row = (int)axis_at(&y, log10p) - TOP;
    return row < 0 ? 0 : row < CAMPAIGN_MANHATTAN_ROWS ? row : CAMPAIGN_MANHATTAN_ROWS - 1;
}

/* All places of one class; those that follow each other in a column are one stroke. */
static void draw_class(FILE *out, const uint8_t *marks, int class)
{
    svg_path_begin(out, classes[class]);
    for (int column = 0; column < CAMPAIGN_MANHATTAN_COLUMNS; column++)
        for (int row = 0; row < CAMPAIGN_MANHATTAN_ROWS; row++) {
            int end = row;
            while (end < CAMPAIGN_MANHATTAN_ROWS && marks[end * CAMPAIGN_MANHATTAN_COLUMNS + column] == class)
                end++;
            if (end == row)
                continue;
            fprintf(out, "M%d %dv%d", LEFT + column, TOP + row, end - row - 1);
            row = end;
        }
    svg_path_end(out);
}

static void draw_chromosomes(FILE *out, const struct manhattan_picture *picture)
{
    svg_line(out, "axis", LEFT, BASE, RIGHT, BASE);
    for (size_t c = 0; c < picture->n_chromosomes; c++) {
        const double place[2] = {LEFT + CAMPAIGN_MANHATTAN_COLUMNS * picture->chromosome[c].across,
                                 BASE + 18};
        svg_name(out, "tick", place, SVG_MIDDLE, picture->chromosome[c].name, 5);
    }
    svg_text(out, "label", (LEFT + RIGHT) / 2.0, BASE + 40, SVG_MIDDLE, "chromosome");
}

static void draw_lines(FILE *out, const struct axis *y, const struct manhattan_line lines[MANHATTAN_LINES])
{
    /* beside each other, as the lines may lie close */
    static const double label_at[MANHATTAN_LINES] = {RIGHT, (LEFT + RIGHT) / 2.0, LEFT + 8};
    static const enum svg_anchor anchor[MANHATTAN_LINES] = {SVG_END, SVG_MIDDLE, SVG_START};
    for (int k = 0; k < MANHATTAN_LINES; k++) {
        if (!(lines[k].log10p > 0) || lines[k].log10p > y->high || lines[k].label == NULL)
            continue;
        double at = axis_at(y, lines[k].log10p);
        svg_line(out, "limit", LEFT, at, RIGHT, at);
        svg_text(out, "note", label_at[k], at - 5, anchor[k], "%s", lines[k].label);
    }
}

static void draw_peaks(FILE *out, const struct axis *y, const struct manhattan_picture *picture)
{
    for (size_t k = 0; k < picture->n_peaks; k++) {
        double x = LEFT + CAMPAIGN_MANHATTAN_COLUMNS * picture->peak[k].across;
        const double place[2] = {x, axis_at(y, picture->peak[k].up) - 7};
        enum svg_anchor anchor = x < LEFT + NAME_ROOM    ? SVG_START
                                 : x > RIGHT - NAME_ROOM ? SVG_END
                                                         : SVG_MIDDLE;
        svg_name(out, "name", place, anchor, picture->peak[k].name, 16);
    }
}

void manhattan_plot_draw(FILE *out, const struct manhattan_picture *picture, const char *title,
                         const struct manhattan_line lines[MANHATTAN_LINES])
{
    struct axis y = axis_up(picture->most);
    if (title != NULL)
        svg_text(out, "title", LEFT, 22, SVG_START, "%s", title);
    axis_left(out, &y, LEFT, RIGHT, "\xE2\x88\x92log\xE2\x82\x81\xE2\x82\x80 p");
    for (int class = MANHATTAN_ODD; class < MANHATTAN_CLASSES; class ++)
        draw_class(out, picture->marks, class);
    draw_lines(out, &y, lines);
    draw_peaks(out, &y, picture);
    draw_chromosomes(out, picture);
}

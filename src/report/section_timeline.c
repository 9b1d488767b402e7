#include "report/sections.h"

#include "base/amount.h"
#include "base/folder.h"
#include "report/axis.h"
#include "report/svg.h"
#include "report/trace_read.h"

#include <math.h>
#include <stdlib.h>
#include <time.h>

enum { WIDTH = 720, LEFT = 56, RIGHT = 704, TOP = 34, BASE = 160, MEMORY_TOP = 222, MEMORY_BASE = 290 };
enum { LEGEND_TOP = 352, LEGEND_ROW = 20, LEGEND_COLUMNS = 3, COLORS = 8, DATE_BYTES = 32 };

/* Types of tasks, those that took most first; what has no color of its own is the last one's. */
struct shares {
    size_t kind[TRACE_READ_KINDS];
    double busy_s[TRACE_READ_KINDS]; /* of kind[k] */
};

static struct shares rank_kinds(const struct trace_read *trace)
{
    struct shares shares = {0};
    for (size_t k = 0; k < trace->n_kinds; k++) {
        double busy = 0;
        for (size_t b = 0; b < TRACE_READ_BINS; b++)
            busy += trace->busy[k * TRACE_READ_BINS + b] * trace->seconds / TRACE_READ_BINS;
        size_t at = k;
        for (; at > 0 && shares.busy_s[at - 1] < busy; at--) {
            shares.busy_s[at] = shares.busy_s[at - 1];
            shares.kind[at] = shares.kind[at - 1];
        }
        shares.busy_s[at] = busy;
        shares.kind[at] = k;
    }
    return shares;
}

static int most_workers(const struct trace_read *trace)
{
    int most = 1;
    for (size_t k = 0; k < trace->n_runs; k++)
        most = trace->run[k].n_workers > most ? trace->run[k].n_workers : most;
    return most;
}

static double available_s(const struct trace_read *trace)
{
    double seconds = 0;
    for (size_t k = 0; k < trace->n_runs; k++)
        seconds += trace->run[k].n_workers * trace->run[k].seconds;
    return seconds;
}

/* One type upon those below it, a step a bin; `below` goes up by it. */
static void draw_kind(FILE *out, const double *busy, size_t color, double *below, const struct axis *x,
                      const struct axis *y)
{
    char class[16];
    snprintf(class, sizeof class, "t%zu", color);
    svg_path_begin(out, class);
    for (size_t b = 0; b < TRACE_READ_BINS; b++) {
        if (busy[b] <= 0)
            continue;
        double left = axis_at(x, (double)b), right = axis_at(x, (double)(b + 1));
        fprintf(out, "M%.1f %.1fV%.1fH%.1fV%.1fz", left, axis_at(y, below[b]), axis_at(y, below[b] + busy[b]),
                right, axis_at(y, below[b]));
        below[b] += busy[b];
    }
    svg_path_end(out);
}

static void draw_workers(FILE *out, const struct trace_read *trace, const struct shares *shares)
{
    double below[TRACE_READ_BINS] = {0};
    struct axis x = {0, TRACE_READ_BINS, LEFT, RIGHT}, y = {0, most_workers(trace), BASE, TOP};
    axis_left(out, &y, LEFT, RIGHT, "workers");
    for (size_t k = 0; k < trace->n_kinds; k++)
        draw_kind(out, trace->busy + shares->kind[k] * TRACE_READ_BINS, k < COLORS ? k : COLORS - 1, below,
                  &x, &y);
}

static void draw_memory(FILE *out, const struct trace_read *trace)
{
    const double mb = 1e6;
    double peak = 1;
    struct axis x = {0, TRACE_READ_BINS, LEFT, RIGHT};
    for (size_t k = 0; k < trace->n_runs; k++)
        peak = fmax(peak, (double)trace->run[k].peak_bytes / mb);
    struct axis y = {0, 1.05 * peak, MEMORY_BASE, MEMORY_TOP};
    axis_left(out, &y, LEFT, RIGHT, "memory, MB");
    svg_path_begin(out, "memory");
    char command = 'M';
    for (size_t b = 0; b < TRACE_READ_BINS; b++) {
        if (trace->memory[b] <= 0)
            continue;
        svg_path_to(out, command, axis_at(&x, (double)b + 0.5), axis_at(&y, trace->memory[b] / mb));
        command = 'L';
    }
    if (command == 'M') /* a path needs a point */
        svg_path_to(out, command, LEFT, MEMORY_BASE);
    svg_path_end(out);
}

/* Where one run ended and the next went on. */
static void draw_runs(FILE *out, const struct trace_read *trace, const struct axis *time)
{
    for (size_t k = 1; k < trace->n_runs; k++) {
        double at = axis_at(time, trace->run[k].start_s);
        svg_line(out, "limit", at, TOP - 8, at, MEMORY_BASE);
    }
}

static void draw_legend(FILE *out, const struct trace_read *trace, const struct shares *shares)
{
    double available = available_s(trace), others = 0;
    size_t shown = trace->n_kinds < COLORS ? trace->n_kinds : COLORS - 1;
    for (size_t k = shown; k < trace->n_kinds; k++)
        others += shares->busy_s[k];
    for (size_t k = 0; k < shown + (shown < trace->n_kinds); k++) {
        const double width = (double)(RIGHT - LEFT) / LEGEND_COLUMNS;
        double x = LEFT + (double)(k % LEGEND_COLUMNS) * width,
               y = LEGEND_TOP + (double)(k / LEGEND_COLUMNS) * LEGEND_ROW;
        char class[16];
        snprintf(class, sizeof class, "t%zu", k);
        svg_rect(out, class, (const double[]){x, y - 10, 11, 11}, NULL);
        svg_text(out, "label", x + 17, y, SVG_START, "%s %.1f %%",
                 k < shown ? trace->kind[shares->kind[k]] : "others",
                 100 * (k < shown ? shares->busy_s[k] : others) / available);
    }
}

static void draw(FILE *out, const struct trace_read *trace, const struct shares *shares)
{
    size_t n = trace->n_kinds < COLORS ? trace->n_kinds : COLORS;
    bool in_hours = trace->seconds >= 4 * 3600.0, in_minutes = !in_hours && trace->seconds >= 240;
    double unit = in_hours ? 3600 : in_minutes ? 60 : 1;
    struct axis time = {0, trace->seconds, LEFT, RIGHT}, shown = {0, trace->seconds / unit, LEFT, RIGHT};
    svg_begin(out, WIDTH, LEGEND_TOP + (double)((n + LEGEND_COLUMNS - 1) / LEGEND_COLUMNS) * LEGEND_ROW,
              "How many workers did what, and the memory, over the time of the run");
    draw_workers(out, trace, shares);
    draw_memory(out, trace);
    draw_runs(out, trace, &time);
    axis_bottom(out, &shown, MEMORY_BASE, in_hours ? "hours" : in_minutes ? "minutes" : "seconds");
    draw_legend(out, trace, shares);
    svg_end(out);
}

static const char *date_of(double unix_s, char text[DATE_BYTES])
{
    time_t seconds = (time_t)unix_s;
    struct tm utc;
    if (gmtime_r(&seconds, &utc) == NULL || strftime(text, DATE_BYTES, "%Y-%m-%d %H:%M UTC", &utc) == 0)
        text[0] = '\0';
    return text;
}

static void write_caption(FILE *out, const struct trace_read *trace, const struct shares *shares)
{
    char date[DATE_BYTES], seconds[AMOUNT_BYTES], peak_mb[AMOUNT_BYTES];
    double busy = 0, peak = 0;
    for (size_t k = 0; k < trace->n_kinds; k++)
        busy += shares->busy_s[k];
    for (size_t k = 0; k < trace->n_runs; k++)
        peak = fmax(peak, (double)trace->run[k].peak_bytes);
    fprintf(out,
            "<figcaption>What the workers did, and the memory. Begun %s; %s s, at most %s MB; %.0f %% of the "
            "workers' time in no task (reading, writing, waiting).",
            date_of(trace->run[0].began_unix_s, date), amount_about(trace->seconds, seconds),
            amount_about(peak / 1e6, peak_mb), 100 * fmax(0, 1 - busy / available_s(trace)));
    if (trace->n_runs > 1)
        fprintf(out, " %zu runs, the time between them left out: a dashed line is where one went on.",
                trace->n_runs);
    fputs(" Under mpirun this is process 0; scripts/trace-picture.py draws all.</figcaption>\n", out);
}

int section_timeline(struct page *page, struct error *err)
{
    struct trace_read trace;
    const char *name = page_is_univariate(page) ? "associate-trace.tsv" : "trace.tsv"; /* of either command */
    char *path = folder_path(page->content->folder, name, err);
    if (path == NULL)
        return err->code;
    if (trace_read_file(&trace, path, err) == 0 && trace.n_kinds > 0) {
        struct shares shares = rank_kinds(&trace);
        page_section(page, "timeline", "Time and memory", NULL);
        fputs("<figure>\n", page->out);
        draw(page->out, &trace, &shares);
        write_caption(page->out, &trace, &shares);
        fputs("</figure>\n", page->out);
    }
    trace_read_free(&trace);
    free(path);
    return err->code;
}

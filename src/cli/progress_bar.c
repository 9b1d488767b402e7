#include "cli/progress_bar.h"
#include "base/clock.h"
#include "base/text.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

enum { BAR_CELLS = 30 };
static const double terminal_seconds = 0.2, line_seconds = 60;

void progress_bar_begin(struct progress_bar *bar, FILE *out, const char *label, const char *unit,
                        double scale, double most)
{
    *bar = (struct progress_bar){.out = out, .label = label, .unit = unit, .scale = scale, .most = most};
    bar->terminal = isatty(fileno(out)) == 1;
    bar->started = clock_seconds();
    bar->shown =
        bar->terminal ? 0 : bar->started; /* the first line without a terminal comes after a minute */
}

static void print_bar(const struct progress_bar *bar, double done, double total)
{
    char cells[BAR_CELLS + 1];
    int filled = total > 0 ? (int)(done / total * BAR_CELLS) : 0;
    memset(cells, '-', BAR_CELLS);
    memset(cells, '#', (size_t)filled);
    cells[BAR_CELLS] = '\0';
    fprintf(bar->out, "\r[%s] ", cells);
}

static void show(struct progress_bar *bar, int64_t done, int64_t total, double now)
{
    double scaled_done = (double)done * bar->scale, scaled_total = (double)total * bar->scale;
    if (bar->most > 0 && scaled_total > bar->most) {
        scaled_total = bar->most;
        scaled_done = fmin(scaled_done, bar->most);
    }
    if (bar->terminal)
        print_bar(bar, scaled_done, scaled_total);
    fprintf(bar->out, "%s%s %.0f of %.0f", bar->terminal ? "" : "arete: ", bar->label, scaled_done,
            scaled_total);
    double rate = (double)(done - bar->first) * bar->scale / (now - bar->started);
    if (done > bar->first && now > bar->started) {
        char left[TEXT_DURATION_BYTES];
        text_duration((scaled_total - scaled_done) / rate, left);
        fprintf(bar->out, ", %.3g %s, %s left", rate, bar->unit, left);
    }
    fputs(bar->terminal ? "\033[K" : "\n", bar->out);
    fflush(bar->out);
}

void progress_bar_update(struct progress_bar *bar, int64_t done, int64_t total)
{
    double now = clock_seconds();
    if (!bar->begun) {
        bar->begun = true;
        bar->first = done;
    }
    if (now - bar->shown < (bar->terminal ? terminal_seconds : line_seconds) &&
        !(bar->terminal && done == total))
        return;
    bar->shown = now;
    show(bar, done, total, now);
}

void progress_bar_end(struct progress_bar *bar)
{
    if (bar->terminal && bar->begun)
        fputc('\n', bar->out);
}

#include "cli/progress_bar.h"

#include "base/amount.h"
#include "base/clock.h"
#include "base/screen.h"
#include "base/text.h"

#include <math.h>
#include <string.h>

enum { ECHO_COLUMNS = 2 }; /* for the ^C that a terminal writes behind a bar */
enum { MOST_CELLS = 30, FEWEST_CELLS = 8, BRACKETS = 3, RATE_BYTES = 96, TEXT_BYTES = 256 };
static const double terminal_seconds = 0.2, line_seconds = 60;

void progress_bar_begin(struct progress_bar *bar, FILE *out, const char *label, const char *unit,
                        double scale, double most)
{
    *bar = (struct progress_bar){.out = out, .label = label, .unit = unit, .scale = scale, .most = most};
    bar->terminal = screen_columns(out) > 0;
    bar->started = clock_seconds();
    bar->shown =
        bar->terminal ? 0 : bar->started; /* the first line without a terminal comes after a minute */
}

/* Counted units a second; 0 = not known yet. */
static double rate_of(const struct progress_bar *bar, double now)
{
    return bar->done > bar->first && now > bar->started
               ? (double)(bar->done - bar->first) / (now - bar->started)
               : 0;
}

/* "1,330/s" where the label ends in the noun, "8.1 million SNPs/s", "0.52 penalties/s". */
static void describe_rate(const struct progress_bar *bar, double rate, char text[RATE_BYTES])
{
    char amount[AMOUNT_BYTES];
    const char *noun_end = strstr(bar->unit, "/s");
    size_t noun = noun_end != NULL ? (size_t)(noun_end - bar->unit) : 0, label = strlen(bar->label);
    amount_about(rate * bar->scale, amount);
    bool is_said = noun > 0 && label >= noun && strncmp(bar->label + label - noun, bar->unit, noun) == 0;
    bool has_word = strchr(amount, ' ') != NULL;
    snprintf(text, RATE_BYTES, "%s%s%s", amount, is_said && !has_word ? "" : " ",
             is_said && !has_word ? noun_end : bar->unit);
}

/* "0.4s", "12s", "3m05s" */
static void describe_time(double seconds, char text[TEXT_DURATION_BYTES])
{
    const double tenths_until = 9.95;
    if (seconds < tenths_until)
        snprintf(text, TEXT_DURATION_BYTES, "%.1fs", seconds);
    else
        text_duration(seconds, text);
}

/* What stands beside the cells: how much is done, then the time left or, at the end, taken; then, with
 * `with_rate`, the rate. */
static void describe(const struct progress_bar *bar, double now, bool with_time, bool with_rate,
                     char text[TEXT_BYTES])
{
    double done = (double)bar->done * bar->scale, total = (double)bar->total * bar->scale;
    if (bar->most > 0 && total > bar->most) {
        total = bar->most;
        done = fmin(done, bar->most);
    }
    char done_text[AMOUNT_BYTES], total_text[AMOUNT_BYTES], time_text[TEXT_DURATION_BYTES];
    char rate_text[RATE_BYTES];
    double rate = rate_of(bar, now);
    bool is_done = bar->done == bar->total;
    size_t used =
        (size_t)snprintf(text, TEXT_BYTES, "%s%s %s of %s", bar->stops_at > 0 ? "stopping: " : "", bar->label,
                         amount_exact(llround(done), done_text), amount_exact(llround(total), total_text));
    if (with_time && used < TEXT_BYTES && is_done) {
        describe_time(now - bar->started, time_text);
        used += (size_t)snprintf(text + used, TEXT_BYTES - used, " in %s", time_text);
    } else if (with_time && used < TEXT_BYTES && rate > 0) {
        text_duration((total - done) / (rate * bar->scale), time_text);
        used += (size_t)snprintf(text + used, TEXT_BYTES - used, ", %s left", time_text);
    }
    if (with_rate && used < TEXT_BYTES && rate > 0) {
        describe_rate(bar, rate, rate_text);
        snprintf(text + used, TEXT_BYTES - used, ", %s", rate_text);
    }
}

/* One line of less than `columns` characters, so that the cursor stays on it: the fullest text that fits,
 * then as many cells as fit beside it. */
static void draw(const struct progress_bar *bar, double now, int columns)
{
    char text[TEXT_BYTES], cells[MOST_CELLS + 1];
    int room = columns - 1 - ECHO_COLUMNS;
    for (int detail = 2; detail >= 0; detail--) {
        describe(bar, now, detail >= 1, detail >= 2, text);
        if ((int)strlen(text) <= room)
            break;
    }
    int length = (int)strlen(text), n_cells = room - length - BRACKETS;
    n_cells = n_cells < FEWEST_CELLS ? 0 : n_cells < MOST_CELLS ? n_cells : MOST_CELLS;
    int filled = bar->total > 0 ? (int)((double)bar->done / (double)bar->total * n_cells) : 0;
    memset(cells, '-', (size_t)n_cells);
    memset(cells, '#', (size_t)filled);
    cells[n_cells] = '\0';
    fprintf(bar->out, n_cells > 0 ? "\r[%s] " : "\r%s", cells);
    fprintf(bar->out, "%.*s\033[K", room, text);
}

static void show(struct progress_bar *bar, double now)
{
    int columns = bar->terminal ? screen_columns(bar->out) : 0; /* asked each time: windows change */
    char text[TEXT_BYTES];
    if (columns > 0) {
        draw(bar, now, columns);
        bar->drawn = true;
    } else {
        describe(bar, now, true, true, text);
        fprintf(bar->out, "arete: %s\n", text);
    }
    fflush(bar->out);
    bar->shown = now;
}

void progress_bar_update(struct progress_bar *bar, int64_t done, int64_t total)
{
    double now = clock_seconds();
    if (!bar->begun) {
        bar->begun = true;
        bar->first = done;
    }
    bar->done = done;
    bar->total = total;
    if (bar->stops_at > 0 && bar->stops_at < total) /* an estimate where there are several ranks */
        bar->total = done < bar->stops_at ? bar->stops_at : done;
    if (now - bar->shown >= (bar->terminal ? terminal_seconds : line_seconds) ||
        (bar->terminal && done == bar->total))
        show(bar, now);
}

void progress_bar_stop(struct progress_bar *bar, int64_t n_left)
{
    if (bar->drawn)
        fputs("\r\033[K", bar->out);
    bar->drawn = false;
    bar->stops_at = n_left > 0 ? bar->done + n_left : 0;
}

void progress_bar_end(struct progress_bar *bar)
{
    if (bar->drawn)
        fputc('\n', bar->out);
    bar->drawn = false;
}

double progress_bar_seconds(const struct progress_bar *bar, int64_t count)
{
    double rate = rate_of(bar, clock_seconds());
    return rate > 0 ? (double)count / rate : -1;
}

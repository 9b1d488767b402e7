#include "cli/terminal.h"

#include "base/screen.h"
#include "base/text.h"
#include "cli/stop.h"

#include <string.h>

static void begin(void *context, const char *label, const char *unit, double scale, double most)
{
    struct terminal *terminal = context;
    progress_bar_begin(&terminal->bar, terminal->out, label, unit, scale, most);
}

static void update(void *context, int64_t done, int64_t total)
{
    struct terminal *terminal = context;
    progress_bar_update(&terminal->bar, done, total);
}

static void end(void *context)
{
    struct terminal *terminal = context;
    progress_bar_end(&terminal->bar);
}

static bool should_stop(void *context)
{
    (void)context;
    return stop_requested();
}

static const char *reason(void *context)
{
    (void)context;
    return stop_reason();
}

static void say(void *context, const char *text)
{
    const struct terminal *terminal = context;
    terminal_say(terminal->out, text);
    fflush(terminal->out);
}

/* What it takes to stop in order, and how to do without: a second Ctrl-C ends the process (stop.h). */
static void stopping(void *context, const char *text, int64_t n_left)
{
    struct terminal *terminal = context;
    double seconds = progress_bar_seconds(&terminal->bar, n_left);
    char duration[TEXT_DURATION_BYTES] = "", line[512];
    progress_bar_stop(&terminal->bar, n_left);
    if (n_left > 0 && seconds >= 0)
        text_duration(seconds, duration);
    snprintf(line, sizeof line, "%s%s%s%s", text, *duration != '\0' ? ", in about " : "", duration,
             !stop_by_interrupt() ? ""
             : n_left > 0         ? "; a second Ctrl-C stops at once, without them"
                                  : "; a second Ctrl-C stops at once");
    screen_say(terminal->out, "arete:", line);
    fflush(terminal->out);
}

void terminal_say(FILE *out, const char *text)
{
    for (const char *line = text; line != NULL && *line != '\0';) {
        const char *newline = strchr(line, '\n');
        fputs("arete: ", out);
        screen_write(out, line, newline != NULL ? (size_t)(newline - line) : strlen(line));
        putc('\n', out);
        line = newline != NULL ? newline + 1 : NULL;
    }
}

struct reporter terminal_reporter(struct terminal *terminal, FILE *out)
{
    *terminal = (struct terminal){.out = out};
    return (struct reporter){.context = terminal,
                             .begin = begin,
                             .update = update,
                             .end = end,
                             .should_stop = should_stop,
                             .stop_reason = reason,
                             .say = say,
                             .stopping = stopping};
}

/* What long work tells the person who waits for it, and how it learns that it should stop. The command line
 * shows it on the terminal; a zeroed reporter shows nothing and never stops. All calls come from the main
 * thread, but for should_stop. */
#ifndef ARETE_BASE_REPORTER_H
#define ARETE_BASE_REPORTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct reporter {
    void *context;
    /* A new piece of work: "permutations", its rate's unit "permutations/s"; counts are multiplied by scale
     * before they are shown, and never shown beyond `most` (0: no such limit). */
    void (*begin)(void *context, const char *label, const char *unit, double scale, double most);
    void (*update)(void *context, int64_t done, int64_t total);
    void (*end)(void *context);
    bool (*should_stop)(void *context); /* from any thread */
    /* Who asked: a signal's name; NULL when nobody has. */
    const char *(*stop_reason)(void *context);
    void (*say)(void *context, const char *text); /* one line or more */
    /* Someone has asked to stop, and so many of the units counted are still finished: `text` says so in a
     * line. */
    void (*stopping)(void *context, const char *text, int64_t n_left);
};

static inline void reporter_begin(const struct reporter *reporter, const char *label, const char *unit,
                                  double scale, double most)
{
    if (reporter->begin != NULL)
        reporter->begin(reporter->context, label, unit, scale, most);
}

static inline void reporter_update(const struct reporter *reporter, int64_t done, int64_t total)
{
    if (reporter->update != NULL)
        reporter->update(reporter->context, done, total);
}

static inline void reporter_end(const struct reporter *reporter)
{
    if (reporter->end != NULL)
        reporter->end(reporter->context);
}

static inline bool reporter_should_stop(const struct reporter *reporter)
{
    return reporter->should_stop != NULL && reporter->should_stop(reporter->context);
}

static inline const char *reporter_stop_reason(const struct reporter *reporter)
{
    return reporter->stop_reason != NULL ? reporter->stop_reason(reporter->context) : NULL;
}

static inline void reporter_stopping(const struct reporter *reporter, const char *text, int64_t n_left)
{
    if (reporter->stopping != NULL)
        reporter->stopping(reporter->context, text, n_left);
}

static inline void reporter_say(const struct reporter *reporter, const char *text)
{
    if (reporter->say != NULL)
        reporter->say(reporter->context, text);
}

#endif

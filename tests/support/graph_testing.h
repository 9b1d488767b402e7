/* A test program for graphs: StarPU with one worker in every rank (support/ranks_testing.h). */
#ifndef ARETE_TEST_GRAPH_TESTING_H
#define ARETE_TEST_GRAPH_TESTING_H

#include "ranks_testing.h"
#include "tasks/runtime.h"

static struct runtime runtime;

static inline void graph_testing_ignore(void *context, int64_t done, int64_t total)
{
    (void)context;
    CU_ASSERT_TRUE(done >= 0 && done <= total);
}

static inline bool graph_testing_stop(void *context)
{
    (void)context;
    return true;
}

static const struct progress_sink never_stopped = {.update = graph_testing_ignore};
static const struct progress_sink stopped_at_once = {.update = graph_testing_ignore,
                                                     .stop_requested = graph_testing_stop};

static inline void graph_testing_abandon(void *context, const struct error *err)
{
    fprintf(stderr, "the other ranks are left: %s\n", err->message);
    ranks_exit(context, err->code);
}

/* A new start for a case whose graph fails: afterwards tasks would do nothing any more. With several ranks an
 * error ends the process, so such cases are for one. */
static inline void graph_testing_start(void)
{
    struct error err = {0};
    runtime_stop(&runtime);
    CU_ASSERT_EQUAL_FATAL(runtime_start(&runtime, &ranks, 1, &err), 0);
}

static inline int graph_testing_main(int argc, char **argv, const char *suite, const struct test_case *cases,
                                     size_t count)
{
    struct error err = {0};
    if (ranks_open(&ranks, &err) != 0 || runtime_start(&runtime, &ranks, 1, &err) != 0) {
        fprintf(stderr, "%s\n", err.message);
        return err.code;
    }
    runtime.abandon = graph_testing_abandon;
    runtime.abandon_context = &ranks;
    int code = testing_main(argc, argv, suite, cases, count);
    runtime_stop(&runtime);
    ranks_close(&ranks, code);
    return code;
}

#endif

#include "tasks/trace_file.h"

#include "base/memory.h"
#include "testing.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define BEGAN 1700000000.25
#define HEADER "task\tstart_s\tend_s\tworker\tmemory_bytes\tcount\tbusy_s\n"
#define SECTION "# arete-trace 1 workers=2 began=1700000000.250000\n"
#define ENDED "# ended=99.000000 peak_memory_bytes=7000\n"

static const char *content_of(const char *path)
{
    static char all[4000];
    FILE *file = fopen(path, "r");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    all[fread(all, 1, sizeof all - 1, file)] = '\0';
    fclose(file);
    return all;
}

static char *new_path(void)
{
    struct error err = {0};
    return memory_format(&err, "%s/trace.tsv", testing_folder());
}

static void begin(struct trace_file *trace, const char *path, bool append, int64_t most_single)
{
    struct error err = {0};
    CU_ASSERT_EQUAL_FATAL(trace_file_init(trace, path, append, most_single, 10, &err), 0);
}

static void add(struct trace_file *trace, const char *name, int worker, double start_s, double end_s,
                int64_t memory)
{
    struct trace_task task = {name, worker, start_s, end_s, memory};
    trace_file_add(trace, &task, BEGAN, 2);
}

static void end(struct trace_file *trace)
{
    struct error err = {0};
    CU_ASSERT_EQUAL_FATAL(trace_file_close(trace, 99, 7000, &err), 0);
}

static void a_row_a_task(void)
{
    char *path = new_path();
    struct trace_file trace;
    begin(&trace, path, false, 10);
    CU_ASSERT_NOT_EQUAL(access(path, F_OK), 0); /* a run may still be refused */
    add(&trace, "svd", 1, 0.5, 1.25, 4096);
    add(&trace, "reduce", 0, 1, 1.5, 5000);
    end(&trace);
    CU_ASSERT_STRING_EQUAL(content_of(path),
                           HEADER SECTION "svd\t0.500000\t1.250000\t1\t4096\t1\t0.750000\n"
                                          "reduce\t1.000000\t1.500000\t0\t5000\t1\t0.500000\n" ENDED);
    begin(&trace, path, false, 10);
    end(&trace); /* no task: what was there stays */
    ASSERT_CONTAINS(content_of(path), "svd\t");
    free(path);
}

/* Past the first rows, one for each name and worker in a window; no task is lost or counted twice. */
static void the_size_is_bounded(void)
{
    char *path = new_path();
    struct trace_file trace;
    begin(&trace, path, false, 1);
    add(&trace, "svd", 0, 0, 1, 1);
    for (int i = 0; i < 1000; i++) {
        char name[] = "ridge"; /* equal names at different addresses are one type */
        add(&trace, i % 2 == 0 ? "ridge" : name, 0, 1 + i * 0.005, 1 + i * 0.005 + 0.004, i);
    }
    add(&trace, "ridge", 1, 2, 7, 3);
    add(&trace, "reduce", 0, 7, 11.5, 3); /* the window ends with it */
    add(&trace, "reduce", 0, 11.5, 12, 3);
    end(&trace);
    CU_ASSERT_STRING_EQUAL(content_of(path),
                           HEADER SECTION "svd\t0.000000\t1.000000\t0\t1\t1\t1.000000\n"
                                          "ridge\t1.000000\t5.999000\t0\t999\t1000\t4.000000\n"
                                          "ridge\t2.000000\t7.000000\t1\t3\t1\t5.000000\n"
                                          "reduce\t7.000000\t11.500000\t0\t3\t1\t4.500000\n"
                                          "reduce\t11.500000\t12.000000\t0\t3\t1\t0.500000\n" ENDED);
    free(path);
}

static void a_run_that_goes_on_adds_its_section(void)
{
    char *path = new_path();
    FILE *file = fopen(path, "w");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    fputs(HEADER SECTION "svd\t0.5", file); /* killed */
    fclose(file);
    struct trace_file trace;
    begin(&trace, path, true, 10);
    add(&trace, "reduce", 0, 1, 1.5, 5000);
    end(&trace);
    CU_ASSERT_STRING_EQUAL(content_of(path), HEADER SECTION
                           "svd\t0.5\n" SECTION "reduce\t1.000000\t1.500000\t0\t5000\t1\t0.500000\n" ENDED);
    free(path);
}

static void what_cannot_be_written_is_reported_at_the_end(void)
{
    char full[256]; /* a limit on the size of files stands for a full disk */
    snprintf(full, sizeof full, "%s/trace.tsv", testing_folder());
    const char *const paths[] = {full, "/nowhere/trace.tsv", "/dev/null"};
    static const char *const reasons[] = {"File too large", "No such file", "File exists"};
    struct rlimit before;
    signal(SIGXFSZ, SIG_IGN);
    CU_ASSERT_EQUAL_FATAL(getrlimit(RLIMIT_FSIZE, &before), 0);
    CU_ASSERT_EQUAL_FATAL(setrlimit(RLIMIT_FSIZE, &(struct rlimit){100, before.rlim_max}), 0);
    for (int i = 0; i < 3; i++) {
        struct error err = {0};
        struct trace_file trace;
        begin(&trace, paths[i], false, 10);
        for (int k = 0; k < 9; k++)
            add(&trace, "svd", 0, k, k + 1, 1);
        CU_ASSERT_EQUAL(trace_file_close(&trace, 99, 7000, &err), EXIT_CODE_FAILED);
        ASSERT_CONTAINS(err.message, paths[i]);
        ASSERT_CONTAINS(err.message, reasons[i]);
    }
    CU_ASSERT_EQUAL(setrlimit(RLIMIT_FSIZE, &before), 0);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"a row a task", a_row_a_task},
        {"the size is bounded", the_size_is_bounded},
        {"a run that goes on adds its section", a_run_that_goes_on_adds_its_section},
        {"what cannot be written is reported at the end", what_cannot_be_written_is_reported_at_the_end},
    };
    return testing_main(argc, argv, "tasks/trace_file", cases, sizeof cases / sizeof *cases);
}

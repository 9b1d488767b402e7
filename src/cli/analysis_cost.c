#include "cli/analysis_cost.h"

#include "base/text.h"
#include "tasks/permutation_graph.h"
#include "tasks/runtime.h"

#include <math.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

static size_t targets_left(const struct analysis *analysis)
{
    size_t count = 0;
    for (size_t t = 0; t < analysis->cohort.n_targets; t++)
        count += analysis->cohort.target_notes[t] == NULL;
    return count;
}

struct cost_shape analysis_cost_shape(const struct analysis *analysis)
{
    const struct study *study = &analysis->study;
    const struct cohort *cohort = &analysis->cohort;
    int given = (int)cohort->fold.names.count;
    size_t c = 1 + cohort->n_quantitative + (size_t)study->covariates.genetic_pcs;
    for (size_t k = 0; k < cohort->n_categorical; k++)
        c += cohort->categorical[k].names.count;
    return (struct cost_shape){
        .n = (double)cohort->n,
        .n_snps = (double)cohort->plink.n_snps,
        .n_targets = (double)targets_left(analysis),
        .n_covariates = (double)c,
        .n_outer = study->model.folds_column != NULL ? given : study->model.outer_folds,
        .n_inner = study->model.inner_folds,
        .n_penalties = (double)study->model.n_penalties,
        .n_permutations = (double)study->permutations.count,
        .n_workers = runtime_worker_count(study->run.workers),
    };
}

/* The first number of a file, or infinity: cgroups say "max" where there is no limit. */
static double number_in_file(const char *path)
{
    char text[64];
    int64_t value;
    FILE *file = fopen(path, "r");
    if (file == NULL)
        return INFINITY;
    bool found = fscanf(file, "%63s", text) == 1 && text_to_int64(text, &value);
    fclose(file);
    return found ? (double)value : INFINITY;
}

/* What a limit of the address space (ulimit -v) leaves for arrays: OpenBLAS maps a buffer a worker and waits
 * for ever when it gets none, and the libraries' own mappings count as well. */
static double address_space(int n_workers)
{
    const double libraries_bytes = 700e6, blas_buffer_bytes = 130e6;
    struct rlimit limit;
    if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
        return INFINITY;
    return (double)limit.rlim_cur - libraries_bytes - n_workers * blas_buffer_bytes;
}

static double memory_here(void)
{
    double pages = (double)sysconf(_SC_PHYS_PAGES) * (double)sysconf(_SC_PAGESIZE);
    double group = fmin(number_in_file("/sys/fs/cgroup/memory.max"),
                        number_in_file("/sys/fs/cgroup/memory/memory.limit_in_bytes"));
    return fmin(pages, group);
}

/* LAPACK's eigenvectors by divide and conquer count their workspace, 2 n^2, in 32 bits; a block's save takes
 * a buffer for each slice of targets. */
static int check_counts(const struct analysis *analysis, const struct cost_shape *shape, struct error *err)
{
    const double most_subjects = 32766;
    if (shape->n > most_subjects)
        return error_set(err, EXIT_CODE_BAD_INPUT,
                         "%s: %.0f subjects found; expected at most %.0f: more are not there yet",
                         analysis->study.path, shape->n, most_subjects);
    if (shape->n_targets > PERMUTATION_GRAPH_MOST_TARGETS)
        return error_set(err, EXIT_CODE_BAD_INPUT, "%s: %.0f targets found; expected at most %d",
                         analysis->study.path, shape->n_targets, PERMUTATION_GRAPH_MOST_TARGETS);
    return 0;
}

int analysis_check_size(const struct analysis *analysis, struct error *err)
{
    struct cost_shape shape = analysis_cost_shape(analysis);
    double needed = cost_of(&shape).memory_bytes, allowed = (double)analysis->study.run.memory_bytes;
    const char *source = "run.memory", *cure = "a larger run.memory";
    if (check_counts(analysis, &shape, err) != 0)
        return err->code;
    if (allowed == 0) {
        allowed = memory_here();
        source = "what this machine has";
        cure = "a larger machine";
    }
    double space = address_space((int)shape.n_workers);
    if (space < allowed) {
        allowed = fmax(space, 0);
        source = "what the limit of the address space, ulimit -v, leaves";
        cure = "a larger limit";
    }
    if (needed <= allowed)
        return 0;
    char needed_text[COST_TEXT_BYTES], operators_text[COST_TEXT_BYTES], allowed_text[COST_TEXT_BYTES];
    return error_set(err, EXIT_CODE_BAD_INPUT,
                     "%s: the study needs about %s of memory (%s for the operators of %.0f penalties); "
                     "expected at most %s "
                     "(%s): fewer penalties, or %s",
                     analysis->study.path, cost_bytes_text(needed, needed_text),
                     cost_bytes_text(cost_of(&shape).operators_bytes, operators_text), shape.n_penalties,
                     cost_bytes_text(allowed, allowed_text), source, cure);
}

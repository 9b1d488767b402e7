#include "study/analysis_cost.h"

#include "base/machine.h"
#include "model/ridge/ridge.h"
#include "model/ridge/shared_direction.h"
#include "planning/cost_passes.h"
#include "planning/cost_placement.h"
#include "study/choices.h"

#include <math.h>
#include <stdio.h>
#include <sys/resource.h>

static size_t targets_left(const struct cohort *cohort)
{
    size_t count = 0;
    for (size_t t = 0; t < cohort->n_targets; t++)
        count += cohort->target_notes[t] == NULL;
    return count;
}

struct cost_shape analysis_cost_shape(const struct analysis *analysis, const struct analysis_spread *spread)
{
    const struct study *study = &analysis->study;
    const struct cohort *cohort = &analysis->cohort;
    int given = (int)cohort->fold.names.count;
    size_t c = 1 + cohort->n_quantitative + (size_t)study->covariates.genetic_pcs;
    for (size_t k = 0; k < cohort->n_categorical; k++)
        c += cohort->categorical[k].names.count;
    struct cost_orbits orbits = {0};
    if (spread->orbits)
        orbits = cost_orbits_of(&analysis->orbit_choice);
    return (struct cost_shape){
        .n = (double)cohort->n,
        .n_snps = (double)cohort->genotypes.variants.count,
        .n_targets = (double)targets_left(cohort),
        .n_covariates = (double)c,
        .n_outer = study->model.folds_column != NULL ? given : study->model.outer_folds,
        .n_inner = study->model.inner_folds,
        .n_genetic_pcs = study->covariates.genetic_pcs,
        .n_penalties = (double)study->model.n_penalties,
        .gram_is_single =
            choices_gram_is_single(study->genotypes.precision, cohort->n, cohort->genotypes.variants.count),
        .fills_values = study->targets.missing == STUDY_MISSING_MEAN,
        .keeps_predictions =
            choices_keeps_predictions(study->run.predictions, cohort->n, targets_left(cohort)),
        .chooses_nodes = analysis_chooses_nodes(&study->model),
        .nodes_are_expected = analysis_chooses_nodes(&study->model),
        .n_nodes = spread->n_nodes > 0 ? spread->n_nodes : (double)study->model.n_penalties,
        .n_permutations = (double)study->permutations.count,
        .n_machines = spread->n_machines,
        .ranks_per_machine = spread->ranks_per_machine,
        .workers_per_rank = spread->workers_per_rank,
        .n_builders = spread->n_builders,
        .block_permutations = (double)study->run.block_permutations,
        .shared_memory = study->run.shared_memory,
        .placement = choices_placement(study->run.placement, PLACEMENT_REPLICATE),
        .pass_folds = spread->pass_folds,
        .orbits = orbits,
    };
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

/* A block's save takes a buffer for each slice of targets. */
static int check_counts(const char *study_path, const struct cost_shape *shape, struct error *err)
{
    if (shape->n > ANALYSIS_MOST_SUBJECTS)
        return error_set(err, EXIT_CODE_BAD_INPUT, "%s: %.0f subjects found; expected at most %d", study_path,
                         shape->n, ANALYSIS_MOST_SUBJECTS);
    if (shape->n_targets > RIDGE_MOST_TARGETS)
        return error_set(err, EXIT_CODE_BAD_INPUT, "%s: %.0f targets found; expected at most %d", study_path,
                         shape->n_targets, RIDGE_MOST_TARGETS);
    return 0;
}

/* What a machine's processes may take, where that is said, and what to do about it. */
struct memory_limit {
    double bytes;
    const char *source, *cure;
};

static struct memory_limit memory_limit(const struct study_run *run, int workers_per_rank)
{
    struct memory_limit limit = {(double)run->memory_bytes, "run.memory", "a larger run.memory"};
    if (limit.bytes == 0 && machine_job_bytes() <= machine_memory_bytes())
        limit =
            (struct memory_limit){machine_job_bytes(), "what Slurm gives the job, --mem", "a larger --mem"};
    else if (limit.bytes == 0)
        limit = (struct memory_limit){machine_memory_bytes(), "what this machine has", "a larger machine"};
    double space = address_space(workers_per_rank);
    if (space < limit.bytes)
        limit = (struct memory_limit){
            fmax(space, 0), "what the limit of the address space, ulimit -v, leaves", "a larger limit"};
    return limit;
}

/* What even a pass of one fold needs. */
static int refuse_passes(const char *study_path, const struct cost_shape *shape,
                         const struct memory_limit *limit, struct error *err)
{
    char needed[COST_TEXT_BYTES], held[COST_TEXT_BYTES], allowed[COST_TEXT_BYTES];
    struct cost cost = cost_of(shape);
    struct cost_shape least = *shape;
    least.block_permutations = 1;
    const char *first =
        cost_of(&least).machine_bytes <= limit->bytes ? "a smaller run.block" : "fewer penalties";
    return error_set(err, EXIT_CODE_BAD_INPUT,
                     "%s: the study needs about %s of memory%s (%s for the %s of one outer fold, %.0f "
                     "penalties); expected at most %s (%s): %s, or %s",
                     study_path, cost_bytes_text(cost.machine_bytes, needed),
                     cost_machines(shape) > 1 ? " a machine" : "", cost_bytes_text(cost.held_bytes, held),
                     shape->orbits.n_shifts > 0 ? "forms" : "operators", shape->n_nodes,
                     cost_limit_text(limit->bytes, allowed), limit->source, first, limit->cure);
}

static int refuse_orbits(const struct analysis *analysis, const char *because, struct error *err)
{
    return error_set(err, EXIT_CODE_BAD_INPUT,
                     "%s: permutations.method: orbits found, but %s; expected independent",
                     analysis->study.path, because);
}

/* Scores in float32, as those of permutations that are drawn one by one are, would be rounding. */
static bool is_too_rough(const struct analysis *analysis)
{
    return analysis->shared_direction.ratio > 0 && analysis->shared_direction.ratio < shared_direction_least;
}

static int refuse_independent(const struct analysis *analysis, bool orbits_can_be, struct error *err)
{
    return error_set(
        err, EXIT_CODE_BAD_INPUT,
        "%s: permutations.method: independent found, but a few people of outer fold %zu, who are "
        "left out together, have covariates so far from all others' (the warning names them) that "
        "single precision would leave rounding; expected %sother covariates",
        analysis->study.path, analysis->shared_direction.outer_fold + 1, orbits_can_be ? "orbits, or " : "");
}

/* `auto`, where orbits can be. */
static bool orbits_are_better(const struct analysis *analysis, struct analysis_spread spread, char *why)
{
    spread.orbits = true;
    struct cost_shape shape = analysis_cost_shape(analysis, &spread);
    return cost_orbits_better(&shape, why);
}

int analysis_choose_method(const struct analysis *analysis, struct analysis_spread *spread, char *why,
                           struct error *err)
{
    enum study_method asked = analysis->study.permutations.method;
    const char *against = analysis->orbit_choice.n_shifts < 2 ? "no two people may change places" : NULL;
    spread->orbits = asked == STUDY_METHOD_ORBITS;
    if (asked == STUDY_METHOD_ORBITS && against != NULL)
        return refuse_orbits(analysis, against, err);
    if (asked != STUDY_METHOD_AUTO)
        snprintf(why, COST_PLACEMENT_BYTES, "permutations.method asks for it");
    else if (against != NULL)
        snprintf(why, COST_PLACEMENT_BYTES, "%s", against);
    else
        spread->orbits = orbits_are_better(analysis, *spread, why);
    if (spread->orbits || !is_too_rough(analysis))
        return 0;
    if (asked != STUDY_METHOD_AUTO || against != NULL)
        return refuse_independent(analysis, against == NULL, err);
    spread->orbits = true;
    snprintf(why, COST_PLACEMENT_BYTES, "single precision would be too rough");
    return 0;
}

int analysis_place(const struct analysis *analysis, struct analysis_spread *spread, enum placement_kind *kind,
                   char *why, struct error *err)
{
    const struct study_run *run = &analysis->study.run;
    struct cost_shape shape = analysis_cost_shape(analysis, spread);
    *kind = PLACEMENT_REPLICATE;
    if (check_counts(analysis->study.path, &shape, err) != 0)
        return err->code;
    struct memory_limit limit = memory_limit(run, spread->workers_per_rank);
    bool fits = run->placement == STUDY_PLACEMENT_AUTO
                    ? cost_placement_choose(&shape, limit.bytes, run->passes)
                    : cost_placement_fit(&shape, limit.bytes, run->passes);
    cost_fit_builders(&shape, limit.bytes);
    spread->pass_folds = (int)shape.pass_folds;
    spread->n_builders = (int)shape.n_builders;
    *kind = shape.placement;
    cost_passes_text(&shape, limit.bytes, why);
    return fits ? 0 : refuse_passes(analysis->study.path, &shape, &limit, err);
}

struct cost_association analysis_cost_association(const struct analysis *analysis)
{
    const struct study_associate *asked = &analysis->study.associate;
    double pairs =
        (double)analysis->cohort.genotypes.variants.count * (double)targets_left(&analysis->cohort);
    bool single = analysis->study.permutations.method == STUDY_METHOD_INDEPENDENT ||
                  analysis->orbit_choice.n_shifts < 2;
    return (struct cost_association){.n_full = (double)asked->full.count,
                                     .n_snps_full = (double)asked->snps.count,
                                     .n_hits = fmin((double)asked->most_hits, asked->report_p * pairs),
                                     .permutes = asked->permute,
                                     .orbits = single ? (struct cost_orbits){0}
                                                      : cost_orbits_of(&analysis->orbit_choice)};
}

int analysis_check_association(const struct analysis *analysis, const struct analysis_spread *spread,
                               struct error *err)
{
    const struct study *study = &analysis->study;
    struct cost_shape shape = analysis_cost_shape(analysis, spread);
    struct cost_association association = analysis_cost_association(analysis);
    if (check_counts(study->path, &shape, err) != 0)
        return err->code;
    struct memory_limit limit = memory_limit(&study->run, spread->workers_per_rank);
    double bytes = cost_association_bytes(&shape, &association);
    if (bytes <= limit.bytes)
        return 0;
    char needed[COST_TEXT_BYTES], allowed[COST_TEXT_BYTES];
    return error_set(
        err, EXIT_CODE_BAD_INPUT,
        "%s: arete associate needs about %s of memory%s; expected at most %s (%s): fewer targets, or %s",
        study->path, cost_bytes_text(bytes, needed), cost_machines(&shape) > 1 ? " a machine" : "",
        cost_limit_text(limit.bytes, allowed), limit.source, limit.cure);
}

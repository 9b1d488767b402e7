/* arete plan: what a run would keep, need and cost, from the headers alone. */
#include "cli/command.h"
#include "cli/plan_options.h"
#include "cli/plan_print.h"
#include "study/analysis.h"
#include "study/analysis_cost.h"
#include "study/campaign_orbits.h"
#include "study/expected_nodes.h"

#include "base/clock.h"
#include "base/machine.h"
#include "base/memory.h"
#include "model/blas/blas_check.h"
#include "planning/cost_passes.h"
#include "planning/cost_placement.h"
#include "planning/cost_shape_text.h"
#include "tasks/runtime.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const char help[] =
    "usage: arete plan study.yaml [options]\n"
    "       arete plan --shape KEY=NUMBER,... [options]\n"
    "\n"
    "Reads the study file, the headers of the genotypes and the tables, and prints "
    "what a run would keep and drop and why,\n"
    "its sizes, memory, flops, estimated time and disk, and the Slurm resources to "
    "ask for. Nothing is written. Filters\n"
    "that need the calls themselves (allele frequency, missing calls) are not "
    "applied, so the numbers are upper bounds.\n"
    "Speed is measured with the program's own kernels, and a few calls, on this machine; it takes a second "
    "or two.\n"
    "\n"
    "  --nodes N         for N machines like this one: time, memory, bytes moved, placement; the network's "
    "figures stand\n"
    "                    in the study file (network:)\n"
    "  --ranks R         R processes on each machine; default: with --nodes as many as use all cores, else "
    "1\n"
    "  --set KEY=VALUE   replaces a key of the study file (may be repeated)\n"
    "  --threads N       the same as --set run.workers=N\n"
    "  --memory SIZE     the same as --set run.memory=SIZE, such as 8G\n"
    "  --seed S          the same as --set seed=S\n"
    "  --output FOLDER   the same as --set output=FOLDER\n"
    "  --sbatch          prints nothing but options for sbatch, so that this works:\n"
    "                    sbatch $(arete plan study.yaml --sbatch) scripts/slurm/arete.sbatch study.yaml\n"
    "  --shape LIST      plans without any file: subjects=, snps=, targets= and, if other than the default,\n"
    "                    covariates=1, genetic_pcs=0, outer_folds=10, inner_folds=5, penalties=5,\n"
    "                    penalty_nodes= (penalties that are really computed; default: a guess), "
    "permutations=10000,\n"
    "                    memory_gb= (of a machine; default: of this one), bandwidth_gbit_s=10, "
    "latency_us=20;\n"
    "                    with it --nodes, --ranks, --threads and --sbatch\n";

/* Reads a few tiles of the calls: how fast files are read where the study stands. */
static int measure_calls(const struct genotypes *genotypes, struct cost_rates *rates, struct error *err)
{
    enum { TILES = 8, TILE_SNPS = 512 };
    size_t n_snps = genotypes->variants.count, per_tile = n_snps < TILE_SNPS ? n_snps : TILE_SNPS;
    uint8_t *calls = memory_aligned(per_tile * genotypes->n_subjects, 1, "measuring speed", err);
    if (calls == NULL)
        return err->code;
    double start = clock_seconds();
    for (size_t t = 0; err->code == 0 && t < TILES; t++)
        genotypes_read_calls(genotypes, (n_snps - per_tile) * t / TILES, per_tile, calls, err);
    rates->call_s = (clock_seconds() - start) / (double)(TILES * per_tile * genotypes->n_subjects);
    free(calls);
    return err->code;
}

static int measure(struct plan_numbers *plan, struct error *err)
{
    double workers = plan->shape.ranks_per_machine * plan->shape.workers_per_rank;
    return cost_rates_measure(&plan->rates, &plan->shape, (int)fmin(workers, plan->n_cores), err);
}

static void add_up(struct plan_numbers *plan)
{
    plan->cost = cost_of(&plan->shape);
    plan->seconds = cost_seconds_of(&plan->shape, &plan->rates, &plan->network);
}

static struct plan_numbers numbers_here(void)
{
    const double usual_bandwidth = 1.25e9, usual_latency = 20e-6;
    enum { MORE_THAN_ANY = 1 << 20 };
    return (struct plan_numbers){.network = {usual_bandwidth, usual_latency},
                                 .n_cores = machine_cores(),
                                 .most_workers = runtime_worker_count(MORE_THAN_ANY)};
}

static int plan_analysis(const struct analysis *analysis, const struct plan_options *options,
                         double loading_s, struct error *err)
{
    const double bits = 8;
    const struct study *study = &analysis->study;
    struct plan_numbers plan = numbers_here();
    struct error too_large = {0};
    enum placement_kind kind = PLACEMENT_REPLICATE;
    struct analysis_spread spread =
        plan_options_spread(options, study->run.workers, plan.n_cores, plan.most_workers);
    spread.n_nodes = expected_nodes_find(analysis);
    if (campaign_orbits_method(analysis, &spread, plan.why_method, err) != 0)
        return err->code;
    /* Options say what a machine must have: that this one lacks it is no matter, that run.memory does is. */
    bool is_final = options->arguments.flag && study->run.memory_bytes > 0;
    analysis_place(analysis, &spread, &kind, plan.why, is_final ? err : &too_large);
    plan.shape = analysis_cost_shape(analysis, &spread);
    plan.shape.placement = kind;
    plan.association = analysis_cost_association(analysis);
    plan.network =
        (struct cost_network){study->network.bandwidth_gbit_s * 1e9 / bits, study->network.latency_us * 1e-6};
    plan.relatives_are_unknown = study->genotypes.max_relatedness > 0;
    if (err->code != 0 || measure(&plan, err) != 0 ||
        measure_calls(&analysis->cohort.genotypes, &plan.rates, err) != 0)
        return err->code;
    plan.rates.tables_s = loading_s;
    cost_rates_per_worker(&plan.rates, plan.shape.ranks_per_machine * plan.shape.workers_per_rank,
                          plan.n_cores);
    add_up(&plan);
    if (options->arguments.flag) {
        plan_print_sbatch(&plan);
        putchar('\n');
        return 0;
    }
    plan_print(&plan);
    if (plan_print_command(&plan, &options->arguments, err) == 0 && too_large.code != 0)
        *err = too_large;
    return err->code;
}

static int plan_study(const struct plan_options *options, struct log *log, struct error *err)
{
    const struct arguments *arguments = &options->arguments;
    struct analysis analysis = {0};
    double start = clock_seconds();
    log->info_echo = arguments->flag ? NULL : stdout;
    if (analysis_load_study(&analysis, arguments->study_path, &arguments->sets, log, err) == 0 &&
        analysis_load_cohort(&analysis, true, NULL, err) == 0 && analysis_draw_folds(&analysis, err) == 0 &&
        analysis_build_design(&analysis, err) == 0)
        plan_analysis(&analysis, options, clock_seconds() - start, err);
    analysis_free(&analysis);
    return err->code;
}

/* Of people who change places freely; where operators or forms go. */
static int choose_method(struct plan_numbers *plan, double memory_bytes, struct error *err)
{
    size_t n = (size_t)plan->shape.n;
    struct orbit_choice choice;
    if (orbit_choose(&n, 1, &choice, err) != 0)
        return err->code;
    plan->shape.orbits = cost_orbits_of(&choice);
    plan->association = (struct cost_association){.permutes = true, .orbits = plan->shape.orbits};
    if (!cost_orbits_better(&plan->shape, plan->why_method))
        plan->shape.orbits = (struct cost_orbits){0};
    cost_placement_choose(&plan->shape, memory_bytes, 0);
    cost_fit_builders(&plan->shape, memory_bytes);
    cost_passes_text(&plan->shape, memory_bytes, plan->why);
    return 0;
}

static int plan_shape(const struct plan_options *options, struct error *err)
{
    struct plan_numbers plan = numbers_here();
    double memory_bytes = machine_memory_bytes();
    if (cost_shape_text_read(options->shape, &plan.shape, &memory_bytes, &plan.network, err) != 0)
        return err->code;
    struct analysis_spread spread =
        plan_options_spread(options, options->n_threads, plan.n_cores, plan.most_workers);
    plan.shape.n_machines = spread.n_machines;
    plan.shape.ranks_per_machine = spread.ranks_per_machine;
    plan.shape.workers_per_rank = spread.workers_per_rank;
    plan.shape.shared_memory = plan.cores_are_given = true;
    if (choose_method(&plan, memory_bytes, err) != 0 || measure(&plan, err) != 0)
        return err->code;
    add_up(&plan);
    if (options->arguments.flag) {
        plan_print_sbatch(&plan);
        putchar('\n');
    } else
        plan_print(&plan);
    return 0;
}

static int plan(int argc, char **argv, struct error *err)
{
    struct plan_options options;
    struct log log;
    blas_check_single_thread();
    if (plan_options_read(&options, argc, argv, err) == 0 && options.shape != NULL)
        plan_shape(&options, err);
    else if (err->code == 0 && log_init(&log, stderr, err) == 0) {
        plan_study(&options, &log, err);
        log_close(&log, err);
    }
    plan_options_free(&options);
    return err->code;
}

const struct command command_plan = {
    .name = "plan",
    .summary = "say what a run would keep, need and cost, from the headers alone",
    .help = help,
    .run = plan,
};

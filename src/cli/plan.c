/* arete plan: what a run would keep, need and cost, from the headers alone. */
#include "cli/analysis.h"
#include "cli/analysis_cost.h"
#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/progress_bar.h"

#include "model/blas_check.h"

#include <math.h>
#include <stdio.h>

static const char help[] =
    "usage: arete plan study.yaml [options]\n"
    "\n"
    "Reads the study file, the headers of the genotypes and the tables, and prints "
    "what a run would keep and drop and why,\n"
    "its sizes, memory, flops, estimated time and disk, and the Slurm resources to "
    "ask for. Nothing is written. Filters\n"
    "that need the calls themselves (allele frequency, missing calls) are not "
    "applied, so the numbers are upper bounds.\n"
    "\n"
    "  --set KEY=VALUE   replaces a key of the study file (may be repeated)\n"
    "  --threads N       the same as --set run.workers=N\n"
    "  --memory SIZE     the same as --set run.memory=SIZE, such as 8G\n"
    "  --seed S          the same as --set seed=S\n"
    "  --output FOLDER   the same as --set output=FOLDER\n"
    "  --sbatch          prints nothing but options for sbatch, so that this works:\n"
    "                    sbatch $(arete plan study.yaml --sbatch) scripts/slurm/arete.sbatch study.yaml\n";

static void print_sizes(const struct cost_shape *shape, const struct cost *cost)
{
    char memory[COST_TEXT_BYTES], operators[COST_TEXT_BYTES], disk[COST_TEXT_BYTES];
    double fits = shape->n_targets * shape->n_penalties * shape->n_outer * (shape->n_inner + 1) *
                  (shape->n_permutations + 1);
    printf("\nsize:     %.0f subjects, %.0f SNPs, %.0f targets, %.0f penalties, %.0f x %.0f folds, %.0f "
           "permutations\n",
           shape->n, shape->n_snps, shape->n_targets, shape->n_penalties, shape->n_outer, shape->n_inner,
           shape->n_permutations);
    printf("work:     %.3g ridge fits; %.3g flops for K, %.3g for the operators, %.3g for the permutations\n",
           fits, cost->gram_flops, cost->svd_flops + cost->operator_flops, cost->permutation_flops);
    printf("memory:   %s (of it %s for the operators)\n", cost_bytes_text(cost->memory_bytes, memory),
           cost_bytes_text(cost->operators_bytes, operators));
    printf("disk:     %s\n", cost_bytes_text(cost->campaign_bytes, disk));
}

static void print_time(const struct cost_shape *shape, const struct cost_seconds *seconds, double speed)
{
    char gram[PROGRESS_BAR_DURATION_BYTES], setup[PROGRESS_BAR_DURATION_BYTES],
        permutations[PROGRESS_BAR_DURATION_BYTES], total[PROGRESS_BAR_DURATION_BYTES];
    progress_bar_duration(seconds->gram, gram);
    progress_bar_duration(seconds->setup, setup);
    progress_bar_duration(seconds->permutations, permutations);
    progress_bar_duration(seconds->total, total);
    printf("time:     about %s on %.0f cores at %.0f Gflop/s each (float32, %s kernels, measured now):\n"
           "          genotypes to K %s, operators %s, permutations %s\n",
           total, shape->n_workers, speed / 1e9, blas_check_core(), gram, setup, permutations);
}

/* Half as much again in time, a quarter in memory: what is asked for must not be what stops the job. */
static void print_sbatch(const struct cost_shape *shape, const struct cost *cost, double seconds)
{
    double gib = ceil(1.25 * cost->memory_bytes / (1 << 30) + 0.25), minutes = ceil(1.5 * seconds / 60) + 5;
    printf("--ntasks=1 --cpus-per-task=%.0f --mem=%.0fG --time=%.0f", shape->n_workers, gib, minutes);
}

/* One word of a shell's command line. */
static void print_quoted(const char *text)
{
    putchar('\'');
    for (; *text != '\0'; text++)
        if (*text == '\'')
            fputs("'\\''", stdout);
        else
            putchar(*text);
    putchar('\'');
}

static void print_command(const struct arguments *arguments)
{
    fputs(" scripts/slurm/arete.sbatch ", stdout);
    print_quoted(arguments->study_path);
    for (size_t k = 0; k < arguments->sets.count; k++) {
        fputs(" --set ", stdout);
        print_quoted(arguments->sets.items[k]);
    }
    putchar('\n');
}

static int print_plan(const struct analysis *analysis, const struct arguments *arguments, struct error *err)
{
    struct cost_shape shape = analysis_cost_shape(analysis);
    struct cost cost = cost_of(&shape);
    double speed;
    blas_check_single_thread();
    if (cost_measure_speed(&speed, err) != 0)
        return err->code;
    struct cost_seconds seconds = cost_seconds_of(&cost, &shape, speed);
    if (arguments->flag) {
        print_sbatch(&shape, &cost, seconds.total);
        putchar('\n');
        return 0;
    }
    print_sizes(&shape, &cost);
    print_time(&shape, &seconds, speed);
    printf("slurm:    sbatch ");
    print_sbatch(&shape, &cost, seconds.total);
    print_command(arguments);
    return analysis_check_size(analysis, err);
}

static int plan_study(const struct arguments *arguments, struct log *log, struct error *err)
{
    struct analysis analysis = {0};
    log->info_echo = arguments->flag ? NULL : stdout;
    if (analysis_load_study(&analysis, arguments->study_path, &arguments->sets, log, err) == 0 &&
        analysis_load_cohort(&analysis, true, NULL, err) == 0 && analysis_draw_folds(&analysis, err) == 0 &&
        analysis_build_design(&analysis, err) == 0)
        print_plan(&analysis, arguments, err);
    analysis_free(&analysis);
    return err->code;
}

static int plan(int argc, char **argv, struct error *err)
{
    struct arguments arguments;
    if (arguments_read(&arguments, argc, argv, "sbatch", err) != 0)
        return err->code;
    struct log log;
    if (log_init(&log, stderr, err) == 0) {
        plan_study(&arguments, &log, err);
        log_close(&log, err);
    }
    arguments_free(&arguments);
    return err->code;
}

const struct command command_plan = {
    .name = "plan",
    .summary = "say what a run would keep, need and cost, from the headers alone",
    .help = help,
    .run = plan,
};

#include "cli/plan_print.h"

#include "base/beside.h"
#include "base/shell.h"
#include "base/text.h"
#include "model/blas/blas_check.h"
#include "planning/cost_orbits.h"
#include "planning/cost_passes.h"
#include "planning/cost_placement.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { TIME_BYTES = TEXT_DURATION_BYTES };

static const char *time_text(double seconds, char *text)
{
    if (seconds < 60)
        snprintf(text, TIME_BYTES, "%.1fs", seconds);
    else
        text_duration(seconds, text);
    return text;
}

static void print_size(const struct plan_numbers *plan)
{
    const struct cost_shape *shape = &plan->shape;
    char orbits[COST_PLACEMENT_BYTES];
    bool in_orbits = shape->orbits.n_shifts > 0;
    double permutations =
        in_orbits ? cost_orbits_count(shape) * shape->orbits.n_shifts : shape->n_permutations;
    double fits = shape->n_targets * shape->n_penalties * shape->n_outer * (shape->n_inner + 1) *
                  (permutations + (in_orbits ? 0 : 1));
    printf("\nsize:     %.0f subjects, %.0f SNPs, %.0f targets, %.0f penalties, %.0f x %.0f folds, %.0f "
           "permutations\n",
           shape->n, shape->n_snps, shape->n_targets, shape->n_penalties, shape->n_outer, shape->n_inner,
           permutations);
    printf("method:   %s: %s\n", in_orbits ? "orbits" : "independent", plan->why_method);
    if (in_orbits)
        printf("          %s\n", cost_orbits_text(shape, orbits));
    printf("work:     %.3g ridge fits; %.3g flops for K, %.3g for the operators, %.3g for the permutations\n",
           fits, plan->cost.gram_flops, plan->cost.svd_flops + plan->cost.operator_flops,
           plan->cost.permutation_flops);
}

static void print_machines(const struct plan_numbers *plan)
{
    const struct cost_shape *shape = &plan->shape;
    char placement[COST_PLACEMENT_BYTES];
    double used = shape->ranks_per_machine * shape->workers_per_rank;
    printf("machines: %.0f, with %.0f %s of %.0f %s each\n", shape->n_machines, shape->ranks_per_machine,
           shape->ranks_per_machine > 1 ? "processes" : "process", shape->workers_per_rank,
           shape->workers_per_rank > 1 ? "workers" : "worker");
    if (shape->n_machines * shape->ranks_per_machine > 1)
        printf("          placement %s\n", cost_placement_text(shape, placement));
    else if (plan->n_cores > plan->most_workers && used == plan->most_workers)
        printf("          this machine has %d cores, of which one process uses at most %d; for all of them:\n"
               "          --nodes 1 here, and mpirun -n %d arete run\n",
               plan->n_cores, plan->most_workers,
               (plan->n_cores + plan->most_workers - 1) / plan->most_workers);
}

static void print_memory(const struct plan_numbers *plan)
{
    char machine[COST_TEXT_BYTES], rank[COST_TEXT_BYTES], held[COST_TEXT_BYTES], disk[COST_TEXT_BYTES];
    const struct cost *cost = &plan->cost;
    const char *kept = plan->shape.orbits.n_shifts > 0 ? "forms" : "operators";
    cost_bytes_text(cost->machine_bytes, machine);
    cost_bytes_text(cost->held_bytes, held);
    if (plan->shape.n_machines * plan->shape.ranks_per_machine > 1)
        printf("memory:   %s a machine (of it %s for the %s%s; the largest process %s beside what is "
               "shared)\n",
               machine, held, kept, cost_ranks_per_machine(&plan->shape) > 1 ? ", one copy a machine" : "",
               cost_bytes_text(cost->rank_bytes, rank));
    else
        printf("memory:   %s (of it %s for the %s)\n", machine, held, kept);
    if (cost_passes_count(&plan->shape) > 1)
        printf("passes:   %s\n", plan->why);
    printf("disk:     %s", cost_bytes_text(cost->campaign_bytes, disk));
    if (cost->predictions_bytes > 0)
        printf(", %s for predictions.tsv", cost_bytes_text(cost->predictions_bytes, disk));
    if (cost->sums_bytes > 0)
        printf(", and up to %s for sums between passes", cost_bytes_text(cost->sums_bytes, disk));
    putchar('\n');
}

static void print_network(const struct plan_numbers *plan)
{
    char total[COST_TEXT_BYTES], gram[COST_TEXT_BYTES], targets[COST_TEXT_BYTES], svd[COST_TEXT_BYTES],
        operators[COST_TEXT_BYTES], observed[COST_TEXT_BYTES], sums[COST_TEXT_BYTES], waiting[TIME_BYTES];
    const struct cost_traffic *traffic = &plan->cost.traffic;
    if (cost_machines(&plan->shape) < 2)
        return;
    printf("network:  %s in all at %g Gbit/s and %g us: sums of K %s, targets %s, singular vectors %s,\n"
           "          %s %s, observed scores %s, sums of folds %s; %s of the time below\n",
           cost_bytes_text(traffic->total, total), plan->network.bytes_per_second * 8 / 1e9,
           plan->network.latency_s * 1e6, cost_bytes_text(traffic->gram, gram),
           cost_bytes_text(traffic->targets, targets), cost_bytes_text(traffic->svd, svd),
           plan->shape.orbits.n_shifts > 0 ? "forms" : "operators",
           cost_bytes_text(traffic->operators, operators), cost_bytes_text(traffic->observed, observed),
           cost_bytes_text(traffic->sums, sums), time_text(plan->seconds.network, waiting));
}

static void print_time(const struct plan_numbers *plan)
{
    const struct cost_shape *shape = &plan->shape;
    const struct cost_seconds *seconds = &plan->seconds;
    char total[TIME_BYTES], reading[TIME_BYTES], gram[TIME_BYTES], svd[TIME_BYTES], operators[TIME_BYTES],
        permutations[TIME_BYTES];
    double workers = shape->ranks_per_machine * shape->workers_per_rank;
    double cores = shape->n_machines * (plan->cores_are_given ? workers : fmin(workers, plan->n_cores));
    double column = cost_product_flops(shape) + cost_fold_flops(shape);
    double rate = column / (cost_product_flops(shape) / plan->rates.product +
                            cost_fold_flops(shape) / plan->rates.folds);
    printf("time:     about %s on %.0f %s at %.0f Gflop/s each (float32, %s kernels, measured now):\n",
           time_text(seconds->total, total), cores, cores > 1 ? "cores" : "core", rate / 1e9,
           blas_check_core());
    printf("          reading %s, genotypes to K %s, SVD %s, operators %s, permutations %s\n",
           time_text(seconds->reading, reading), time_text(seconds->gram, gram), time_text(seconds->svd, svd),
           time_text(seconds->operators, operators), time_text(seconds->permutations, permutations));
    printf("          %.3g core-hours\n", seconds->total * cores / 3600);
}

static void print_remarks(const struct plan_numbers *plan)
{
    const struct cost_shape *shape = &plan->shape;
    double cores = shape->ranks_per_machine * shape->workers_per_rank;
    if (shape->nodes_are_expected)
        printf(
            "          as if %.0f of %.0f penalties were computed, as a sample of %s asks for; a run finds its own\n",
            shape->n_nodes, shape->n_penalties,
            plan->cores_are_given ? "unrelated people of one ancestry" : "the genotypes");
    if (plan->relatives_are_unknown)
        printf("          at most: with everybody; genotypes.max_relatedness leaves out relatives\n");
    if (shape->n > COST_RATES_SUBJECTS)
        printf("          extrapolated: speed was measured with %d subjects\n", COST_RATES_SUBJECTS);
    if (shape->n_machines > 1)
        printf("          extrapolated: every machine is taken to be like this one, on the network above\n");
    if (cores > plan->n_cores && plan->cores_are_given)
        printf("          extrapolated: %.0f cores a machine, this one has %d\n", cores, plan->n_cores);
    else if (cores > plan->n_cores)
        printf("          %.0f workers share %d cores\n", cores, plan->n_cores);
}

void plan_print(const struct plan_numbers *plan)
{
    print_size(plan);
    print_machines(plan);
    print_memory(plan);
    print_network(plan);
    print_time(plan);
    print_remarks(plan);
    char association[COST_ASSOCIATION_BYTES];
    cost_association_text(&plan->association, &plan->shape, &plan->rates, &plan->seconds, association);
    printf("associate: %s\n", association);
}

void plan_print_sbatch(const struct plan_numbers *plan)
{
    const struct cost_shape *shape = &plan->shape;
    double gib = ceil(1.25 * plan->cost.machine_bytes / (1 << 30) + 0.25);
    double minutes = ceil(1.5 * plan->seconds.total / 60) + 5;
    if (shape->n_machines * shape->ranks_per_machine > 1)
        printf("--nodes=%.0f --ntasks-per-node=%.0f", shape->n_machines, shape->ranks_per_machine);
    else
        printf("--ntasks=1");
    printf(" --cpus-per-task=%.0f --mem=%.0fG --time=%.0f", shape->workers_per_rank, gib, minutes);
}

/* " TEXT", as a shell takes it. */
static int print_word(const char *text, struct error *err)
{
    char *word = shell_word(text, err);
    if (word != NULL)
        printf(" %s", word);
    free(word);
    return err->code;
}

int plan_print_command(const struct plan_numbers *plan, const struct arguments *arguments, struct error *err)
{
    char *script = beside_find("scripts/slurm/arete.sbatch", err);
    printf("slurm:    sbatch ");
    plan_print_sbatch(plan);
    if (script != NULL && print_word(script, err) == 0)
        print_word(arguments->study_path, err);
    for (size_t k = 0; err->code == 0 && k < arguments->sets.count; k++) {
        fputs(" --set", stdout);
        print_word(arguments->sets.items[k], err);
    }
    putchar('\n');
    free(script);
    return err->code;
}

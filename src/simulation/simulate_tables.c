#include "simulation/simulate_study.h"

#include "base/memory.h"
#include "model/simulate/simulate_targets.h"

#include <stdlib.h>

/* 0 for the targets without signal; the others take the list in turn. */
static double *list_heritabilities(const struct simulate_run *run, struct error *err)
{
    const struct simulation_targets *targets = &run->simulation.targets;
    double *heritability = memory_zeroed(targets->count, sizeof *heritability, "the heritabilities", err);
    for (size_t t = 0; heritability != NULL && t < run->n_with_signal; t++)
        heritability[t] = targets->heritabilities[t % targets->n_heritabilities];
    return heritability;
}

static struct simulate_targets_plan plan_of(const struct simulation *simulation)
{
    return (struct simulate_targets_plan){
        .seed = simulation->seed,
        .shared_environment = simulation->families.share > 0 ? simulation->families.shared_environment : 0,
        .correlation = simulation->targets.correlation,
        .age = simulation->covariates.age,
        .sex = simulation->covariates.sex,
        .site = simulation->covariates.site,
        .ancestry = simulation->ancestries.effect,
    };
}

/* values: n_subjects x n_targets. */
static int draw_targets(const struct simulate_run *run, const double *heritability, float *values,
                        struct error *err)
{
    size_t n = run->people.n_subjects, n_targets = run->simulation.targets.count;
    struct simulate_targets_plan plan = plan_of(&run->simulation);
    struct simulate_targets targets = {0};
    double *one = memory_zeroed(n, sizeof *one, "a target", err);
    if (one != NULL && simulate_targets_init(&targets, &plan, &run->people, err) == 0)
        for (size_t t = 0; t < n_targets; t++) {
            const double *genetic = t < run->n_with_signal ? run->genetic.values + t : NULL;
            simulate_targets_draw(&targets, t, heritability[t], genetic, run->n_with_signal, one);
            for (size_t i = 0; i < n; i++)
                values[i * n_targets + t] = (float)one[i];
        }
    simulate_targets_free(&targets);
    free(one);
    return err->code;
}

static int write_tables(struct simulate_run *run, const double *heritability, const float *values,
                        struct error *err)
{
    FILE *covariates = file_set_add(&run->files, "covariates.tsv", err);
    if (covariates == NULL)
        return err->code;
    simulated_study_covariates(covariates, &run->people_on_file);
    FILE *table = file_set_add(&run->files, "targets.tsv", err);
    if (table == NULL)
        return err->code;
    simulated_study_targets(table, &run->people_on_file, values, run->simulation.targets.count);
    FILE *truth = file_set_add(&run->files, "truth.tsv", err);
    if (truth != NULL)
        simulated_study_truth(truth, heritability, run->simulation.targets.count);
    return err->code;
}

int simulate_tables_write(struct simulate_run *run, struct error *err)
{
    size_t n = run->people.n_subjects, n_targets = run->simulation.targets.count;
    double *heritability = list_heritabilities(run, err);
    float *values =
        heritability != NULL ? memory_aligned(n * n_targets, sizeof *values, "the targets", err) : NULL;
    if (values != NULL && draw_targets(run, heritability, values, err) == 0)
        write_tables(run, heritability, values, err);
    free(values);
    free(heritability);
    return err->code;
}

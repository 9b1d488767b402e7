#include "simulation/simulate_tables.h"

#include "base/memory.h"
#include "model/simulate/simulate_targets.h"

#include <stdlib.h>

/* 0 for the targets without signal; the others take the list in turn. */
static double *list_heritabilities(const struct simulation_targets *targets, size_t n_with_signal,
                                   struct error *err)
{
    double *heritability = memory_zeroed(targets->count, sizeof *heritability, "the heritabilities", err);
    for (size_t t = 0; heritability != NULL && t < n_with_signal; t++)
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
static int draw_targets(const struct simulation *simulation, const struct simulate_people *people,
                        const struct simulate_genetic *genetic, const double *heritability, float *values,
                        struct error *err)
{
    size_t n = people->n_subjects, n_targets = simulation->targets.count, n_signal = genetic->n_targets;
    struct simulate_targets_plan plan = plan_of(simulation);
    struct simulate_targets targets = {0};
    double *one = memory_zeroed(n, sizeof *one, "a target", err);
    if (one != NULL && simulate_targets_init(&targets, &plan, people, err) == 0)
        for (size_t t = 0; t < n_targets; t++) {
            const double *signal = t < n_signal ? genetic->values + t : NULL;
            simulate_targets_draw(&targets, t, heritability[t], signal, n_signal, one);
            for (size_t i = 0; i < n; i++)
                values[i * n_targets + t] = (float)one[i];
        }
    simulate_targets_free(&targets);
    free(one);
    return err->code;
}

static int write_tables(struct file_set *files, const struct simulated_study_people *people,
                        const double *heritability, const float *values, size_t n_targets, struct error *err)
{
    FILE *covariates = file_set_add(files, "covariates.tsv", err);
    if (covariates == NULL)
        return err->code;
    simulated_study_covariates(covariates, people);
    FILE *table = file_set_add(files, "targets.tsv", err);
    if (table == NULL)
        return err->code;
    simulated_study_targets(table, people, values, n_targets);
    FILE *truth = file_set_add(files, "truth.tsv", err);
    if (truth != NULL)
        simulated_study_truth(truth, heritability, n_targets);
    return err->code;
}

int simulate_tables_write(const struct simulation *simulation, const struct simulate_people *people,
                          const struct simulated_study_people *on_file,
                          const struct simulate_genetic *genetic, struct file_set *files, struct error *err)
{
    size_t n = people->n_subjects, n_targets = simulation->targets.count;
    double *heritability = list_heritabilities(&simulation->targets, genetic->n_targets, err);
    float *values =
        heritability != NULL ? memory_aligned(n * n_targets, sizeof *values, "the targets", err) : NULL;
    if (values != NULL && draw_targets(simulation, people, genetic, heritability, values, err) == 0)
        write_tables(files, on_file, heritability, values, n_targets, err);
    free(values);
    free(heritability);
    return err->code;
}

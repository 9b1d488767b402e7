#include "simulation/simulate_study.h"

#include "simulation/simulate_genotypes.h"
#include "simulation/simulate_tables.h"

#include "base/clock.h"
#include "base/folder.h"
#include "base/memory.h"
#include "base/presence.h"
#include "base/same_file.h"
#include "base/shell.h"
#include "model/blas/blas_check.h"
#include "model/simulate/simulate_snps.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The settings of what stands in a folder: only a folder that has it is ours to replace. */
static const char settings_name[] = "simulated.yaml";
static const char study_name[] = "study.yaml";

/* Every name that a simulation may write, study.yaml first. */
static int list_names(struct text_list *names, struct error *err)
{
    static const char *const TABLES[] = {study_name,    settings_name, "causal_snps.txt",
                                         "targets.tsv", "truth.tsv",   "covariates.tsv"};
    static const char *const ENDINGS[] = {"bed", "bim", "fam"};
    for (size_t k = 0; k < sizeof TABLES / sizeof *TABLES; k++)
        text_list_add(names, TABLES[k], err);
    for (int c = 1; c <= SIMULATE_SNPS_CHROMOSOMES; c++)
        for (size_t k = 0; k < sizeof ENDINGS / sizeof *ENDINGS; k++) {
            char *name = memory_format(err, "chr%d.%s", c, ENDINGS[k]);
            if (name != NULL)
                text_list_add(names, name, err);
            free(name);
        }
    return err->code;
}

static bool stands_in(const char *folder, const char *name, struct error *err)
{
    char *path = folder_path(folder, name, err);
    bool there = false;
    if (path != NULL)
        presence_of(path, &there, err);
    free(path);
    return there;
}

/* Nothing may be lost that a simulation did not make, nor one of those without --fresh. */
static int check_folder(const char *folder, const struct text_list *names, bool fresh, struct error *err)
{
    bool ours = stands_in(folder, settings_name, err);
    for (size_t k = 0; k < names->count && err->code == 0; k++)
        if (stands_in(folder, names->items[k], err) && !(ours && fresh))
            return error_set(err, EXIT_CODE_BAD_INPUT,
                             ours
                                 ? "%s/%s: is there already; expected another output folder, or --fresh to "
                                   "replace the study in it"
                                 : "%s/%s: is there already, and arete simulate did not make it (there is no "
                                   "simulated.yaml); expected another output folder",
                             folder, names->items[k]);
    return err->code;
}

/* The settings that are read may stand in the folder: they are not replaced while they are. */
static int check_input(const struct simulation *simulation, const struct text_list *names, struct error *err)
{
    struct text_list inputs = {0}, outputs = {0};
    text_list_add(&inputs, simulation->path, err);
    for (size_t k = 0; k < names->count && err->code == 0; k++) {
        char *path = folder_path(simulation->output, names->items[k], err);
        if (path != NULL)
            text_list_add(&outputs, path, err);
        free(path);
    }
    if (err->code == 0)
        same_file_check(&inputs, &outputs, err);
    text_list_free(&inputs);
    text_list_free(&outputs);
    return err->code;
}

static int remove_names(const char *folder, const struct text_list *names, struct error *err)
{
    for (size_t k = 0; k < names->count && err->code == 0; k++) {
        char *path = folder_path(folder, names->items[k], err);
        if (path != NULL && unlink(path) != 0 && errno != ENOENT)
            error_set(err, EXIT_CODE_FAILED, "%s: cannot be removed: %s", path, strerror(errno));
        free(path);
    }
    return err->code;
}

/* What one step leaves for the next. */
struct simulate_run {
    const struct reporter *reporter;
    FILE *screen;
    struct simulation simulation;
    struct simulate_people people;
    struct simulated_study_people people_on_file; /* the same arrays */
    struct simulate_genetic genetic;              /* of the targets with signal, the first ones */
    struct file_set files;
    double started; /* clock_seconds */
};

/* How many targets have signal: a share above 0 gives at least one. */
static size_t count_with_signal(const struct simulation_targets *targets)
{
    size_t count = (size_t)lround(targets->with_signal * (double)targets->count);
    return count == 0 && targets->with_signal > 0 ? 1 : count;
}

static int draw_people(struct simulate_run *run, struct error *err)
{
    const struct simulation *simulation = &run->simulation;
    struct simulate_people_plan plan = {
        .seed = simulation->seed,
        .n_subjects = simulation->n_subjects,
        .in_sibships = simulation->families.share,
        .sibship_size = (size_t)simulation->families.size,
        .second_ancestry = simulation->ancestries.share,
        .n_sites = (uint32_t)simulation->covariates.sites,
    };
    if (simulate_people_init(&run->people, &plan, err) != 0)
        return err->code;
    run->people_on_file = (struct simulated_study_people){
        .n_subjects = run->people.n_subjects,
        .family = run->people.family,
        .site = run->people.site,
        .age = run->people.age,
        .sex = run->people.sex,
        .ancestry = simulation->ancestries.share > 0 ? run->people.ancestry : NULL,
    };
    return simulate_genetic_init(&run->genetic, simulation->seed, simulation->n_subjects,
                                 count_with_signal(&simulation->targets), simulation->n_snps,
                                 simulation->targets.causal_snps, err);
}

static int write_settings(struct simulate_run *run, struct error *err)
{
    FILE *file = file_set_add(&run->files, settings_name, err);
    if (file != NULL)
        fprintf(file, "# What arete simulate %s was asked for, and did in this folder.\n%s", ARETE_VERSION,
                run->simulation.yaml);
    return err->code;
}

static int write_study(struct simulate_run *run, struct error *err)
{
    const struct simulation *simulation = &run->simulation;
    struct simulated_study_settings settings = {
        .folder = simulation->output,
        .n_subjects = simulation->n_subjects,
        .n_snps = simulation->n_snps,
        .n_chromosomes = simulation->n_chromosomes,
        .missing_calls = simulation->missing_calls,
        .has_families = run->people.n_sibships > 0,
        .has_sites = simulation->covariates.sites > 1,
        .seed = simulation->seed,
    };
    FILE *file = file_set_add(&run->files, study_name, err);
    if (file != NULL)
        simulated_study_yaml(file, &settings);
    return err->code;
}

/* The study file as a shell takes it: the caller's. */
static char *next_study(const struct simulate_run *run, struct error *err)
{
    char *path = folder_path(run->simulation.output, study_name, err);
    char *word = path != NULL ? shell_word(path, err) : NULL;
    free(path);
    return word;
}

/* next: next_study; made before, as nothing may fail once the files stand. */
static void print_made(const struct simulate_run *run, const char *next)
{
    const struct simulation *simulation = &run->simulation;
    char took[TEXT_DURATION_BYTES];
    text_duration(clock_seconds() - run->started, took);
    fprintf(run->screen, "made:     %s in %s\n", simulation->output, took);
    fprintf(run->screen, "people:   %zu", simulation->n_subjects);
    if (run->people.n_sibships > 0)
        fprintf(run->screen, ", of them %zu sibships of %zu", run->people.n_sibships,
                run->people.sibship_size);
    fprintf(run->screen,
            "\nSNPs:     %zu on %d chromosomes\ntargets:  %zu, of them %zu with signal (truth.tsv)\n",
            simulation->n_snps, simulation->n_chromosomes, simulation->targets.count, run->genetic.n_targets);
    fprintf(run->screen, "next:     arete run %s\n", next);
}

/* names: those that may stand in the folder, where they are to be replaced. */
static int make(struct simulate_run *run, const struct text_list *names, struct error *err)
{
    const struct simulation *simulation = &run->simulation;
    char *next = next_study(run, err);
    if (next != NULL && write_settings(run, err) == 0 && draw_people(run, err) == 0 &&
        simulate_genotypes_write(simulation, &run->people, &run->people_on_file, &run->genetic, &run->files,
                                 run->reporter, err) == 0 &&
        simulate_tables_write(simulation, &run->people, &run->people_on_file, &run->genetic, &run->files,
                              err) == 0 &&
        write_study(run, err) == 0 && file_set_sync(&run->files, err) == 0 &&
        (run->files.expected != NULL || remove_names(simulation->output, names, err) == 0) &&
        file_set_finish(&run->files, err) == 0)
        print_made(run, next);
    free(next);
    file_set_abandon(&run->files);
    simulate_genetic_free(&run->genetic);
    simulate_people_free(&run->people);
    return err->code;
}

int simulate_study(const struct simulate_request *request, struct error *err)
{
    struct simulate_run run = {
        .started = clock_seconds(), .reporter = request->reporter, .screen = request->screen};
    struct text_list names = {0};
    blas_check_single_thread();
    if (simulation_load(&run.simulation, request->path, request->sets, err) == 0 &&
        list_names(&names, err) == 0 && check_input(&run.simulation, &names, err) == 0 &&
        check_folder(run.simulation.output, &names, request->fresh, err) == 0 &&
        folder_make(run.simulation.output, err) == 0) {
        run.files.folder = run.simulation.output;
        bool replaces = request->fresh && stands_in(run.files.folder, settings_name, err);
        run.files.expected = replaces ? NULL : "another output folder";
        make(&run, &names, err);
    }
    text_list_free(&names);
    simulation_free(&run.simulation);
    return err->code;
}

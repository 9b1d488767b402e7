#include "config/simulation.h"

#include "base/memory.h"
#include "config/document.h"
#include "config/lists.h"
#include "config/section.h"
#include "config/yaml_dump.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>

enum {
    FEWEST_SUBJECTS = 40, /* enough for the 10 folds of the study file that is written */
    MOST_SUBJECTS = 1000000,
    MOST_SNPS = 100000000,
    MOST_CHROMOSOMES = 22,
    MOST_TARGETS = 100000, /* what RANGES_MOST_NAMES can name */
    MOST_SITES = 100,
    USUAL_SITES = 3,
    PEOPLE_A_SITE = 10, /* with fewer the study file that is written has too many covariates to be run */
    MOST_SIBLINGS = 20,
    MOST_HERITABILITIES = 1000,
    DEFAULT_SEED = 42
};

static const struct section_range FREQUENCY = {0, 0.5, false, true, "a number greater than 0, up to 0.5"};
static const struct section_range SHARE = {0, 1, true, true, "a number from 0 to 1"};
static const struct section_range BELOW_ONE = {0, 1, true, false, "a number from 0 to less than 1"};
static const struct section_range INSIDE = {0, 1, false, false, "a number between 0 and 1, both excluded"};
static const struct section_range MISSING = {0, 0.5, true, true, "a number from 0 to 0.5"};
static const struct section_range VARIANCE = {0, 100, true, true, "a number from 0 to 100"};
static const struct section_range EFFECT = {-100, 100, true, true, "a number from -100 to 100"};
static const struct section_range HALF_DISTANCE = {0, 1e6, true, true,
                                                   "a number of SNPs from 0 (no linkage) to 1000000"};
static const struct section_range HERITABILITIES = {
    0, 1, false, true, "a number greater than 0, up to 1, or a list of 1 to 1000 different ones"};

static void read_frequency(const struct section *top, struct simulation *simulation)
{
    static const char *const KEYS[] = {"from", "to"};
    struct section section =
        section_open(top, section_find(top, "allele_frequency"), "allele_frequency", KEYS, 2);
    simulation->frequency_from = section_number(&section, "from", &FREQUENCY, 0.05);
    simulation->frequency_to = section_number(&section, "to", &FREQUENCY, 0.5);
    if (simulation->frequency_from > simulation->frequency_to)
        section_problem(&section, section_find(&section, "from"), "from",
                        "%g found, more than `to` (%g); expected at most that", simulation->frequency_from,
                        simulation->frequency_to);
}

static void read_linkage(const struct section *top, struct simulation *simulation)
{
    static const char *const KEYS[] = {"half_distance"};
    struct section section = section_open(top, section_find(top, "linkage"), "linkage", KEYS, 1);
    simulation->half_distance = section_number(&section, "half_distance", &HALF_DISTANCE, 20);
}

static void read_families(const struct section *top, struct simulation_families *families)
{
    static const char *const KEYS[] = {"share", "size", "shared_environment"};
    struct section section = section_open(top, section_find(top, "families"), "families", KEYS, 3);
    families->share = section_number(&section, "share", &SHARE, section.tree != NULL ? 1 : 0);
    families->size = (int)section_integer(&section, "size", 2, MOST_SIBLINGS, 2);
    families->shared_environment = section_number(&section, "shared_environment", &SHARE, 0);
}

static void read_ancestries(const struct section *top, struct simulation_ancestries *ancestries)
{
    static const char *const KEYS[] = {"share", "fst", "effect"};
    struct section section = section_open(top, section_find(top, "ancestries"), "ancestries", KEYS, 3);
    ancestries->share = section_number(&section, "share", &BELOW_ONE, section.tree != NULL ? 0.5 : 0);
    ancestries->fst = section_number(&section, "fst", &INSIDE, 0.05);
    ancestries->effect = section_number(&section, "effect", &EFFECT, 0);
}

static void read_heritability(const struct section *section, struct simulation_targets *targets)
{
    static const double DEFAULT = 0.5;
    lists_numbers(section, "heritability", &HERITABILITIES, MOST_HERITABILITIES, &targets->heritabilities,
                  &targets->n_heritabilities);
    if (targets->heritabilities != NULL)
        return;
    targets->heritabilities = memory_zeroed(1, sizeof DEFAULT, "a heritability", section->problems);
    if (targets->heritabilities == NULL)
        return;
    targets->heritabilities[0] = DEFAULT;
    targets->n_heritabilities = 1;
}

static void read_targets(const struct section *top, struct simulation *simulation)
{
    static const char *const KEYS[] = {"count", "with_signal", "heritability", "causal_snps", "correlation"};
    struct simulation_targets *targets = &simulation->targets;
    struct section section = section_open(top, section_find(top, "targets"), "targets", KEYS, 5);
    targets->count = (size_t)section_integer(&section, "count", 1, MOST_TARGETS, 1000);
    targets->with_signal = section_number(&section, "with_signal", &SHARE, 0.1);
    read_heritability(&section, targets);
    size_t usual = simulation->n_snps < 1000 ? simulation->n_snps : 1000;
    targets->causal_snps =
        (size_t)section_integer(&section, "causal_snps", 1, (int64_t)simulation->n_snps, (int64_t)usual);
    targets->correlation = section_number(&section, "correlation", &BELOW_ONE, 0);
}

static void read_covariates(const struct section *top, struct simulation_covariates *covariates)
{
    static const char *const KEYS[] = {"age", "sex", "site", "sites"};
    struct section section = section_open(top, section_find(top, "covariates"), "covariates", KEYS, 4);
    covariates->age = section_number(&section, "age", &VARIANCE, 0.05);
    covariates->sex = section_number(&section, "sex", &VARIANCE, 0.05);
    covariates->site = section_number(&section, "site", &VARIANCE, 0.05);
    covariates->sites = (int)section_integer(&section, "sites", 1, MOST_SITES, USUAL_SITES);
}

/* The study file that is written names files in this folder, and braces would make a range there. */
static void read_output(const struct section *file, const struct section *top, struct simulation *simulation)
{
    static const char EXPECTED[] = "the path of a folder, of printable characters without { and }";
    if (section_find(top, "output") == NULL)
        section_wrong(file, NULL, "output", EXPECTED);
    simulation->output = section_path(top, "output", EXPECTED);
    for (const char *at = simulation->output; at != NULL && *at != '\0'; at++)
        if (*at == '{' || *at == '}' || iscntrl((unsigned char)*at)) {
            section_wrong(top, section_find(top, "output"), "output", EXPECTED);
            return;
        }
}

/* Of siblings the study file that is written leaves one. */
static size_t unrelated(const struct simulation *simulation)
{
    size_t n = simulation->n_subjects, size = (size_t)simulation->families.size, most = n / size;
    size_t sibships = (size_t)lround(simulation->families.share * (double)n / (double)size);
    return n - (sibships < most ? sibships : most) * (size - 1);
}

static void check_sites(const struct section *top, const struct simulation *simulation)
{
    size_t people = unrelated(simulation), sites = (size_t)simulation->covariates.sites;
    size_t tenth = people / PEOPLE_A_SITE, most = tenth > USUAL_SITES ? tenth : USUAL_SITES;
    if (sites > most)
        section_problem(top, yaml_tree_find(section_find(top, "covariates"), "sites"), "covariates.sites",
                        "%zu found for %zu unrelated people; expected at most %zu", sites, people, most);
}

/* Checks keys that depend on each other. */
static void check(const struct section *top, const struct simulation *simulation)
{
    const struct yaml_tree *environment = yaml_tree_find(section_find(top, "families"), "shared_environment");
    double shared = simulation->families.share > 0 ? simulation->families.shared_environment : 0;
    size_t n_heritabilities = simulation->targets.with_signal > 0 ? simulation->targets.n_heritabilities : 0;
    for (size_t k = n_heritabilities; k-- > 0;)
        if (simulation->targets.heritabilities[k] + shared > 1) {
            section_problem(top, environment, "families.shared_environment",
                            "%g found beside a heritability of %g; expected a sum of at most 1", shared,
                            simulation->targets.heritabilities[k]);
            break;
        }
    if (simulation->n_snps < (size_t)simulation->n_chromosomes)
        section_problem(top, section_find(top, "snps"), "snps",
                        "%zu found for %d chromosomes; expected at least one a chromosome",
                        simulation->n_snps, simulation->n_chromosomes);
    check_sites(top, simulation);
}

static void read_simulation(struct simulation *simulation, const struct yaml_tree *tree,
                            struct error *problems)
{
    static const char *const KEYS[] = {"subjects", "snps",          "chromosomes", "allele_frequency",
                                       "linkage",  "missing_calls", "families",    "ancestries",
                                       "targets",  "covariates",    "seed",        "output"};
    struct section file = {.tree = NULL, .name = "", .file = simulation->path, .problems = problems};
    struct section top = section_open(&file, tree, "", KEYS, sizeof KEYS / sizeof *KEYS);
    simulation->n_subjects = (size_t)section_integer(&top, "subjects", FEWEST_SUBJECTS, MOST_SUBJECTS, 1500);
    simulation->n_snps = (size_t)section_integer(&top, "snps", 1, MOST_SNPS, 500000);
    simulation->n_chromosomes = (int)section_integer(&top, "chromosomes", 1, MOST_CHROMOSOMES, 22);
    read_frequency(&top, simulation);
    read_linkage(&top, simulation);
    simulation->missing_calls = section_number(&top, "missing_calls", &MISSING, 0);
    read_families(&top, &simulation->families);
    read_ancestries(&top, &simulation->ancestries);
    read_targets(&top, simulation);
    read_covariates(&top, &simulation->covariates);
    simulation->seed = section_seed(&top, "seed", DEFAULT_SEED);
    read_output(&file, &top, simulation);
    check(&top, simulation);
}

int simulation_load(struct simulation *simulation, const char *path, const struct text_list *sets,
                    struct error *err)
{
    static const struct document_kind KIND = {"a simulation file", "docs/simulate.md"};
    *simulation = (struct simulation){0};
    struct error problems = {0};
    struct document document = {0};
    simulation->path = memory_string(path, &problems);
    if (simulation->path != NULL && document_open(&document, simulation->path, &KIND, sets, &problems) == 0)
        read_simulation(simulation, document.tree, &problems);
    if (problems.code == 0)
        simulation->yaml = yaml_dump(document.tree, &problems);
    document_close(&document);
    if (problems.code == 0)
        return 0;
    simulation_free(simulation);
    *err = problems;
    return err->code;
}

void simulation_free(struct simulation *simulation)
{
    free(simulation->targets.heritabilities);
    free(simulation->output);
    free(simulation->yaml);
    free(simulation->path);
    *simulation = (struct simulation){0};
}

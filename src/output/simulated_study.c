#include "output/simulated_study.h"

#include "output/plink_writer.h"

#include <inttypes.h>

enum { ID_BYTES = 32 };

struct id {
    char fid[ID_BYTES], iid[ID_BYTES];
};

static struct id id_of(const struct simulated_study_people *people, size_t i)
{
    struct id id;
    snprintf(id.fid, ID_BYTES, "F%05" PRIu64, (uint64_t)people->family[i] + 1);
    snprintf(id.iid, ID_BYTES, "S%06zu", i + 1);
    return id;
}

void simulated_study_fam(FILE *file, const struct simulated_study_people *people)
{
    for (size_t i = 0; i < people->n_subjects; i++) {
        struct id id = id_of(people, i);
        plink_writer_subject(file, id.fid, id.iid, people->sex[i]);
    }
}

void simulated_study_covariates(FILE *file, const struct simulated_study_people *people)
{
    fprintf(file, "FID\tIID\tage\tsex\tsite%s\n", people->ancestry != NULL ? "\tancestry" : "");
    for (size_t i = 0; i < people->n_subjects; i++) {
        struct id id = id_of(people, i);
        fprintf(file, "%s\t%s\t%.1f\t%d\tsite%" PRIu32, id.fid, id.iid, people->age[i], people->sex[i],
                people->site[i] + 1);
        if (people->ancestry != NULL)
            fprintf(file, "\tancestry%d", people->ancestry[i] + 1);
        fputc('\n', file);
    }
}

static void print_target_name(FILE *file, size_t t, size_t n_targets)
{
    int width = snprintf(NULL, 0, "%zu", n_targets);
    fprintf(file, "T%0*zu", width, t + 1);
}

void simulated_study_targets(FILE *file, const struct simulated_study_people *people, const float *values,
                             size_t n_targets)
{
    fputs("FID\tIID", file);
    for (size_t t = 0; t < n_targets; t++) {
        fputc('\t', file);
        print_target_name(file, t, n_targets);
    }
    fputc('\n', file);
    for (size_t i = 0; i < people->n_subjects; i++) {
        struct id id = id_of(people, i);
        fprintf(file, "%s\t%s", id.fid, id.iid);
        for (size_t t = 0; t < n_targets; t++)
            fprintf(file, "\t%.7g", (double)values[i * n_targets + t]);
        fputc('\n', file);
    }
}

void simulated_study_truth(FILE *file, const double *heritability, size_t n_targets)
{
    fputs("target\theritability\n", file);
    for (size_t t = 0; t < n_targets; t++) {
        print_target_name(file, t, n_targets);
        fprintf(file, "\t%.6g\n", heritability[t]);
    }
}

/* `key: 'folder/name'` */
static void print_path(FILE *file, const char *key, const char *folder, const char *name)
{
    fprintf(file, "%s: '", key);
    for (; *folder != '\0'; folder++)
        fputs((char[]){*folder, *folder == '\'' ? '\'' : '\0', '\0'}, file);
    fprintf(file, "/%s'\n", name);
}

/* Of few people or SNPs fewer: each component takes a dimension of what can be predicted. */
static size_t n_components(const struct simulated_study_settings *settings)
{
    static const size_t MOST = 10, SHARE = 20;
    size_t smaller = settings->n_subjects < settings->n_snps ? settings->n_subjects : settings->n_snps;
    return smaller / SHARE < MOST ? smaller / SHARE : MOST;
}

void simulated_study_yaml(FILE *file, const struct simulated_study_settings *settings)
{
    static const double FEW_MISSING = 0.02; /* arete's filters let that pass as they are */
    char filesets[ID_BYTES] = "chr1";
    if (settings->n_chromosomes > 1)
        snprintf(filesets, sizeof filesets, "chr{1..%d}", settings->n_chromosomes);
    fputs("# Written by arete simulate. docs/study-file.md has every key; paths are relative to the folder "
          "arete is\n"
          "# started in.\n",
          file);
    fputs("genotypes:\n", file);
    print_path(file, "  plink", settings->folder, filesets);
    if (settings->missing_calls > FEW_MISSING)
        fprintf(file, "  max_missing_per_snp: %g\n  max_missing_per_subject: %g\n",
                2 * settings->missing_calls, 2 * settings->missing_calls);
    if (settings->has_families)
        fputs("  max_relatedness: 0.05\n", file);
    fputs("targets:\n", file);
    print_path(file, "  table", settings->folder, "targets.tsv");
    fputs("covariates:\n", file);
    print_path(file, "  table", settings->folder, "covariates.tsv");
    fputs("  columns: [age, sex]\n", file);
    if (settings->has_sites)
        fputs("  categorical: [site]\n", file);
    if (n_components(settings) > 0)
        fprintf(file, "  genetic_pcs: %zu\n", n_components(settings));
    fprintf(file, "seed: %" PRIu64 "\n", settings->seed);
    print_path(file, "output", settings->folder, "results");
}

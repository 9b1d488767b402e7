#include "config/lists.h"
#include "config/study_sections.h"

static const char PREFIX[] =
    "the prefix of a PLINK fileset, a list of them, or a pattern such as data/chr{1..22}";

static const struct section_range SHARE = {0, 1, true, true, "a number from 0 to 1"};
static const struct section_range MINOR_SHARE = {0, 0.5, true, false, "a number from 0 to less than 0.5"};
static const struct section_range RELATEDNESS = {0, 1, false, true, "a number greater than 0, up to 1"};

static const char *const PRECISIONS[] = {"auto", "single", "double"};

static bool read_all_chromosomes(const struct section *section)
{
    static const char *const CHROMOSOMES[] = {"1-22", "all"};
    return section_choice(section, "chromosomes", CHROMOSOMES, 2, 0) == 1;
}

static enum study_scale read_scale(const struct section *section)
{
    const char *words[] = {study_scale_name(STUDY_SCALE_ALLELE_FREQUENCY),
                           study_scale_name(STUDY_SCALE_SAMPLE), study_scale_name(STUDY_SCALE_NONE)};
    return (enum study_scale)section_choice(section, "scale", words, 3, STUDY_SCALE_ALLELE_FREQUENCY);
}

void study_genotypes_read(const struct section *top, struct study_genotypes *genotypes)
{
    static const char *const KEYS[] = {"plink",
                                       "chromosomes",
                                       "min_allele_frequency",
                                       "max_missing_per_snp",
                                       "max_missing_per_subject",
                                       "scale",
                                       "precision",
                                       "max_relatedness",
                                       "keep",
                                       "remove",
                                       "extract",
                                       "exclude"};
    struct section section =
        section_open(top, section_find(top, "genotypes"), "genotypes", KEYS, sizeof KEYS / sizeof *KEYS);
    section_require(&section, "plink", PREFIX);
    lists_paths(&section, "plink", PREFIX, &genotypes->plink);
    genotypes->all_chromosomes = read_all_chromosomes(&section);
    genotypes->min_allele_frequency = section_number(&section, "min_allele_frequency", &MINOR_SHARE, 0.01);
    genotypes->max_missing_per_snp = section_number(&section, "max_missing_per_snp", &SHARE, 0.05);
    genotypes->max_missing_per_subject = section_number(&section, "max_missing_per_subject", &SHARE, 0.10);
    genotypes->scale = read_scale(&section);
    genotypes->precision =
        (enum study_precision)section_choice(&section, "precision", PRECISIONS, 3, STUDY_PRECISION_AUTO);
    genotypes->max_relatedness = section_number(&section, "max_relatedness", &RELATEDNESS, 0);
    genotypes->keep = section_path(&section, "keep", "the path of a list of FID IID");
    genotypes->remove = section_path(&section, "remove", "the path of a list of FID IID");
    genotypes->extract = section_path(&section, "extract", "the path of a list of SNP IDs");
    genotypes->exclude = section_path(&section, "exclude", "the path of a list of SNP IDs");
}

#include "input/cohort/cohort_snps.h"

#include "input/genotypes/variant_checks.h"

/* A list none of whose SNPs is there is an error, one that does not fit well is told of. path NULL = not
 * asked for. */
static int check_list(const struct cohort_build *build, const char *path, const char *role,
                      const struct genotype_list_use *use, struct error *err)
{
    const char *first = build->cohort->genotypes.dropped.first;
    if (path == NULL)
        return 0;
    if (use->n_listed == 0)
        log_note(build->log, "%s (%s): no SNP in it: it leaves none out", path, role);
    else if (use->n_absent == use->n_listed)
        return error_set(err, EXIT_CODE_BAD_INPUT,
                         "%s: none of its %zu SNPs (%s) is in the genotypes, e.g. %s; these have e.g. %s; "
                         "expected the same IDs",
                         path, use->n_listed, role, use->absent, first);
    else if (log_is_large_loss(use->n_absent, use->n_listed))
        log_warning(build->log,
                    "%s (%s): %zu of its %zu SNPs are not in the genotypes, e.g. %s; these have e.g. %s",
                    path, role, use->n_absent, use->n_listed, use->absent, first);
    else if (use->n_absent > 0)
        log_info(build->log, "SNPs: %zu of %zu in %s are not in the genotypes: not used", use->n_absent,
                 use->n_listed, path);
    return 0;
}

static void tell_of_sex_linked(const struct cohort_build *build)
{
    const struct genotypes *genotypes = &build->cohort->genotypes;
    size_t example = 0, count = variant_checks_sex_linked(&genotypes->variants, &example);
    if (count == 0)
        return;
    struct variant variant = variants_get(&genotypes->variants, example);
    log_warning(
        build->log,
        "%zu of %zu SNPs are on chromosomes of which not everybody has two copies, e.g. %s on %s: calls "
        "are taken as they stand, so K is too large among those who have one; genotypes.chromosomes: 1-22 "
        "or genotypes.exclude leaves them out",
        count, genotypes->variants.count, variant.id, variant.chromosome);
}

static int tell_of_repeats(const struct cohort_build *build, struct error *err)
{
    const struct genotypes *genotypes = &build->cohort->genotypes;
    struct variant_repeats repeats;
    if (variant_checks_repeats(&genotypes->variants, &repeats, err) != 0)
        return err->code;
    if (repeats.count == 0)
        return 0;
    struct variant variant = variants_get(&genotypes->variants, repeats.first);
    log_warning(build->log,
                "%zu SNPs stand twice and count twice, e.g. %s (chromosome %s, position %d) in %s and %s",
                repeats.count, variant.id, variant.chromosome, (int)variant.position,
                genotypes_path_of(genotypes, repeats.first), genotypes_path_of(genotypes, repeats.second));
    return 0;
}

static int check_any(const struct cohort_build *build, struct error *err)
{
    const struct genotypes *genotypes = &build->cohort->genotypes;
    const struct variant_counts *dropped = &genotypes->dropped;
    if (genotypes->variants.count > 0)
        return 0;
    if (dropped->n_off_chromosome == dropped->n_in_files)
        return error_set(err, EXIT_CODE_BAD_INPUT,
                         "%s: none of %zu SNPs is on chromosomes 1-22 (the first is %s); expected some, or "
                         "genotypes.chromosomes: all in the study file",
                         genotypes_variants_path(genotypes), dropped->n_in_files, dropped->off_chromosome);
    return error_set(
        err, EXIT_CODE_BAD_INPUT,
        "%s: no SNP is left of %zu: %zu not on chromosomes 1-22, %zu not in the extract list, %zu in the "
        "exclude list; expected some",
        genotypes_variants_path(genotypes), dropped->n_in_files, dropped->n_off_chromosome,
        dropped->n_not_extracted, dropped->n_excluded);
}

static void log_selection(const struct cohort_build *build)
{
    const struct genotypes *genotypes = &build->cohort->genotypes;
    const struct genotype_selection *selection = &build->request->selection;
    const struct variant_counts *dropped = &genotypes->dropped;
    log_info(build->log, "SNPs: %zu in %zu fileset%s", dropped->n_in_files, genotypes->n_filesets,
             genotypes->n_filesets == 1 ? "" : "s");
    size_t left = dropped->n_in_files;
    left -= dropped->n_off_chromosome;
    if (!selection->all_chromosomes)
        log_filter(build->log, LOG_SNPS, dropped->n_off_chromosome, left, "not on chromosomes 1-22");
    left -= dropped->n_not_extracted;
    if (selection->extract != NULL)
        log_filter(build->log, LOG_SNPS, dropped->n_not_extracted, left, "not in %s", selection->extract);
    left -= dropped->n_excluded;
    if (selection->exclude != NULL)
        log_filter(build->log, LOG_SNPS, dropped->n_excluded, left, "in %s", selection->exclude);
    log_info(build->log, "SNPs: %zu selected", genotypes->variants.count);
    if (!selection->all_chromosomes && log_is_large_loss(dropped->n_off_chromosome, dropped->n_in_files) &&
        genotypes->variants.count > 0)
        log_note(build->log,
                 "%zu of %zu SNPs dropped: not on chromosomes 1-22, e.g. %s; genotypes.chromosomes: all "
                 "takes every SNP",
                 dropped->n_off_chromosome, dropped->n_in_files, dropped->off_chromosome);
}

/* PLINK's way of leaving out a SNP without making a new fileset; other programs write it for "not known". */
static void tell_of_negative(const struct cohort_build *build)
{
    const struct variant_counts *counts = &build->cohort->genotypes.dropped;
    if (counts->n_negative > 0)
        log_note(build->log,
                 "%zu of %zu SNPs have a negative position, e.g. %s: PLINK ignores them, here they are used; "
                 "genotypes.exclude leaves them out",
                 counts->n_negative, build->cohort->genotypes.variants.count, counts->negative);
}

int cohort_snps_check(const struct cohort_build *build, struct error *err)
{
    const struct genotypes *genotypes = &build->cohort->genotypes;
    const struct genotype_selection *selection = &build->request->selection;
    log_selection(build);
    if (check_list(build, selection->extract, "extract", &genotypes->extract, err) != 0 ||
        check_list(build, selection->exclude, "exclude", &genotypes->exclude, err) != 0 ||
        check_any(build, err) != 0)
        return err->code;
    tell_of_negative(build);
    tell_of_sex_linked(build);
    return tell_of_repeats(build, err);
}

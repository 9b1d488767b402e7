#include "study/analysis.h"

#include "base/amount.h"
#include "base/memory.h"
#include "model/kinship/relatedness.h"
#include "model/stats/permutation.h"
#include "study/analysis_relatives.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* A warning in log and stderr, and its short form for the notes of results.tsv. */
static int warn(struct analysis *analysis, const char *note, const char *text, struct error *err)
{
    log_warning(analysis->log, "%s", text);
    return text_list_add(&analysis->notes, note, err);
}

/* The same with a text that was made for it, which it frees. */
static int warn_made(struct analysis *analysis, const char *note, char *text, struct error *err)
{
    int code = text != NULL ? warn(analysis, note, text, err) : err->code;
    free(text);
    return code;
}

static bool names_a_component(const struct text_list *names)
{
    for (size_t i = 0; i < names->count; i++)
        if (strncasecmp(names->items[i], "pc", 2) == 0 || strcasestr(names->items[i], "_pc") != NULL)
            return true;
    return false;
}

/* From where on a pair counts as related: with few SNPs strangers come as close by chance. Those among whom
 * genotypes.max_relatedness looked for pairs count, not only those who stay: of fewer people chance reaches
 * less far, and pairs that were left in as strangers would become relatives. */
static double related(const struct analysis *analysis)
{
    struct relatives relatives = analysis_relatives(analysis);
    relatives.n += analysis->relatives.n_dropped;
    return relatives_least(&relatives, analysis->snps.n_kept, ANALYSIS_RELATED);
}

/* People who change places only with their relatives keep what relatives share. */
static bool permutes_inside_families(const struct analysis *analysis)
{
    const int32_t *stratum = analysis->cohort.within.level;
    struct relatives relatives = analysis_relatives(analysis);
    return stratum != NULL && relatedness_strata_are_families(&relatives, related(analysis), stratum);
}

static int warn_of_relatives(struct analysis *analysis, struct error *err)
{
    size_t split;
    char amount[AMOUNT_BYTES];
    struct relatives relatives = analysis_relatives(analysis);
    size_t pairs = relatedness_pairs(&relatives, related(analysis), analysis->folds.outer, &split);
    log_info(analysis->log, "relatives: %zu pairs related over %.2g, %zu of them in different outer folds",
             pairs, related(analysis), split);
    if (permutes_inside_families(analysis))
        return 0;
    if (analysis->group != NULL && split < pairs &&
        warn(
            analysis, "families kept together, but permuted freely: p_fwer far too small",
            "model.keep_together while people change places outside their families: "
            "relatives inside a test set make p too small and p_fwer far too small (no SNP effect, 20 targets, "
            "families that share an environment: p <= .05 in .06 to .15 of the targets, p_fwer <= .05 in .28 to .80 of the studies); "
            "genotypes.max_relatedness: 0.05 (an unrelated part of the people) holds .05, and so does permutations.within: the family",
            err) != 0)
        return err->code;
    if (split == 0)
        return 0;
    return warn_made(
        analysis, "relatives in different folds",
        memory_format(
            err,
            "%s pair%s of relatives (related over %.2g) stand in different outer folds while people change places outside their families: "
            "p does not separate genetics from shared environment (genotypes.max_relatedness: 0.05, or permutations.within: the family)",
            amount_exact((int64_t)split, amount), split == 1 ? "" : "s", related(analysis)),
        err);
}

static int warn_of_ancestry(struct analysis *analysis, struct error *err)
{
    if (analysis->study.covariates.genetic_pcs > 0 || names_a_component(&analysis->cohort.quantitative_names))
        return 0;
    return warn(
        analysis, "no genetic PCs",
        "no genetic principal components among the covariates: p does not separate the SNPs' effect from ancestry (covariates: genetic_pcs: 10)",
        err);
}

/* Whether `within`'s column is a covariate too. */
static bool within_is_covariate(const struct analysis *analysis)
{
    const struct text_list *names = &analysis->cohort.categorical_names;
    for (size_t k = 0; k < names->count; k++)
        if (strcmp(names->items[k], analysis->study.permutations.within) == 0)
            return true;
    return false;
}

static int warn_of_strata(struct analysis *analysis, struct error *err)
{
    const struct permutation_scheme *scheme = &analysis->scheme;
    size_t alone = 0;
    for (size_t b = 0; b < scheme->n_blocks; b++)
        alone += scheme->start[b + 1] - scheme->start[b] == 1;
    if (alone > 0 &&
        warn_made(analysis, "strata of one",
                  memory_format(err,
                                "permutations.within: %zu strata have one member, whom no permutation moves",
                                alone),
                  err) != 0)
        return err->code;
    if (!permutation_allows(scheme, analysis->study.permutations.count)) /* report_notes.c has the note */
        log_warning(analysis->log,
                    "permutations.within: the strata allow fewer different permutations than asked for");
    log_info(analysis->log,
             "permutations: %zu exchangeability block(s), which allow about 10^%.0f different permutations",
             scheme->n_blocks, permutation_log10_count(scheme));
    if (analysis->study.permutations.within != NULL && !within_is_covariate(analysis) &&
        !permutes_inside_families(analysis))
        return warn(
            analysis, "within is no covariate",
            "permutations.within: the column is not among covariates.categorical: differences between its levels stay in the targets and folds can predict them",
            err);
    return 0;
}

/* What a study of this size can find. */
static void find_power(struct analysis *analysis)
{
    struct power *power = &analysis->power;
    double spread = relatedness_spread(analysis->gram, analysis->cohort.n) / analysis->mean_eigenvalue;
    char text[POWER_TEXT_BYTES];
    power_compute(power, spread, analysis->cohort.n,
                  analysis->cohort.n - analysis->cohort.n / analysis->folds.n_outer);
    power_text(power->heritability_error, power->heritability, power->expected_r2, POWER_LEVELS, text);
    log_info(analysis->log, "power: %s", text);
}

int analysis_warn(struct analysis *analysis, struct error *err)
{
    if (warn_of_relatives(analysis, err) != 0 || warn_of_ancestry(analysis, err) != 0 ||
        warn_of_strata(analysis, err) != 0 || analysis_warn_of_level(analysis, err) != 0)
        return err->code;
    find_power(analysis);
    return 0;
}

int analysis_warn_association(struct analysis *analysis, struct error *err)
{
    size_t split;
    struct relatives relatives = analysis_relatives(analysis);
    size_t pairs = relatedness_pairs(&relatives, related(analysis), analysis->folds.outer, &split);
    char amount[AMOUNT_BYTES];
    bool permutes = analysis->study.associate.permute;
    const char *others = !permutes                            ? "is"
                         : permutes_inside_families(analysis) ? "(not from permutation inside families) is"
                                                              : "and from free permutation are";
    log_info(analysis->log, "relatives: %zu pairs related over %.2g", pairs, related(analysis));
    if (pairs > 0 &&
        warn_made(
            analysis, "relatives: p not valid",
            memory_format(
                err,
                "%s pair%s of relatives (related over %.2g): p from Student's t %s not valid among them, as their targets are not independent "
                "(genotypes.max_relatedness: 0.05 keeps an unrelated part of the people)",
                amount_exact((int64_t)pairs, amount), pairs == 1 ? "" : "s", related(analysis), others),
            err) != 0)
        return err->code;
    if (warn_of_ancestry(analysis, err) != 0 || analysis_warn_of_level(analysis, err) != 0)
        return err->code;
    return permutes ? warn_of_strata(analysis, err) : 0;
}

#include "study/analysis_relatives.h"

#include "base/amount.h"
#include "base/memory.h"
#include "input/cohort/cohort_keep.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct relatives analysis_relatives(const struct analysis *analysis)
{
    return (struct relatives){analysis->cohort.n, analysis->gram, analysis->heterozygosity};
}

/* The threshold that the study gives, or what can be told from chance. */
static double least(struct analysis *analysis, const struct relatives *relatives, double asked)
{
    double found = relatives_least(relatives, analysis->snps.n_kept, asked);
    if (found > asked)
        log_warning(analysis->log,
                    "genotypes.max_relatedness: %g is what strangers reach by chance with %zu SNPs; pairs "
                    "over %.2g are taken for relatives",
                    asked, analysis->snps.n_kept, found);
    return found;
}

static int add_pairs(struct analysis *analysis, const struct relative_pair *pairs, size_t count,
                     struct error *err)
{
    const struct cohort *cohort = &analysis->cohort;
    for (size_t k = 0; k < count; k++) {
        size_t i = pairs[k].first, j = pairs[k].second;
        char *line = memory_format(err, "%s\t%s\t%s\t%s\t%.4f", cohort->fid.items[i], cohort->iid.items[i],
                                   cohort->fid.items[j], cohort->iid.items[j], (double)pairs[k].relatedness);
        int code = line != NULL ? text_list_add(&analysis->relatives.pairs, line, err) : err->code;
        free(line);
        if (code != 0)
            return code;
    }
    return 0;
}

/* Where relatedness spreads more widely than among strangers with so many independent SNPs, some of the pairs
 * over the threshold may be strangers: says so, and from where on they are not. Where chance would reach as
 * far as siblings are, all are related, as bred animals, or no threshold helps. */
static int warn_of_strangers(struct analysis *analysis, const char *key, double threshold,
                             const struct relative_pair *pairs, size_t count, struct error *err)
{
    /* Two or three ancestries widen the spread 1.2 to 1.6 times, and strangers stay under .55 to .95 of it.
     */
    static const double margin = 1.5, siblings = .5;
    struct relatives relatives = analysis_relatives(analysis);
    struct relatives_chance chance;
    char under_text[AMOUNT_BYTES], count_text[AMOUNT_BYTES], snps_text[AMOUNT_BYTES];
    if (relatives.heterozygosity == NULL || count == 0)
        return 0;
    if (relatives_chance(&relatives, &chance, err) != 0)
        return err->code;
    size_t under = 0;
    for (size_t k = 0; k < count; k++)
        under += (double)pairs[k].relatedness <= chance.reach;
    if (chance.reach <= margin * threshold || chance.reach >= siblings || under == 0)
        return 0;
    log_warning(analysis->log,
                "%s: %s of the %s pairs over %.2g may be strangers: relatedness spreads as with %s "
                "independent SNPs, and so chance reaches %.2f (SNPs in linkage, mixed ancestry and distant "
                "relatives spread it); a threshold of %.2f spares strangers",
                key, amount_exact((int64_t)under, under_text), amount_exact((int64_t)count, count_text),
                threshold, amount_exact((int64_t)chance.effective_snps, snps_text), chance.reach,
                ceil(100 * chance.reach) / 100);
    return 0;
}

int analysis_list_relatives(struct analysis *analysis, double threshold, struct error *err)
{
    struct relatives relatives = analysis_relatives(analysis);
    struct relative_pair *pairs;
    size_t count;
    if (relatives_pairs(&relatives, threshold, &pairs, &count, err) == 0 &&
        add_pairs(analysis, pairs, count, err) == 0)
        warn_of_strangers(analysis, "model.keep_together", threshold, pairs, count, err);
    free(pairs);
    return err->code;
}

static int list_dropped(struct analysis *analysis, const bool *kept, struct error *err)
{
    const struct cohort *cohort = &analysis->cohort;
    for (size_t i = 0; i < cohort->n; i++) {
        if (kept[i])
            continue;
        char *line = memory_format(err, "%s\t%s", cohort->fid.items[i], cohort->iid.items[i]);
        int code = line != NULL ? text_list_add(&analysis->relatives.dropped, line, err) : err->code;
        free(line);
        if (code != 0)
            return code;
    }
    return 0;
}

/* K and heterozygosity lose the others' rows and columns, in place. */
static void keep_sums(struct analysis *analysis, const size_t *positions, size_t count)
{
    size_t n = analysis->cohort.n;
    for (size_t k = 0; k < count && analysis->gram != NULL; k++)
        for (size_t l = 0; l < count; l++)
            analysis->gram[k * count + l] = analysis->gram[positions[k] * n + positions[l]];
    if (analysis->heterozygosity != NULL)
        cohort_keep_rows(analysis->heterozygosity, sizeof *analysis->heterozygosity, positions, count);
}

static int keep(struct analysis *analysis, const bool *kept, struct error *err)
{
    size_t n = analysis->cohort.n, count = 0;
    size_t *positions = memory_zeroed(n, sizeof *positions, "the kept subjects", err);
    for (size_t i = 0; positions != NULL && i < n; i++)
        if (kept[i])
            positions[count++] = i;
    if (positions != NULL && list_dropped(analysis, kept, err) == 0) {
        keep_sums(analysis, positions, count);
        cohort_keep(&analysis->cohort, positions, count, analysis->study.targets.max_missing_per_target,
                    analysis->log, err);
    }
    free(positions);
    return err->code;
}

/* Says what it costs. */
static void say(struct analysis *analysis, size_t n_dropped, size_t n_pairs, double threshold)
{
    size_t n = analysis->cohort.n;
    log_filter(analysis->log, LOG_SUBJECTS, n_dropped, n - n_dropped,
               "related to somebody who is kept (r over %.2g)", threshold);
    if (n_dropped > 0)
        log_note(analysis->log,
                 "genotypes.max_relatedness: %zu of %zu subjects left out, so that no pair is related over "
                 "%.2g (%zu pairs are; relatives.tsv and relatives_dropped.tsv name them); %zu stay",
                 n_dropped, n, threshold, n_pairs, n - n_dropped);
}

int analysis_drop_relatives(struct analysis *analysis, struct error *err)
{
    double asked = analysis->study.genotypes.max_relatedness;
    if (asked == 0 || analysis->relatives.are_dropped)
        return 0;
    struct relatives relatives = analysis_relatives(analysis);
    double threshold = least(analysis, &relatives, asked);
    struct relative_pair *pairs = NULL;
    size_t count, n_dropped;
    bool *kept = memory_zeroed(relatives.n, sizeof *kept, "the kept subjects", err);
    if (kept != NULL && relatives_pairs(&relatives, threshold, &pairs, &count, err) == 0 &&
        add_pairs(analysis, pairs, count, err) == 0 &&
        warn_of_strangers(analysis, "genotypes.max_relatedness", threshold, pairs, count, err) == 0 &&
        relatives_unrelated(pairs, count, relatives.n, kept, &n_dropped, err) == 0) {
        say(analysis, n_dropped, count, threshold);
        keep(analysis, kept, err);
        analysis->relatives.are_dropped = true;
        analysis->relatives.n_dropped = n_dropped;
    }
    free(pairs);
    free(kept);
    return err->code;
}

int analysis_drop_listed(struct analysis *analysis, char *const *listed, size_t count, struct error *err)
{
    const struct cohort *cohort = &analysis->cohort;
    bool *kept = memory_zeroed(cohort->n, sizeof *kept, "the kept subjects", err);
    struct text_index index = {0};
    if (kept != NULL && text_index_init(&index, listed, count, err) == 0) {
        for (size_t i = 0; err->code == 0 && i < cohort->n; i++) {
            char *line = memory_format(err, "%s\t%s", cohort->fid.items[i], cohort->iid.items[i]);
            kept[i] = line != NULL && text_index_find(&index, line) == TEXT_NOT_FOUND;
            free(line);
        }
        if (err->code == 0)
            keep(analysis, kept, err);
    }
    text_index_free(&index);
    free(kept);
    return err->code;
}

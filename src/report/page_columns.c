#include "report/page_columns.h"

#include "output/association_rows.h"

#include <math.h>

enum { DIGITS = 3 };

static const struct {
    const char *name, *meaning;
    bool is_text;
} of_best[PAGE_COLUMNS - RESULT_COLUMNS] = {
    [PAGE_VARIANT - RESULT_COLUMNS] = {"best_snp", "the SNP with the smallest p", true},
    [PAGE_POSITION - RESULT_COLUMNS] = {"position", "its chromosome and base pair", true},
    [PAGE_ALLELE - RESULT_COLUMNS] = {"effect_allele", "the allele that beta is of", true},
    [PAGE_BETA - RESULT_COLUMNS] = {"beta", "effect of a copy of that allele, in the target's unit", false},
    [PAGE_ERROR - RESULT_COLUMNS] = {"standard_error", "of beta", false},
    [PAGE_P_VALUE - RESULT_COLUMNS] = {"p_value", "two-sided p of Student's t of that SNP alone", false},
    [PAGE_HITS - RESULT_COLUMNS] = {"n_hits", "SNPs with p up to report_p", false},
    [PAGE_LAMBDA -
        RESULT_COLUMNS] = {"lambda_gc", "median chi-square over the expected one; near 1 is well", false},
};

static bool has_number(const struct page *page, enum result_id id)
{
    for (size_t i = 0; i < page->content->campaign->n_targets_all; i++)
        if (!isnan(page->content->rows[i].value[id]))
            return true;
    return false;
}

/* n_missing is told with n in results.tsv. */
static bool is_shown(const struct page *page, enum result_id id)
{
    if (id == RESULT_TARGET || id == RESULT_NOTE)
        return true;
    return id != RESULT_N_MISSING && has_number(page, id);
}

/* What is looked at first stands where no wide screen is needed. */
static const int univariate[] = {RESULT_TARGET, RESULT_N,      PAGE_VARIANT, PAGE_POSITION, PAGE_P_VALUE,
                                 RESULT_P,      RESULT_P_FWER, PAGE_HITS,    PAGE_LAMBDA,   PAGE_ALLELE,
                                 PAGE_BETA,     PAGE_ERROR,    RESULT_R2,    RESULT_P_SE,   RESULT_X_MM,
                                 RESULT_Y_MM,   RESULT_Z_MM,   RESULT_NOTE};

struct page_columns page_columns_of(const struct page *page)
{
    struct page_columns columns = {0};
    size_t most = page_is_univariate(page) ? sizeof univariate / sizeof *univariate : RESULT_COLUMNS;
    for (size_t k = 0; k < most; k++) {
        int id = page_is_univariate(page) ? univariate[k] : (int)k;
        if (id >= RESULT_COLUMNS ? page_has_associations(page) : is_shown(page, (enum result_id)id))
            columns.id[columns.count++] = id;
    }
    return columns;
}

const char *page_columns_name(const struct page *page, int id)
{
    if (id >= RESULT_COLUMNS)
        return of_best[id - RESULT_COLUMNS].name;
    return id == RESULT_P && page_is_univariate(page) ? "p_snps" : result_column((enum result_id)id)->name;
}

const char *page_columns_meaning(const struct page *page, int id)
{
    if (id >= RESULT_COLUMNS)
        return of_best[id - RESULT_COLUMNS].meaning;
    if (!page_is_univariate(page))
        return result_column((enum result_id)id)->meaning;
    switch (id) {
    case RESULT_R2:
        return "what the best SNP explains of the target beyond the covariates";
    case RESULT_P:
        return "share of the permutations in which the best of all SNPs explains as much of this target";
    case RESULT_P_FWER:
        return "the same against the best pair of all SNPs and targets in each permutation";
    default:
        return result_column((enum result_id)id)->meaning;
    }
}

bool page_columns_is_text(int id)
{
    return id >= RESULT_COLUMNS ? of_best[id - RESULT_COLUMNS].is_text
                                : result_column((enum result_id)id)->format == RESULT_TEXT;
}

/* "1:1234567", as genome browsers take it, and in digits alone, by which the script sorts. */
static const char *position_cell(const char *chromosome, int64_t position, char cell[RESULT_CELL_BYTES])
{
    int used = snprintf(cell, RESULT_CELL_BYTES, "%.200s", chromosome);
    if (position > 0)
        snprintf(cell + used, RESULT_CELL_BYTES - (size_t)used, ":%lld", (long long)position);
    return cell;
}

static const char *best_cell(const struct campaign *campaign, int id, size_t t, char cell[RESULT_CELL_BYTES])
{
    switch (id) {
    case PAGE_VARIANT:
        return campaign->best_variant[t];
    case PAGE_ALLELE:
        return campaign->best_allele[t];
    case PAGE_POSITION:
        return position_cell(campaign->best_chromosome[t], campaign->best_position[t], cell);
    case PAGE_BETA:
        snprintf(cell, RESULT_CELL_BYTES, "%.*g", DIGITS, campaign->best_beta[t]);
        return cell;
    case PAGE_ERROR:
        snprintf(cell, RESULT_CELL_BYTES, "%.*g", DIGITS, campaign->best_error[t]);
        return cell;
    case PAGE_P_VALUE:
        return association_rows_p(campaign->best_log_p[t], DIGITS, cell);
    case PAGE_HITS:
        snprintf(cell, RESULT_CELL_BYTES, "%lld", (long long)campaign->n_hits[t]);
        return cell;
    default:
        snprintf(cell, RESULT_CELL_BYTES, "%.*g", DIGITS, campaign->lambda_gc[t]);
        return isnan(campaign->lambda_gc[t]) ? "NA" : cell;
    }
}

const char *page_columns_cell(const struct page *page, int id, size_t i, char cell[RESULT_CELL_BYTES])
{
    const struct campaign *campaign = page->content->campaign;
    if (id >= RESULT_COLUMNS)
        return campaign->target_analysed[i] != 0 ? best_cell(campaign, id, page->by_row[i], cell) : "NA";
    result_cell(cell, &page->content->rows[i], (enum result_id)id, true);
    return cell;
}

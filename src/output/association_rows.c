#include "output/association_rows.h"

#include <math.h>

/* lambda is read off bins (model/univariate/associations.h), p by permutation off so many of them. */
enum { DIGITS = 8, P_DIGITS = 6, LAMBDA_DIGITS = 3 };

#define COLUMNS                                                                                              \
    "chromosome\tbase_pair_location\teffect_allele\tother_allele\tbeta\tstandard_error\t"                    \
    "effect_allele_frequency\tp_value\tvariant_id\tn\tt_statistic\tneg_log_10_p_value"

static const char pairs_header[] = "target\t" COLUMNS "\n";
static const char targets_header[] = "target\tn_hits\tlambda_gc\tp_snps\tp_fwer\t" COLUMNS "\tnote\n";
static const char missing_columns[] = "\tNA\tNA\tNA\tNA\tNA\tNA\tNA\tNA\tNA";

static const struct replace_kind pairs_kind = {.a_file = "a table of associations",
                                               .begins = pairs_header,
                                               .begins_bytes = sizeof "target\tchromosome\t" - 1};
static const struct replace_kind packed_kind = {
    .a_file = "a packed table of associations", .begins = "\x1f\x8b", .begins_bytes = 2, .holds = COLUMNS};
static const struct replace_kind targets_kind = {.a_file = "a table of associations' targets",
                                                 .begins = targets_header,
                                                 .begins_bytes = sizeof "target\tn_hits\t" - 1};

int association_rows_check(const char *path, struct error *err)
{
    return replace_check(path, &pairs_kind, err);
}

int association_rows_check_packed(const char *path, struct error *err)
{
    return replace_check(path, &packed_kind, err);
}

int association_rows_check_targets(const char *path, struct error *err)
{
    return replace_check(path, &targets_kind, err);
}

int association_rows_open_packed(struct replace *table, const char *path, struct error *err)
{
    return replace_open(table, path, &packed_kind, err);
}

void association_rows_begin(FILE *file, bool with_targets)
{
    fputs(with_targets ? pairs_header : COLUMNS "\n", file);
}

static int open_table(struct replace *table, const char *path, const struct replace_kind *kind,
                      struct error *err)
{
    if (replace_open(table, path, kind, err) == 0)
        fputs(kind->begins, table->file);
    return err->code;
}

int association_rows_open(struct replace *table, const char *path, struct error *err)
{
    return open_table(table, path, &pairs_kind, err);
}

int association_rows_open_targets(struct replace *table, const char *path, struct error *err)
{
    return open_table(table, path, &targets_kind, err);
}

const char *association_rows_p(double log_p, int digits, char text[ASSOCIATION_P_BYTES])
{
    const double least = -690; /* exp is well inside the doubles */
    if (log_p > least || isinf(log_p)) {
        snprintf(text, ASSOCIATION_P_BYTES, "%.*g", digits, exp(log_p));
        return text;
    }
    double logarithm = log_p / M_LN10, exponent = floor(logarithm);
    char mantissa[ASSOCIATION_P_BYTES / 2];
    snprintf(mantissa, sizeof mantissa, "%.*g", digits, pow(10, logarithm - exponent));
    if (mantissa[0] == '1' && mantissa[1] == '0') /* 9.99... rounded up */
        snprintf(text, ASSOCIATION_P_BYTES, "1e%.0f", exponent + 1);
    else
        snprintf(text, ASSOCIATION_P_BYTES, "%se%.0f", mantissa, exponent);
    return text;
}

const char *association_rows_limit(double log_p, char text[ASSOCIATION_P_BYTES])
{
    const double parts = 100, rounding = 1e-9; /* of the product: a number of three digits stays */
    double logarithm = log_p / M_LN10, exponent = floor(logarithm);
    double mantissa = floor(pow(10, logarithm - exponent) * parts + rounding) / parts;
    return association_rows_p((log10(mantissa) + exponent) * M_LN10, 3, text);
}

static void write_pair(FILE *file, const struct association_row *row)
{
    char p[ASSOCIATION_P_BYTES];
    fprintf(file, "%s\t", row->chromosome);
    if (row->position > 0)
        fprintf(file, "%lld", (long long)row->position);
    else
        fputs("NA", file);
    fprintf(file, "\t%s\t%s\t%.*g\t%.*g\t%.6g\t%s\t%s\t%lld\t%.*g\t%.*g", row->effect_allele,
            row->other_allele, DIGITS, row->beta, DIGITS, row->standard_error, row->effect_allele_frequency,
            association_rows_p(row->log_p, DIGITS, p), row->variant_id, (long long)row->n, DIGITS, row->t,
            DIGITS, 0 - row->log_p / M_LN10); /* of p = 1: 0, not -0 */
}

/* A text as one field. */
static void write_text(FILE *file, const char *text)
{
    for (; *text != '\0'; text++)
        fputc(*text == '\t' || *text == '\n' || *text == '\r' ? ' ' : *text, file);
}

void association_rows_write(FILE *file, const char *target, const struct association_row *row)
{
    if (target != NULL) {
        write_text(file, target);
        fputc('\t', file);
    }
    write_pair(file, row);
    fputc('\n', file);
}

static void write_number(FILE *file, double value, int digits)
{
    if (isnan(value))
        fputs("\tNA", file);
    else
        fprintf(file, "\t%.*g", digits, value);
}

void association_rows_write_target(FILE *file, const struct association_target *target)
{
    write_text(file, target->target);
    if (target->best != NULL) {
        fprintf(file, "\t%lld", (long long)target->n_hits);
        write_number(file, target->lambda, LAMBDA_DIGITS);
        write_number(file, target->p_snps, P_DIGITS);
        write_number(file, target->p_fwer, P_DIGITS);
        fputc('\t', file);
        write_pair(file, target->best);
    } else {
        fprintf(file, "\tNA\tNA\tNA\tNA%s\t%lld\tNA\tNA", missing_columns, (long long)target->n);
    }
    fputc('\t', file);
    write_text(file, target->note);
    fputc('\n', file);
}

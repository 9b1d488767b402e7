#include "output/result_columns.h"

#include <math.h>

static const struct result_column columns[RESULT_COLUMNS] = {
    [RESULT_TARGET] = {.name = "target",
                       .format = RESULT_TEXT,
                       .screen_weight = 6,
                       .recorded = "/targets/name",
                       .meaning = "its name; rows are in the order of the targets table"},
    [RESULT_N] = {.name = "n",
                  .format = RESULT_COUNT,
                  .screen_weight = 5,
                  .recorded = "/targets/n",
                  .meaning = "subjects with a value"},
    [RESULT_N_MISSING] = {.name = "n_missing",
                          .format = RESULT_COUNT,
                          .recorded = "/targets/n_missing",
                          .meaning = "values missing before any was filled in and anybody left out for one"},
    [RESULT_R2] = {.name = "r2",
                   .format = RESULT_SCORE,
                   .screen_weight = RESULT_HEAVIEST,
                   .map = {.name = "r2",
                           .description =
                               "arete: out-of-sample r2, mean over outer folds (0: also background, NA)"},
                   .recorded = "/observed/r2",
                   .meaning = "out-of-sample r2, mean over the outer folds"},
    [RESULT_R2_SD] = {.name = "r2_sd",
                      .format = RESULT_SCORE,
                      .screen_weight = 1,
                      .meaning = "standard deviation of r2 over the outer folds"},
    [RESULT_R] = {.name = "r",
                  .format = RESULT_SCORE,
                  .screen_weight = 4,
                  .recorded = "/observed/r",
                  .meaning = "correlation of target and prediction, both beyond the covariates, all test "
                             "sets pooled"},
    [RESULT_PENALTY] = {.name = "penalty",
                        .format = RESULT_NUMBER,
                        .screen_weight = 2,
                        .map = {.name = "penalty",
                                .description = "arete: lambda, median over outer folds (0: background, NA)"},
                        .meaning = "median over the outer folds of the chosen lambda"},
    [RESULT_AT_EDGE] = {.name = "at_edge",
                        .format = RESULT_NUMBER,
                        .meaning = "share of outer folds that chose the smallest or largest penalty of the "
                                   "grid"},
    [RESULT_P] =
        {.name = "p",
         .format = RESULT_SMALL,
         .screen_weight = 8,
         .map = {.name = "logp",
                 .description = "arete: -log10 p, each target alone (0: also background, NA)",
                 .meaning = IMAGE_MEANING_LOG10P,
                 .minus_log10 = true},
         .meaning =
             "share of the permutations, the data as they are counted among them, that score as high or higher, for this target alone"},
    [RESULT_P_SE] = {.name = "p_se",
                     .format = RESULT_SMALL,
                     .meaning = "Monte Carlo standard error of p: how far another seed would move it"},
    [RESULT_P_FWER] = {.name = "p_fwer",
                       .format = RESULT_SMALL,
                       .screen_weight = RESULT_HEAVIEST,
                       .map = {.name = "logp_fwer",
                               .description =
                                   "arete: -log10 p, family-wise over targets (0: also background, NA)",
                               .meaning = IMAGE_MEANING_LOG10P,
                               .minus_log10 = true},
                       .meaning = "the same against the highest score of all targets in each permutation"},
    [RESULT_Q_FDR] = {.name = "q_fdr",
                      .format = RESULT_SMALL,
                      .screen_weight = 3,
                      .meaning = "false discovery rate over targets, after Benjamini and Hochberg"},
    [RESULT_X_MM] = {.name = "x_mm",
                     .format = RESULT_NUMBER,
                     .screen_weight = 7,
                     .optional = true,
                     .recorded = "/targets/mm",
                     .meaning = "where the target lies in the images, the mean of its voxels; not there "
                                "without images"},
    [RESULT_Y_MM] = {.name = "y_mm",
                     .format = RESULT_NUMBER,
                     .screen_weight = 7,
                     .optional = true,
                     .recorded = "/targets/mm",
                     .meaning = "the same, from back to front in most spaces"},
    [RESULT_Z_MM] = {.name = "z_mm",
                     .format = RESULT_NUMBER,
                     .screen_weight = 7,
                     .optional = true,
                     .recorded = "/targets/mm",
                     .meaning = "the same, upwards in most spaces"},
    [RESULT_NOTE] = {.name = "note",
                     .format = RESULT_TEXT,
                     .screen_weight = RESULT_HEAVIEST,
                     .meaning = "warnings that concern the p-value, and why a target is NA"},
};

const struct result_column *result_column(enum result_id id)
{
    return &columns[id];
}

bool result_column_is_there(enum result_id id, const struct result_row *rows, size_t count)
{
    bool is_there = !columns[id].optional;
    for (size_t i = 0; !is_there && i < count; i++)
        is_there = !isnan(rows[i].value[id]);
    return is_there;
}

const char *result_text(const struct result_row *row, enum result_id id)
{
    return id == RESULT_TARGET ? row->target : row->note;
}

void result_row_clear(struct result_row *row)
{
    for (int id = 0; id < RESULT_COLUMNS; id++)
        row->value[id] = NAN;
}

void result_cell(char cell[RESULT_CELL_BYTES], const struct result_row *row, enum result_id id,
                 bool for_screen)
{
    double value = row->value[id];
    if (isnan(value)) {
        snprintf(cell, RESULT_CELL_BYTES, "NA");
        return;
    }
    switch (columns[id].format) {
    case RESULT_TEXT: /* result_text has it */
        cell[0] = '\0';
        break;
    case RESULT_COUNT:
        snprintf(cell, RESULT_CELL_BYTES, "%.0f", value);
        break;
    case RESULT_SCORE:
        snprintf(cell, RESULT_CELL_BYTES, for_screen ? "%.4f" : "%.6f", value);
        break;
    case RESULT_NUMBER:
        snprintf(cell, RESULT_CELL_BYTES, for_screen ? "%.4g" : "%.6g", value);
        break;
    case RESULT_SMALL:
        snprintf(cell, RESULT_CELL_BYTES, for_screen ? "%.3g" : "%.6g", value);
        break;
    }
}

double result_map_value(const struct result_row *row, enum result_id id)
{
    double value = columns[id].map.minus_log10 ? -log10(row->value[id]) : row->value[id];
    return isnan(value) ? 0 : value;
}

void result_columns_print(FILE *out)
{
    for (int id = 0; id < RESULT_COLUMNS; id++) {
        const struct result_column *column = &columns[id];
        fprintf(out, "  %-9s  %s", column->name, column->meaning);
        if (column->recorded != NULL)
            fprintf(out, " [%s]", column->recorded);
        if (column->map.name != NULL)
            fprintf(out, " [%s.nii.gz]", column->map.name);
        fputc('\n', out);
    }
}

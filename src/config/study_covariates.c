#include "config/lists.h"
#include "config/study_sections.h"

enum { MOST_GENETIC_PCS = 100 };

void study_covariates_read(const struct section *top, struct study_covariates *covariates)
{
    static const char *const KEYS[] = {"table",   "id_column",   "columns",    "categorical",
                                       "missing", "not_missing", "genetic_pcs"};
    const char *missing[] = {study_missing_name(STUDY_MISSING_ERROR),
                             study_missing_name(STUDY_MISSING_DROP_SUBJECT)};
    struct section section =
        section_open(top, section_find(top, "covariates"), "covariates", KEYS, sizeof KEYS / sizeof *KEYS);
    covariates->table = section_path(&section, "table", "the path of a table");
    covariates->id_column = section_text(&section, "id_column", "the name of a column");
    lists_names(&section, "columns", "column names, such as [age, PC{1..10}]", &covariates->columns);
    lists_names(&section, "categorical", "column names, such as [sex, site]", &covariates->categorical);
    covariates->missing =
        (enum study_missing)section_choice(&section, "missing", missing, 2, STUDY_MISSING_ERROR);
    study_read_not_missing(&section, &covariates->not_missing, &covariates->n_not_missing);
    covariates->genetic_pcs = (int)section_integer(&section, "genetic_pcs", 0, MOST_GENETIC_PCS, 0);
}

/* Which of the files found is what to a study. */
#ifndef ARETE_STARTER_ROLES_H
#define ARETE_STARTER_ROLES_H

#include "base/error.h"
#include "starter/found_files.h"
#include "starter/genotypes_look.h"
#include "starter/table_look.h"

#include <stdbool.h>
#include <stddef.h>

/* Targets are those of a table, or images, or columns of the .fam. */
struct roles {
    struct found_files found;
    struct genotypes_look genotypes;
    struct table_look *tables;           /* found.tables.count of them */
    struct table_look fam;               /* columns 6 ... of the .fam; empty unless targets stand there */
    const struct table_look *targets;    /* NULL: from images or the .fam */
    const struct table_look *covariates; /* NULL: none; may be the table of targets */
    const struct table_look *images;     /* NULL: none */
    const char *mask, *atlas;            /* beside images; or NULL */
};

/* Looks at everything. Where there are no genotypes or no targets, EXIT_CODE_BAD_INPUT says what was found
 * instead. On error `roles` is empty. */
int roles_find(struct roles *roles, const struct text_list *paths, struct error *err);
void roles_free(struct roles *roles);

/* Whether a column is a target of the study, and whether it is a covariate of it. */
bool roles_is_target(const struct roles *roles, size_t column);
bool roles_is_covariate(const struct roles *roles, size_t column);

/* Whether a name is one of principal components: PC1, genetic_pc2. */
bool roles_names_component(const char *name);

#endif

/* One fileset: its subjects, its variants, its calls. */
#ifndef ARETE_INPUT_GENOTYPES_GENOTYPE_FILESET_H
#define ARETE_INPUT_GENOTYPES_GENOTYPE_FILESET_H

#include "base/error.h"
#include "input/genotypes/genotype_format.h"
#include "input/genotypes/genotypes.h"

/* Opens filesets[f] of `genotypes` under its name; `f` filesets are open already. The first one's subjects
 * become those of `genotypes`. Whatever happens, genotype_fileset_close releases it. */
int genotype_fileset_open(struct genotypes *genotypes, size_t f, const char *name, struct variant_sink *sink,
                          struct error *err);
void genotype_fileset_close(struct genotype_fileset *fileset);

/* Adds the missing calls of each kept subject, and puts the calls into the hash. */
int genotype_fileset_scan(const struct genotype_fileset *fileset, XXH3_state_t *hash, uint32_t *missing,
                          struct error *err);

#endif

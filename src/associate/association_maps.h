/* Brain maps of the mass-univariate model, where targets are images: in maps/ of the output folder. */
#ifndef ARETE_ASSOCIATE_ASSOCIATION_MAPS_H
#define ARETE_ASSOCIATE_ASSOCIATION_MAPS_H

#include "associate/association_tables.h"
#include "base/error.h"

/* Of every target's best SNP: best_t, best_logp and, of permutations, best_logp_snps and best_logp_fwer.
 * Makes the folder. Without images nothing. */
int association_maps_write(const struct association_tables *tables, struct error *err);

/* t of one variant; r: of every analysed target. */
int association_maps_write_snp(const struct association_tables *tables, size_t variant, const double *r,
                               const char *path, struct error *err);

#endif

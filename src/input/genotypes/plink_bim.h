/* .bim files: which SNPs of a fileset are selected. */
#ifndef ARETE_INPUT_GENOTYPES_PLINK_BIM_H
#define ARETE_INPUT_GENOTYPES_PLINK_BIM_H

#include "base/error.h"
#include "input/genotypes/plink.h"
#include "input/tables/id_list.h"

struct plink_bim_filter {
    bool all_chromosomes;
    const struct id_list *extract, *exclude; /* or NULL */
};

/* Fills the fileset's snps, n_snps and n_snps_in_file, and adds to the counts of `plink`. Checks that every
 * line has six fields. */
int plink_bim_read(struct plink *plink, struct plink_fileset *fileset, const char *path,
                   const struct plink_bim_filter *filter, struct error *err);

#endif

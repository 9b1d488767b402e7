/* Files of named targets and SNPs: full/target_NAME.tsv.gz has every SNP, full/snp_ID.tsv.gz every target,
 * and maps/snp_ID_t.nii.gz the SNP's t on the brain. */
#ifndef ARETE_ASSOCIATE_NAMED_TABLES_H
#define ARETE_ASSOCIATE_NAMED_TABLES_H

#include "associate/association_tables.h"
#include "associate/named_pairs.h"
#include "base/error.h"

/* Replaces the files (base/replace.h). A SNP that was not tested has none; the log says so. */
int named_tables_write(const struct association_tables *tables, const struct named_pairs *named,
                       struct error *err);

#endif

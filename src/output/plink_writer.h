/* Writing PLINK 1 filesets (.bed SNP-major, .bim, .fam). Whether the bytes arrived is seen where the file is
 * closed. */
#ifndef ARETE_OUTPUT_PLINK_WRITER_H
#define ARETE_OUTPUT_PLINK_WRITER_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { PLINK_WRITER_ID_BYTES = 32 };

/* The first three bytes of a .bed. */
void plink_writer_begin(FILE *bed);

/* What plink_writer_calls needs to work in. */
size_t plink_writer_work_bytes(size_t n_snps, size_t n_subjects);

/* The next n_snps SNPs. calls[i * stride + j] is subject i's at SNP j: 0, 1, 2 copies of allele 1, 3 missing.
 * work: plink_writer_work_bytes. */
void plink_writer_calls(FILE *bed, const uint8_t *calls, size_t stride, size_t n_snps, size_t n_subjects,
                        uint8_t *work);

/* "chromosome:position", which is the ID of a SNP here. */
void plink_writer_id(int chromosome, uint32_t position, char id[PLINK_WRITER_ID_BYTES]);

/* A line of a .bim; alleles A (counted) and G. */
void plink_writer_snp(FILE *bim, int chromosome, uint32_t position);

/* A line of a .fam; sex 1 male, 2 female; parents and phenotype unknown. */
void plink_writer_subject(FILE *fam, const char *fid, const char *iid, int sex);

#endif

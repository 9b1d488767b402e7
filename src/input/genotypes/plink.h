/* PLINK 1 filesets (.bed/.bim/.fam, SNP-major): headers checked, calls streamed with plain reads.
 *
 * Several filesets (one a chromosome, say) must hold the same subjects, matched by FID and IID, in any order.
 */
#ifndef ARETE_INPUT_GENOTYPES_PLINK_H
#define ARETE_INPUT_GENOTYPES_PLINK_H

#include "base/error.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Which SNPs of the .bim files are looked at at all. */
struct plink_selection {
    bool all_chromosomes; /* else 1-22, with or without "chr" */
    const char *extract;  /* path of a list of SNP IDs, one a line; or NULL */
    const char *exclude;
};

struct plink_fileset {
    char *prefix;
    int bed; /* file descriptor, open for reading */
    size_t n_snps_in_file, n_subjects_in_file;
    uint32_t *snps; /* rows of the .bed that are selected, ascending: n_snps */
    size_t n_snps;
    uint32_t *fam_row; /* of each subject of struct plink: its row in this fileset's .fam: plink.n_subjects */
};

struct plink {
    struct text_list fid, iid; /* subjects, in the order of the first .fam, until plink_keep_subjects */
    size_t n_subjects;
    struct plink_fileset *filesets;
    size_t n_filesets;
    size_t n_snps; /* selected, over all filesets */
    /* what the selection dropped, for the log */
    size_t n_snps_in_files, n_off_chromosome, n_not_extracted, n_excluded;
};

/* A call of one subject at one SNP. */
enum { PLINK_CALL_MISSING = 3 }; /* else 0, 1, 2 copies of allele 1 (the first allele column of the .bim) */

/* Opens every fileset and checks it: magic, SNP-major, file size against .bim and .fam lines, fields of every
 * line, duplicate subjects. */
int plink_open(struct plink *plink, const struct text_list *prefixes, const struct plink_selection *selection,
               struct error *err);
void plink_close(struct plink *plink);

/* Keeps the subjects whose positions are given, in the order given (positions in the current order, all
 * different). */
int plink_keep_subjects(struct plink *plink, const size_t *positions, size_t count, struct error *err);

/* Reads selected SNPs first ... first+count-1 (over all filesets, in order): calls[k * n_subjects + i] is the
 * call of subject i at SNP first + k. `calls` is the caller's, count x n_subjects bytes. May be called from
 * several threads at once. */
int plink_read_calls(const struct plink *plink, size_t first, size_t count, uint8_t *calls,
                     struct error *err);

/* One pass over all selected SNPs, at memory speed: missing[i] = missing calls of subject i; *hash = XXH3-64
 * of the calls' bytes. */
int plink_scan(const struct plink *plink, uint32_t *missing, uint64_t *hash, struct error *err);

#endif

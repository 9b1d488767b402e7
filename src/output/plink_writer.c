#include "output/plink_writer.h"

#include <string.h>

enum { CALLS_IN_BYTE = 4 };

void plink_writer_begin(FILE *bed)
{
    static const uint8_t MAGIC[] = {0x6c, 0x1b, 0x01};
    fwrite(MAGIC, 1, sizeof MAGIC, bed);
}

static size_t record_bytes_of(size_t n_subjects)
{
    return (n_subjects + CALLS_IN_BYTE - 1) / CALLS_IN_BYTE;
}

/* The records, and one byte of each. */
size_t plink_writer_work_bytes(size_t n_snps, size_t n_subjects)
{
    return n_snps * (record_bytes_of(n_subjects) + 1);
}

/* A subject's codes into its two bits of a byte of every SNP: 2 copies -> 0, missing -> 1, 1 copy -> 2,
 * none -> 3. */
static void add_codes(const uint8_t *restrict calls, unsigned shift, size_t n_snps, uint8_t *restrict column)
{
    for (size_t j = 0; j < n_snps; j++) {
        unsigned two = calls[j] >> 1 & 1u, one = calls[j] & 1u;
        unsigned code = (two ^ 1u) << 1 | (two ^ one ^ 1u);
        column[j] = (uint8_t)(column[j] | code << shift);
    }
}

void plink_writer_calls(FILE *bed, const uint8_t *calls, size_t stride, size_t n_snps, size_t n_subjects,
                        uint8_t *work)
{
    size_t record_bytes = record_bytes_of(n_subjects);
    uint8_t *records = work, *column = work + n_snps * record_bytes;
    for (size_t b = 0; b < record_bytes; b++) {
        size_t first = b * CALLS_IN_BYTE, left = n_subjects - first;
        memset(column, 0, n_snps);
        for (size_t k = 0; k < CALLS_IN_BYTE && k < left; k++)
            add_codes(calls + (first + k) * stride, (unsigned)(2 * k), n_snps, column);
        for (size_t j = 0; j < n_snps; j++)
            records[j * record_bytes + b] = column[j];
    }
    fwrite(records, record_bytes, n_snps, bed);
}

void plink_writer_id(int chromosome, uint32_t position, char id[PLINK_WRITER_ID_BYTES])
{
    snprintf(id, PLINK_WRITER_ID_BYTES, "%d:%u", chromosome, position);
}

void plink_writer_snp(FILE *bim, int chromosome, uint32_t position)
{
    char id[PLINK_WRITER_ID_BYTES];
    plink_writer_id(chromosome, position, id);
    fprintf(bim, "%d\t%s\t0\t%u\tA\tG\n", chromosome, id, position);
}

void plink_writer_subject(FILE *fam, const char *fid, const char *iid, int sex)
{
    fprintf(fam, "%s %s 0 0 %d -9\n", fid, iid, sex);
}

/* Calls out of .bed files: decoded for some SNPs, or all of them passed over once to count and hash.
 *
 * A row of a .bed is one SNP: two bits a subject from the low end of each byte, the last byte padded. */
#include "input/genotypes/plink1.h"

#include "base/memory.h"

#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    SPAN_BYTES = 512 << 10, /* read at once: stays in the second cache until it is counted and hashed */
    GAP_BYTES = 64 << 10    /* reading on over rows that are not selected is cheaper than another read */
};

/* Calls by the four two-bit codes: 00 = two copies of allele 1, 01 = missing, 10 = one, 11 = none. */
static const uint8_t call_of_code[4] = {2, GENOTYPE_CALL_MISSING, 1, 0};

static size_t row_bytes(const struct genotype_fileset *fileset)
{
    return (fileset->n_subjects_in_file + 3) / 4;
}

/* Rows of a .bed from one read: selected SNPs first ... first + count - 1 of a fileset. */
struct span {
    size_t first, count;
    uint8_t *bytes;
};

static const uint8_t *span_row(const struct span *span, const struct genotype_fileset *fileset, size_t k)
{
    return span->bytes +
           (size_t)(fileset->variant_rows[span->first + k] - fileset->variant_rows[span->first]) *
               row_bytes(fileset);
}

/* Bytes of a span that begins at selected SNP `first` and ends with selected SNP `last`. */
static size_t bytes_between(const struct genotype_fileset *fileset, size_t first, size_t last)
{
    return ((size_t)(fileset->variant_rows[last] - fileset->variant_rows[first]) + 1) * row_bytes(fileset);
}

/* Room for any span of the selected SNPs first ... end - 1. */
static int span_init(struct span *span, const struct genotype_fileset *fileset, size_t first, size_t end,
                     struct error *err)
{
    size_t bytes = bytes_between(fileset, first, end - 1);
    if (bytes > SPAN_BYTES)
        bytes = row_bytes(fileset) > SPAN_BYTES ? row_bytes(fileset) : SPAN_BYTES;
    *span = (struct span){.bytes = memory_aligned(bytes, 1, "rows of a .bed file", err)};
    return span->bytes == NULL ? err->code : 0;
}

static int read_bytes(const struct genotype_fileset *fileset, uint64_t offset, size_t bytes, uint8_t *to,
                      struct error *err)
{
    const struct plink1_bed *bed = fileset->state;
    while (bytes > 0) {
        ssize_t count = pread(bed->file, to, bytes, (off_t)offset);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return error_set(err, EXIT_CODE_FAILED, "%s: cannot be read at byte %llu: %s",
                             fileset->files.calls, (unsigned long long)offset, strerror(errno));
        if (count == 0)
            return error_set(err, EXIT_CODE_FAILED,
                             "%s: ends at byte %llu; it became shorter while it was read",
                             fileset->files.calls, (unsigned long long)offset);
        to += count;
        offset += (uint64_t)count;
        bytes -= (size_t)count;
    }
    return 0;
}

/* Calls are read in several passes, of which the first one hashes them: all of them must read the same. Asked
 * after a read, so that what was read is what stood there when the file was opened. */
static int check_unchanged(const struct genotype_fileset *fileset, struct error *err)
{
    const struct plink1_bed *bed = fileset->state;
    const struct timespec *before = &bed->opened.st_mtim;
    struct stat now;
    if (fstat(bed->file, &now) == 0 && now.st_size == bed->opened.st_size &&
        now.st_mtim.tv_sec == before->tv_sec && now.st_mtim.tv_nsec == before->tv_nsec)
        return 0;
    return error_set(err, EXIT_CODE_FAILED,
                     "%s: was changed while it was read; expected it to stay as it is: nothing is kept of "
                     "what was read since, the same command reads it anew",
                     fileset->files.calls);
}

/* Reads the longest span from selected SNP `first`, ending before selected SNP `end`. */
static int span_read(struct span *span, const struct genotype_fileset *fileset, size_t first, size_t end,
                     struct error *err)
{
    size_t last = first;
    while (last + 1 < end && bytes_between(fileset, last, last + 1) <= GAP_BYTES + 2 * row_bytes(fileset) &&
           bytes_between(fileset, first, last + 1) <= SPAN_BYTES)
        last++;
    span->first = first;
    span->count = last - first + 1;
    uint64_t offset = PLINK1_HEADER_BYTES + (uint64_t)fileset->variant_rows[first] * row_bytes(fileset);
    int code = read_bytes(fileset, offset, bytes_between(fileset, first, last), span->bytes, err);
    return code == 0 ? check_unchanged(fileset, err) : code;
}

/* How the calls of a fileset's subjects are taken out of a row. */
struct decoder {
    const struct genotype_fileset *fileset;
    size_t n_subjects;
    uint8_t unpacked[256][4]; /* the four calls of a byte */
    bool in_file_order;       /* every subject of the file, as they stand */
    uint8_t *whole_row;       /* all calls of the file's row, when that is quicker than bit by bit; or NULL */
};

static int decoder_init(struct decoder *decoder, const struct genotype_fileset *fileset, struct error *err)
{
    *decoder = (struct decoder){.fileset = fileset, .n_subjects = fileset->n_subjects};
    for (unsigned byte = 0; byte < 256; byte++)
        for (unsigned k = 0; k < 4; k++)
            decoder->unpacked[byte][k] = call_of_code[byte >> (2 * k) & 3];
    decoder->in_file_order = fileset->n_subjects == fileset->n_subjects_in_file;
    for (size_t i = 0; i < fileset->n_subjects && decoder->in_file_order; i++)
        decoder->in_file_order = fileset->subject_rows[i] == i;
    if (decoder->in_file_order || fileset->n_subjects < fileset->n_subjects_in_file / 2)
        return 0;
    decoder->whole_row = memory_aligned(fileset->n_subjects_in_file, 1, "the calls of a SNP", err);
    return decoder->whole_row == NULL ? err->code : 0;
}

static void decode_whole(const struct decoder *decoder, const uint8_t *row, uint8_t *calls)
{
    size_t n = decoder->fileset->n_subjects_in_file;
    for (size_t b = 0; b < n / 4; b++)
        memcpy(calls + 4 * b, decoder->unpacked[row[b]], 4);
    if (n % 4 > 0)
        memcpy(calls + n / 4 * 4, decoder->unpacked[row[n / 4]], n % 4);
}

static void decode(const struct decoder *decoder, const uint8_t *row, uint8_t *calls)
{
    const uint32_t *subject_rows = decoder->fileset->subject_rows;
    if (decoder->in_file_order) {
        decode_whole(decoder, row, calls);
    } else if (decoder->whole_row != NULL) {
        decode_whole(decoder, row, decoder->whole_row);
        for (size_t i = 0; i < decoder->n_subjects; i++)
            calls[i] = decoder->whole_row[subject_rows[i]];
    } else {
        for (size_t i = 0; i < decoder->n_subjects; i++)
            calls[i] = decoder->unpacked[row[subject_rows[i] / 4]][subject_rows[i] % 4];
    }
}

int plink1_calls_read(const struct genotype_fileset *fileset, size_t first, size_t count, uint8_t *calls,
                      struct error *err)
{
    struct decoder decoder;
    struct span span = {0};
    size_t end = first + count;
    int code = decoder_init(&decoder, fileset, err);
    if (code == 0)
        code = span_init(&span, fileset, first, end, err);
    for (size_t next = first; code == 0 && next < end; next += span.count) {
        code = span_read(&span, fileset, next, end, err);
        for (size_t k = 0; code == 0 && k < span.count; k++)
            decode(&decoder, span_row(&span, fileset, k), calls + (next + k - first) * fileset->n_subjects);
    }
    free(span.bytes);
    free(decoder.whole_row);
    return code;
}

/* Counts the missing calls among the 32 subjects of eight bytes: a 1 in the low bit of a pair and a 0 in the
 * high one. */
static void count_word(uint64_t word, uint32_t *missing)
{
    uint64_t found = word & ~(word >> 1) & UINT64_C(0x5555555555555555);
    for (; found != 0; found &= found - 1)
        missing[__builtin_ctzll(found) / 2]++;
}

static void count_row(const uint8_t *row, size_t bytes, uint32_t *missing)
{
    uint64_t word;
    size_t b = 0;
    for (; b + sizeof word <= bytes; b += sizeof word) {
        memcpy(&word, row + b, sizeof word);
        count_word(le64toh(word), missing + 4 * b);
    }
    word = 0;
    memcpy(&word, row + b, bytes - b);
    count_word(le64toh(word), missing + 4 * b);
}

/* Hashes the selected rows of a span; neighbours go in one piece. */
static void hash_span(XXH3_state_t *state, const struct span *span, const struct genotype_fileset *fileset)
{
    const uint32_t *snps = fileset->variant_rows + span->first;
    for (size_t k = 0, end; k < span->count; k = end) {
        for (end = k + 1; end < span->count && snps[end] == snps[end - 1] + 1;)
            end++;
        XXH3_64bits_update(state, span_row(span, fileset, k), (end - k) * row_bytes(fileset));
    }
}

/* `missing` has room for the padding and the rest of a last word too: those are counted and never looked at.
 */
int plink1_calls_scan(const struct genotype_fileset *fileset, XXH3_state_t *hash, uint32_t *missing,
                      struct error *err)
{
    struct span span = {0};
    int code = span_init(&span, fileset, 0, fileset->n_variants, err);
    for (size_t next = 0; code == 0 && next < fileset->n_variants; next += span.count) {
        code = span_read(&span, fileset, next, fileset->n_variants, err);
        if (code != 0)
            break;
        hash_span(hash, &span, fileset);
        for (size_t k = 0; k < span.count; k++)
            count_row(span_row(&span, fileset, k), row_bytes(fileset), missing);
    }
    free(span.bytes);
    return code;
}

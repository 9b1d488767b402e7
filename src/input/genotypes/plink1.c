#include "input/genotypes/plink1.h"

#include "base/memory.h"
#include "base/open_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* As many bytes of the header as there are; -1 and errno when it cannot be read. */
static ssize_t read_header(int bed, unsigned char *magic)
{
    ssize_t total = 0;
    while (total < PLINK1_HEADER_BYTES) {
        ssize_t count = pread(bed, magic + total, (size_t)(PLINK1_HEADER_BYTES - total), total);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return -1;
        if (count == 0)
            break;
        total += count;
    }
    return total;
}

static int check_magic(int bed, const char *path, const char *prefix, struct error *err)
{
    unsigned char magic[PLINK1_HEADER_BYTES];
    ssize_t count = read_header(bed, magic);
    if (count < 0)
        return error_set(err, EXIT_CODE_BAD_INPUT, "%s: cannot be read: %s", path, strerror(errno));
    if (count < PLINK1_HEADER_BYTES)
        return error_set(err, EXIT_CODE_BAD_INPUT, "%s: %zd bytes found; expected 6c 1b 01 and the calls",
                         path, count);
    if (magic[0] != 0x6c || magic[1] != 0x1b || magic[2] > 1)
        return error_set(err, EXIT_CODE_BAD_INPUT,
                         "%s: begins with %02x %02x %02x; expected 6c 1b 01 (a PLINK 1 .bed, SNP-major)",
                         path, magic[0], magic[1], magic[2]);
    if (magic[2] == 0)
        return error_set(
            err, EXIT_CODE_BAD_INPUT,
            "%s: begins with 6c 1b 00: individual-major; expected SNP-major (6c 1b 01): convert it with "
            "plink2 --bfile %s --make-bed --out NEW",
            path, prefix);
    return 0;
}

static int check_size(const struct genotype_fileset *fileset, off_t bytes, struct error *err)
{
    uint64_t row_bytes = ((uint64_t)fileset->n_subjects_in_file + 3) / 4;
    uint64_t expected = PLINK1_HEADER_BYTES + fileset->n_variants_in_file * row_bytes;
    if ((uint64_t)bytes == expected)
        return 0;
    return error_set(
        err, EXIT_CODE_BAD_INPUT,
        "%s: %lld bytes found; expected %llu for %zu SNPs (lines of %s) and %zu subjects (lines of %s)",
        fileset->files.calls, (long long)bytes, (unsigned long long)expected, fileset->n_variants_in_file,
        fileset->files.variants, fileset->n_subjects_in_file, fileset->files.subjects);
}

static int open_bed(struct genotype_fileset *fileset, struct error *err)
{
    const char *path = fileset->files.calls;
    struct plink1_bed *bed = memory_zeroed(1, sizeof *bed, "a .bed file", err);
    if (bed == NULL)
        return err->code;
    fileset->state = bed;
    bed->file = open_file_read(path, &bed->opened, err);
    if (bed->file < 0)
        return err->code;
    if (check_magic(bed->file, path, fileset->name, err) != 0)
        return err->code;
    return check_size(fileset, bed->opened.st_size, err);
}

static void close_bed(struct genotype_fileset *fileset)
{
    struct plink1_bed *bed = fileset->state;
    if (bed->file >= 0)
        close(bed->file);
    free(bed);
    fileset->state = NULL;
}

const struct genotype_format plink1_format = {
    .name = "PLINK 1",
    .calls = ".bed",
    .variants = ".bim",
    .subjects = ".fam",
    .read_subjects = plink1_subjects_read,
    .read_variants = plink1_variants_read,
    .open_calls = open_bed,
    .close_calls = close_bed,
    .read_calls = plink1_calls_read,
    .scan = plink1_calls_scan,
    .read_columns = plink1_subjects_read_columns,
};

#include "input/genotypes/plink.h"

#include "base/memory.h"
#include "input/genotypes/plink_bim.h"
#include "input/genotypes/plink_fam.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BED_HEADER_BYTES = 3 };

/* As many bytes of the header as there are; -1 and errno when it cannot be read. */
static ssize_t read_header(int bed, unsigned char *magic)
{
    ssize_t total = 0;
    while (total < BED_HEADER_BYTES) {
        ssize_t count = pread(bed, magic + total, (size_t)(BED_HEADER_BYTES - total), total);
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
    unsigned char magic[BED_HEADER_BYTES];
    ssize_t count = read_header(bed, magic);
    if (count < 0)
        return error_set(err, EXIT_CODE_BAD_INPUT, "%s: cannot be read: %s", path, strerror(errno));
    if (count < BED_HEADER_BYTES)
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

static int open_bed(struct plink_fileset *fileset, const char *path, struct error *err)
{
    fileset->bed = open(path, O_RDONLY | O_CLOEXEC);
    struct stat status;
    if (fileset->bed < 0 || fstat(fileset->bed, &status) != 0)
        return error_set(err, EXIT_CODE_BAD_INPUT, "%s: cannot be read: %s", path, strerror(errno));
    if (check_magic(fileset->bed, path, fileset->prefix, err) != 0)
        return err->code;
    uint64_t row_bytes = ((uint64_t)fileset->n_subjects_in_file + 3) / 4;
    uint64_t expected = BED_HEADER_BYTES + fileset->n_snps_in_file * row_bytes;
    if ((uint64_t)status.st_size != expected)
        return error_set(
            err, EXIT_CODE_BAD_INPUT,
            "%s: %lld bytes found; expected %llu for %zu SNPs (lines of %s.bim) and %zu subjects (lines "
            "of %s.fam)",
            path, (long long)status.st_size, (unsigned long long)expected, fileset->n_snps_in_file,
            fileset->prefix, fileset->n_subjects_in_file, fileset->prefix);
    return 0;
}

/* The subjects of a fileset: those of `plink` if it is the first, else matched with them. */
static int open_fam(struct plink *plink, struct plink_fileset *fileset, const char *path, struct error *err)
{
    struct subjects subjects;
    char *first_path = NULL;
    if (plink_fam_read(&subjects, path, err) != 0)
        return err->code;
    fileset->n_subjects_in_file = subjects.iid.count;
    if (fileset == plink->filesets) {
        plink->fid = subjects.fid;
        plink->iid = subjects.iid;
        plink->n_subjects = subjects.iid.count;
        subjects.fid = subjects.iid = (struct text_list){0};
    }
    fileset->fam_row =
        memory_zeroed(plink->n_subjects, sizeof *fileset->fam_row, "the subjects of a fileset", err);
    int code = fileset->fam_row == NULL ? err->code : 0;
    if (code == 0 && fileset == plink->filesets) {
        for (size_t i = 0; i < plink->n_subjects; i++)
            fileset->fam_row[i] = (uint32_t)i;
    } else if (code == 0) {
        first_path = memory_format(err, "%s.fam", plink->filesets[0].prefix);
        code = first_path == NULL ? err->code
                                  : plink_fam_match(&plink->fid, &plink->iid, first_path, &subjects, path,
                                                    fileset->fam_row, err);
    }
    free(first_path);
    subjects_free(&subjects);
    return code;
}

static int open_fileset(struct plink *plink, struct plink_fileset *fileset, const char *prefix,
                        const struct plink_bim_filter *filter, struct error *err)
{
    fileset->prefix = memory_string(prefix, err);
    char *fam = memory_format(err, "%s.fam", prefix);
    char *bim = memory_format(err, "%s.bim", prefix);
    char *bed = memory_format(err, "%s.bed", prefix);
    int code = fileset->prefix == NULL || fam == NULL || bim == NULL || bed == NULL ? err->code : 0;
    if (code == 0)
        code = open_fam(plink, fileset, fam, err);
    if (code == 0)
        code = plink_bim_read(plink, fileset, bim, filter, err);
    if (code == 0)
        code = open_bed(fileset, bed, err);
    free(fam);
    free(bim);
    free(bed);
    return code;
}

/* A fileset that is named twice would count its SNPs twice. */
static int check_prefixes(const struct text_list *prefixes, struct error *err)
{
    struct text_index index;
    if (text_index_init(&index, prefixes->items, prefixes->count, err) != 0)
        return err->code;
    ptrdiff_t twice = text_index_duplicate(&index);
    text_index_free(&index);
    if (twice == TEXT_NOT_FOUND)
        return 0;
    return error_set(err, EXIT_CODE_BAD_INPUT, "genotypes.plink: %s found twice; expected every fileset once",
                     prefixes->items[twice]);
}

int plink_open(struct plink *plink, const struct text_list *prefixes, const struct plink_selection *selection,
               struct error *err)
{
    *plink = (struct plink){0};
    struct id_list extract = {0}, exclude = {0};
    struct plink_bim_filter filter = {.all_chromosomes = selection->all_chromosomes,
                                      .extract = selection->extract != NULL ? &extract : NULL,
                                      .exclude = selection->exclude != NULL ? &exclude : NULL};
    int code = check_prefixes(prefixes, err);
    if (code == 0 && filter.extract != NULL)
        code = id_list_open(&extract, selection->extract, err);
    if (code == 0 && filter.exclude != NULL)
        code = id_list_open(&exclude, selection->exclude, err);
    if (code == 0) {
        plink->filesets = memory_zeroed(prefixes->count, sizeof *plink->filesets, "the filesets", err);
        code = plink->filesets == NULL ? err->code : 0;
    }
    for (size_t f = 0; code == 0 && f < prefixes->count; f++) {
        plink->filesets[f].bed = -1;
        plink->n_filesets = f + 1;
        code = open_fileset(plink, &plink->filesets[f], prefixes->items[f], &filter, err);
    }
    id_list_close(&extract);
    id_list_close(&exclude);
    if (code != 0)
        plink_close(plink);
    return code;
}

void plink_close(struct plink *plink)
{
    for (size_t f = 0; f < plink->n_filesets; f++) {
        struct plink_fileset *fileset = &plink->filesets[f];
        if (fileset->bed >= 0)
            close(fileset->bed);
        free(fileset->prefix);
        free(fileset->snps);
        free(fileset->fam_row);
    }
    free(plink->filesets);
    text_list_free(&plink->fid);
    text_list_free(&plink->iid);
    *plink = (struct plink){0};
}

/* The strings at the positions given move to the front, in that order; the others are released. `moved` has
 * room for `count`. */
static void keep_texts(struct text_list *list, const size_t *positions, size_t count, char **moved)
{
    for (size_t k = 0; k < count; k++) {
        moved[k] = list->items[positions[k]];
        list->items[positions[k]] = NULL;
    }
    for (size_t i = 0; i < list->count; i++)
        free(list->items[i]);
    memcpy(list->items, moved, count * sizeof *moved);
    list->count = count;
}

int plink_keep_subjects(struct plink *plink, const size_t *positions, size_t count, struct error *err)
{
    char **texts = memory_zeroed(count, sizeof *texts, "the kept subjects", err);
    uint32_t *rows = memory_zeroed(count, sizeof *rows, "the kept subjects", err);
    if (texts == NULL || rows == NULL) {
        free(texts);
        free(rows);
        return err->code;
    }
    keep_texts(&plink->fid, positions, count, texts);
    keep_texts(&plink->iid, positions, count, texts);
    for (size_t f = 0; f < plink->n_filesets; f++) {
        uint32_t *fam_row = plink->filesets[f].fam_row;
        for (size_t k = 0; k < count; k++)
            rows[k] = fam_row[positions[k]];
        memcpy(fam_row, rows, count * sizeof *rows);
    }
    plink->n_subjects = count;
    free(texts);
    free(rows);
    return 0;
}

#include "input/genotypes/plink_bim.h"

#include "base/memory.h"
#include "input/tables/problems.h"

#include <strings.h>

enum { BIM_FIELDS = 6, LAST_AUTOSOME = 22 };

static bool is_autosome(const char *chromosome)
{
    if (strncasecmp(chromosome, "chr", 3) == 0)
        chromosome += 3;
    int64_t number;
    return text_to_int64(chromosome, &number) && number >= 1 && number <= LAST_AUTOSOME;
}

/* Whether a SNP is selected; counts it when it is not. */
static bool is_selected(struct plink *plink, const struct plink_bim_filter *filter, const char *chromosome,
                        const char *name)
{
    if (!filter->all_chromosomes && !is_autosome(chromosome)) {
        plink->n_off_chromosome++;
        return false;
    }
    if (filter->extract != NULL && !id_list_holds(filter->extract, name)) {
        plink->n_not_extracted++;
        return false;
    }
    if (filter->exclude != NULL && id_list_holds(filter->exclude, name)) {
        plink->n_excluded++;
        return false;
    }
    return true;
}

static int add_snp(struct plink_fileset *fileset, size_t *capacity, struct error *err)
{
    uint32_t *snps =
        memory_grow(fileset->snps, capacity, fileset->n_snps + 1, sizeof *snps, "the selected SNPs", err);
    if (snps == NULL)
        return err->code;
    fileset->snps = snps;
    snps[fileset->n_snps++] = (uint32_t)fileset->n_snps_in_file;
    return 0;
}

static int add_line(struct plink *plink, struct plink_fileset *fileset, size_t *capacity,
                    const struct plink_bim_filter *filter, const struct text_reader *reader, char *line,
                    struct problems *problems, struct error *err)
{
    const char *fields[BIM_FIELDS];
    size_t count = 0;
    char *rest = line;
    while (count < BIM_FIELDS && (fields[count] = text_next_field(&rest, ' ')) != NULL)
        count++;
    if (count == 0)
        return 0;
    if (count < BIM_FIELDS)
        problems_add(
            problems, err,
            "%s:%zu: %zu field%s found; expected 6 (chromosome, SNP ID, centimorgans, position, allele 1, "
            "allele 2)",
            reader->path, reader->line_number, count, count == 1 ? "" : "s");
    else if (is_selected(plink, filter, fields[0], fields[1]) && add_snp(fileset, capacity, err) != 0)
        return err->code;
    fileset->n_snps_in_file++;
    return 0;
}

int plink_bim_read(struct plink *plink, struct plink_fileset *fileset, const char *path,
                   const struct plink_bim_filter *filter, struct error *err)
{
    struct problems problems = {0};
    struct text_reader reader;
    if (text_reader_open(&reader, path, err) != 0)
        return err->code;
    size_t capacity = 0;
    char *line;
    int code;
    while ((code = text_reader_next(&reader, &line, err)) == 0 && line != NULL)
        if ((code = add_line(plink, fileset, &capacity, filter, &reader, line, &problems, err)) != 0)
            break;
    text_reader_close(&reader);
    if (code == 0)
        code = problems_end(&problems, err);
    if (code == 0 && (fileset->n_snps_in_file == 0 || fileset->n_snps_in_file > UINT32_MAX))
        code = error_set(err, EXIT_CODE_BAD_INPUT, "%s: %zu SNPs found; expected 1 to %u", path,
                         fileset->n_snps_in_file, UINT32_MAX);
    plink->n_snps_in_files += fileset->n_snps_in_file;
    plink->n_snps += fileset->n_snps;
    return code;
}

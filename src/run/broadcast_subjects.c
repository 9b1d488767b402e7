#include "run/broadcast.h"

#include "base/memory.h"
#include "input/tables/subject_index.h"
#include "ranks/collectives.h"
#include "tasks/gram_graph.h"

#include <stdlib.h>
#include <string.h>

/* "FID\tIID\n" of every subject, in order. */
static char *subject_lines(const struct cohort *cohort, struct error *err)
{
    size_t bytes = 1;
    for (size_t i = 0; i < cohort->n; i++)
        bytes += strlen(cohort->fid.items[i]) + strlen(cohort->iid.items[i]) + 2;
    char *lines = memory_zeroed(bytes, 1, "the subjects", err), *end = lines;
    for (size_t i = 0; lines != NULL && i < cohort->n; i++) {
        end = stpcpy(stpcpy(end, cohort->fid.items[i]), "\t");
        end = stpcpy(stpcpy(end, cohort->iid.items[i]), "\n");
    }
    return lines;
}

/* Where the person of a line "FID\tIID" stands in the genotypes. */
static int find_line(const struct analysis *analysis, const struct subject_index *index, char *line,
                     size_t *position, struct error *err)
{
    char *iid = line;
    const char *fid = strsep(&iid, "\t");
    ptrdiff_t found = iid != NULL ? subject_index_find(index, fid, iid) : TEXT_NOT_FOUND;
    if (found == TEXT_NOT_FOUND)
        return error_set(
            err, EXIT_CODE_BAD_INPUT,
            "%s: subject FID %s IID %s is not found here; expected the same genotypes on every machine",
            analysis->study.genotypes.plink.items[0], fid, iid != NULL ? iid : "");
    *position = (size_t)found;
    return 0;
}

/* Keeps the subjects of `lines` (which it takes apart), in their order. */
static int keep_subjects(struct analysis *analysis, char *lines, struct error *err)
{
    struct genotypes *genotypes = &analysis->cohort.genotypes;
    size_t n = analysis->cohort.n, count = 0;
    struct subject_index index = {0};
    size_t *positions = memory_zeroed(n, sizeof *positions, "the subjects", err);
    if (positions != NULL)
        subject_index_init(&index, genotypes->fid.items, genotypes->iid.items, genotypes->n_subjects, false,
                           err);
    char *rest = lines;
    for (char *line = strsep(&rest, "\n"); err->code == 0 && count < n && rest != NULL;
         line = strsep(&rest, "\n"))
        find_line(analysis, &index, line, &positions[count++], err);
    if (err->code == 0)
        genotypes_keep(genotypes, positions, count, err);
    subject_index_free(&index);
    free(positions);
    return err->code;
}

static int open_genotypes(struct analysis *analysis, uint64_t expected, struct error *err)
{
    const struct study_genotypes *asked = &analysis->study.genotypes;
    struct genotypes *genotypes = &analysis->cohort.genotypes;
    struct genotype_selection selection = {
        .all_chromosomes = asked->all_chromosomes, .extract = asked->extract, .exclude = asked->exclude};
    if (genotypes_open(genotypes, &asked->plink, &selection, err) != 0)
        return err->code;
    if (genotypes_digest(genotypes) == expected)
        return 0;
    return error_set(err, EXIT_CODE_BAD_INPUT,
                     "%s: other numbers of SNPs or subjects here than where rank 0 runs; expected the same "
                     "genotypes on every machine",
                     asked->plink.items[0]);
}

/* Rank 0's subjects, in its order, to ranks that `read` SNPs. */
static int tell_subjects(struct ranks *ranks, struct analysis *analysis, uint64_t digest, bool read,
                         struct error *err)
{
    char *lines = ranks->rank == 0 ? subject_lines(&analysis->cohort, err) : NULL;
    bool is_open = analysis->cohort.genotypes.n_filesets > 0;
    if (collectives_agree(ranks, err) == 0 && collectives_broadcast_text(ranks, &lines, err) == 0 &&
        ranks->rank != 0 && read && (is_open || open_genotypes(analysis, digest, err) == 0))
        keep_subjects(analysis, lines, err);
    free(lines);
    return collectives_agree(ranks, err);
}

int broadcast_subjects(struct ranks *ranks, struct analysis *analysis, bool *resumed, struct error *err)
{
    if (ranks->size == 1)
        return 0;
    uint64_t told[] = {*resumed, analysis->cohort.n, genotypes_digest(&analysis->cohort.genotypes)};
    if (collectives_broadcast(ranks, told, sizeof told, 0, err) != 0)
        return err->code;
    *resumed = told[0] != 0;
    analysis->cohort.n = told[1];
    return *resumed ? 0 /* K is in the campaign */
                    : tell_subjects(ranks, analysis, told[2], gram_graph_reads(ranks), err);
}

int broadcast_people(struct ranks *ranks, struct analysis *analysis, struct error *err)
{
    if (ranks->size == 1)
        return 0;
    uint64_t told[] = {analysis->cohort.n, genotypes_digest(&analysis->cohort.genotypes)};
    if (collectives_broadcast(ranks, told, sizeof told, 0, err) != 0)
        return err->code;
    analysis->cohort.n = told[0];
    return tell_subjects(ranks, analysis, told[1], true, err);
}

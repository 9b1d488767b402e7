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

/* What rank 0 read, by which other ranks know that theirs are the same. */
struct genotypes_seen {
    uint64_t n, digest, stamp, calls_hash;
};

static struct genotypes_seen seen_by(const struct analysis *analysis)
{
    const struct cohort *cohort = &analysis->cohort;
    struct genotypes_seen seen = {cohort->n, genotypes_digest(&cohort->genotypes),
                                  genotypes_stamp(&cohort->genotypes), 0};
    for (size_t f = 0; f < cohort->n_files; f++)
        if (cohort->files[f].holds_calls)
            seen.calls_hash = cohort->files[f].hash;
    return seen;
}

/* K and associations are of calls that several ranks read, and rank 0's are what the campaign's fingerprint
 * is of. Files that differ by their times alone, as copies on each machine may, are read through. */
static int check_calls(const struct genotypes *genotypes, const struct genotypes_seen *expected,
                       const char *name, struct error *err)
{
    if (genotypes_stamp(genotypes) == expected->stamp)
        return 0;
    uint64_t hash;
    uint32_t *missing = memory_zeroed(genotypes->n_subjects, sizeof *missing, "counts of missing calls", err);
    if (missing != NULL && genotypes_scan(genotypes, missing, &hash, err) == 0 &&
        hash != expected->calls_hash)
        error_set(err, EXIT_CODE_BAD_INPUT,
                  "%s: other calls here than where rank 0 runs; expected the same genotypes on every machine",
                  name);
    free(missing);
    return err->code;
}

static int open_genotypes(struct analysis *analysis, const struct genotypes_seen *expected, struct error *err)
{
    const struct study_genotypes *asked = &analysis->study.genotypes;
    struct genotypes *genotypes = &analysis->cohort.genotypes;
    struct genotype_selection selection = {
        .all_chromosomes = asked->all_chromosomes, .extract = asked->extract, .exclude = asked->exclude};
    if (genotypes_open(genotypes, &asked->plink, &selection, err) != 0)
        return err->code;
    if (genotypes_digest(genotypes) == expected->digest)
        return check_calls(genotypes, expected, asked->plink.items[0], err);
    return error_set(err, EXIT_CODE_BAD_INPUT,
                     "%s: other numbers of SNPs or subjects here than where rank 0 runs; expected the same "
                     "genotypes on every machine",
                     asked->plink.items[0]);
}

/* Rank 0's subjects, in its order, to ranks that `read` SNPs. */
static int tell_subjects(struct ranks *ranks, struct analysis *analysis, const struct genotypes_seen *seen,
                         bool read, struct error *err)
{
    char *lines = ranks->rank == 0 ? subject_lines(&analysis->cohort, err) : NULL;
    bool is_open = analysis->cohort.genotypes.n_filesets > 0;
    if (collectives_agree(ranks, err) == 0 && collectives_broadcast_text(ranks, &lines, err) == 0 &&
        ranks->rank != 0 && read && (is_open || open_genotypes(analysis, seen, err) == 0))
        keep_subjects(analysis, lines, err);
    free(lines);
    return collectives_agree(ranks, err);
}

int broadcast_subjects(struct ranks *ranks, struct analysis *analysis, bool *resumed, struct error *err)
{
    if (ranks->size == 1)
        return 0;
    struct genotypes_seen seen = seen_by(analysis);
    if (collectives_broadcast(ranks, &seen, sizeof seen, 0, err) != 0 ||
        collectives_broadcast(ranks, resumed, sizeof *resumed, 0, err) != 0)
        return err->code;
    analysis->cohort.n = seen.n;
    return *resumed ? 0 /* K is in the campaign */
                    : tell_subjects(ranks, analysis, &seen, gram_graph_reads(ranks), err);
}

int broadcast_people(struct ranks *ranks, struct analysis *analysis, struct error *err)
{
    if (ranks->size == 1)
        return 0;
    struct genotypes_seen seen = seen_by(analysis);
    if (collectives_broadcast(ranks, &seen, sizeof seen, 0, err) != 0)
        return err->code;
    analysis->cohort.n = seen.n;
    return tell_subjects(ranks, analysis, &seen, true, err);
}

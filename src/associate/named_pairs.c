#include "associate/named_pairs.h"

#include "base/memory.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { NOT_FOUND = UINT32_MAX, SHOWN = 64 };

static int refuse(const struct analysis *analysis, const char *key, const char *name, const char *what,
                  struct error *err)
{
    return error_set(err, EXIT_CODE_BAD_INPUT, "%s: associate.%s: \"%.*s\" %s", analysis->study.path, key,
                     SHOWN, name, what);
}

static int find_targets(const struct analysis *analysis, struct error *err)
{
    const struct text_list *names = &analysis->cohort.target_names, *full = &analysis->study.associate.full;
    struct text_index index;
    if (text_index_init(&index, names->items, names->count, err) != 0)
        return err->code;
    for (size_t k = 0; err->code == 0 && k < full->count; k++)
        if (text_index_find(&index, full->items[k]) == TEXT_NOT_FOUND)
            refuse(analysis, "full", full->items[k], "is no target; expected names as in targets.tsv", err);
    text_index_free(&index);
    return err->code;
}

/* One pass over the variants, each looked up among the names. */
static int find_snps(struct named_pairs *named, const struct analysis *analysis, struct error *err)
{
    const struct text_list *snps = &analysis->study.associate.snps;
    const struct variants *variants = &analysis->cohort.genotypes.variants;
    struct text_index index;
    named->variant = memory_zeroed(snps->count, sizeof *named->variant, "the named SNPs", err);
    if (named->variant == NULL || text_index_init(&index, snps->items, snps->count, err) != 0)
        return err->code;
    for (size_t k = 0; k < snps->count; k++)
        named->variant[k] = NOT_FOUND;
    for (size_t v = 0; err->code == 0 && snps->count > 0 && v < variants->count; v++) {
        ptrdiff_t k = text_index_find(&index, variants_get(variants, v).id);
        if (k == TEXT_NOT_FOUND)
            continue;
        if (named->variant[k] != NOT_FOUND)
            refuse(analysis, "snps", snps->items[k],
                   "is the ID of several variants; expected an ID that one variant has", err);
        named->variant[k] = (uint32_t)v;
    }
    for (size_t k = 0; err->code == 0 && k < snps->count; k++)
        if (named->variant[k] == NOT_FOUND)
            refuse(analysis, "snps", snps->items[k],
                   "is no variant; expected IDs of the genotypes that extract and exclude leave", err);
    text_index_free(&index);
    return err->code;
}

int named_pairs_find(struct named_pairs *named, const struct analysis *analysis, struct error *err)
{
    return find_targets(analysis, err) == 0 ? find_snps(named, analysis, err) : err->code;
}

/* Which analysed target has the name; their number if none. */
static size_t analysed(const struct analysis *analysis, const char *name)
{
    size_t t = 0;
    while (t < analysis->n_targets &&
           strcmp(analysis->cohort.target_names.items[analysis->target_column[t]], name) != 0)
        t++;
    return t;
}

int named_pairs_analysed(struct named_pairs *named, const struct analysis *analysis, struct error *err)
{
    const struct text_list *names = &analysis->study.associate.full;
    named->target = memory_zeroed(names->count, sizeof *named->target, "the named targets", err);
    for (size_t k = 0; named->target != NULL && k < names->count; k++) {
        size_t t = analysed(analysis, names->items[k]);
        if (t < analysis->n_targets)
            named->target[named->full.n_targets++] = (uint32_t)t;
        else
            log_note(analysis->log, "associate.full: %s is not analysed: no table of it", names->items[k]);
    }
    return err->code;
}

int named_pairs_allocate(struct named_pairs *named, const struct analysis *analysis, struct error *err)
{
    size_t n_variants = analysis->cohort.genotypes.variants.count, n_targets = named->full.n_targets;
    size_t n_snps = analysis->study.associate.snps.count;
    named->memory = memory_aligned(n_targets * n_variants + n_snps * analysis->n_targets,
                                   sizeof *named->memory, "the named targets and SNPs", err);
    named->full = (struct associate_full){.n_targets = n_targets,
                                          .n_snps = n_snps,
                                          .n_variants = n_variants,
                                          .n_all_targets = analysis->n_targets,
                                          .target = named->target,
                                          .snp = named->variant,
                                          .target_r = named->memory,
                                          .snp_r = named->memory + n_targets * n_variants};
    return err->code;
}

void named_pairs_free(struct named_pairs *named)
{
    free(named->variant);
    free(named->target);
    free(named->memory);
    *named = (struct named_pairs){0};
}

char *named_pairs_path(const char *what, const char *name, const char *ending, struct error *err)
{
    char *path = memory_format(err, "%s_%s%s", what, name, ending);
    for (char *at = path == NULL ? NULL : path + strlen(what); at != NULL && *at != '\0'; at++)
        if (!isalnum((unsigned char)*at) && strchr(".-+:", *at) == NULL)
            *at = '_';
    return path;
}

#include "input/genotypes/genotype_files.h"

#include "base/memory.h"
#include "base/text.h"
#include "input/genotypes/foreign_genotypes.h"
#include "input/genotypes/genotype_formats.h"

#include <stdlib.h>
#include <unistd.h>

static int fill(struct genotype_files *files, const char *name, const struct genotype_format *format,
                struct error *err)
{
    *files = (struct genotype_files){.format = format,
                                     .calls = memory_format(err, "%s%s", name, format->calls),
                                     .variants = memory_format(err, "%s%s", name, format->variants),
                                     .subjects = memory_format(err, "%s%s", name, format->subjects)};
    if (files->calls != NULL && files->variants != NULL && files->subjects != NULL)
        return 0;
    genotype_files_free(files);
    return err->code;
}

void genotype_files_free(struct genotype_files *files)
{
    free(files->calls);
    free(files->variants);
    free(files->subjects);
    *files = (struct genotype_files){0};
}

/* A file where the fileset's name should be is the commonest slip. */
static int refuse_file(const char *name, struct error *err)
{
    for (size_t f = 0; genotype_formats[f] != NULL; f++) {
        const struct genotype_format *format = genotype_formats[f];
        const char *const endings[] = {format->calls, format->variants, format->subjects};
        for (size_t k = 0; k < sizeof endings / sizeof *endings; k++)
            if (text_ends_with(name, endings[k]))
                return error_set(err, EXIT_CODE_BAD_INPUT,
                                 "genotypes.plink: %s found; expected the prefix of the fileset, without %s",
                                 name, endings[k]);
    }
    return 0;
}

int genotype_files_find(struct genotype_files *files, const char *name, struct error *err)
{
    for (size_t f = 0; genotype_formats[f] != NULL; f++) {
        if (fill(files, name, genotype_formats[f], err) != 0)
            return err->code;
        if (access(files->calls, F_OK) == 0)
            return 0;
        genotype_files_free(files);
    }
    if (refuse_file(name, err) != 0 || foreign_genotypes_refuse(name, err) != 0)
        return err->code;
    return fill(files, name, genotype_formats[0], err);
}

bool genotype_files_has_calls(const char *path)
{
    for (size_t f = 0; genotype_formats[f] != NULL; f++)
        if (text_ends_with(path, genotype_formats[f]->calls))
            return true;
    return false;
}

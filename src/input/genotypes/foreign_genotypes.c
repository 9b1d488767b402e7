#include "input/genotypes/foreign_genotypes.h"

#include "base/memory.h"
#include "base/shell.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The command takes the prefix, as often as it has %s (up to three times). */
static const struct foreign {
    const char *ending, *what, *command;
} formats[] = {
    {".pgen", "PLINK 2 genotypes", "plink2 --pfile %s --make-bed --out %s"},
    {".bgen", "BGEN genotypes", "plink2 --bgen %s.bgen ref-first --sample %s.sample --make-bed --out %s"},
    {".vcf.gz", "a VCF file", "plink2 --vcf %s.vcf.gz --make-bed --out %s"},
    {".vcf", "a VCF file", "plink2 --vcf %s.vcf --make-bed --out %s"},
    {".bcf", "a BCF file", "plink2 --bcf %s.bcf --make-bed --out %s"},
    {".ped", "PLINK genotypes as text", "plink2 --pedmap %s --make-bed --out %s"},
};

enum { COMMAND_BYTES = 2000 };

/* The command with every %s replaced by the prefix. */
static void write_command(const char *command, const char *prefix, char text[COMMAND_BYTES])
{
    size_t used = 0;
    const char *hole;
    text[0] = '\0';
    for (; (hole = strstr(command, "%s")) != NULL && used < COMMAND_BYTES; command = hole + strlen("%s"))
        used += (size_t)snprintf(text + used, COMMAND_BYTES - used, "%.*s%s", (int)(hole - command), command,
                                 prefix);
    if (used < COMMAND_BYTES)
        snprintf(text + used, COMMAND_BYTES - used, "%s", command);
}

/* The path of the file of this format, and what stands before its ending; both the caller's. NULL without
 * one. */
static char *find(const char *name, const char *ending, char **prefix, struct error *err)
{
    bool whole = text_ends_with(name, ending);
    char *path = memory_format(err, "%s%s", name, whole ? "" : ending);
    size_t length = strlen(name) - (whole ? strlen(ending) : 0);
    if (path != NULL && access(path, F_OK) == 0 &&
        (*prefix = memory_format(err, "%.*s", (int)length, name)) != NULL)
        return path;
    free(path);
    return NULL;
}

int foreign_genotypes_refuse(const char *name, struct error *err)
{
    for (size_t f = 0; err->code == 0 && f < sizeof formats / sizeof *formats; f++) {
        char *prefix = NULL, *path = find(name, formats[f].ending, &prefix, err);
        char *word = path != NULL ? shell_word(prefix, err) : NULL;
        if (word != NULL) {
            char command[COMMAND_BYTES];
            write_command(formats[f].command, word, command);
            error_set(
                err, EXIT_CODE_BAD_INPUT,
                "genotypes.plink: %s found, %s, which arete does not read yet; expected a PLINK 1 fileset "
                "(.bed .bim .fam), as this makes: %s",
                path, formats[f].what, command);
        }
        free(word);
        free(path);
        free(prefix);
    }
    return err->code;
}

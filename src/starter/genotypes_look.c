#include "starter/genotypes_look.h"

#include "base/memory.h"
#include "input/genotypes/genotype_files.h"
#include "starter/name_ranges.h"

#include <stdlib.h>
#include <string.h>

/* The chromosome of each SNP. */
static int read_chromosomes(struct genotypes_look *look, const char *path, struct error *err)
{
    struct text_reader reader;
    char *line;
    if (text_reader_open(&reader, path, err) != 0)
        return err->code;
    while (text_reader_next(&reader, &line, err) == 0 && line != NULL) {
        line += strspn(line, " \t");
        line += strncasecmp(line, "chr", 3) == 0 ? 3 : 0;
        char *end;
        long number = strtol(line, &end, 10);
        bool is_number = end != line && (*end == ' ' || *end == '\t');
        if (is_number && number >= 1 && number <= GENOTYPES_LOOK_AUTOSOMES)
            look->has[number] = true;
    }
    text_reader_close(&reader);
    return err->code;
}

static int read_fileset(struct genotypes_look *look, const char *name, bool is_first, struct error *err)
{
    struct genotype_files files;
    if (genotype_files_find(&files, name, err) != 0)
        return err->code;
    if (is_first && files.format->read_subjects(files.subjects, &look->people, err) == 0)
        look->subjects_path = memory_string(files.subjects, err);
    if (err->code == 0)
        read_chromosomes(look, files.variants, err);
    genotype_files_free(&files);
    return err->code;
}

/* Whether two paths differ in digits of their last part alone. */
static bool are_alike(const char *one, const char *other)
{
    size_t folder = (size_t)(found_files_name(one) - one);
    if (folder != (size_t)(found_files_name(other) - other) || strncmp(one, other, folder) != 0)
        return false;
    for (one += folder, other += folder;; one++, other++) {
        one += strspn(one, "0123456789");
        other += strspn(other, "0123456789");
        if (*one != *other || *one == '\0')
            return *one == *other;
    }
}

static size_t n_alike(const struct text_list *filesets, size_t k)
{
    size_t count = 0;
    for (size_t l = 0; l < filesets->count; l++)
        count += are_alike(filesets->items[k], filesets->items[l]);
    return count;
}

/* The names alike of which there are most; the others are left out. */
static int choose(struct genotypes_look *look, const struct text_list *filesets, struct error *err)
{
    size_t best = 0;
    struct text_list chosen = {0};
    for (size_t k = 1; k < filesets->count; k++)
        if (n_alike(filesets, k) > n_alike(filesets, best))
            best = k;
    for (size_t k = 0; k < filesets->count && err->code == 0; k++) {
        bool is_alike = are_alike(filesets->items[best], filesets->items[k]);
        text_list_add(is_alike ? &chosen : &look->left_out, filesets->items[k], err);
    }
    if (err->code == 0)
        name_ranges_fold(chosen.items, chosen.count, &look->names, err);
    look->n_filesets = chosen.count;
    for (size_t k = 0; k < chosen.count && err->code == 0; k++)
        read_fileset(look, chosen.items[k], k == 0, err);
    text_list_free(&chosen);
    return err->code;
}

int genotypes_look_read(struct genotypes_look *look, const struct found_files *found, struct error *err)
{
    *look = (struct genotypes_look){0};
    if (choose(look, &found->filesets, err) != 0)
        genotypes_look_free(look);
    return err->code;
}

void genotypes_look_free(struct genotypes_look *look)
{
    text_list_free(&look->names);
    text_list_free(&look->left_out);
    subjects_free(&look->people);
    free(look->subjects_path);
    *look = (struct genotypes_look){0};
}

int genotypes_look_autosomes(const struct genotypes_look *look)
{
    int count = 0;
    while (count < GENOTYPES_LOOK_AUTOSOMES && look->has[count + 1])
        count++;
    for (int k = count + 1; k <= GENOTYPES_LOOK_AUTOSOMES; k++)
        if (look->has[k])
            return 0;
    return count;
}

/* A fileset of PLINK: two lengths of two bytes, whose highest two bits choose, then .bed, .bim and .fam. */
#include "fuzz.h"
#include "input/genotypes/genotypes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LENGTH = 0x3fff, AUTOSOMES = 0x8000, EXTRACT = 0x4000, EXCLUDE = 0x8000, TWICE = 0x4000 };

static void read_all(struct genotypes *genotypes)
{
    enum { MOST_READ = 64 };
    struct error err = {0};
    uint64_t hash;
    size_t n = genotypes->n_subjects, count = genotypes->variants.count;
    uint32_t *missing = calloc(n + 1, sizeof *missing);
    size_t *positions = calloc(n + 1, sizeof *positions), kept = 0;
    if (missing == NULL || positions == NULL)
        abort();
    genotypes_scan(genotypes, missing, &hash, &err);
    for (size_t i = n; i-- > 0;)
        if (i % 3 != 1)
            positions[kept++] = i;
    err = (struct error){0};
    if (kept > 0 && genotypes_keep(genotypes, positions, kept, &err) == 0 && count > 0) {
        size_t read = count < MOST_READ ? count : MOST_READ;
        uint8_t *calls = malloc(read * kept);
        if (calls != NULL)
            genotypes_read_calls(genotypes, count - read, read, calls, &err);
        free(calls);
    }
    free(positions);
    free(missing);
}

static void put_fileset(char name, const uint8_t *data, size_t bed, size_t bim, size_t size)
{
    char file[] = "x.bed";
    file[0] = name;
    fuzz_put(file, data, bed);
    memcpy(file + 2, "bim", 3);
    fuzz_put(file, data + bed, bim);
    memcpy(file + 2, "fam", 3);
    fuzz_put(file, data + bed + bim, size - bed - bim);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint16_t length[2];
    if (size < sizeof length)
        return 0;
    memcpy(length, data, sizeof length);
    data += sizeof length;
    size -= sizeof length;
    size_t bed = length[0] & LENGTH, bim = length[1] & LENGTH;
    bed = bed < size ? bed : size;
    bim = bim < size - bed ? bim : size - bed;
    char list[300];
    snprintf(list, sizeof list, "%s", fuzz_put("list.txt", "rs1\nrs2\n", 8));
    put_fileset('x', data, bed, bim, size);
    put_fileset('y', data, bed, bim, size);
    struct error err = {0};
    struct text_list names = {0};
    struct genotypes genotypes;
    struct genotype_selection selection = {.all_chromosomes = !(length[0] & AUTOSOMES),
                                           .extract = length[0] & EXTRACT ? list : NULL,
                                           .exclude = length[1] & EXCLUDE ? list : NULL};
    if (text_list_add(&names, fuzz_path("x"), &err) == 0 &&
        (!(length[1] & TWICE) || text_list_add(&names, fuzz_path("y"), &err) == 0) &&
        genotypes_open(&genotypes, &names, &selection, &err) == 0) {
        read_all(&genotypes);
        genotypes_close(&genotypes);
    }
    text_list_free(&names);
    return 0;
}

/* A fileset of PLINK: two lengths of two bytes, then .bed, .bim and .fam. */
#include "fuzz.h"
#include "input/genotypes/genotypes.h"

#include <stdlib.h>
#include <string.h>

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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint16_t length[2];
    if (size < sizeof length)
        return 0;
    memcpy(length, data, sizeof length);
    data += sizeof length;
    size -= sizeof length;
    size_t bed = length[0] < size ? length[0] : size, bim = length[1] < size - bed ? length[1] : size - bed;
    fuzz_put("x.bed", data, bed);
    fuzz_put("x.bim", data + bed, bim);
    fuzz_put("x.fam", data + bed + bim, size - bed - bim);
    struct error err = {0};
    struct text_list names = {0};
    struct genotypes genotypes;
    struct genotype_selection selection = {.all_chromosomes = true};
    if (text_list_add(&names, fuzz_path("x"), &err) == 0 &&
        genotypes_open(&genotypes, &names, &selection, &err) == 0) {
        read_all(&genotypes);
        genotypes_close(&genotypes);
    }
    text_list_free(&names);
    return 0;
}

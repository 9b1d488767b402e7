/* Runs a fuzz target without a fuzzer: on every file of its corpus and, for some seconds, on changed copies
 * of them.
 *
 *     fuzz_table CORPUS [SECONDS [SEED]]
 *
 * It ends with 0 unless the target crashes. The same seed makes the same inputs in the same order. */
#include "draw.h"
#include "fuzz.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MOST_SEEDS = 500, MOST_BYTES = 1 << 19, MOST_CHANGES = 6, MOST_COPIED = 32 };

static struct {
    uint8_t *bytes;
    size_t size;
} seeds[MOST_SEEDS];
static size_t n_seeds;
static void read_seed(const char *folder, const char *name)
{
    char path[600];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "r");
    uint8_t *bytes = malloc(MOST_BYTES);
    if (file == NULL || bytes == NULL || n_seeds == MOST_SEEDS)
        abort();
    seeds[n_seeds].size = fread(bytes, 1, MOST_BYTES, file);
    seeds[n_seeds++].bytes = bytes;
    fclose(file);
}

static void read_corpus(const char *folder)
{
    struct dirent **entries;
    int count = scandir(folder, &entries, NULL, alphasort); /* an order that stays */
    if (count < 0)
        abort();
    for (int k = 0; k < count; k++) {
        if (entries[k]->d_name[0] != '.')
            read_seed(folder, entries[k]->d_name);
        free(entries[k]);
    }
    free(entries);
}

/* One byte, a number that is often too large, or a piece of the input elsewhere. */
static void change(uint8_t *bytes, size_t size)
{
    static const uint64_t numbers[] = {0,
                                       1,
                                       0x7f,
                                       0xff,
                                       0x7fff,
                                       0xffff,
                                       0x7fffffff,
                                       0x80000000,
                                       0xffffffff,
                                       INT64_MAX,
                                       (uint64_t)INT64_MIN,
                                       UINT64_MAX,
                                       1ull << 62};
    static const char letters[] = "\t\n,;\" \r#-:{}[]0919eE.xN";
    size_t at = draw(size), width = 1ull << draw(4), from = draw(size), length = 1 + draw(MOST_COPIED);
    switch (draw(5)) {
    case 0:
        bytes[at] ^= (uint8_t)(1u << draw(8));
        break;
    case 1:
        bytes[at] = (uint8_t)draw(256);
        break;
    case 2:
        bytes[at] = (uint8_t)letters[draw(sizeof letters - 1)];
        break;
    case 3:
        if (at + width <= size)
            memcpy(bytes + at, &numbers[draw(sizeof numbers / sizeof *numbers)], width);
        break;
    default:
        if (at + length <= size && from + length <= size)
            memmove(bytes + at, bytes + from, length);
    }
}

static long run_changed(double seconds)
{
    static uint8_t bytes[MOST_BYTES];
    time_t end = time(NULL) + (time_t)seconds;
    long count = 0;
    for (; time(NULL) < end; count++) {
        size_t k = draw(n_seeds), size = seeds[k].size;
        memcpy(bytes, seeds[k].bytes, size);
        if (size > 0 && draw(16) == 0)
            size = draw(size);
        bool of_values = fuzz_change_value != NULL && draw(2) == 0;
        for (uint64_t changes = 1 + draw(MOST_CHANGES); size > 0 && changes > 0; changes--)
            if (!of_values || !fuzz_change_value(bytes, size, draw(UINT64_MAX)))
                change(bytes, size);
        LLVMFuzzerTestOneInput(bytes, size);
    }
    return count;
}

int main(int argc, char **argv)
{
    if (argc < 2)
        return 2;
    state = argc > 3 ? strtoull(argv[3], NULL, 10) * 2654435769u + 1 : 88172645463325252u;
    read_corpus(argv[1]);
    if (n_seeds == 0)
        return 2; /* a corpus that is not there holds nothing */
    for (size_t k = 0; k < n_seeds; k++)
        LLVMFuzzerTestOneInput(seeds[k].bytes, seeds[k].size);
    long changed = argc > 2 ? run_changed(strtod(argv[2], NULL)) : 0;
    printf("%zu inputs, %ld changed ones\n", n_seeds, changed);
    for (size_t k = 0; k < n_seeds; k++)
        free(seeds[k].bytes);
    return 0;
}

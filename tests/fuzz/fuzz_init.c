/* The folder that arete init looks at: a .bim, a .fam and a table, after each but the last a byte 0x1e. What
 * it writes must be a study file that can be read. */
#include "config/study.h"
#include "fuzz.h"
#include "starter/starter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FILES = 3 };

static void put_files(const uint8_t *data, size_t size)
{
    static const char *const names[FILES] = {"chr1.bim", "chr1.fam", "table.tsv"};
    for (int k = 0; k < FILES; k++) {
        const uint8_t *end = k + 1 < FILES ? memchr(data, 0x1e, size) : NULL;
        size_t length = end != NULL ? (size_t)(end - data) : size, taken = end != NULL ? length + 1 : length;
        fuzz_put(names[k], data, length);
        data += taken;
        size -= taken;
    }
    fuzz_put("chr1.bed", "l\x1b\x01", 3);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static FILE *nowhere;
    char folder[300], study_path[300];
    snprintf(folder, sizeof folder, "%s", fuzz_path("."));
    snprintf(study_path, sizeof study_path, "%s", fuzz_path("study.yaml"));
    put_files(data, size);
    unlink(study_path);
    if (nowhere == NULL)
        nowhere = fopen("/dev/null", "w");
    struct error err = {0};
    struct text_list paths = {0}, sets = {0};
    struct study study;
    if (nowhere == NULL || text_list_add(&paths, folder, &err) != 0)
        abort();
    const struct starter_request request = {.paths = &paths, .study = study_path, .screen = nowhere};
    if (starter_write(&request, &err) == 0) {
        if (study_load(&study, study_path, &sets, &err) != 0) {
            fprintf(stderr, "%s\n", err.message);
            abort();
        }
        study_free(&study);
    }
    text_list_free(&paths);
    return 0;
}

/* Study, parcellation and simulation files. */
#include "config/parcellation.h"
#include "config/simulation.h"
#include "config/study.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *path = fuzz_put("study.yaml", data, size);
    struct text_list sets = {0};
    struct error err = {0};
    struct study study;
    struct parcellation parcellation;
    struct simulation simulation;
    if (study_load(&study, path, &sets, &err) == 0)
        study_free(&study);
    err = (struct error){0};
    if (parcellation_load(&parcellation, path, &sets, &err) == 0)
        parcellation_free(&parcellation);
    err = (struct error){0};
    if (simulation_load(&simulation, path, &sets, &err) == 0)
        simulation_free(&simulation);
    return 0;
}

/* Study, parcellation and simulation files. Lines at the end that begin with "--set " are what the command
 * line sets. A study file is also compared with its own text, as with that of a campaign, which may be a
 * stranger's. */
#include "config/parcellation.h"
#include "config/simulation.h"
#include "config/study.h"
#include "config/study_changes.h"
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

static const char set[] = "\n--set ";

/* Cuts the text where its sets begin; they are added to the list. */
static void take_sets(char *text, struct text_list *sets)
{
    struct error err = {0};
    char *next = strstr(text, set);
    while (next != NULL) {
        char *value = next + strlen(set);
        *next = '\0';
        next = strstr(value, set);
        if (next != NULL)
            *next = '\0';
        if (text_list_add(sets, value, &err) != 0)
            abort();
    }
}

static void compare(const struct study *study, const char *text)
{
    struct error err = {0};
    free(study_changes(text, study->yaml, &err));
}

static void read_all(const char *path, const struct text_list *sets, const char *text)
{
    struct error err = {0};
    struct study study;
    struct parcellation parcellation;
    struct simulation simulation;
    if (study_load(&study, path, sets, &err) == 0) {
        compare(&study, text);
        study_free(&study);
    }
    err = (struct error){0};
    if (parcellation_load(&parcellation, path, sets, &err) == 0)
        parcellation_free(&parcellation);
    err = (struct error){0};
    if (simulation_load(&simulation, path, sets, &err) == 0)
        simulation_free(&simulation);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct text_list sets = {0};
    char *text = calloc(size + 1, 1);
    if (text == NULL)
        abort();
    if (size > 0)
        memcpy(text, data, size);
    take_sets(text, &sets);
    read_all(fuzz_put("study.yaml", data, sets.count > 0 ? strlen(text) : size), &sets, text);
    text_list_free(&sets);
    free(text);
    return 0;
}

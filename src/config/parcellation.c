#include "config/parcellation.h"

#include "base/memory.h"
#include "config/document.h"
#include "config/lists.h"
#include "config/section.h"
#include "config/yaml_dump.h"

#include <math.h>
#include <stdlib.h>

enum { MOST_PARCELS = 1000000, MOST_CUTS = 1000 };

static const char PARCELS[] = "a whole number from 1 to 1000000, or a list of different ones";

static int read_neighbours(const struct section *top)
{
    static const char *const WORDS[] = {"6", "18", "26"};
    static const int NEIGHBOURS[] = {6, 18, 26};
    return NEIGHBOURS[section_choice(top, "neighbours", WORDS, 3, 0)];
}

static char *require_path(const struct section *top, const char *key, const char *expected)
{
    return section_require(top, key, expected) ? section_path(top, key, expected) : NULL;
}

static void read_parcels(const struct section *top, struct parcellation *parcellation)
{
    static const struct section_range RANGE = {1, MOST_PARCELS, true, true, PARCELS};
    double *numbers;
    if (!section_require(top, "parcels", PARCELS))
        return;
    lists_numbers(top, "parcels", &RANGE, MOST_CUTS, &numbers, &parcellation->n_cuts);
    parcellation->n_parcels = numbers == NULL
                                  ? NULL
                                  : memory_zeroed(parcellation->n_cuts, sizeof *parcellation->n_parcels,
                                                  "the numbers of parcels", top->problems);
    for (size_t k = 0; parcellation->n_parcels != NULL && k < parcellation->n_cuts; k++) {
        parcellation->n_parcels[k] = (int64_t)numbers[k];
        if (floor(numbers[k]) < numbers[k])
            section_problem(top, section_find(top, "parcels"), "parcels", "%g found; expected %s", numbers[k],
                            PARCELS);
    }
    free(numbers);
}

static void read_parcellation(struct parcellation *parcellation, const struct yaml_tree *tree,
                              struct error *problems)
{
    static const char *const KEYS[] = {
        "images",     "id_column",   "missing",   "mask",    "grid_tolerance_mm",
        "neighbours", "standardise", "per_piece", "parcels", "output"};
    static const char *const MISSING[] = {"error", "drop-subject"};
    struct section file = {.tree = NULL, .name = "", .file = parcellation->path, .problems = problems};
    struct section top = section_open(&file, tree, "", KEYS, sizeof KEYS / sizeof *KEYS);
    parcellation->images = require_path(&top, "images", "the path of a table or of a NIfTI file");
    parcellation->id_column = section_text(&top, "id_column", "the name of a column");
    parcellation->drops_missing = section_choice(&top, "missing", MISSING, 2, 0) == 1;
    parcellation->mask = require_path(&top, "mask", "the path of a NIfTI file");
    parcellation->grid_tolerance_mm = section_grid_tolerance(&top);
    parcellation->neighbours = read_neighbours(&top);
    parcellation->standardise = section_boolean(&top, "standardise", true);
    parcellation->per_piece = section_boolean(&top, "per_piece", false);
    read_parcels(&top, parcellation);
    parcellation->output = require_path(&top, "output", "the path of a folder");
}

int parcellation_load(struct parcellation *parcellation, const char *path, const struct text_list *sets,
                      struct error *err)
{
    static const struct document_kind KIND = {"a parcellation file", "docs/parcellation.md"};
    *parcellation = (struct parcellation){0};
    struct error problems = {0};
    struct document document = {0};
    parcellation->path = memory_string(path, &problems);
    if (parcellation->path != NULL &&
        document_open(&document, parcellation->path, &KIND, sets, &problems) == 0)
        read_parcellation(parcellation, document.tree, &problems);
    if (problems.code == 0)
        parcellation->yaml = yaml_dump(document.tree, &problems);
    document_close(&document);
    if (problems.code == 0)
        return 0;
    parcellation_free(parcellation);
    *err = problems;
    return err->code;
}

void parcellation_free(struct parcellation *parcellation)
{
    free(parcellation->path);
    free(parcellation->yaml);
    free(parcellation->images);
    free(parcellation->id_column);
    free(parcellation->mask);
    free(parcellation->n_parcels);
    free(parcellation->output);
    *parcellation = (struct parcellation){0};
}

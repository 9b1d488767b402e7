#include "base/memory.h"
#include "config/lists.h"
#include "config/study_sections.h"

#include <math.h>
#include <string.h>

enum { MOST_PENALTIES = 1000 };

static const struct section_range POSITIVE = {0, HUGE_VAL, false, false, "a number greater than 0"};
static const struct section_range HERITABILITY = {0, 1, false, false,
                                                  "a number greater than 0 and less than 1"};

/* Evenly spaced in log lambda. Both ends are exact, and so are powers of ten. */
static double *log_spaced(double from, double to, size_t count, struct error *err)
{
    double *values = memory_zeroed(count, sizeof *values, "the penalties", err);
    if (values == NULL)
        return NULL;
    double low = log10(from), step = (log10(to) - low) / (double)(count - 1);
    for (size_t i = 0; i < count; i++)
        values[i] = pow(10, low + (double)i * step);
    values[0] = from;
    values[count - 1] = to;
    return values;
}

static void read_spaced(const struct section *model_section, const struct yaml_tree *value,
                        struct study_model *model)
{
    static const char *const KEYS[] = {"from", "to", "count"};
    struct section section = section_open(model_section, value, "model.penalties", KEYS, 3);
    bool complete = true;
    for (size_t k = 0; k < 3; k++)
        complete = section_require(&section, KEYS[k], "all of from, to and count") && complete;
    double from = section_number(&section, "from", &POSITIVE, 0);
    double to = section_number(&section, "to", &POSITIVE, 0);
    size_t count = (size_t)section_integer(&section, "count", 2, MOST_PENALTIES, 0);
    if (!complete || from <= 0 || to <= 0 || count == 0)
        return; /* reported above */
    if (from >= to) {
        section_problem(&section, section_find(&section, "to"), "to",
                        "%g found; expected more than from (%g)", to, from);
        return;
    }
    model->penalties = log_spaced(from, to, count, section.problems);
    model->n_penalties = count;
    for (size_t i = 1; model->penalties != NULL && i < count; i++) {
        if (model->penalties[i - 1] < model->penalties[i])
            continue;
        section_problem(&section, NULL, NULL, "from and to are too close for %zu different values", count);
        return;
    }
}

static void default_heritabilities(struct study_model *model, struct error *err)
{
    static const double DEFAULT[] = {0.8, 0.5, 0.25, 0.1, 0.02};
    model->heritabilities =
        memory_zeroed(sizeof DEFAULT / sizeof *DEFAULT, sizeof *DEFAULT, "the penalties", err);
    if (model->heritabilities == NULL)
        return;
    memcpy(model->heritabilities, DEFAULT, sizeof DEFAULT);
    model->n_penalties = sizeof DEFAULT / sizeof *DEFAULT;
}

static void read_heritabilities(const struct section *model_section, struct study_model *model)
{
    double *values;
    size_t count;
    lists_numbers(model_section, "heritability", &HERITABILITY, MOST_PENALTIES, &values, &count);
    for (size_t i = 0; i < count / 2; i++) { /* descending, so that lambda ascends */
        double value = values[i];
        values[i] = values[count - 1 - i];
        values[count - 1 - i] = value;
    }
    model->heritabilities = values;
    model->n_penalties = count;
}

void study_penalties_read(const struct section *model_section, struct study_model *model)
{
    const struct yaml_tree *penalties = section_find(model_section, "penalties");
    const struct yaml_tree *heritability = section_find(model_section, "heritability");
    if (penalties != NULL && heritability != NULL)
        section_problem(model_section, penalties, "penalties",
                        "found beside model.heritability; expected one of them");
    else if (heritability != NULL)
        read_heritabilities(model_section, model);
    else if (penalties != NULL && penalties->kind == YAML_MAPPING)
        read_spaced(model_section, penalties, model);
    else if (penalties != NULL)
        lists_numbers(model_section, "penalties", &POSITIVE, MOST_PENALTIES, &model->penalties,
                      &model->n_penalties);
    else
        default_heritabilities(model, model_section->problems);
}

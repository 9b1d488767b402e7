#include "input/tables/missing_codes.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

int missing_codes_init(struct missing_codes *codes, const struct text_list *texts, struct error *err)
{
    size_t count = texts != NULL ? texts->count : 0;
    *codes = (struct missing_codes){.texts = texts};
    codes->numbers = memory_zeroed(count, sizeof *codes->numbers, "codes of missing values", err);
    codes->found = memory_zeroed(count, sizeof *codes->found, "codes of missing values", err);
    for (size_t k = 0; codes->numbers != NULL && k < count; k++)
        if (!text_to_double(texts->items[k], &codes->numbers[k]))
            codes->numbers[k] = NAN;
    return err->code;
}

void missing_codes_free(struct missing_codes *codes)
{
    free(codes->numbers);
    free(codes->found);
    *codes = (struct missing_codes){0};
}

bool missing_codes_has_value(const struct missing_codes *codes, double number)
{
    for (size_t k = 0; codes != NULL && k < codes->n_values; k++)
        if (codes->values[k] == number)
            return true;
    return false;
}

bool missing_codes_match(const struct missing_codes *codes, const char *field, double number)
{
    if (missing_codes_has_value(codes, number))
        return false;
    for (size_t k = 0; codes != NULL && codes->texts != NULL && k < codes->texts->count; k++)
        if (codes->numbers[k] == number || strcmp(field, codes->texts->items[k]) == 0) {
            codes->found[k] = true;
            return true;
        }
    return false;
}

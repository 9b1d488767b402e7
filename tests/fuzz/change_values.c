/* Changes of a campaign that keep its structure: a value of a dataset or of an attribute becomes another of
 * its type. Bytes that are changed anywhere nearly always break a length or an address, or are some digit of
 * one number among hundreds. */
#include "checkpoint/layout/layout.h"
#include "draw.h"
#include "fuzz.h"

#include <float.h>
#include <math.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { FIXED_POINT, FLOATING_POINT }; /* classes of HDF5's types */
enum { ATTRIBUTE_REACH = 200 };       /* bytes from an attribute's name to its values */
static const char signature[] = "\x89HDF\r\n\x1a\n";

struct values {
    uint8_t *at;
    size_t width, count;
    int class;
};

/* One of the files that stand one behind the other; *bytes: its length. NULL: there is none. */
static uint8_t *choose_file(uint8_t *data, size_t size, size_t *bytes)
{
    enum { MOST = 8 };
    uint8_t *files[MOST + 1];
    size_t count = 0, length = sizeof signature - 1;
    for (uint8_t *at = data; count < MOST; at = files[count++] + length) {
        files[count] = memmem(at, size - (size_t)(at - data), signature, length);
        if (files[count] == NULL)
            break;
    }
    files[count] = data + size;
    if (count == 0)
        return NULL;
    size_t chosen = draw(count);
    *bytes = (size_t)(files[chosen + 1] - files[chosen]);
    return files[chosen];
}

static struct values dataset_values(const struct layout_object *object, uint8_t *file)
{
    const struct layout_form *form = &object->form;
    if (object->is_group || form->count_bytes == 0)
        return (struct values){0};
    return (struct values){file + object->offset, form->width, form->count, form->type[0] & 15};
}

/* The layout has a copy of an attribute: where it stands in the file is looked for. */
static struct values attribute_values(const struct layout_attribute *attribute, uint8_t *file, size_t bytes)
{
    const struct layout_form *form = &attribute->form;
    uint8_t *name = memmem(file, bytes, attribute->name, strlen(attribute->name) + 1);
    size_t left = name != NULL ? bytes - (size_t)(name - file) : 0;
    uint8_t *at = name != NULL ? memmem(name, left < ATTRIBUTE_REACH ? left : ATTRIBUTE_REACH,
                                        attribute->values, form->count_bytes)
                               : NULL;
    return (struct values){at, form->width, at != NULL ? form->count : 0, form->type[0] & 15};
}

/* None where the structure is broken already. */
static struct values choose_values(uint8_t *file, size_t bytes)
{
    static int descriptor = -1;
    struct error err = {0};
    struct layout layout = {0};
    struct values values = {0};
    if (descriptor < 0)
        descriptor = memfd_create("values", MFD_CLOEXEC);
    const struct layout_file whole = {descriptor, bytes, "values", "an arete campaign"};
    if (descriptor >= 0 && ftruncate(descriptor, (off_t)bytes) == 0 &&
        pwrite(descriptor, file, bytes, 0) == (ssize_t)bytes && layout_read(&layout, &whole, &err) == 0) {
        size_t chosen = draw(layout.n_objects + layout.n_attributes);
        values = chosen < layout.n_objects
                     ? dataset_values(&layout.objects[chosen], file)
                     : attribute_values(&layout.attributes[chosen - layout.n_objects], file, bytes);
    }
    layout_free(&layout);
    return values;
}

static double another_number(double old)
{
    const double numbers[] = {0,    -0.0,    1,        -1,       NAN,     INFINITY, -INFINITY, DBL_MIN / 4,
                              1e-9, FLT_MAX, -FLT_MAX, DBL_MAX,  1e200,   -1e200,   1e-200,    2 * old,
                              -old, old / 2, old + 1,  1.000001, 0.99999, 1e9,      1e18,      0.5};
    return numbers[draw(sizeof numbers / sizeof *numbers)];
}

static uint64_t another_count(uint64_t old)
{
    const uint64_t numbers[] = {0,          1,          2,         UINT64_MAX,          old + 1,
                                old - 1,    old * 2,    -old,      INT32_MAX,           (uint64_t)INT32_MIN,
                                UINT32_MAX, 1ull << 32, INT64_MAX, (uint64_t)INT64_MIN, 1ull << 62,
                                draw(1000)};
    return numbers[draw(sizeof numbers / sizeof *numbers)];
}

static void change_number(uint8_t *at, size_t width)
{
    double number;
    float single;
    memcpy(&number, at, sizeof number < width ? sizeof number : width);
    if (width == sizeof number) {
        number = another_number(number);
        memcpy(at, &number, sizeof number);
    } else {
        memcpy(&single, at, sizeof single);
        number = another_number((double)single);
        single = fabs(number) <= FLT_MAX || !isfinite(number) ? (float)number : FLT_MAX;
        memcpy(at, &single, sizeof single);
    }
}

static void change_count(uint8_t *at, size_t width)
{
    uint64_t count = 0;
    memcpy(&count, at, width);
    count = another_count(count);
    memcpy(at, &count, width);
}

/* One of them becomes another, or the same as one of its kind. */
static void change(const struct values *values, size_t k)
{
    uint8_t *at = values->at + k * values->width;
    if (draw(4) == 0)
        memmove(at, values->at + draw(values->count) * values->width, values->width);
    else if (values->class == FLOATING_POINT && (values->width == 4 || values->width == 8))
        change_number(at, values->width);
    else if (values->class == FIXED_POINT && values->width <= 8)
        change_count(at, values->width);
    else if (values->width >= 8 && draw(2) == 0)
        change_count(at + 8 * draw(values->width / 8), 8); /* a number of a row */
    else
        at[draw(values->width)] = (uint8_t)draw(256);
}

bool fuzz_change_value(uint8_t *data, size_t size, uint64_t seed)
{
    size_t bytes = 0;
    state = seed * 2654435769u + 88172645463325252u;
    for (int k = 0; k < 8; k++)
        draw(2);
    uint8_t *file = choose_file(data, size, &bytes);
    struct values values = {0};
    for (int attempt = 0; file != NULL && values.count == 0 && attempt < 4; attempt++)
        values = choose_values(file, bytes);
    if (values.count == 0 || values.width == 0)
        return false;
    size_t first = draw(values.count), count = draw(8) == 0 ? values.count - first : 1;
    for (size_t k = first; k < first + count; k++)
        change(&values, k);
    return true;
}

#ifdef ARETE_FUZZER
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t most);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed);

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed)
{
    bool changed = seed % 4 > 0 && fuzz_change_value(data, size, seed);
    return changed ? size : LLVMFuzzerMutate(data, size, most);
}
#endif

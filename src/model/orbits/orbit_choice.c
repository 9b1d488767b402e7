#include "model/orbits/orbit_choice.h"

#include "base/memory.h"
#include "model/orbits/orbit_transform.h"

#include <math.h>
#include <stdlib.h>

/* Flops of the products, of one of 16 lanes, in the cycle that orbit_transform_cost counts. */
#define TRANSFORM_WEIGHT 5
/* Longer orbits come first; a shorter one must save as much of flops x V. */
#define WORTH_IT 0.95

/* Blocks of one size. */
struct size_class {
    size_t size, count;
};

struct sizes {
    struct size_class *classes; /* in descending size */
    size_t n_classes, n;
};

static int descending(const void *a, const void *b)
{
    const struct size_class *left = a, *right = b;
    return (left->size < right->size) - (left->size > right->size);
}

static int sizes_init(struct sizes *sizes, const size_t *size, size_t n_blocks, struct error *err)
{
    *sizes = (struct sizes){0};
    struct size_class *classes = memory_zeroed(n_blocks, sizeof *classes, "the orbits", err);
    if (classes == NULL)
        return err->code;
    for (size_t b = 0; b < n_blocks; b++) {
        classes[b] = (struct size_class){size[b], 1};
        sizes->n += size[b];
    }
    qsort(classes, n_blocks, sizeof *classes, descending);
    for (size_t b = 0; b < n_blocks; b++)
        if (b > 0 && classes[b].size == classes[sizes->n_classes - 1].size)
            classes[sizes->n_classes - 1].count++;
        else
            classes[sizes->n_classes++] = classes[b];
    sizes->classes = classes;
    return 0;
}

/* V of a case in a block of m. */
static double variance_of(double m, double shifts, double same)
{
    return 1 + (shifts - 1) * (same - (1 - same) / (m - 1));
}

/* Everything but flops, of cycles of `length`. */
static struct orbit_choice cycles_of(const struct sizes *sizes, size_t length)
{
    struct orbit_choice choice = {.length = length, .n_shifts = length};
    double together = 0;
    for (size_t c = 0; c < sizes->n_classes; c++) {
        size_t m = sizes->classes[c].size, count = sizes->classes[c].count, fixed = m % length;
        choice.n_sequences += count * (m / length);
        choice.n_fixed += count * fixed;
        if (m < 2)
            continue;
        together += (double)count * pow((double)fixed / (double)sizes->n, 2);
        double variance = variance_of((double)m, (double)length, (double)fixed / (double)m);
        choice.variance = fmax(choice.variance, variance);
    }
    choice.variance = fmax(choice.variance, 1 + (double)(length - 1) * together);
    return choice;
}

/* The share of pairs of `shifts` shifts in a row that are a multiple of m apart. */
static double same_place(double m, double shifts)
{
    double rounds = floor(shifts / m), rest = shifts - rounds * m;
    return (rest * (rounds + 1) * rounds + (m - rest) * rounds * (rounds - 1)) / (shifts * (shifts - 1));
}

/* Likewise; N may have large factors yet. */
static struct orbit_choice windows_of(const struct sizes *sizes, size_t shifts)
{
    struct orbit_choice choice = {.windows = true, .n_sequences = 1, .n_shifts = shifts};
    double together = 0;
    for (size_t c = 0; c < sizes->n_classes; c++) {
        size_t m = sizes->classes[c].size, count = sizes->classes[c].count;
        choice.n_fixed += m < 2 ? count : 0;
        if (m < 2)
            continue;
        double same = same_place((double)m, (double)shifts);
        choice.length += count * (m + shifts - 1);
        together += (double)count * same * pow((double)m / (double)sizes->n, 2);
        choice.variance = fmax(choice.variance, variance_of((double)m, (double)shifts, same));
    }
    choice.variance = fmax(choice.variance, 1 + (double)(shifts - 1) * together);
    return choice;
}

/* N/2 + 1 frequencies of r^2 N/2 pairs, and of r fixed ones each. */
static double product_flops(const struct orbit_choice *choice)
{
    double length = (double)choice->length, r = (double)choice->n_sequences, fixed = (double)choice->n_fixed;
    return 8 * (length / 2 + 1) * (r * r * length / 2 + r * fixed) / (double)choice->n_shifts;
}

/* Products, and half a transform. */
static void take_better(struct orbit_choice *best, struct orbit_choice other)
{
    bool none = best->n_shifts < 2;
    if (other.variance > ORBIT_MOST_VARIANCE ||
        (!none && product_flops(&other) >= best->flops * best->variance))
        return;
    if (other.windows)
        other.length = orbit_transform_smooth(other.length);
    other.flops = product_flops(&other) +
                  TRANSFORM_WEIGHT * orbit_transform_cost(other.length) / 2 / (double)other.n_shifts;
    if (none || other.flops * other.variance < WORTH_IT * best->flops * best->variance)
        *best = other;
}

int orbit_choose(const size_t *size, size_t n_blocks, struct orbit_choice *choice, struct error *err)
{
    struct sizes sizes;
    if (sizes_init(&sizes, size, n_blocks, err) != 0)
        return err->code;
    *choice = (struct orbit_choice){.length = 1, .n_shifts = 1, .n_fixed = sizes.n, .variance = 1};
    size_t largest = n_blocks > 0 ? sizes.classes[0].size : 0;
    size_t shortest = n_blocks == 1 && largest > 3 ? largest - 1 : 2;
    for (size_t length = largest; length >= shortest; length--)
        take_better(choice, cycles_of(&sizes, length));
    for (size_t shifts = largest; n_blocks > 1 && shifts >= 2; shifts--)
        take_better(choice, windows_of(&sizes, shifts));
    free(sizes.classes);
    return 0;
}

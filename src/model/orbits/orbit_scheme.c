#include "model/orbits/orbit_scheme.h"

#include "base/memory.h"
#include "model/stats/random.h"

#include <stdlib.h>
#include <string.h>

/* Numbers of the stream RANDOM_ORBITS. */
enum { SEQUENCE_ORDER = 0, WINDOW_START = 1 };

int orbit_choose_blocks(const struct permutation_scheme *blocks, struct orbit_choice *choice,
                        struct error *err)
{
    size_t *size = memory_zeroed(blocks->n_blocks, sizeof *size, "the orbits", err);
    if (size == NULL)
        return err->code;
    for (size_t b = 0; b < blocks->n_blocks; b++)
        size[b] = blocks->start[b + 1] - blocks->start[b];
    orbit_choose(size, blocks->n_blocks, choice, err);
    free(size);
    return err->code;
}

/* A block's shuffled members as r rings of N places; the others stand still. */
static void lay_cycles(struct orbit_scheme *scheme, const uint32_t *members, size_t count, size_t *place,
                       size_t *n_fixed)
{
    size_t moving = count - count % scheme->choice.length;
    if (scheme->choice.n_shifts < 2)
        moving = 0;
    memcpy(scheme->subject + *place, members, moving * sizeof *members);
    memcpy(scheme->source + *place, members, moving * sizeof *members);
    memcpy(scheme->fixed + *n_fixed, members + moving, (count - moving) * sizeof *members);
    *place += moving;
    *n_fixed += count - moving;
}

/* A block's shuffled members as one ring, written out for all shifts. */
static void lay_window(struct orbit_scheme *scheme, const uint32_t *members, size_t count, size_t *place,
                       size_t *n_fixed)
{
    size_t places = count + scheme->choice.n_shifts - 1, back = count - scheme->identity % count;
    if (count < 2) {
        scheme->fixed[(*n_fixed)++] = members[0];
        return;
    }
    memcpy(scheme->subject + *place, members, count * sizeof *members);
    for (size_t t = 0; t < places; t++)
        scheme->source[*place + t] = members[(t + back) % count];
    *place += places;
}

static void lay_out(struct orbit_scheme *scheme, uint32_t *members)
{
    const struct permutation_scheme *blocks = scheme->blocks;
    struct random_stream stream;
    size_t place = 0, n_fixed = 0;
    random_start(&stream, blocks->seed, RANDOM_ORBITS, SEQUENCE_ORDER);
    for (size_t b = 0; b < blocks->n_blocks; b++) {
        size_t count = blocks->start[b + 1] - blocks->start[b];
        memcpy(members, blocks->members + blocks->start[b], count * sizeof *members);
        random_shuffle(&stream, members, count);
        if (scheme->choice.windows)
            lay_window(scheme, members, count, &place, &n_fixed);
        else
            lay_cycles(scheme, members, count, &place, &n_fixed);
    }
}

static int allocate(struct orbit_scheme *scheme, struct error *err)
{
    size_t places = scheme->choice.n_sequences * scheme->choice.length;
    scheme->subject = memory_zeroed(places, sizeof *scheme->subject, "the orbits", err);
    scheme->source = memory_zeroed(places, sizeof *scheme->source, "the orbits", err);
    scheme->fixed = memory_zeroed(scheme->choice.n_fixed, sizeof *scheme->fixed, "the orbits", err);
    if (err->code != 0)
        orbit_scheme_free(scheme);
    return err->code;
}

/* By its choice. */
static int draw(struct orbit_scheme *scheme, struct error *err)
{
    const struct permutation_scheme *blocks = scheme->blocks;
    if (allocate(scheme, err) != 0)
        return err->code;
    size_t places = scheme->choice.n_sequences * scheme->choice.length;
    uint32_t *members = memory_zeroed(scheme->n, sizeof *members, "the orbits", err);
    if (members == NULL) {
        orbit_scheme_free(scheme);
        return err->code;
    }
    for (size_t p = 0; p < places; p++)
        scheme->subject[p] = scheme->source[p] = ORBIT_NOBODY;
    if (scheme->choice.windows) {
        struct random_stream stream;
        random_start(&stream, blocks->seed, RANDOM_ORBITS, WINDOW_START);
        scheme->identity = random_below(&stream, (uint32_t)scheme->choice.n_shifts);
    }
    lay_out(scheme, members);
    free(members);
    return 0;
}

int orbit_scheme_init(struct orbit_scheme *scheme, const struct permutation_scheme *blocks, struct error *err)
{
    *scheme = (struct orbit_scheme){.blocks = blocks, .n = blocks->n};
    return orbit_choose_blocks(blocks, &scheme->choice, err) == 0 ? draw(scheme, err) : err->code;
}

int orbit_scheme_init_known(struct orbit_scheme *scheme, const struct permutation_scheme *blocks,
                            const struct orbit_scheme_known *known, struct error *err)
{
    *scheme = (struct orbit_scheme){.blocks = blocks, .n = blocks->n, .identity = known->identity};
    /* Rings of one length come round together, after as many shifts; rings written out are longer. */
    scheme->choice = (struct orbit_choice){.windows = known->length != known->n_shifts,
                                           .length = known->length,
                                           .n_sequences = known->n_sequences,
                                           .n_shifts = known->n_shifts,
                                           .n_fixed = known->n_fixed};
    if (allocate(scheme, err) != 0)
        return err->code;
    for (size_t p = 0; p < known->n_sequences * known->length; p++) {
        scheme->subject[p] = known->subject[p] < 0 ? ORBIT_NOBODY : (uint32_t)known->subject[p];
        scheme->source[p] = known->source[p] < 0 ? ORBIT_NOBODY : (uint32_t)known->source[p];
    }
    for (size_t k = 0; k < known->n_fixed; k++)
        scheme->fixed[k] = (uint32_t)known->fixed[k];
    return 0;
}

int orbit_scheme_init_single(struct orbit_scheme *scheme, const struct permutation_scheme *blocks,
                             struct error *err)
{
    *scheme = (struct orbit_scheme){.blocks = blocks, .n = blocks->n};
    scheme->choice = (struct orbit_choice){.length = 1, .n_shifts = 1, .n_fixed = blocks->n};
    if (allocate(scheme, err) != 0)
        return err->code;
    for (size_t i = 0; i < scheme->n; i++)
        scheme->fixed[i] = (uint32_t)i;
    return 0;
}

void orbit_scheme_free(struct orbit_scheme *scheme)
{
    free(scheme->subject);
    free(scheme->source);
    free(scheme->fixed);
    *scheme = (struct orbit_scheme){0};
}

/* Whether so many shifts, places and fixed subjects are those of these blocks, in cycles or windows. */
static bool has_sizes(const struct orbit_scheme *scheme)
{
    const struct orbit_choice *choice = &scheme->choice;
    const struct permutation_scheme *blocks = scheme->blocks;
    size_t cycles = 0, places = 0, alone = 0;
    for (size_t b = 0; b < blocks->n_blocks; b++) {
        size_t count = blocks->start[b + 1] - blocks->start[b];
        cycles += count / choice->length;
        places += count > 1 ? count + choice->n_shifts - 1 : 0;
        alone += count < 2;
    }
    if (choice->windows)
        return choice->n_sequences == 1 && choice->length >= places && choice->n_fixed == alone;
    return choice->n_sequences == cycles && choice->n_fixed == blocks->n - cycles * choice->length;
}

static bool are_alike(const struct orbit_scheme *scheme, const struct orbit_scheme *drawn)
{
    size_t places = scheme->choice.n_sequences * scheme->choice.length;
    return scheme->identity == drawn->identity &&
           memcmp(scheme->subject, drawn->subject, places * sizeof *scheme->subject) == 0 &&
           memcmp(scheme->source, drawn->source, places * sizeof *scheme->source) == 0 &&
           memcmp(scheme->fixed, drawn->fixed, scheme->choice.n_fixed * sizeof *scheme->fixed) == 0;
}

int orbit_scheme_check_drawn(const struct orbit_scheme *scheme, bool *is_drawn, struct error *err)
{
    const struct orbit_choice *choice = &scheme->choice;
    struct orbit_scheme drawn = {.blocks = scheme->blocks, .n = scheme->n, .choice = *choice};
    bool single = choice->n_shifts == 1;
    *is_drawn = false;
    if (single ? choice->n_sequences != 0 || choice->n_fixed != scheme->n : !has_sizes(scheme))
        return 0;
    if ((single ? orbit_scheme_init_single(&drawn, scheme->blocks, err) : draw(&drawn, err)) != 0)
        return err->code;
    *is_drawn = are_alike(scheme, &drawn);
    orbit_scheme_free(&drawn);
    return 0;
}

uint64_t orbit_scheme_orbits(const struct orbit_scheme *scheme, uint64_t n_permutations)
{
    uint64_t shifts = scheme->choice.n_shifts;
    return n_permutations > shifts ? (n_permutations - 1) / shifts + 1 : 1;
}

void orbit_scheme_arrangement(const struct orbit_scheme *scheme, uint64_t orbit, uint32_t *order,
                              uint32_t *workspace)
{
    permutation_draw(scheme->blocks, orbit, order, workspace);
}

void orbit_scheme_order(const struct orbit_scheme *scheme, uint64_t orbit, size_t shift, uint32_t *order,
                        uint32_t *workspace)
{
    uint32_t *arranged = workspace;
    size_t length = scheme->choice.length;
    orbit_scheme_arrangement(scheme, orbit, arranged, workspace + scheme->n);
    for (size_t k = 0; k < scheme->choice.n_fixed; k++)
        order[scheme->fixed[k]] = arranged[scheme->fixed[k]];
    for (size_t a = 0; a < scheme->choice.n_sequences; a++)
        for (size_t t = 0; t < length; t++) {
            uint32_t subject = scheme->subject[a * length + t];
            if (subject != ORBIT_NOBODY)
                order[subject] = arranged[scheme->source[a * length + (t + shift) % length]];
        }
}

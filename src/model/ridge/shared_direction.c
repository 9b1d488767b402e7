#include "model/ridge/shared_direction.h"

#include "base/memory.h"

#include <cblas.h>
#include <math.h>
#include <stdlib.h>

const double shared_direction_least = 1e-5;

/* Room for the directions of a fold. */
struct room {
    unsigned *outside;          /* n */
    double *directions, *share; /* c x c, c */
};

static int room_init(struct room *room, size_t n, size_t c, struct error *err)
{
    room->outside = memory_zeroed(n, sizeof *room->outside, "covariates of a fold", err);
    room->directions = memory_aligned(c * c, sizeof *room->directions, "covariates of a fold", err);
    room->share = memory_zeroed(c, sizeof *room->share, "covariates of a fold", err);
    return err->code;
}

static void room_free(struct room *room)
{
    free(room->outside);
    free(room->directions);
    free(room->share);
}

/* Who of a test set have a direction v. */
static struct shared_direction look_at(const struct covariates *covariates, const struct fold_rows *rows,
                                       const double *v, double share)
{
    int c = (int)covariates->c;
    struct shared_direction found = {.ratio = 1};
    double free_length = 0, most[2] = {-1, -1};
    for (size_t i = rows->first_test; i < rows->first_test + rows->n_test; i++) {
        const double *row = covariates->basis + i * covariates->c;
        double u = fabs(cblas_ddot(c, row, 1, v, 1));
        free_length += u * u * (1 - cblas_ddot(c, row, 1, row, 1));
        size_t place = u > most[0] ? 0 : 1;
        if (u <= most[place])
            continue;
        if (place == 0) {
            most[1] = most[0];
            found.subject[1] = found.subject[0];
        }
        most[place] = u;
        found.subject[place] = i;
    }
    if (free_length > share)
        found.ratio = share / free_length;
    return found;
}

static int look_at_fold(const struct covariates *covariates, const struct folds *folds, size_t o,
                        struct room *room, struct shared_direction *worst, struct error *err)
{
    const struct fold_rows *rows = &folds->rows[o];
    struct covariates_rows outside = {room->outside,
                                      folds_outside(rows, folds->n_inner, folds->n_inner, room->outside)};
    size_t count;
    if (covariates_nearly_lost(covariates, &outside, sqrt(shared_direction_least), room->directions,
                               room->share, &count, err) != 0)
        return err->code;
    for (size_t k = 0; k < count; k++) {
        if (covariates_is_lost(room->share[k]))
            continue;
        struct shared_direction found =
            look_at(covariates, rows, room->directions + k * covariates->c, room->share[k]);
        found.outer_fold = o;
        if (found.ratio < shared_direction_least && found.ratio < worst->ratio)
            *worst = found;
    }
    return 0;
}

int shared_direction_find(const struct covariates *covariates, const struct folds *folds,
                          struct shared_direction *worst, struct error *err)
{
    struct room room = {0};
    *worst = (struct shared_direction){.ratio = 1};
    if (room_init(&room, folds->n, covariates->c, err) == 0)
        for (size_t o = 0; o < folds->n_outer && err->code == 0; o++)
            look_at_fold(covariates, folds, o, &room, worst, err);
    room_free(&room);
    return err->code;
}

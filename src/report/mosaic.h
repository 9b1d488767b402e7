/* A study's brain cut into slices that stand beside each other in one picture: axial, coronal and sagittal
 * ones, left on the left. What a map's pixels show is found once, for all maps. */
#ifndef ARETE_REPORT_MOSAIC_H
#define ARETE_REPORT_MOSAIC_H

#include "base/error.h"
#include "checkpoint/campaign.h"

#include <stddef.h>
#include <stdint.h>

enum { MOSAIC_SLICES = 32 };

struct mosaic {
    size_t width, height; /* pixels */
    double pixel_mm;
    double peak[3];  /* mm: a place inside the target that one slice of each kind goes through; NaN: none */
    uint8_t *grey;   /* height x width: the mean image; 0: nothing */
    int32_t *target; /* height x width: which of n_targets_all, -1 = none */
    struct mosaic_slice {
        int axis; /* 0: sagittal, 1: coronal, 2: axial */
        double mm;
        size_t left, top, width, height; /* in the picture */
        double from[2], step[2]; /* mm across and down: at the middle of the first pixel, between two */
    } slice[MOSAIC_SLICES];
    size_t n_slices;
};

/* Whether the campaign keeps what is needed. */
bool mosaic_is_possible(const struct campaign *campaign);

/* target: the one that slices go through; n_targets_all: none. */
int mosaic_init(struct mosaic *mosaic, const struct campaign *campaign, size_t target, struct error *err);
void mosaic_free(struct mosaic *mosaic);

#endif

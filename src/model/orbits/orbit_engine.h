/* All shifts of an orbit at once: what is made once of a scheme, and the steps that tasks take with it.
 *
 *   orbit_coefficients  a form, once a study          (orbit_coefficients.h)
 *   orbit_tile_spectra  the transforms of a tile's columns
 *   orbit_tile_products a band of frequencies of all forms
 *   orbit_tile_values   some forms of 16 columns: their values under all shifts     (orbit_tile.h)
 *
 * Nothing here is allocated after orbit_engine_init; all of it is read-only, for any number of threads. */
#ifndef ARETE_MODEL_ORBITS_ORBIT_ENGINE_H
#define ARETE_MODEL_ORBITS_ORBIT_ENGINE_H

#include "base/error.h"
#include "model/orbits/orbit_kernel.h"
#include "model/orbits/orbit_scheme.h"
#include "model/orbits/orbit_terms.h"
#include "model/orbits/orbit_transform.h"

struct orbit_engine {
    const struct orbit_scheme *scheme; /* the caller's */
    struct orbit_terms terms;
    struct orbit_transform transform;
    const struct orbit_kernel *kernel;
};

int orbit_engine_init(struct orbit_engine *engine, const struct orbit_scheme *scheme,
                      enum instructions instructions, struct error *err);
void orbit_engine_free(struct orbit_engine *engine);

#endif

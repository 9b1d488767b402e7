#include "model/orbits/orbit_engine.h"

int orbit_engine_init(struct orbit_engine *engine, const struct orbit_scheme *scheme,
                      enum instructions instructions, struct error *err)
{
    *engine = (struct orbit_engine){
        .scheme = scheme,
        .terms = {scheme->choice.length, scheme->choice.n_sequences, scheme->choice.n_fixed},
        .kernel = orbit_kernel_of(instructions),
    };
    return orbit_transform_init(&engine->transform, scheme->choice.length, err);
}

void orbit_engine_free(struct orbit_engine *engine)
{
    orbit_transform_free(&engine->transform);
    *engine = (struct orbit_engine){0};
}

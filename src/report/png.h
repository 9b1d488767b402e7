/* Pictures of 256 colours, as PNG in a `data:` address. */
#ifndef ARETE_REPORT_PNG_H
#define ARETE_REPORT_PNG_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { PNG_COLORS = 256 };

struct png {
    size_t width, height;      /* under 32,768 each */
    const uint8_t *pixel;      /* height x width, from the top: which colour */
    const uint8_t (*color)[4]; /* PNG_COLORS: red, green, blue, opacity */
};

/* The bytes depend on the picture, and on zlib. */
int png_write(FILE *out, const struct png *png, struct error *err);

#endif

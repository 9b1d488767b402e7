/* Numbers as people write them. */
#ifndef ARETE_BASE_AMOUNT_H
#define ARETE_BASE_AMOUNT_H

#include <stdint.h>

enum { AMOUNT_BYTES = 32 };

/* "1,234,567": every digit. Returns text. */
const char *amount_exact(int64_t value, char text[AMOUNT_BYTES]);

/* The first digits of a number that is not negative: "0.052", "8.1", "52", "1,330", "8.1 million",
 * "120 billion". Returns text. */
const char *amount_about(double value, char text[AMOUNT_BYTES]);

#endif

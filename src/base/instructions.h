/* Which vector instructions this processor has, for code that is compiled once for each set of them. */
#ifndef ARETE_BASE_INSTRUCTIONS_H
#define ARETE_BASE_INSTRUCTIONS_H

#include <stdbool.h>

/* Plain C runs everywhere; AVX2 stands for AVX2 with FMA, AVX-512 for its foundation (F). */
enum instructions { INSTRUCTIONS_PLAIN, INSTRUCTIONS_AVX2, INSTRUCTIONS_AVX512, INSTRUCTIONS_COUNT };

bool instructions_run_here(enum instructions instructions);
enum instructions instructions_best(void); /* the fastest that run on this processor */
const char *instructions_name(enum instructions instructions);

#endif

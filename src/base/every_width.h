/* EVERY_WIDTH before a function: compiled once for each width of vectors, the widest that the processor has
 * is taken when the program starts. The same bits, as nothing is contracted (-ffp-contract=off), as long as
 * every element has its own operations.
 *
 * Not with ThreadSanitizer: the choice is made before its runtime is there, and it dies of it. Nor with
 * clang, which builds the fuzz targets alone. */
#ifndef ARETE_BASE_EVERY_WIDTH_H
#define ARETE_BASE_EVERY_WIDTH_H

#if defined __x86_64__ && defined __gnu_linux__ && !defined __SANITIZE_THREAD__ && !defined __clang__
#define EVERY_WIDTH __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define EVERY_WIDTH
#endif

#endif

/* Numbers compared as qsort and bsearch want it: ascending. */
#ifndef ARETE_BASE_COMPARE_H
#define ARETE_BASE_COMPARE_H

int compare_int32(const void *a, const void *b);
int compare_doubles(const void *a, const void *b); /* none is NaN */

#endif

/* The bodies of one instruction set, included by its own file, which defines
 *   KERNEL(name)      the name of a function of this instruction set
 *   KERNEL_TARGET     its attributes
 *   VECTOR, LANES     the vector type and its floats
 *   LOAD, STORE, BROADCAST, ADD, SUB, MUL, FMADD, FNMADD, ABS, MAX     its operations; a b + c, c - a b
 *   VECTORS           of a strip of columns whose products are summed together */
#define INLINE KERNEL_TARGET static inline __attribute__((always_inline))

#include "model/orbits/orbit_correlate_body.h"
#include "model/orbits/orbit_products_body.h"
#include "model/orbits/orbit_transform_body.h"

#include "model/orbits/orbit_kernel.h"

#include <math.h>
#include <string.h>

#define KERNEL(name) plain_##name
#define KERNEL_TARGET
#define VECTOR float
#define LANES 1
#define VECTORS 16
#define ROWS 4
#define LOAD(from) (*(from))
#define STORE(to, value) (*(to) = (value))
#define BROADCAST(value) ((float)(value))
#define ADD(a, b) ((a) + (b))
#define SUB(a, b) ((a) - (b))
#define MUL(a, b) ((a) * (b))
#define FMADD(a, b, c) fmaf(a, b, c)
#define FNMADD(a, b, c) fmaf(-(a), b, c)
#define ABS(a) fabsf(a)
#define MAX(a, b) ((a) > (b) ? (a) : (b))
#define KEEP(value)
#include "model/orbits/orbit_kernel_body.h"

const struct orbit_kernel orbit_kernel_plain = {plain_transform, plain_products, plain_weigh, plain_largest};

/* What stands beside the program: in the checkout it was built in, or where it was installed. */
#ifndef ARETE_BASE_BESIDE_H
#define ARETE_BASE_BESIDE_H

#include "base/error.h"

/* The absolute path of a file of the checkout, such as "scripts/slurm/arete.sbatch": in <prefix>/share/arete
 * of a program in <prefix>/bin, or in the checkout of one in build/<preset>. Where it is in neither, the name
 * as it is. The caller frees it. NULL and an error if there is no memory. */
char *beside_find(const char *name, struct error *err);

#endif

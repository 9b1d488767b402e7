/* Genotypes of other formats where a fileset should be. */
#ifndef ARETE_INPUT_GENOTYPES_FOREIGN_GENOTYPES_H
#define ARETE_INPUT_GENOTYPES_FOREIGN_GENOTYPES_H

#include "base/error.h"

/* Where `name`, a prefix or a whole path, leads to a file of a known format that cannot be read: an error
 * that says what it is, with the command that converts it. Else 0. */
int foreign_genotypes_refuse(const char *name, struct error *err);

#endif

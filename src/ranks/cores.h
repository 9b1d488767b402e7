/* The cores of the ranks of one computer. Only for ranks/. */
#ifndef ARETE_RANKS_CORES_H
#define ARETE_RANKS_CORES_H

#include "base/error.h"

#include <mpi.h>

/* Ranks of `host` that may use the same cores (all of a machine's, or of a socket's, as the launcher binds
 * them) are each bound to their share of these, neighbours in the kernel's count; more ranks than cores share
 * one. A rank that the launcher has given cores of its own keeps them. Threads that start later inherit it.
 * Collective. */
int cores_share(MPI_Comm host, struct error *err);

#endif

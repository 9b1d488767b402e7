/* Which cores the ranks of one computer use. Only for ranks/. */
#ifndef ARETE_RANKS_CORES_H
#define ARETE_RANKS_CORES_H

#include "base/error.h"

#include <mpi.h>

/* Divides cores among the ranks of `host` (a communicator of one computer). Launchers may let several ranks
 * use the same cores, those of the computer or of a socket. Each of these ranks is bound to its own share,
 * with neighbouring core numbers; where there are more ranks than cores, some share one. A rank that has its
 * cores to itself keeps them. Threads that start later inherit the binding. Collective. */
int cores_bind(MPI_Comm host, struct error *err);

#endif

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

/* How many cores of this computer the launcher might have given to its ranks: those that the ranks of `host`
 * may use or, where mpirun has bound them, mpirun itself. Cores beyond a job's own are not counted. Before
 * cores_bind. Collective. */
int cores_count(MPI_Comm host, int *n_cores, struct error *err);

/* The same of one rank alone. */
int cores_count_alone(void);

#endif

/* Messages of the DAG between ranks, by StarPU-MPI: sent when their data are ready, received in the order of
 * the tasks that use them. The only user of starpu_mpi.h. */
#ifndef ARETE_TASKS_EXCHANGE_H
#define ARETE_TASKS_EXCHANGE_H

#include "base/error.h"
#include "ranks/ranks.h"

#include <starpu.h>
#include <stdint.h>

/* After starpu_init, before starpu_shutdown; nothing with one rank. */
int exchange_start(struct ranks *ranks, struct error *err);
void exchange_stop(struct ranks *ranks);

/* Sends what the handle holds after the tasks submitted so far. sent (or NULL) is called with its context
 * when that is done, by StarPU-MPI's thread. A tag is used once between two ranks. */
int exchange_send(struct ranks *ranks, starpu_data_handle_t handle, int to, int64_t tag,
                  void (*sent)(void *context), void *context, struct error *err);
/* Fills the handle; tasks submitted after this wait for it. Before a handle is given up or StarPU ends, it is
 * acquired (starpu_data_unregister does so): StarPU 1.3's own waiting misses what is still under way. */
int exchange_receive(struct ranks *ranks, starpu_data_handle_t handle, int from, int64_t tag,
                     struct error *err);

#endif

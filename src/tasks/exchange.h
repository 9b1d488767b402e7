/* Messages between ranks inside a graph of tasks, by StarPU-MPI. A message is sent when its data are ready;
 * the tasks that need it wait for it like for any other data. This is the only user of starpu_mpi.h. */
#ifndef ARETE_TASKS_EXCHANGE_H
#define ARETE_TASKS_EXCHANGE_H

#include "base/error.h"
#include "ranks/ranks.h"

#include <starpu.h>
#include <stdint.h>

/* Starts StarPU-MPI, after starpu_init. Collective. Does nothing with one rank. */
int exchange_start(struct ranks *ranks, struct error *err);
/* Ends it, before starpu_shutdown. Collective, and a no-op with one rank. */
void exchange_stop(struct ranks *ranks);

/* Sends what the handle holds once all tasks submitted so far have written it. When it has been sent,
 * StarPU-MPI's own thread calls sent(context); sent may be NULL. A tag may be used only once between two
 * ranks. */
int exchange_send(struct ranks *ranks, starpu_data_handle_t handle, int to, int64_t tag,
                  void (*sent)(void *context), void *context, struct error *err);
/* Receives into the handle; tasks submitted after this call wait for the message. Acquire the handle before
 * StarPU ends (starpu_data_unregister does): StarPU 1.3's own wait does not count messages under way. */
int exchange_receive(struct ranks *ranks, starpu_data_handle_t handle, int from, int64_t tag,
                     struct error *err);

#endif

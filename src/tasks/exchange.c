#include "tasks/exchange.h"

#include "ranks/connection.h"

#include <starpu_mpi.h>
#include <string.h>

static int outcome(int code, const char *what, struct error *err)
{
    return code == 0 ? 0 : error_set(err, EXIT_CODE_FAILED, "StarPU-MPI: %s: %s", what, strerror(-code));
}

int exchange_start(struct ranks *ranks, struct error *err)
{
    const int initialise_mpi = 0; /* ranks/ has done so */
    if (ranks->size == 1)
        return 0;
    return outcome(starpu_mpi_init_comm(NULL, NULL, initialise_mpi, ranks->connection->tasks), "starting",
                   err);
}

void exchange_stop(struct ranks *ranks)
{
    if (ranks->size > 1)
        starpu_mpi_shutdown();
}

int exchange_send(struct ranks *ranks, starpu_data_handle_t handle, int to, int64_t tag,
                  void (*sent)(void *context), void *context, struct error *err)
{
    return outcome(starpu_mpi_isend_detached(handle, to, tag, ranks->connection->tasks, sent, context),
                   "sending", err);
}

int exchange_receive(struct ranks *ranks, starpu_data_handle_t handle, int from, int64_t tag,
                     struct error *err)
{
    return outcome(starpu_mpi_irecv_detached(handle, from, tag, ranks->connection->tasks, NULL, NULL),
                   "receiving", err);
}

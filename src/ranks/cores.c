#include "ranks/cores.h"

#include "ranks/connection.h"

#include "base/memory.h"

#include <errno.h>
#include <sched.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static size_t core_at(const cpu_set_t *set, int position)
{
    size_t core = 0;
    while (!CPU_ISSET(core, set) || position-- > 0)
        core++;
    return core;
}

static int bind_share(const cpu_set_t *all, int position, int n_alike, struct error *err)
{
    int n_cores = CPU_COUNT(all);
    int first = n_cores >= n_alike ? position * n_cores / n_alike : position % n_cores;
    int end = n_cores >= n_alike ? (position + 1) * n_cores / n_alike : first + 1;
    cpu_set_t own;
    CPU_ZERO(&own);
    for (int k = first; k < end; k++)
        CPU_SET(core_at(all, k), &own);
    if (sched_setaffinity(0, sizeof own, &own) != 0)
        return error_set(err, EXIT_CODE_FAILED, "cannot take this rank's share of the cores: %s",
                         strerror(errno));
    return 0;
}

/* Where Open MPI's mpirun has bound this rank, its parent (mpirun, or its daemon on this computer) has all
 * that there is to bind to. */
static void find_launchers(cpu_set_t *set)
{
    bool is_bound = getenv("OMPI_MCA_orte_bound_at_launch") != NULL;
    if (sched_getaffinity(is_bound ? getppid() : 0, sizeof *set, set) != 0)
        CPU_ZERO(set);
}

int cores_count_alone(void)
{
    cpu_set_t usable;
    find_launchers(&usable);
    return CPU_COUNT(&usable) > 0 ? CPU_COUNT(&usable) : 1;
}

int cores_count(MPI_Comm host, int *n_cores, struct error *err)
{
    cpu_set_t usable;
    find_launchers(&usable);
    int code = MPI_Allreduce(MPI_IN_PLACE, &usable, sizeof usable, MPI_BYTE, MPI_BOR, host);
    *n_cores = CPU_COUNT(&usable) > 0 ? CPU_COUNT(&usable) : 1;
    return connection_check(code, "asking for the launcher's cores", err);
}

int cores_bind(MPI_Comm host, struct error *err)
{
    int local, n_local;
    MPI_Comm_rank(host, &local);
    MPI_Comm_size(host, &n_local);
    cpu_set_t own;
    cpu_set_t *all = memory_zeroed((size_t)n_local, sizeof *all, "the ranks' cores", err);
    if (all == NULL)
        return err->code;
    if (sched_getaffinity(0, sizeof own, &own) != 0)
        CPU_ZERO(&own);
    int code = MPI_Allgather(&own, sizeof own, MPI_BYTE, all, sizeof own, MPI_BYTE, host);
    int position = 0, n_alike = 0; /* this rank among those that may use the same cores */
    for (int r = 0; r < n_local; r++)
        if (CPU_EQUAL(&all[r], &own)) {
            position += r < local;
            n_alike++;
        }
    free(all);
    if (connection_check(code, "asking for the ranks' cores", err) != 0 || n_alike == 1 ||
        CPU_COUNT(&own) == 0)
        return err->code;
    return bind_share(&own, position, n_alike, err);
}

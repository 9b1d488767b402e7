#include "ranks/ranks.h"

#include "ranks/connection.h"
#include "ranks/cores.h"
#include "ranks/watch.h"

#include "base/memory.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { END_S = 20 }; /* how long MPI's own end may take */

/* How many processes a variable tells of; `otherwise` where it is not set. */
static int processes_told(const char *name, int otherwise)
{
    const char *value = getenv(name);
    return value != NULL ? atoi(value) : otherwise;
}

/* Whether a launcher started this process and others. It leaves variables: Open MPI's mpirun, PMI and PMIx
 * (srun). srun leaves those of the cluster's default with a task that is alone too, and an MPI that was not
 * built for them would end it. PMIx does not tell how many there are; Slurm does. */
static bool has_launcher(void)
{
    if (getenv("OMPI_COMM_WORLD_SIZE") != NULL)
        return true;
    if (getenv("PMI_RANK") != NULL && processes_told("PMI_SIZE", 1) > 1)
        return true;
    return getenv("PMIX_RANK") != NULL && processes_told("SLURM_STEP_NUM_TASKS", 2) > 1;
}

/* Refuses tasks of srun that do not know of each other: each would do the whole study. */
static int check_step(int size, struct error *err)
{
    int wanted = processes_told("SLURM_STEP_NUM_TASKS", 1);
    if (size > 1 || wanted <= 1)
        return 0;
    return error_set(
        err, EXIT_CODE_BAD_INPUT,
        "srun started %d tasks, but they do not know of each other; expected a launcher that MPI "
        "knows: srun --mpi=pmix, or mpirun",
        wanted);
}

static int alone(struct ranks *ranks, struct error *err)
{
    *ranks = (struct ranks){.size = 1, .n_machines = 1, .n_local = 1, .n_hosts = 1, .first_on_host = true};
    ranks->n_host_cores = cores_count_alone();
    gethostname(ranks->host, sizeof ranks->host - 1);
    ranks->machine_of = memory_zeroed(1, sizeof *ranks->machine_of, "the rank", err);
    ranks->round_robin = memory_zeroed(1, sizeof *ranks->round_robin, "the rank", err);
    return err->code;
}

/* Fills `round_robin`: the first rank of each machine, then the second of each, and so on. */
static int deal(struct ranks *ranks, struct error *err)
{
    int *seen = memory_zeroed((size_t)ranks->n_machines, sizeof *seen, "the ranks", err);
    int *local = memory_zeroed((size_t)ranks->size, sizeof *local, "the ranks", err);
    int next = 0;
    for (int r = 0; err->code == 0 && r < ranks->size; r++)
        local[r] = seen[ranks->machine_of[r]]++;
    for (int turn = 0; err->code == 0 && next < ranks->size; turn++)
        for (int r = 0; r < ranks->size; r++)
            if (local[r] == turn)
                ranks->round_robin[next++] = r;
    if (err->code == 0) {
        ranks->machine = ranks->machine_of[ranks->rank];
        ranks->local = local[ranks->rank];
        ranks->n_local = seen[ranks->machine];
    }
    free(seen);
    free(local);
    return err->code;
}

/* Fills machine_of. `lowest`: the lowest rank of this rank's machine. */
static int number_machines(struct ranks *ranks, int lowest, struct error *err)
{
    int *lowest_of = memory_zeroed((size_t)ranks->size, sizeof *lowest_of, "the ranks", err);
    if (lowest_of == NULL)
        return err->code;
    int code = MPI_Allgather(&lowest, 1, MPI_INT, lowest_of, 1, MPI_INT, ranks->connection->world);
    if (connection_check_told(ranks, code, "asking who stands where", err) == 0) {
        ranks->n_machines = 0;
        for (int r = 0; r < ranks->size; r++)
            ranks->machine_of[r] = lowest_of[r] == r ? ranks->n_machines++ : ranks->machine_of[lowest_of[r]];
        deal(ranks, err);
    }
    free(lowest_of);
    return err->code;
}

static int find_machines(struct ranks *ranks, struct error *err)
{
    MPI_Comm host;
    int lowest = ranks->rank;
    int code = MPI_Comm_split_type(ranks->connection->world, MPI_COMM_TYPE_SHARED, ranks->rank, MPI_INFO_NULL,
                                   &host);
    if (code == MPI_SUCCESS) {
        code = MPI_Bcast(&lowest, 1, MPI_INT, 0, host);
        if (code == MPI_SUCCESS &&
            (cores_count(host, &ranks->n_host_cores, err) != 0 || cores_bind(host, err) != 0))
            return err->code;
        MPI_Comm_free(&host);
    }
    if (connection_check(code, "asking who stands where", err) != 0 ||
        number_machines(ranks, lowest, err) != 0)
        return err->code;
    ranks->n_hosts = ranks->n_machines;
    ranks->first_on_host = ranks->local == 0;
    return connection_split(ranks, err);
}

static int join(struct ranks *ranks, struct error *err)
{
    struct connection *connection = memory_zeroed(1, sizeof *connection, "the other ranks", err);
    if (connection == NULL)
        return err->code;
    connection->machine = connection->leaders = MPI_COMM_NULL;
    ranks->connection = connection;
    MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
    int code = MPI_Comm_dup(MPI_COMM_WORLD, &connection->world);
    if (code == MPI_SUCCESS)
        code = MPI_Comm_dup(MPI_COMM_WORLD, &connection->tasks);
    if (code == MPI_SUCCESS)
        code = MPI_Comm_dup(MPI_COMM_WORLD, &connection->watcher.comm);
    free(ranks->machine_of);
    free(ranks->round_robin);
    ranks->machine_of = memory_zeroed((size_t)ranks->size, sizeof *ranks->machine_of, "the ranks", err);
    ranks->round_robin = memory_zeroed((size_t)ranks->size, sizeof *ranks->round_robin, "the ranks", err);
    if (connection_check(code, "joining the other ranks", err) != 0 || err->code != 0 ||
        find_machines(ranks, err) != 0)
        return err->code;
    return watcher_start(&connection->watcher, ranks, err);
}

int ranks_open(struct ranks *ranks, struct error *err)
{
    if (alone(ranks, err) != 0)
        return err->code;
    if (!has_launcher())
        return check_step(1, err);
    setenv("OMPI_MCA_mpi_yield_when_idle", "1", 0); /* StarPU's MPI thread spins while it waits */
    int provided;
    int code = MPI_Init_thread(NULL, NULL, MPI_THREAD_MULTIPLE, &provided);
    if (connection_check(code, "starting", err) != 0)
        return err->code;
    MPI_Comm_rank(MPI_COMM_WORLD, &ranks->rank);
    MPI_Comm_size(MPI_COMM_WORLD, &ranks->size);
    if (ranks->size == 1) {
        MPI_Finalize();
        return check_step(1, err);
    }
    if (provided < MPI_THREAD_MULTIPLE)
        return error_set(err, EXIT_CODE_FAILED,
                         "this MPI library cannot be called by several threads (MPI_THREAD_MULTIPLE)");
    return join(ranks, err);
}

int ranks_separate(struct ranks *ranks, struct error *err)
{
    if (ranks->connection == NULL)
        return 0;
    if (number_machines(ranks, ranks->rank, err) != 0)
        return err->code;
    return connection_split(ranks, err);
}

static void forget(struct ranks *ranks)
{
    free(ranks->connection);
    free(ranks->machine_of);
    free(ranks->round_robin);
    *ranks = (struct ranks){.size = 1, .n_machines = 1, .n_local = 1, .n_hosts = 1, .first_on_host = true};
}

/* A signal handler can reach nothing but a global. */
static volatile sig_atomic_t code_at_end;

static void end_at_once(int number)
{
    (void)number;
    _exit(code_at_end);
}

/* Ends MPI, or the process if that takes too long: all files are closed and all ranks know the outcome, so
 * nothing is lost. */
static void finalize(int code)
{
    struct sigaction action = {.sa_handler = end_at_once};
    sigemptyset(&action.sa_mask);
    code_at_end = code;
    if (sigaction(SIGALRM, &action, NULL) == 0)
        alarm(END_S);
    MPI_Finalize();
    alarm(0);
}

void ranks_close(struct ranks *ranks, int code)
{
    struct connection *connection = ranks->connection;
    if (connection != NULL) {
        watcher_end(&connection->watcher);
        if (connection->machine != MPI_COMM_NULL)
            MPI_Comm_free(&connection->machine);
        if (connection->leaders != MPI_COMM_NULL)
            MPI_Comm_free(&connection->leaders);
        finalize(code);
    }
    forget(ranks);
}

void ranks_exit(struct ranks *ranks, int code)
{
    if (ranks->connection != NULL)
        watcher_end(&ranks->connection->watcher);
    _exit(code);
}

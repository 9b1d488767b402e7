#include "ranks/connection.h"

#include "ranks/watch.h"

#include <time.h>

int connection_check(int code, const char *what, struct error *err)
{
    if (code == MPI_SUCCESS)
        return 0;
    char text[MPI_MAX_ERROR_STRING];
    int length;
    if (MPI_Error_string(code, text, &length) != MPI_SUCCESS)
        text[0] = '\0';
    return error_set(err, EXIT_CODE_FAILED, "MPI: %s: %s", what, text);
}

int connection_check_told(struct ranks *ranks, int code, const char *what, struct error *err)
{
    if (connection_check(code, what, err) == 0)
        return 0;
    if (ranks->connection->watcher.is_running)
        watch_post_failure(ranks, err);
    return err->code;
}

int connection_wait(struct ranks *ranks, MPI_Request *request, bool bulk, struct error *err)
{
    const long longest_ns = bulk ? 20000 : 1000000;
    struct timespec step = {.tv_nsec = 10000};
    for (;;) {
        int done = 0;
        int code = MPI_Test(request, &done, MPI_STATUS_IGNORE);
        if (connection_check_told(ranks, code, "waiting for other ranks", err) != 0)
            return err->code;
        if (done)
            return 0;
        if (watch_failed(ranks))
            return watch_failure(ranks, err);
        nanosleep(&step, NULL);
        step.tv_nsec = step.tv_nsec * 2 < longest_ns ? step.tv_nsec * 2 : longest_ns;
    }
}

static void free_split(struct connection *connection)
{
    if (connection->machine != MPI_COMM_NULL)
        MPI_Comm_free(&connection->machine);
    if (connection->leaders != MPI_COMM_NULL)
        MPI_Comm_free(&connection->leaders);
}

int connection_split(struct ranks *ranks, struct error *err)
{
    struct connection *connection = ranks->connection;
    free_split(connection);
    int code = MPI_Comm_split(connection->world, ranks->machine, ranks->rank, &connection->machine);
    if (code == MPI_SUCCESS)
        code = MPI_Comm_split(connection->world, ranks->local == 0 ? 0 : MPI_UNDEFINED, ranks->machine,
                              &connection->leaders);
    return connection_check_told(ranks, code, "dividing ranks by machine", err);
}

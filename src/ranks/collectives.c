#include "ranks/collectives.h"

#include "ranks/connection.h"
#include "ranks/watch.h"

#include "base/memory.h"

#include <limits.h>
#include <string.h>

enum { TAG_COPY = 2, MOST_BYTES = 1 << 30 /* of a message: MPI counts in int */ };

/* Whether there is nobody to ask: one rank, or an agreed error, or a rank that has failed, whose error is
 * set. */
static bool cannot_ask(const struct ranks *ranks, struct error *err)
{
    if (ranks->connection == NULL || ranks->ended)
        return true;
    if (watch_failed(ranks))
        return watch_failure(ranks, err) != 0;
    return false;
}

static int wait_for(struct ranks *ranks, int code, MPI_Request *request, bool bulk, struct error *err)
{
    if (connection_check_told(ranks, code, "talking to other ranks", err) != 0)
        return err->code;
    return connection_wait(ranks, request, bulk, err);
}

static int broadcast(struct ranks *ranks, void *data, size_t bytes, int root, struct error *err)
{
    for (size_t at = 0; err->code == 0 && at < bytes; at += MOST_BYTES) {
        MPI_Request request;
        size_t left = bytes - at;
        int code = MPI_Ibcast((char *)data + at, left < MOST_BYTES ? (int)left : MOST_BYTES, MPI_BYTE, root,
                              ranks->connection->world, &request);
        wait_for(ranks, code, &request, bytes > 1 << 16, err);
    }
    return err->code;
}

int collectives_agree(struct ranks *ranks, struct error *err)
{
    if (cannot_ask(ranks, err))
        return err->code;
    int mine = err->code != 0 ? ranks->rank : INT_MAX, first = INT_MAX;
    struct error waiting = {0};
    MPI_Request request;
    int code = MPI_Iallreduce(&mine, &first, 1, MPI_INT, MPI_MIN, ranks->connection->world, &request);
    if (wait_for(ranks, code, &request, false, &waiting) != 0 || first == INT_MAX) {
        *err = waiting;
        return err->code;
    }
    if (first == ranks->rank && first != 0 && err->code != EXIT_CODE_STOPPED)
        error_append(err, " (rank %d on %s)", ranks->rank, ranks->host);
    if (broadcast(ranks, err, sizeof *err, first, &waiting) != 0)
        *err = waiting;
    ranks->ended = true;
    return err->code;
}

int collectives_broadcast(struct ranks *ranks, void *data, size_t bytes, int root, struct error *err)
{
    if (err->code != 0 || cannot_ask(ranks, err))
        return err->code;
    return broadcast(ranks, data, bytes, root, err);
}

int collectives_broadcast_text(struct ranks *ranks, char **text, struct error *err)
{
    uint64_t bytes = ranks->rank == 0 ? strlen(*text) + 1 : 0;
    if (collectives_broadcast(ranks, &bytes, sizeof bytes, 0, err) != 0 || ranks->size == 1)
        return err->code;
    if (ranks->rank != 0)
        *text = memory_zeroed(bytes, 1, "a text of rank 0", err);
    collectives_agree(ranks, err);
    return collectives_broadcast(ranks, *text, bytes, 0, err);
}

static int reduce(struct ranks *ranks, int64_t *values, size_t count, MPI_Op operation, struct error *err)
{
    if (err->code != 0 || cannot_ask(ranks, err))
        return err->code;
    MPI_Request request;
    int code = MPI_Iallreduce(MPI_IN_PLACE, values, (int)count, MPI_INT64_T, operation,
                              ranks->connection->world, &request);
    return wait_for(ranks, code, &request, false, err);
}

int collectives_sum(struct ranks *ranks, int64_t *values, size_t count, struct error *err)
{
    return reduce(ranks, values, count, MPI_SUM, err);
}

int collectives_largest(struct ranks *ranks, int64_t *values, size_t count, struct error *err)
{
    return reduce(ranks, values, count, MPI_MAX, err);
}

int collectives_any(struct ranks *ranks, bool asked, bool *any, struct error *err)
{
    int64_t count = asked;
    collectives_sum(ranks, &count, 1, err);
    *any = count > 0;
    return err->code;
}

int collectives_copy(struct ranks *ranks, void *data, size_t bytes, int from, int to, struct error *err)
{
    if (from == to || (ranks->rank != from && ranks->rank != to) || cannot_ask(ranks, err))
        return err->code;
    for (size_t at = 0; err->code == 0 && at < bytes; at += MOST_BYTES) {
        int n = bytes - at < MOST_BYTES ? (int)(bytes - at) : MOST_BYTES, code;
        char *part = (char *)data + at;
        MPI_Request request;
        if (ranks->rank == from)
            code = MPI_Isend(part, n, MPI_BYTE, to, TAG_COPY, ranks->connection->world, &request);
        else
            code = MPI_Irecv(part, n, MPI_BYTE, from, TAG_COPY, ranks->connection->world, &request);
        wait_for(ranks, code, &request, true, err);
    }
    return err->code;
}

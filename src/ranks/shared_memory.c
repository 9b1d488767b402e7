#include "ranks/shared_memory.h"

#include "ranks/collectives.h"
#include "ranks/connection.h"
#include "ranks/watch.h"

#include "base/machine.h"
#include "base/memory.h"

#include <math.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

enum { TAG_BROADCAST = 3, ALIGNMENT = 64, MOST_BYTES = 1 << 30 /* MPI counts in int */ };

struct shared_memory_window {
    MPI_Win window;
};

static void *aligned(void *bytes)
{
    return (void *)(((uintptr_t)bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
}

/* Open MPI backs the memory by a file in this folder. A process that touches memory for which there is no
 * room is killed, so room is checked first. Memory that nobody has written yet takes none, so what is
 * promised is counted. */
static const char backing_folder[] = "/dev/shm";

static double room_left(struct connection *connection, double free_bytes)
{
    if (connection->promised_bytes == 0)
        connection->room_bytes = free_bytes;
    return fmin(free_bytes, connection->room_bytes - connection->promised_bytes);
}

/* Open MPI asks for 5 % more than an array takes, and adds a page and what it keeps of each rank. */
static double bytes_needed(double bytes)
{
    const double share = 1.05, beside = 1 << 20;
    return bytes * share + beside;
}

static int refuse(const char *where, double bytes, const char *suffix, double needed, const char *what,
                  struct error *err)
{
    return error_set(err, EXIT_CODE_FAILED,
                     "%s: %.0f MB%s; expected %.0f MB for %s, which the ranks of a machine share "
                     "(run: {shared_memory: false} gives each a copy of its own)",
                     where, floor(bytes / 1e6), suffix, ceil(needed / 1e6), what);
}

static int check_free(const struct ranks *ranks, double needed, const char *what, struct error *err)
{
    double bytes = room_left(ranks->connection, machine_room_bytes(backing_folder));
    return needed > bytes ? refuse(backing_folder, bytes, " free", needed, what, err) : 0;
}

int shared_memory_check_room(const struct ranks *ranks, double bytes, const char *what, struct error *err)
{
    return ranks->n_local > 1 ? check_free(ranks, bytes, what, err) : 0;
}

static int check_room_here(const struct shared_memory *memory, const struct ranks *ranks, const char *what,
                           struct error *err)
{
    double needed = bytes_needed((double)memory->count_bytes);
    struct rlimit longest;
    if (getrlimit(RLIMIT_FSIZE, &longest) == 0 && longest.rlim_cur != RLIM_INFINITY &&
        needed > (double)longest.rlim_cur)
        return refuse("the limit on the size of a file (ulimit -f)", (double)longest.rlim_cur, "", needed,
                      what, err);
    return check_free(ranks, needed, what, err);
}

static int check_room(const struct shared_memory *memory, struct ranks *ranks, const char *what,
                      struct error *err)
{
    if (ranks->local == 0 && ranks->n_local > 1)
        check_room_here(memory, ranks, what, err);
    return collectives_agree(ranks, err);
}

/* The first rank of the machine allocates the memory; the others map it. MPI_Win_allocate_shared waits for
 * all of them, so a rank in which it fails must tell those that are inside it. */
static int allocate(struct shared_memory *memory, struct ranks *ranks, const char *what, struct error *err)
{
    MPI_Aint bytes = ranks->local == 0 ? (MPI_Aint)(memory->count_bytes + ALIGNMENT) : 0;
    void *base = NULL;
    int unit;
    char doing[200];
    snprintf(doing, sizeof doing, "sharing memory for %s (run: {shared_memory: false} does without)", what);
    int code = MPI_Win_allocate_shared(bytes, 1, MPI_INFO_NULL, ranks->connection->machine, &base,
                                       &memory->opaque->window);
    if (code == MPI_SUCCESS)
        code = MPI_Win_shared_query(memory->opaque->window, 0, &bytes, &unit, &base);
    if (code == MPI_SUCCESS)
        code = MPI_Win_lock_all(MPI_MODE_NOCHECK, memory->opaque->window);
    if (connection_check_told(ranks, code, doing, err) == 0) {
        memory->bytes = aligned(base);
        ranks->connection->promised_bytes += (double)memory->count_bytes;
    }
    return err->code;
}

int shared_memory_open(struct shared_memory *memory, struct ranks *ranks, size_t count, size_t size,
                       const char *what, struct error *err)
{
    bool is_shared = ranks->connection != NULL && ranks->n_local > 1;
    *memory = (struct shared_memory){.count_bytes = count * size};
    if (is_shared)
        memory->opaque = memory_zeroed(1, sizeof *memory->opaque, what, err);
    if (check_room(memory, ranks, what, err) != 0)
        return err->code;
    if (is_shared)
        allocate(memory, ranks, what, err);
    else
        memory->bytes = memory_aligned(count, size, what, err);
    if (collectives_agree(ranks, err) != 0 && is_shared)
        memory->bytes = NULL; /* only all ranks together can give it back */
    return err->code;
}

void shared_memory_close(struct shared_memory *memory, struct ranks *ranks)
{
    if (memory->opaque != NULL && memory->bytes != NULL && !watch_failed(ranks)) {
        MPI_Win_unlock_all(memory->opaque->window);
        MPI_Win_free(&memory->opaque->window);
        ranks->connection->promised_bytes -= (double)memory->count_bytes;
    } else if (memory->opaque == NULL)
        free(memory->bytes);
    free(memory->opaque);
    *memory = (struct shared_memory){0};
}

int shared_memory_sync(struct ranks *ranks, struct error *err)
{
    atomic_thread_fence(memory_order_seq_cst);
    collectives_agree(ranks, err); /* all ranks have written */
    atomic_thread_fence(memory_order_seq_cst);
    return err->code;
}

/* Sends an array from the first rank of one machine to that of another. */
static int carry(struct ranks *ranks, void *at, size_t bytes, int from_machine, int to_machine,
                 struct error *err)
{
    MPI_Comm leaders = ranks->connection->leaders;
    for (size_t done = 0; err->code == 0 && done < bytes; done += MOST_BYTES) {
        int count = bytes - done < MOST_BYTES ? (int)(bytes - done) : MOST_BYTES, code;
        MPI_Request request;
        if (ranks->machine == from_machine)
            code =
                MPI_Isend((char *)at + done, count, MPI_BYTE, to_machine, TAG_BROADCAST, leaders, &request);
        else
            code =
                MPI_Irecv((char *)at + done, count, MPI_BYTE, from_machine, TAG_BROADCAST, leaders, &request);
        if (connection_check_told(ranks, code, "sending arrays", err) == 0)
            connection_wait(ranks, &request, true, err);
    }
    return err->code;
}

static int carry_to_all(struct ranks *ranks, void *at, size_t bytes, int from_machine, struct error *err)
{
    for (size_t done = 0; err->code == 0 && done < bytes; done += MOST_BYTES) {
        int count = bytes - done < MOST_BYTES ? (int)(bytes - done) : MOST_BYTES;
        MPI_Request request;
        int code = MPI_Ibcast((char *)at + done, count, MPI_BYTE, from_machine, ranks->connection->leaders,
                              &request);
        if (connection_check_told(ranks, code, "sending arrays", err) == 0)
            connection_wait(ranks, &request, true, err);
    }
    return err->code;
}

int shared_memory_broadcast(struct ranks *ranks, void *at, size_t bytes, int root, const bool *wants,
                            struct error *err)
{
    if (ranks->n_machines == 1 || ranks->local != 0)
        return err->code;
    int from = ranks->machine_of[root], n_others = 0;
    for (int machine = 0; machine < ranks->n_machines; machine++)
        n_others += machine != from && (wants == NULL || wants[machine]);
    if (n_others == ranks->n_machines - 1) /* a broadcast is quicker than messages one by one */
        return carry_to_all(ranks, at, bytes, from, err);
    for (int machine = 0; err->code == 0 && machine < ranks->n_machines; machine++)
        if (machine != from && wants[machine] && (ranks->machine == from || ranks->machine == machine))
            carry(ranks, at, bytes, from, machine, err);
    return err->code;
}

int shared_memory_spread(struct ranks *ranks, void *at, size_t bytes, struct error *err)
{
    bool *all = memory_zeroed((size_t)ranks->n_machines, sizeof *all, "the machines", err);
    for (int machine = 0; all != NULL && machine < ranks->n_machines; machine++)
        all[machine] = true;
    if (shared_memory_sync(ranks, err) == 0)
        shared_memory_broadcast(ranks, at, bytes, 0, all, err);
    free(all);
    return shared_memory_sync(ranks, err);
}

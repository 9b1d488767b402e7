#include "tasks/block_loop.h"

#include "codelets/run_status.h"
#include "ranks/collectives.h"

static int64_t units_reduced(struct block_loop *loop)
{
    return atomic_load(&loop->n_reduced) / loop->pieces_of_unit;
}

/* Says how much is still being finished. */
static void tell_stopping(struct block_loop *loop)
{
    const struct progress_sink *progress = loop->progress;
    if (progress->stopping != NULL)
        progress->stopping(progress->context, loop->n_units_submitted - units_reduced(loop));
}

/* How much may be in flight while the loop waits, and the campaign's progress meanwhile. */
struct wait {
    size_t most_blocks, most_messages;
    bool may_stop;          /* waiting ends when somebody asks to stop */
    int64_t already, total; /* units done before, counted by rank 0; units of the study */
};

static void wait_for_room(struct block_loop *loop, const struct wait *wait)
{
    const struct progress_sink *progress = loop->progress;
    for (bool room = false; !room;) {
        room = in_flight_has_room(&loop->in_flight, wait->most_blocks, wait->most_messages);
        runtime_adopt_failure(loop->runtime);
        progress->update(progress->context, wait->already + units_reduced(loop), wait->total);
        if (run_status_failed(loop->runtime->status) || (wait->may_stop && progress_stop_requested(progress)))
            return;
    }
}

void block_loop_wait_for_messages(struct block_loop *loop)
{
    while (!in_flight_has_room(&loop->in_flight, SIZE_MAX, 0) && !run_status_failed(loop->runtime->status))
        runtime_adopt_failure(loop->runtime);
}

static bool should_stop(struct block_loop *loop, struct error *err)
{
    bool asked = progress_stop_requested(loop->progress), any = asked;
    if (loop->stops_together)
        collectives_any(loop->runtime->ranks, asked, &any, err);
    return any || err->code != 0;
}

static int submit_all(struct block_loop *loop, struct unit_blocks *blocks, struct error *err)
{
    int64_t already = loop->runtime->ranks->rank == 0 ? blocks->n_units - blocks->n_left : 0;
    struct wait for_room = {loop->most_blocks, loop->most_messages, true, already, blocks->n_units};
    struct wait for_all = {.already = already, .total = blocks->n_units};
    struct unit_block block;
    while (unit_blocks_next(blocks, &block)) {
        bool part = loop->takes_part(loop->context, &block);
        if (part)
            wait_for_room(loop, &for_room);
        if (run_status_failed(loop->runtime->status))
            return 0; /* runtime_wait tells */
        if (should_stop(loop, err)) {
            if (err->code == 0)
                tell_stopping(loop);
            wait_for_room(loop, &for_all);
            return err->code != 0 ? err->code : error_set(err, EXIT_CODE_STOPPED, "stopped on request");
        }
        if (part && loop->submit(loop->context, &block, err) != 0)
            return err->code;
    }
    wait_for_room(loop, &for_all);
    return 0;
}

int block_loop_run(struct block_loop *loop, struct unit_blocks *blocks, struct error *err)
{
    struct error stopped = {0};
    submit_all(loop, blocks, err);
    if (err->code == EXIT_CODE_STOPPED) { /* nothing failed: what was in flight is saved */
        stopped = *err;
        *err = (struct error){0};
    }
    if (runtime_wait(loop->runtime, NULL, NULL, err) == 0)
        *err = stopped;
    return err->code;
}

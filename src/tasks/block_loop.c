#include "tasks/block_loop.h"

#include "codelets/run_status.h"

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

/* Submits a block, once there is room for it. Before the ranks have agreed to stop, waiting ends when
 * somebody asks for it, and *asked says so. */
static int submit_next(struct block_loop *loop, const struct unit_block *block, struct wait *for_room,
                       bool *asked, struct error *err)
{
    wait_for_room(loop, for_room);
    *asked = for_room->may_stop && progress_stop_requested(loop->progress);
    if (*asked || run_status_failed(loop->runtime->status)) /* runtime_wait tells of a failure */
        return 0;
    return loop->submit(loop->context, block, err);
}

static int stopped(struct error *err)
{
    return error_set(err, EXIT_CODE_STOPPED, "stopped on request");
}

/* Where every rank has its blocks for itself. */
static int submit_own(struct block_loop *loop, struct unit_blocks *blocks, struct wait *for_room,
                      struct error *err)
{
    struct unit_block block;
    bool asked = false;
    while (err->code == 0 && unit_blocks_next(blocks, &block) && !run_status_failed(loop->runtime->status)) {
        if (loop->takes_part(loop->context, &block))
            submit_next(loop, &block, for_room, &asked, err);
        else
            asked = progress_stop_requested(loop->progress);
        if (!asked)
            continue;
        tell_stopping(loop);
        return stopped(err);
    }
    return err->code;
}

/* Where ranks hand blocks on to one another; they stop together (tasks/common_stop.h). */
static int submit_common(struct block_loop *loop, struct unit_blocks *blocks, struct wait *for_room,
                         struct error *err)
{
    struct common_stop *stop = loop->common_stop;
    struct unit_block block;
    bool left_out = false;
    for (int64_t position = 0;
         err->code == 0 && unit_blocks_next(blocks, &block) && !run_status_failed(loop->runtime->status);
         position++) {
        size_t lane = (size_t)block.number % stop->n_lanes;
        bool asked = false;
        if (!loop->takes_part(loop->context, &block))
            continue;
        if (!stop->is_agreed && submit_next(loop, &block, for_room, &asked, err) == 0 && !asked) {
            common_stop_begin(stop, lane, position);
            continue;
        }
        if (asked) {
            tell_stopping(loop);
            common_stop_agree(stop, loop->runtime->ranks, err);
            for_room->may_stop = false;
        }
        if (err->code == 0 && common_stop_finishes(stop, lane, position))
            submit_next(loop, &block, for_room, &asked, err);
        else
            left_out = true;
    }
    return left_out && err->code == 0 ? stopped(err) : err->code;
}

/* What is in flight is finished. A rank that another one asks to agree must not wait for that rank. */
static void wait_for_all(struct block_loop *loop, struct wait *wait, struct error *err)
{
    struct common_stop *stop = loop->common_stop;
    struct error disagreed = {0};
    bool agrees = stop != NULL && !stop->is_agreed && (err->code == 0 || err->code == EXIT_CODE_STOPPED);
    wait->may_stop = agrees;
    wait_for_room(loop, wait);
    if (!agrees || run_status_failed(loop->runtime->status))
        return;
    if (common_stop_agree(stop, loop->runtime->ranks, &disagreed) != 0)
        *err = disagreed;
    wait->may_stop = false;
    wait_for_room(loop, wait);
}

static int submit_all(struct block_loop *loop, struct unit_blocks *blocks, struct error *err)
{
    int64_t already = loop->runtime->ranks->rank == 0 ? blocks->n_units - blocks->n_left : 0;
    struct wait for_room = {loop->most_blocks, loop->most_messages, true, already, blocks->n_units};
    struct wait for_all = {.already = already, .total = blocks->n_units};
    if (loop->common_stop == NULL)
        submit_own(loop, blocks, &for_room, err);
    else
        submit_common(loop, blocks, &for_room, err);
    if (err->code == 0 || err->code == EXIT_CODE_STOPPED)
        wait_for_all(loop, &for_all, err);
    return err->code;
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

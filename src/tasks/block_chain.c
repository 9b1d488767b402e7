#include "tasks/block_chain.h"

#include "codelets/load_sums.h"
#include "planning/buffers.h"
#include "tasks/handles.h"

/* The rank's link is the same in all its lanes: it is that of its machine. */
static int find_link(const struct fold_chains *chains, int rank)
{
    int link = -1;
    for (int lane = 0; link < 0 && lane < chains->n_lanes; lane++)
        link = fold_chains_link(chains, lane, rank);
    return link;
}

int block_chain_init(struct block_chain *chain, struct error *err)
{
    chain->link = find_link(chain->chains, chain->runtime->ranks->rank);
    if (in_flight_init(&chain->loop.in_flight, err) != 0 ||
        common_stop_init(&chain->common_stop, (size_t)chain->chains->n_lanes, err) != 0)
        return err->code;
    starpu_void_data_register(&chain->file);
    starpu_void_data_register(&chain->from_file);
    return 0;
}

void block_chain_free(struct block_chain *chain)
{
    handles_unregister(&chain->file, 1);
    handles_unregister(&chain->from_file, 1);
    common_stop_free(&chain->common_stop);
    in_flight_free(&chain->loop.in_flight);
}

bool block_chain_sends(const struct block_chain *chain)
{
    return chain->link + 1 != chain->chains->n_links;
}

bool block_chain_receives(const struct block_chain *chain)
{
    return chain->link > 0;
}

int block_chain_lane(const struct block_chain *chain, const struct unit_block *block)
{
    return (int)(block->number % chain->chains->n_lanes);
}

struct hand_on block_chain_hand_on(struct block_chain *chain)
{
    return (struct hand_on){chain->runtime->ranks, chain->chains, chain->link, &chain->loop.in_flight};
}

atomic_llong *block_chain_counter(struct block_chain *chain)
{
    return block_chain_sends(chain) ? &chain->n_handed_on : &chain->loop.n_reduced;
}

/* Soon: it waits for the disk alone. */
int block_chain_load(struct block_chain *chain, const struct unit_block *block, float *rows, double *state,
                     starpu_data_handle_t loaded, struct error *err)
{
    const int soon = 1;
    struct load_sums_args args = {.status = chain->runtime->status,
                                  .units = chain->from,
                                  .first_unit = block->first,
                                  .n_units = block->count,
                                  .rows = rows,
                                  .state = state};
    return load_sums_submit(&args, loaded, chain->from_file, soon, err);
}

int block_chain_save(struct block_chain *chain, const struct unit_block *block, struct save_block_args save,
                     const starpu_data_handle_t *handles, struct error *err)
{
    const int first_of_all = 2;
    if (block_chain_sends(chain))
        return 0;
    save.status = chain->runtime->status;
    save.units = chain->units;
    save.first_unit = block->first;
    save.n_units = block->count;
    save.done = (struct save_block_done){in_flight_block_saved, &chain->loop.in_flight};
    chain->loop.n_units_submitted += block->count;
    in_flight_add_block(&chain->loop.in_flight);
    return save_block_submit(&save, handles, chain->file, first_of_all, err);
}

static bool takes_part(const void *context, const struct unit_block *block)
{
    const struct block_chain *chain = context;
    int lane = block_chain_lane(chain, block);
    return fold_chains_link(chain->chains, lane, chain->runtime->ranks->rank) >= 0;
}

static int submit(void *context, const struct unit_block *block, struct error *err)
{
    const struct block_chain *chain = context;
    return chain->submit(chain->context, block, err);
}

int block_chain_run(struct block_chain *chain, struct unit_blocks *blocks, long long pieces,
                    size_t most_messages, const struct progress_sink *progress, struct error *err)
{
    struct block_loop *loop = &chain->loop;
    loop->runtime = chain->runtime;
    loop->progress = progress;
    loop->pieces_of_unit = pieces;
    loop->most_blocks = BUFFERS_BLOCKS - 1;
    loop->most_messages = most_messages;
    loop->common_stop = chain->chains->n_links > 1 ? &chain->common_stop : NULL;
    loop->context = chain;
    loop->takes_part = takes_part;
    loop->submit = submit;
    return block_loop_run(loop, blocks, err);
}

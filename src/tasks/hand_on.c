#include "tasks/hand_on.h"

#include "tasks/exchange.h"

/* No other message between two ranks has them. */
static int64_t rows_tag(const struct hand_on_group *group)
{
    return 2 * group->row;
}

static int64_t state_tag(const struct hand_on_group *group)
{
    return 2 * group->row + 1;
}

int hand_on_receive(const struct hand_on *to, const struct hand_on_group *group, struct error *err)
{
    int sender = fold_chains_rank(to->chains, group->lane, to->link - 1);
    if (exchange_receive(to->ranks, group->rows, sender, rows_tag(group), err) != 0 || group->state == NULL)
        return err->code;
    return exchange_receive(to->ranks, group->state, sender, state_tag(group), err);
}

static int send(const struct hand_on *from, starpu_data_handle_t handle, int lane, int64_t tag,
                struct error *err)
{
    int receiver = fold_chains_rank(from->chains, lane, from->link + 1);
    in_flight_add_message(from->in_flight);
    return exchange_send(from->ranks, handle, receiver, tag, in_flight_message_sent, from->in_flight, err);
}

int hand_on_send(const struct hand_on *from, const struct hand_on_group *group, struct error *err)
{
    if (send(from, group->rows, group->lane, rows_tag(group), err) != 0 || group->state == NULL)
        return err->code;
    return send(from, group->state, group->lane, state_tag(group), err);
}

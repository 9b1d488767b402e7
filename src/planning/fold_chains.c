#include "planning/fold_chains.h"

int fold_chains_links(int n_machines, size_t n_folds)
{
    return (size_t)n_machines < n_folds ? n_machines : (int)n_folds;
}

static int most_ranks(const struct placement *placement)
{
    int most = 0;
    for (int m = 0; m < placement->n_machines; m++) {
        int count = placement->first_rank[m + 1] - placement->first_rank[m];
        most = count > most ? count : most;
    }
    return most;
}

struct fold_chains fold_chains_of(const struct placement *placement, struct fold_span folds)
{
    struct fold_chains chains = {placement, folds, 1, placement->n_ranks, placement->n_ranks};
    if (placement->kind == PLACEMENT_REPLICATE)
        return chains;
    chains.n_links = fold_chains_links(placement->n_machines, folds.count);
    chains.n_chains = placement->n_machines / chains.n_links;
    chains.n_lanes = chains.n_chains * most_ranks(placement);
    return chains;
}

struct fold_span fold_chains_folds(const struct fold_chains *chains, int machine)
{
    if (chains->placement->kind == PLACEMENT_REPLICATE)
        return chains->folds;
    if (machine >= chains->n_chains * chains->n_links)
        return (struct fold_span){chains->folds.first, 0};
    size_t link = (size_t)(machine % chains->n_links), n_links = (size_t)chains->n_links;
    size_t first = chains->folds.count * link / n_links, end = chains->folds.count * (link + 1) / n_links;
    return (struct fold_span){chains->folds.first + first, end - first};
}

int fold_chains_rank(const struct fold_chains *chains, int lane, int link)
{
    if (chains->placement->kind == PLACEMENT_REPLICATE)
        return lane;
    int machine = lane % chains->n_chains * chains->n_links + link;
    return placement_rank(chains->placement, machine, lane / chains->n_chains);
}

int fold_chains_link(const struct fold_chains *chains, int lane, int rank)
{
    for (int link = 0; link < chains->n_links; link++)
        if (fold_chains_rank(chains, lane, link) == rank)
            return link;
    return -1;
}

void fold_chains_workers(const struct fold_chains *chains, const int64_t *workers, int64_t *of_lane)
{
    for (int lane = 0; lane < chains->n_lanes; lane++) {
        of_lane[lane] = workers[fold_chains_rank(chains, lane, 0)];
        for (int link = 1; link < chains->n_links; link++) {
            int64_t here = workers[fold_chains_rank(chains, lane, link)];
            of_lane[lane] = here < of_lane[lane] ? here : of_lane[lane];
        }
    }
}

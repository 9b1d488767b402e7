/* What stands beside a campaign and is no HDF5: by the first byte the block of associations that a run finds,
 * its checksums believed, or the lock with the line of whoever holds it. */
#include "checkpoint/campaign.h"
#include "checkpoint/campaign_lock.h"
#include "fuzz.h"
#include "tasks/maximum_part.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TILES = 40, MOST_FLOATS = 1 << 14 };

/* As a run asks: which blocks are there, and with which values one begins. */
static void go_on(const char *campaign_path, const char *path, const uint8_t *data, size_t size)
{
    uint64_t study = 0;
    struct error err = {0};
    struct block_file *found = NULL;
    struct maximum_part part;
    size_t count = 0;
    if (size >= 16 + sizeof study)
        memcpy(&study, data + 16, sizeof study); /* it is this study's */
    if (block_file_find(campaign_path, study, &found, &count, &err) == 0 && count > 1)
        abort(); /* there is one file */
    free(found);
    if (count == 1 && maximum_part_init(&part, path, study, &err) == 0) {
        size_t n_floats = part.state.n_floats < MOST_FLOATS ? part.state.n_floats : MOST_FLOATS;
        float *largest = malloc((n_floats + 1) * sizeof *largest);
        if (largest == NULL)
            abort();
        if (maximum_part_begin(&part, part.state.first_unit, part.state.n_units, TILES, n_floats, largest) >
            TILES)
            abort(); /* tiles that there are not */
        free(largest);
    }
}

static void look_at_lock(const char *campaign_path, const char *path)
{
    char holder[CAMPAIGN_HOLDER_BYTES];
    enum lock_state state;
    struct error err = {0};
    int64_t n_done, since;
    static const struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    int descriptor = open(path, O_RDWR | O_CLOEXEC), own = -1;
    if (descriptor < 0 || fcntl(descriptor, F_OFD_SETLK, &whole) != 0)
        abort();
    campaign_lock_holder(campaign_path, &state, holder, &err); /* held */
    campaign_lock_begun(campaign_path, &n_done, &since);
    err = (struct error){0};
    if (campaign_lock_take(&own, campaign_path, &err) == 0)
        abort(); /* while another holds it */
    close(descriptor);
    err = (struct error){0};
    if (campaign_lock_take(&own, campaign_path, &err) == 0)
        close(own);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char campaign_path[300];
    if (size < 1)
        return 0;
    snprintf(campaign_path, sizeof campaign_path, "%s", fuzz_path("campaign.h5"));
    if (data[0] % 2 == 0)
        go_on(campaign_path, fuzz_put("campaign.rank-0.block", data + 1, size - 1), data + 1, size - 1);
    else
        look_at_lock(campaign_path, fuzz_put("campaign.lock", data + 1, size - 1));
    return 0;
}

#include "campaign_example.h"
#include "checkpoint/campaign.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

enum { T = 3, G = 4, FEW = 25, MANY = 250, LOOKS = 400 };

/* A campaign under a name of its own. */
static void make(int64_t n_permutations, const char *ending, char *name, size_t bytes)
{
    const char *path = example_file(T, n_permutations, G);
    snprintf(name, bytes, "%s.%s", path, ending);
    CU_ASSERT_EQUAL_FATAL(rename(path, name), 0);
}

/* As a file of its own, not a link: one that comes back is not what another run makes. */
static void put(const char *file, const char *path)
{
    enum { MOST = 1 << 20 };
    static char bytes[MOST];
    char aside[320];
    snprintf(aside, sizeof aside, "%s.next", path);
    FILE *from = fopen(file, "rb"), *to = fopen(aside, "wb");
    if (from == NULL || to == NULL)
        _exit(1);
    size_t count = fread(bytes, 1, sizeof bytes, from);
    bool whole = count < sizeof bytes && fwrite(bytes, 1, count, to) == count;
    if (fclose(from) != 0 || fclose(to) != 0 || !whole || rename(aside, path) != 0)
        _exit(1);
}

static _Noreturn void take_turns(const char *few, const char *many, const char *path)
{
    for (;;) {
        put(many, path);
        put(few, path);
    }
}

/* As when --fresh begins anew while somebody asks for results. */
static void both_are_of_one_file_while_it_is_replaced(void)
{
    char few[300], many[300], path[300];
    make(FEW, "few", few, sizeof few);
    make(MANY, "many", many, sizeof many);
    snprintf(path, sizeof path, "%.*s", (int)(strlen(few) - strlen(".few")), few);
    put(few, path);
    pid_t child = fork();
    CU_ASSERT_NOT_EQUAL_FATAL(child, -1);
    if (child == 0)
        take_turns(few, many, path);
    int refused = 0;
    for (int look = 0; look < LOOKS; look++) {
        struct campaign campaign;
        struct campaign_units *units;
        struct error err = {0};
        if (campaign_open_read(&campaign, &units, path, &err) == 0) {
            CU_ASSERT_EQUAL(campaign_units_count(units),
                            campaign_units_of(&campaign, campaign.n_permutations));
        } else {
            ASSERT_CONTAINS(err.message, ": was replaced while it was read; the same command reads");
            refused++;
        }
        campaign_units_close(units);
        campaign_free(&campaign);
    }
    printf("%d of %d looks refused\n", refused, LOOKS);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
}

static void a_file_that_is_not_there_is_an_error(void)
{
    struct campaign campaign;
    struct campaign_units *units;
    struct error err = {0};
    CU_ASSERT_NOT_EQUAL(campaign_open_read(&campaign, &units, "/nowhere/campaign.h5", &err), 0);
    ASSERT_CONTAINS(err.message, "/nowhere/campaign.h5: cannot be read");
    campaign_units_close(units);
    campaign_free(&campaign);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"both_are_of_one_file_while_it_is_replaced", both_are_of_one_file_while_it_is_replaced},
        {"a_file_that_is_not_there_is_an_error", a_file_that_is_not_there_is_an_error}};
    return testing_main(argc, argv, "campaign_open", cases, sizeof cases / sizeof *cases);
}

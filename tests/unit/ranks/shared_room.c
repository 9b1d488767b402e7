/* Room for shared arrays, which takes none until it is written. Run alone, where nothing is shared, and, as
 * mpi/unit_shared_room, in two ranks. */
#include "ranks/shared_memory.h"

#include "ranks_testing.h"

#include <sys/statvfs.h>

/* Two arrays that fit one by one and not together: the second is refused, before anybody writes the first and
 * is killed. */
static void what_is_promised_is_not_there_twice(void)
{
    struct error err = {0};
    struct shared_memory first, second;
    struct statvfs room;
    CU_ASSERT_EQUAL_FATAL(statvfs("/dev/shm", &room), 0);
    size_t most = (size_t)room.f_bavail * (size_t)room.f_frsize,
           count = ranks.n_local > 1 ? most / 5 * 3 : 1000;
    CU_ASSERT_EQUAL_FATAL(shared_memory_open(&first, &ranks, count, 1, "a first", &err), 0);
    shared_memory_close(&first, &ranks);
    CU_ASSERT_EQUAL_FATAL(shared_memory_open(&first, &ranks, count, 1, "a first", &err), 0);
    int code = shared_memory_open(&second, &ranks, count, 1, "a second", &err);
    CU_ASSERT_EQUAL(code, ranks.n_local > 1 ? EXIT_CODE_FAILED : 0);
    if (ranks.n_local > 1) {
        ASSERT_CONTAINS(err.message, "/dev/shm");
        ASSERT_CONTAINS(err.message, "a second");
    }
    shared_memory_close(&second, &ranks);
    shared_memory_close(&first, &ranks);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"what_is_promised_is_not_there_twice", what_is_promised_is_not_there_twice},
    };
    return ranks_testing_main(argc, argv, "ranks/shared_room", cases, sizeof cases / sizeof *cases);
}

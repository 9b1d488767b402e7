/* The lock beside a campaign, as several machines see it on one file system. */
#include "checkpoint/lock_file.h"

#include "testing.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

/* What the holder wrote names a machine that is not this one: the lock itself says that it is held. */
static void one_that_another_machine_holds(void)
{
    struct error err = {0};
    const char *path =
        testing_write_text(testing_folder(), "campaign.lock", "host elsewhere, pid 1, since then\n");
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    char text[100] = "";
    int theirs = open(path, O_RDWR | O_CLOEXEC), ours;
    CU_ASSERT_EQUAL_FATAL(fcntl(theirs, F_OFD_SETLK, &whole), 0);
    CU_ASSERT_EQUAL(lock_file_take(&ours, path, &err), EXIT_CODE_FAILED);
    ASSERT_CONTAINS(err.message,
                    "campaign.lock: another arete run holds this lock (host elsewhere, pid 1, since then)");
    CU_ASSERT_EQUAL(ours, -1);
    CU_ASSERT_TRUE(pread(theirs, text, sizeof text - 1, 0) > 0);
    CU_ASSERT_STRING_EQUAL(text, "host elsewhere, pid 1, since then\n"); /* nor does its holder's name go */
    close(theirs);
    err = (struct error){0};
    CU_ASSERT_EQUAL(lock_file_take(&ours, path, &err), 0);
    close(ours);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"one_that_another_machine_holds", one_that_another_machine_holds}};
    return testing_main(argc, argv, "checkpoint/lock_file", cases, sizeof cases / sizeof *cases);
}

#include "base/process.h"
#include "cli/command.h"

#include <stdio.h>

int main(int argc, char **argv)
{
    static struct error err;
    int code = process_begin(&err);
    if (code != 0)
        fprintf(stderr, "arete: %s\n", err.message);
    else
        code = command_main(argc, argv);
    process_end(code);
}

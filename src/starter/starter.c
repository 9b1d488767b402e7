#include "starter/starter.h"

#include "base/replace.h"
#include "base/screen.h"
#include "base/shell.h"
#include "starter/roles.h"
#include "starter/study_text.h"

#include <stdlib.h>
#include <string.h>

static const char a_new_name[] = "a new name (arete init --study NAME)";

static void print_list(FILE *screen, const struct text_list *names)
{
    for (size_t k = 0; k < names->count; k++)
        screen_print(screen, "%s%s", k > 0 ? ", " : "", names->items[k]);
}

static void print_table(FILE *screen, const char *what, const struct table_look *look)
{
    if (look != NULL)
        screen_print(screen, "%-12s%s (%zu of the people)\n", what, look->table.path, look->n_people);
}

static void print_found(FILE *screen, const struct roles *roles)
{
    screen_print(screen, "%-12s", "genotypes:");
    print_list(screen, &roles->genotypes.names);
    screen_print(screen, " (%zu people)\n", roles->genotypes.people.iid.count);
    print_table(screen, "images:", roles->images);
    print_table(screen, "targets:", roles->targets);
    if (roles->images == NULL && roles->targets == NULL)
        screen_print(screen, "%-12scolumns of %s\n", "targets:", roles->genotypes.subjects_path);
    print_table(screen, "covariates:", roles->covariates);
    for (size_t t = 0; t < roles->found.tables.count; t++) {
        const struct table_look *look = &roles->tables[t];
        if (look->refused != NULL)
            screen_print(screen, "%-12s%s: %s\n", "not taken:", roles->found.tables.items[t], look->refused);
        else if (look != roles->targets && look != roles->covariates && look != roles->images)
            screen_print(screen, "%-12s%s: another table has that part\n", "not taken:", look->table.path);
    }
}

static int write_study(const struct starter_request *request, const struct roles *roles, struct error *err)
{
    struct replace replace;
    if (replace_open_new(&replace, request->study, a_new_name, err) != 0)
        return err->code;
    if (study_text_write(replace.file, roles, request->study, err) == 0)
        replace_finish(&replace, err);
    replace_abandon(&replace);
    return err->code;
}

int starter_write(const struct starter_request *request, struct error *err)
{
    struct roles roles;
    if (replace_check_new(request->study, a_new_name, err) != 0 ||
        roles_find(&roles, request->paths, err) != 0)
        return err->code;
    char *study = shell_word(request->study, err);
    if (study != NULL && write_study(request, &roles, err) == 0) {
        print_found(request->screen, &roles);
        screen_print(request->screen, "%-12s%s\n%-12slook through it, then: arete plan %s\n",
                     "wrote:", request->study, "next:", study);
    }
    free(study);
    roles_free(&roles);
    return err->code;
}

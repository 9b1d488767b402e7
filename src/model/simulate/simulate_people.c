#include "model/simulate/simulate_people.h"

#include "base/memory.h"
#include "model/stats/variates.h"

#include <math.h>
#include <stdlib.h>

static int allocate(struct simulate_people *people, struct error *err)
{
    static const char WHAT[] = "the people";
    size_t n = people->n_subjects;
    people->family = memory_zeroed(n, sizeof *people->family, WHAT, err);
    people->ancestry = memory_zeroed(n, sizeof *people->ancestry, WHAT, err);
    people->age = memory_zeroed(n, sizeof *people->age, WHAT, err);
    people->sex = memory_zeroed(n, sizeof *people->sex, WHAT, err);
    people->site = memory_zeroed(n, sizeof *people->site, WHAT, err);
    return err->code;
}

static void form_families(struct simulate_people *people, const struct simulate_people_plan *plan)
{
    size_t n = plan->n_subjects, most = n / plan->sibship_size;
    long wanted = lround(plan->in_sibships * (double)n / (double)plan->sibship_size);
    people->sibship_size = plan->sibship_size;
    people->n_sibships = (size_t)wanted < most ? (size_t)wanted : most;
    size_t n_siblings = people->n_sibships * people->sibship_size;
    for (size_t i = 0; i < n; i++)
        people->family[i] =
            (uint32_t)(i < n_siblings ? i / people->sibship_size : people->n_sibships + i - n_siblings);
    people->n_families = people->n_sibships + n - n_siblings;
}

int simulate_people_init(struct simulate_people *people, const struct simulate_people_plan *plan,
                         struct error *err)
{
    enum { YOUNGEST = 180, OLDEST = 800 }; /* tenths of a year */
    *people = (struct simulate_people){.n_subjects = plan->n_subjects, .n_sites = plan->n_sites};
    if (allocate(people, err) != 0) {
        simulate_people_free(people);
        return err->code;
    }
    form_families(people, plan);
    for (size_t i = 0; i < people->n_subjects; i++) {
        struct random_stream own, shared;
        random_start(&own, plan->seed, RANDOM_PERSON, i);
        random_start(&shared, plan->seed, RANDOM_FAMILY, people->family[i]);
        people->age[i] = (YOUNGEST + random_below(&own, OLDEST - YOUNGEST + 1)) / 10.0;
        people->sex[i] = (uint8_t)(1 + random_below(&own, 2));
        people->site[i] = random_below(&shared, plan->n_sites);
        people->ancestry[i] = variates_uniform(&shared) < plan->second_ancestry;
    }
    return 0;
}

void simulate_people_free(struct simulate_people *people)
{
    free(people->family);
    free(people->ancestry);
    free(people->age);
    free(people->sex);
    free(people->site);
    *people = (struct simulate_people){0};
}

/* The mass-univariate model: every SNP by every target of a study, from its file to its tables. */
#ifndef ARETE_ASSOCIATE_ASSOCIATE_H
#define ARETE_ASSOCIATE_ASSOCIATE_H

#include "base/error.h"
#include "ranks/ranks.h"
#include "run/run.h"

/* As run_study. Collective. */
int associate_study(const struct run_request *request, struct ranks *ranks, struct error *err);

#endif

/* What the report of a univariate model says first. */
#ifndef ARETE_REPORT_VERDICT_UNIVARIATE_H
#define ARETE_REPORT_VERDICT_UNIVARIATE_H

#include "report/page.h"

/* How many pairs there are, the smallest p, and of permutations how many targets chance does not explain. */
void verdict_univariate_write(const struct page *page);

#endif

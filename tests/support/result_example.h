/* Rows of results for tests. */
#ifndef ARETE_TEST_RESULT_EXAMPLE_H
#define ARETE_TEST_RESULT_EXAMPLE_H

#include "output/result_columns.h"

#include <math.h>

/* Numbers of the columns n, r2, r2_sd, r, penalty, at_edge, p, p_fwer, q_fdr; p_se is a tenth of p. */
#define ROW(name, text, n, r2, r2_sd, r, penalty, at_edge, p, p_fwer, q_fdr)                                 \
    {                                                                                                        \
        .target = name, .note = text, .value = {                                                             \
            [RESULT_N] = n,                                                                                  \
            [RESULT_N_MISSING] = 3,                                                                          \
            [RESULT_R2] = r2,                                                                                \
            [RESULT_R2_SD] = r2_sd,                                                                          \
            [RESULT_R] = r,                                                                                  \
            [RESULT_PENALTY] = penalty,                                                                      \
            [RESULT_AT_EDGE] = at_edge,                                                                      \
            [RESULT_P] = p,                                                                                  \
            [RESULT_P_SE] = (p) / 10,                                                                        \
            [RESULT_P_FWER] = p_fwer,                                                                        \
            [RESULT_Q_FDR] = q_fdr,                                                                          \
            [RESULT_X_MM] = NAN,                                                                             \
            [RESULT_Y_MM] = NAN,                                                                             \
            [RESULT_Z_MM] = NAN                                                                              \
        }                                                                                                    \
    }

#endif

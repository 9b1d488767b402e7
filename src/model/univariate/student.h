/* Student's t in logarithms: p-values far below the smallest double. */
#ifndef ARETE_MODEL_UNIVARIATE_STUDENT_H
#define ARETE_MODEL_UNIVARIATE_STUDENT_H

/* ln p of the two-sided test of a correlation r with `degrees` of freedom, t = r sqrt(degrees/(1 - r^2)):
 *
 *     p = I_x(degrees/2, 1/2), x = 1 - r^2 = degrees/(degrees + t^2)      the regularised incomplete beta
 *
 * by its continued fraction (Abramowitz and Stegun 26.5.8; modified Lentz), of the side on which it converges
 * at once. The logarithm is off by 1e-14 of itself or 1e-13, whichever is more
 * (tests/oracle/student_oracle.py). -INFINITY where r^2 is 1. r_squared: 0 to 1. degrees: over 0. */
double student_log_p(double r_squared, double degrees);

/* The r^2 at which that is log_p, log_p <= 0: what a pair must reach to be reported. */
double student_r_squared(double log_p, double degrees);

/* The chi-square with one degree of freedom whose p is exp(log_p): 0.4549 of ln 0.5. */
double student_chi_square(double log_p);

#endif

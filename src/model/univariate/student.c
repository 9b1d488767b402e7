#include "model/univariate/student.h"

#include <float.h>
#include <math.h>

/* The continued fraction of the incomplete beta, without the factor in front of it. */
static double fraction(double a, double b, double x)
{
    enum { MOST_TERMS = 100000 };
    const double least = 1e-300;
    double c = 1, d = 1 - (a + b) * x / (a + 1);
    d = 1 / (fabs(d) < least ? least : d);
    double value = d;
    for (int m = 1; m < MOST_TERMS; m++) {
        double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        double before = value;
        for (int k = 0; k < 2; k++) {
            double term = k == 0 ? even : odd;
            d = 1 + term * d;
            c = 1 + term / c;
            d = 1 / (fabs(d) < least ? least : d);
            c = fabs(c) < least ? least : c;
            value *= c * d;
        }
        if (fabs(value - before) <= DBL_EPSILON * fabs(value))
            break;
    }
    return value;
}

/* ln(Gamma(a + 1/2)/Gamma(a)); for large a the two would cancel, and Stirling's series does not. */
static double log_gamma_step(double a)
{
    const double large = 30;
    int sign; /* lgamma would keep it where all threads do */
    if (a < large)
        return lgamma_r(a + 0.5, &sign) - lgamma_r(a, &sign);
    double u = 1 / (a * a);
    return 0.5 * log(a) - (1 - u * (1.0 / 24 - u * (1.0 / 80 - u * 17.0 / 1792))) / (8 * a);
}

double student_log_p(double r_squared, double degrees)
{
    double a = degrees / 2, b = 0.5, x = 1 - r_squared;
    if (!(r_squared > 0))
        return r_squared == r_squared ? 0 : NAN;
    if (!(x > 0))
        return -INFINITY;
    /* ln of x^a (1-x)^b / B(a, b), B(a, 1/2) = Gamma(a) sqrt(pi) / Gamma(a + 1/2) */
    double front = a * log1p(-r_squared) + b * log(r_squared) + log_gamma_step(a) - 0.5 * log(M_PI);
    if (x < (a + 1) / (a + b + 2))
        return front + log(fraction(a, b, x) / a);
    return log1p(-exp(front) * fraction(b, a, r_squared) / b);
}

double student_r_squared(double log_p, double degrees)
{
    enum { STEPS = 200 };
    double low = 0, high = 1; /* p falls from 1 to 0 */
    for (int k = 0; k < STEPS && high > low; k++) {
        double middle = low + (high - low) / 2;
        if (middle <= low || middle >= high)
            break;
        if (student_log_p(middle, degrees) > log_p)
            low = middle;
        else
            high = middle;
    }
    return high;
}

double student_chi_square(double log_p)
{
    const double largest = 1400; /* erfc is 0 beyond */
    double p = exp(log_p), low = 0, high = largest;
    for (int k = 0; k < 200; k++) {
        double middle = low + (high - low) / 2;
        if (erfc(sqrt(middle / 2)) > p)
            low = middle;
        else
            high = middle;
    }
    return high;
}

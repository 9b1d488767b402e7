/* For student_oracle.py: reads lines "r_squared degrees" (any C floating-point text) and prints of each ln p
 * and the r^2 that has that p. */
#include "model/univariate/student.h"

#include <stdio.h>

int main(void)
{
    double r_squared, degrees;
    while (scanf("%lf %lf", &r_squared, &degrees) == 2) {
        double log_p = student_log_p(r_squared, degrees);
        printf("%.17g %.17g %.17g\n", log_p, student_r_squared(log_p, degrees), student_chi_square(log_p));
    }
    return 0;
}

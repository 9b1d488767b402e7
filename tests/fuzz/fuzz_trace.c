/* The trace that a report finds beside its campaign. */
#include "fuzz.h"
#include "report/trace_read.h"

#include <math.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct error err = {0};
    struct trace_read trace;
    if (trace_read_file(&trace, fuzz_put("trace.tsv", data, size), &err) == 0) {
        for (size_t k = 0; k < trace.n_kinds * TRACE_READ_BINS; k++)
            if (!(isfinite(trace.busy[k]) && trace.busy[k] >= 0))
                abort(); /* nothing to draw */
        for (size_t k = 0; k < trace.n_runs; k++)
            if (!(trace.run[k].seconds >= 0 && isfinite(trace.run[k].start_s)))
                abort();
    }
    trace_read_free(&trace);
    return 0;
}

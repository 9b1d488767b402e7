#include "config/study_sections.h"

enum { DEFAULT_BANDWIDTH_GBIT_S = 10, DEFAULT_LATENCY_US = 20 };

void study_network_read(const struct section *top, struct study_network *network)
{
    static const char *const KEYS[] = {"bandwidth_gbit_s", "latency_us"};
    static const struct section_range BANDWIDTH = {0.001, 100000, true, true,
                                                   "a number from 0.001 to 100000"};
    static const struct section_range LATENCY = {0, 1000000, true, true, "a number from 0 to 1000000"};
    struct section section = section_open(top, section_find(top, "network"), "network", KEYS, 2);
    network->bandwidth_gbit_s =
        section_number(&section, "bandwidth_gbit_s", &BANDWIDTH, DEFAULT_BANDWIDTH_GBIT_S);
    network->latency_us = section_number(&section, "latency_us", &LATENCY, DEFAULT_LATENCY_US);
}

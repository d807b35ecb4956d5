/* What a command has to say: latencies, faults, and its one JSON line. */
#ifndef BENCH_REPORT_H
#define BENCH_REPORT_H

#include <stdint.h>

enum { LATENCY_BUCKETS = 64 * 64 };

/* Counts of latencies in ns, in buckets 1/64 apart. */
struct latency {
    uint64_t count[LATENCY_BUCKETS], total;
};

void latency_add(struct latency *l, uint64_t ns);
double latency_us(const struct latency *l, double quantile); /* 0 if there are none */

/* Something that must not happen did. Counted until a command reports it; the first is described. */
void fault(const char *format, ...) __attribute__((format(printf, 1, 2)));
uint64_t faults(void);

/* Prints the line: the fields of `format`, then errors and first_error, which are forgotten with that. */
void answer(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif

/* Latencies, faults and answers. See report.h. */
#include "report.h"

#include <stdarg.h>
#include <stdio.h>

static uint64_t fault_count;
static char first_fault[400];

static unsigned bucket_of(uint64_t ns) {
    if (ns < 64) return (unsigned)ns;
    int shift = 63 - __builtin_clzll(ns) - 6;
    return (unsigned)(shift + 1) * 64 + (unsigned)(ns >> shift & 63);
}

static double middle_of(unsigned bucket) {
    if (bucket < 64) return bucket;
    int shift = (int)(bucket / 64) - 1;
    return ((double)(64 + bucket % 64) + 0.5) * (double)(1ull << shift);
}

void latency_add(struct latency *l, uint64_t ns) {
    l->count[bucket_of(ns)]++;
    l->total++;
}

double latency_us(const struct latency *l, double quantile) {
    if (!l->total) return 0;
    uint64_t before = 0, wanted = (uint64_t)(quantile * (double)(l->total - 1));
    for (unsigned i = 0; i < LATENCY_BUCKETS; i++) {
        before += l->count[i];
        if (before > wanted) return middle_of(i) / 1000;
    }
    return 0;
}

void fault(const char *format, ...) {
    if (fault_count++) return;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(first_fault, sizeof first_fault, format, arguments);
    va_end(arguments);
}

uint64_t faults(void) { return fault_count; }

void answer(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    putchar('{');
    vprintf(format, arguments);
    va_end(arguments);
    printf("%s\"errors\":%llu", *format ? "," : "", (unsigned long long)fault_count);
    if (fault_count) {
        fputs(",\"first_error\":\"", stdout);
        for (const char *p = first_fault; *p; p++) {
            if (*p == '"' || *p == '\\') putchar('\\');
            putchar((unsigned char)*p < ' ' ? '?' : *p);
        }
        putchar('"');
    }
    puts("}");
    fflush(stdout);
    fault_count = 0;
}

/* The users of all relays, by relay and number, with their gateway connections: what clients and gateways share. */
#ifndef BENCH_PERSON_H
#define BENCH_PERSON_H

#include <stdint.h>

struct upstream;

struct person {
    const char *relay;
    int number;
    struct upstream *upstreams; /* gateway connections that were greeted; one, or one a tab behind a transparent proxy */
    uint64_t events;            /* sent so far; each carries its number */
    int64_t awaited;            /* deliveries the load waits for */
    int tabs;                   /* clients of this user that are ready */
};

/* Made when asked for first; lives as long as the process. */
struct person *person_of(const char *relay, int number);

/* From a path `/<relay>/u<number>`; null if it is none. */
struct person *person_of_path(const char *path);

#endif

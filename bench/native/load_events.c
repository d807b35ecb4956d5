/* events: lone events, the next when all tabs have the last. burst: many at once. tokens: a steady stream to all users. */
#include <stdlib.h>

#include "command.h"
#include "gateway.h"

static struct {
    struct person **people; /* who has clients */
    int people_count, next;
    uint64_t rounds, units;
    int size;
    size_t bytes;
    struct latency latency;
    bool done;
} at;

static void gather_people(void) {
    pool_select();
    at.people = realloc(at.people, (size_t)(pool_count + 1) * sizeof *at.people);
    at.people_count = at.next = 0;
    for (int i = 0; i < pool_count; i++) pool[i]->person->awaited = -1;
    for (int i = 0; i < pool_count; i++) {
        if (pool[i]->person->awaited == 0) continue;
        pool[i]->person->awaited = 0;
        at.people[at.people_count++] = pool[i]->person;
    }
    if (!at.people_count) fault("no client is connected");
    at.units = 0;
    at.latency = (struct latency){0};
}

static void emit(struct person *p, int size) {
    p->awaited += (int64_t)size * p->tabs;
    gateway_events(p, size, at.bytes);
}

static void emit_next(void) {
    at.done = at.rounds == 0 || faults();
    if (at.done) return;
    at.rounds--;
    emit(at.people[at.next], at.size);
    at.next = (at.next + 1) % at.people_count;
}

static void heard(struct client *c, uint64_t at_ns) {
    latency_add(&at.latency, since_event(at_ns));
    at.units++;
    if (--c->person->awaited == 0) emit_next();
}

static void report(uint64_t began) {
    answer("\"units\":%llu,\"wall_ms\":%.1f,\"p50_us\":%.1f,\"p99_us\":%.1f", (unsigned long long)at.units, (double)(now_ns() - began) / 1e6,
           latency_us(&at.latency, 0.5), latency_us(&at.latency, 0.99));
}

static void run_rounds(int size, uint64_t rounds) {
    uint64_t began = now_ns();
    gather_people();
    at.size = size;
    at.rounds = at.people_count ? rounds : 0;
    at.bytes = (size_t)argument("bytes", 220);
    load = (struct load){.event = heard};
    emit_next();
    wait_until(&at.done, 0, "some events are not delivered");
    report(began);
}

void run_events(void) { run_rounds(1, (uint64_t)argument("count", 1000)); }

void run_burst(void) { run_rounds((int)argument("size", 50), (uint64_t)argument("count", 20)); }

static void heard_token(struct client *c, uint64_t at_ns) {
    latency_add(&at.latency, since_event(at_ns));
    at.units++;
    c->person->awaited--;
}

void run_tokens(void) {
    uint64_t began = now_ns();
    gather_people();
    at.bytes = (size_t)argument("bytes", 220);
    double each_ns = 1e9 / (argument("rate", 50) * (at.people_count ? at.people_count : 1));
    uint64_t count = at.people_count ? (uint64_t)(argument("seconds", 1) * 1e9 / each_ns) : 0;
    load = (struct load){.event = heard_token};
    for (uint64_t i = 0; i < count; i++) {
        wait_for_time(began + (uint64_t)((double)i * each_ns));
        emit(at.people[i % (uint64_t)at.people_count], 1);
    }
    uint64_t until = now_ns() + (uint64_t)(argument("timeout", 20) * 1e9);
    int64_t missing;
    do {
        conn_turn(1000000);
        missing = 0;
        for (int i = 0; i < at.people_count; i++) missing += at.people[i]->awaited;
    } while (missing && now_ns() < until);
    if (missing) fault("time is up: %lld events are not delivered", (long long)missing);
    report(began);
}

/* storm: fresh users come, ask once and go, so many at a time. */
#include "command.h"

static struct {
    struct door door;
    int next, stop, open;
    uint64_t units;
    struct latency latency;
    bool done, opening;
} at;

static void open_more(void) {
    if (at.opening) return;
    at.opening = true;
    int limit = (int)argument("conc", 100);
    while (at.open < limit && at.next < at.stop) {
        struct client *c = client_open(&at.door, at.next++, 0);
        if (!c) continue;
        pool_add(c);
        at.open++;
    }
    at.opening = false;
    at.done = !at.open && at.next == at.stop;
}

static void ready(struct client *c) {
    latency_add(&at.latency, now_ns() - c->dialled_at);
    at.units++;
    c->mark = 1;
    client_leave(c);
}

static void gone(struct client *c, int code) {
    if (!c->mark) fault("u%d: closed %d before its first answer", c->person->number, code);
    at.open--;
    open_more();
}

void run_storm(void) {
    uint64_t began = now_ns();
    at.door = argument_door();
    at.next = (int)argument("first", 0);
    at.stop = at.next + (int)argument("n", 1500);
    at.open = 0;
    at.units = 0;
    at.latency = (struct latency){0};
    load = (struct load){.ready = ready, .gone = gone};
    open_more();
    if (!wait_until(&at.done, 0, "storm")) {
        pool_select();
        for (int i = 0; i < pool_count; i++) client_drop(pool[i]);
    }
    answer("\"units\":%llu,\"wall_ms\":%.1f,\"p50_us\":%.1f,\"p99_us\":%.1f", (unsigned long long)at.units, (double)(now_ns() - began) / 1e6,
           latency_us(&at.latency, 0.5), latency_us(&at.latency, 0.99));
}

/* rpc: closed loop of RPCs over all clients, so many in flight altogether. hold: some large RPCs, one after another. */
#include <stdlib.h>

#include "command.h"

/* A request in flight. Its id says which slot, and which use of it. */
struct slot {
    struct client *client;
    uint64_t id, asked_at;
    int place;
};

static struct {
    struct request request;
    struct slot *slots;
    int inflight, open;
    uint64_t uses, limit, units, until, warm_until;
    struct latency latency;
    bool done;
} at;

static void ask(struct slot *s) {
    uint64_t now = now_ns();
    if (at.uses == at.limit || now >= at.until) {
        s->id = 0;
        at.done = --at.open == 0;
        return;
    }
    s->client = pool[s->place];
    s->place = (s->place + at.inflight) % pool_count;
    s->id = (uint64_t)(s - at.slots) << 32 | (++at.uses & 0xffffffff);
    s->asked_at = now;
    if (s->client->phase == CLIENT_READY) {
        client_ask(s->client, &at.request, s->id);
    } else {
        fault("u%d tab %d is not there any more", s->client->person->number, s->client->tab);
        s->id = 0;
        at.done = --at.open == 0;
    }
}

static void answered(struct client *c, const struct envelope *e, uint64_t id) {
    struct slot *s = (int)(id >> 32) < at.inflight ? &at.slots[id >> 32] : NULL;
    if (!s || s->id != id || s->client != c || !id) {
        fault("u%d tab %d: an answer with id %llx, which it did not ask", c->person->number, c->tab, (unsigned long long)id);
        return;
    }
    request_check(&at.request, c, e);
    at.units++;
    if (s->asked_at >= at.warm_until) latency_add(&at.latency, now_ns() - s->asked_at);
    ask(s);
}

static void run(size_t bytes, int inflight, uint64_t limit, double seconds, double warm_s) {
    pool_select();
    uint64_t began = now_ns();
    request_make(&at.request, bytes, argument_text("method", REQUEST_METHOD));
    at.inflight = at.open = pool_count ? inflight : 0;
    at.slots = calloc((size_t)inflight + 1, sizeof *at.slots);
    at.uses = at.units = 0;
    at.limit = limit;
    at.until = began + (uint64_t)(seconds * 1e9);
    at.warm_until = began + (uint64_t)(warm_s * 1e9);
    at.latency = (struct latency){0};
    at.done = at.open == 0;
    if (!pool_count) fault("no client is connected");
    load = (struct load){.answered = answered};
    for (int i = 0; i < at.inflight; i++) {
        at.slots[i].place = i % pool_count;
        ask(&at.slots[i]);
    }
    wait_until(&at.done, limit == UINT64_MAX ? seconds : 0, "some RPCs are not answered");
    answer("\"units\":%llu,\"wall_ms\":%.1f,\"p50_us\":%.1f,\"p99_us\":%.1f", (unsigned long long)at.units, (double)(now_ns() - began) / 1e6,
           latency_us(&at.latency, 0.5), latency_us(&at.latency, 0.99));
    request_free(&at.request);
    free(at.slots);
}

void run_rpc(void) {
    double count = argument("count", 0);
    double seconds = argument("seconds", count ? 3600 : 1);
    run((size_t)argument("bytes", 200), (int)argument("inflight", 1), count ? (uint64_t)count : UINT64_MAX, seconds, argument("warm", count ? 0 : seconds < 1.2 ? seconds / 4 : 0.3));
}

void run_hold(void) {
    pool_select();
    run((size_t)argument("bytes", 262144), 1, (uint64_t)argument("count", 2) * (uint64_t)pool_count, 3600, 0);
}

/* hang: some gateways never greet. hol: RPCs of all users at a steady rate, those of hung gateways counted apart. */
#include <stdlib.h>

#include "command.h"
#include "gateway.h"

enum { BYTES = 200 };

struct side {
    uint64_t sent, answered, refused;
    struct latency latency;
};

static struct {
    struct side healthy, hung;
    struct client **clients;
    uint64_t *asked_at; /* by RPC */
    uint64_t count, next;
    int waiting; /* healthy clients that are not ready yet */
    bool ready;
    struct request request;
} at;

void run_hang(void) {
    int percent = (int)argument("percent", 0);
    gateway_hang(percent);
    answer("\"percent\":%d", percent);
}

static struct side *side_of(const struct client *c) { return gateway_hangs(c->person) ? &at.hung : &at.healthy; }

static void ready(struct client *c) {
    (void)c;
    at.ready = --at.waiting == 0;
}

static void answered(struct client *c, const struct envelope *e, uint64_t id) {
    if (id >= at.next) {
        fault("u%d: an answer with id %llx, which it did not ask", c->person->number, (unsigned long long)id);
        return;
    }
    request_check(&at.request, c, e);
    side_of(c)->answered++;
    latency_add(&side_of(c)->latency, now_ns() - at.asked_at[id]);
}

static void refused(struct client *c, const struct envelope *e, uint64_t id) {
    (void)id;
    side_of(c)->refused++;
    if (!gateway_hangs(c->person)) fault("u%d: refused: %.*s", c->person->number, (int)(e->error.n < 200 ? e->error.n : 200), e->error.p);
}

static void gone(struct client *c, int code) {
    if (!gateway_hangs(c->person)) fault("u%d: closed %d", c->person->number, code);
}

static void ask_all(int users, double rate) {
    uint64_t began = now_ns();
    for (at.next = 0; at.next < at.count;) {
        uint64_t due = began + (uint64_t)((double)at.next / rate * 1e9);
        wait_for_time(due);
        struct client *c = at.clients[at.next % (uint64_t)users];
        uint64_t id = at.next++;
        at.asked_at[id] = due;
        if (!c || c->phase >= CLIENT_LEAVING || c->conn.state != CONN_OPEN) continue;
        side_of(c)->sent++;
        client_ask(c, &at.request, id);
    }
    uint64_t until = now_ns() + 2000000000;
    while (at.healthy.answered < at.healthy.sent && now_ns() < until) conn_turn(10000000);
    if (at.healthy.answered < at.healthy.sent)
        fault("%llu RPCs of healthy users are not answered", (unsigned long long)(at.healthy.sent - at.healthy.answered));
}

void run_hol(void) {
    struct door door = argument_door();
    int users = (int)argument("users", 100), first = (int)argument("first", 0);
    double rate = argument("rate", 200);
    at.healthy = at.hung = (struct side){0};
    at.count = (uint64_t)(rate * argument("seconds", 8));
    at.next = 0;
    at.clients = calloc((size_t)users, sizeof *at.clients);
    at.asked_at = calloc((size_t)at.count + 1, sizeof *at.asked_at);
    at.waiting = 0;
    request_make(&at.request, BYTES, REQUEST_METHOD);
    load = (struct load){.ready = ready, .answered = answered, .refused = refused, .gone = gone};
    for (int i = 0; i < users; i++) {
        struct client *c = at.clients[i] = client_open(&door, first + i, 0);
        if (!c) continue;
        pool_add(c);
        at.waiting += !gateway_hangs(c->person);
    }
    at.ready = !at.waiting;
    wait_until(&at.ready, 0, "healthy users could not connect");
    ask_all(users, rate);
    load.gone = NULL;
    for (int i = 0; i < users; i++)
        if (at.clients[i]) client_leave(at.clients[i]);
    wait_for_time(now_ns() + 200000000);
    for (int i = 0; i < users; i++)
        if (at.clients[i]) client_drop(at.clients[i]);
    answer("\"healthy\":{\"sent\":%llu,\"answered\":%llu,\"p50_us\":%.1f,\"p99_us\":%.1f},"
           "\"hung\":{\"sent\":%llu,\"answered\":%llu,\"refused\":%llu}",
           (unsigned long long)at.healthy.sent, (unsigned long long)at.healthy.answered, latency_us(&at.healthy.latency, 0.5),
           latency_us(&at.healthy.latency, 0.99), (unsigned long long)at.hung.sent, (unsigned long long)at.hung.answered,
           (unsigned long long)at.hung.refused);
    request_free(&at.request);
    free(at.clients);
    free(at.asked_at);
}

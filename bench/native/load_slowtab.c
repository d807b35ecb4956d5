/* slowtab: a user with four tabs, one of which stops reading while its gateway sends on; what its siblings notice.
 *
 * The tab reads again `stall` seconds after it stopped, which is to be longer than the relay's patience; `after` more
 * seconds it waits to be closed.
 */
#include "command.h"
#include "gateway.h"

enum { TABS = 4, SLOW = TABS - 1, RECEIVE_BUFFER = 64 * 1024 };

static struct {
    struct client *tabs[TABS];
    int ready;
    bool all_ready, slow_gone;
    int slow_code;
    struct latency latency;
    uint64_t units;
} at;

static void ready(struct client *c) {
    (void)c;
    at.all_ready = ++at.ready == TABS;
}

static void heard(struct client *c, uint64_t at_ns) {
    if (c->tab == SLOW) return;
    latency_add(&at.latency, since_event(at_ns));
    at.units++;
}

static void frame(struct client *c, const struct envelope *e) { (void)c, (void)e; }

static void gone(struct client *c, int code) {
    if (c->tab == SLOW) {
        at.slow_gone = true;
        at.slow_code = code;
    } else {
        fault("u%d tab %d: closed %d, though it read", c->person->number, c->tab, code);
    }
}

/* Sends that many bytes of events in so many seconds and waits until the siblings have them. */
static void stream(struct person *p, double bytes, double seconds) {
    size_t size = (size_t)argument("bytes", 4096);
    uint64_t count = (uint64_t)(bytes / (double)size), began = now_ns();
    at.latency = (struct latency){0};
    at.units = 0;
    for (uint64_t i = 0; i < count; i++) {
        wait_for_time(began + (uint64_t)((double)i / (double)count * seconds * 1e9));
        gateway_events(p, 1, size);
    }
    bool there = false;
    for (uint64_t until = now_ns() + 5000000000; !there && now_ns() < until; there = at.units >= count * SLOW) conn_turn(10000000);
    if (!there) fault("siblings have %llu of %llu events", (unsigned long long)at.units, (unsigned long long)count * SLOW);
}

void run_slowtab(void) {
    struct door door = argument_door();
    double bytes = argument("mbytes", 40) * 1e6, seconds = argument("seconds", 5);
    at.ready = at.slow_code = 0;
    at.all_ready = at.slow_gone = false;
    load = (struct load){.ready = ready, .event = heard, .frame = frame, .gone = gone};
    for (int i = 0; i < TABS; i++) {
        struct client *c = at.tabs[i] = client_open(&door, (int)argument("first", 0), i);
        if (!c) break;
        pool_add(c);
        /* Set at once and left so: to shrink it later would make TCP drop what the peer was allowed to send. */
        if (i == SLOW) conn_receive_buffer(&c->conn, RECEIVE_BUFFER);
    }
    if (!wait_until(&at.all_ready, 0, "the tabs could not connect")) {
        answer("\"units\":0");
        return;
    }
    struct client *slow = at.tabs[SLOW];
    uint64_t units = 0;
    stream(slow->person, bytes / 4, seconds / 4);
    struct latency without = at.latency;
    units += at.units;
    uint64_t stopped = now_ns();
    conn_pause(&slow->conn, true);
    slow->lossy = true;
    stream(slow->person, bytes, seconds);
    units += at.units;
    wait_for_time(stopped + (uint64_t)(argument("stall", 24) * 1e9));
    conn_pause(&slow->conn, false);
    for (uint64_t until = now_ns() + (uint64_t)(argument("after", 5) * 1e9); !at.slow_gone && now_ns() < until;) conn_turn(10000000);
    load.gone = NULL;
    for (int i = 0; i < TABS; i++) client_leave(at.tabs[i]);
    wait_for_time(now_ns() + 200000000);
    for (int i = 0; i < TABS; i++) client_drop(at.tabs[i]);
    answer("\"units\":%llu,\"without\":{\"p50_us\":%.1f,\"p99_us\":%.1f},\"with\":{\"p50_us\":%.1f,\"p99_us\":%.1f},"
           "\"slow\":{\"close_code\":%d,\"heard\":%llu}",
           (unsigned long long)units, latency_us(&without, 0.5), latency_us(&without, 0.99), latency_us(&at.latency, 0.5),
           latency_us(&at.latency, 0.99), at.slow_code, (unsigned long long)slow->heard);
}

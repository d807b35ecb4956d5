/* connect: opens clients, some at a time, until each has had its first answer. disconnect: closes them all. */
#include <stdlib.h>

#include "command.h"
#include "gateway.h"

static struct {
    struct door door;
    int first, users, tabs, apart;
    int next, stop, open, ready; /* the next place to fill, the end, those under way, those that are there */
    int64_t awaited;             /* deliveries of the events that set tabs apart */
    bool done;
} at;

static void open_more(void);

static void one_less(void) {
    at.open--;
    open_more();
}

static void ready(struct client *c) {
    at.ready++;
    for (int i = 0; at.apart && i <= c->tab; i++) {
        gateway_events(c->person, 1, 220);
        at.awaited += c->person->tabs;
    }
    one_less();
}

static void heard(struct client *c, uint64_t at_ns) {
    (void)c, (void)at_ns;
    at.awaited--;
    open_more();
}

static void gone(struct client *c, int code) {
    fault("u%d tab %d: closed %d while it was opened", c->person->number, c->tab, code);
    one_less();
}

static void open_more(void) {
    static bool busy;
    if (busy) return;
    busy = true;
    int limit = (int)argument("conc", 50);
    while (at.open < limit && at.next < at.stop) {
        int place = at.next++;
        int user = at.apart ? place % at.users : place / at.tabs, tab = at.apart ? place / at.users : place % at.tabs;
        struct client *c = client_open(&at.door, at.first + user, tab);
        if (!c) continue;
        pool_add(c);
        at.open++;
    }
    busy = false;
    at.done = at.open == 0 && at.next == at.stop && at.awaited == 0;
}

void run_connect(void) {
    uint64_t began = now_ns();
    at.door = argument_door();
    at.first = (int)argument("first", 0);
    at.users = (int)argument("users", 1);
    at.tabs = (int)argument("tabs", 1);
    at.apart = argument("apart", 0) != 0;
    at.open = at.ready = at.next = 0;
    at.awaited = 0;
    load = (struct load){.ready = ready, .event = heard, .gone = gone};
    /* Apart, one tab of every user comes after the other. */
    int waves = at.apart ? at.tabs : 1, wave_size = at.users * at.tabs / waves;
    for (int wave = 1; wave <= waves; wave++) {
        at.stop = wave * wave_size;
        at.done = false;
        open_more();
        if (!wait_until(&at.done, 0, "connect")) break;
    }
    answer("\"connected\":%d,\"ms\":%.1f", at.ready, (double)(now_ns() - began) / 1e6);
}

static int leaving;
static bool all_left;

static void left(struct client *c, int code) {
    (void)code;
    if (!c->mark) return; /* of another relay */
    all_left = --leaving == 0;
}

void run_disconnect(void) {
    pool_select();
    leaving = 0;
    for (int i = 0; i < pool_count; i++) {
        pool[i]->mark = 1;
        leaving += pool[i]->phase != CLIENT_GONE;
    }
    all_left = !leaving;
    int closed = leaving;
    load = (struct load){.gone = left};
    for (int i = 0; i < pool_count; i++) client_leave(pool[i]);
    if (!wait_until(&all_left, 0, "disconnect"))
        for (int i = 0; i < pool_count; i++) client_drop(pool[i]);
    answer("\"closed\":%d", closed);
}

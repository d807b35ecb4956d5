/* The floor: the least a relay with one gateway connection per user can do, in C.
 *
 *     floor --port P --gateway 127.0.0.1:GW
 *
 * Clients come to /ws?token=u<k>; the first of a user dials ws://gateway/floor/u<k> and shakes hands there. Requests
 * get an id of the relay's own by replacing the prefix, answers get the client's back; events go to all of the user's
 * clients as they came. No policy, no limits, no reconnecting; a user's gateway connection is closed with the last tab.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conn.h"

enum { USERS = 65536, FIRST_PENDING = 8, MOST_PENDING = 4096, LONGEST_ID = 51 };

struct tab;

struct pending { /* a request that went up */
    struct tab *tab; /* null: a free place */
    uint32_t number; /* its upstream id */
    uint8_t id_n;
    char id[LONGEST_ID];
};

struct user {
    struct conn *upstream;
    bool ready;
    struct tab *tabs;
    uint32_t asked; /* the last upstream id */
    struct pending *pending; /* by upstream id, modulo their count, a power of two */
    uint32_t pending_count;
    struct buf waiting;      /* frames for the gateway, each behind its length, until it has greeted us */
};

struct tab {
    struct conn conn;
    struct user *user;
    struct tab *next, **link;
};

struct upstream {
    struct conn conn;
    struct user *user;
};

static struct user users[USERS];
static int gateway_port;

static const char REQ[] = "{\"type\":\"req\",\"id\":\"", RES[] = "{\"type\":\"res\",\"id\":\"", EVENT[] = "{\"type\":\"event\"";
static const char CONNECT[] =
    "{\"type\":\"req\",\"id\":\"0\",\"method\":\"connect\",\"params\":{\"minProtocol\":3,\"maxProtocol\":4,"
    "\"client\":{\"id\":\"gateway-client\",\"version\":\"1\",\"platform\":\"linux\",\"mode\":\"backend\"},"
    "\"role\":\"operator\",\"scopes\":[\"operator.admin\"],\"caps\":[],\"auth\":{\"token\":\"t\"}}}";

static bool begins(const uint8_t *bytes, size_t n, const char *prefix, size_t prefix_n) {
    return n >= prefix_n && memcmp(bytes, prefix, prefix_n) == 0;
}
#define BEGINS(bytes, n, prefix) begins(bytes, n, prefix, sizeof prefix - 1)

/* -- client to gateway */

/* The place for an upstream id; more places if somebody still waits there. */
static struct pending *place(struct user *u, uint32_t number) {
    for (;;) {
        struct pending *p = u->pending_count ? &u->pending[number & (u->pending_count - 1)] : NULL;
        if (p && (!p->tab || u->pending_count >= MOST_PENDING)) return p;
        uint32_t count = p ? 2 * u->pending_count : FIRST_PENDING;
        struct pending *pending = calloc(count, sizeof *pending);
        for (uint32_t i = 0; i < u->pending_count; i++) pending[u->pending[i].number & (count - 1)] = u->pending[i];
        free(u->pending);
        u->pending = pending;
        u->pending_count = count;
    }
}

static void ask(struct tab *t, uint8_t *bytes, size_t n) {
    struct user *u = t->user;
    if (!BEGINS(bytes, n, REQ)) return;
    uint8_t *id = bytes + sizeof REQ - 1, *id_end = memchr(id, '"', n - (sizeof REQ - 1));
    if (!id_end || id_end - id > LONGEST_ID) return;
    uint32_t number = ++u->asked;
    struct pending *p = place(u, number);
    p->tab = t;
    p->number = number;
    p->id_n = (uint8_t)(id_end - id);
    memcpy(p->id, id, p->id_n);
    char head[sizeof REQ + 12];
    int head_n = snprintf(head, sizeof head, "%s%u", REQ, number);
    conn_send(u->upstream, head, (size_t)head_n, id_end, n - (size_t)(id_end - bytes), NULL, 0);
}

static void keep(struct tab *t, const uint8_t *bytes, size_t n) {
    struct buf *waiting = &t->user->waiting;
    buf_append(waiting, &t, sizeof t);
    buf_append(waiting, &n, sizeof n);
    buf_append(waiting, bytes, n);
}

/* A tab has gone: what it asked is not sent. */
static void forget_kept(struct user *u, const struct tab *t) {
    static struct tab *const nobody;
    struct tab *from;
    size_t n;
    for (uint8_t *at = buf_bytes(&u->waiting); at < u->waiting.data + u->waiting.end; at += sizeof from + sizeof n + n) {
        memcpy(&from, at, sizeof from);
        memcpy(&n, at + sizeof from, sizeof n);
        if (from == t) memcpy(at, &nobody, sizeof nobody);
    }
}

static void send_kept(struct user *u) {
    while (buf_length(&u->waiting)) {
        struct tab *from;
        size_t n;
        uint8_t *at = buf_bytes(&u->waiting);
        memcpy(&from, at, sizeof from);
        memcpy(&n, at + sizeof from, sizeof n);
        if (from) ask(from, at + sizeof from + sizeof n, n);
        buf_consume(&u->waiting, sizeof from + sizeof n + n);
    }
}

/* -- gateway to client */

static void answer(struct user *u, uint8_t *bytes, size_t n) {
    uint32_t number = 0;
    uint8_t *at = bytes + sizeof RES - 1, *end = bytes + n;
    while (at < end && *at >= '0' && *at <= '9') number = number * 10 + (uint32_t)(*at++ - '0');
    struct pending *p = u->pending_count ? &u->pending[number & (u->pending_count - 1)] : NULL;
    if (!p || !p->tab || p->number != number) return;
    char head[sizeof RES + LONGEST_ID];
    memcpy(head, RES, sizeof RES - 1);
    memcpy(head + sizeof RES - 1, p->id, p->id_n);
    conn_send(&p->tab->conn, head, sizeof RES - 1 + p->id_n, at, (size_t)(end - at), NULL, 0);
    p->tab = NULL;
}

static void upstream_text(struct conn *c, uint8_t *bytes, size_t n) {
    struct user *u = ((struct upstream *)c)->user;
    if (u->upstream != c) return; /* one that is being closed */
    if (!u->ready) {
        if (BEGINS(bytes, n, EVENT)) {
            conn_send_text(c, CONNECT);
        } else if (BEGINS(bytes, n, RES)) {
            u->ready = true;
            send_kept(u);
        }
    } else if (BEGINS(bytes, n, RES)) {
        answer(u, bytes, n);
    } else {
        for (struct tab *t = u->tabs; t; t = t->next) conn_send(&t->conn, bytes, n, NULL, 0, NULL, 0);
    }
}

static void upstream_open(struct conn *c) { (void)c; }

static void upstream_closed(struct conn *c, int code) {
    struct user *u = ((struct upstream *)c)->user;
    (void)code;
    if (u->upstream != c) return;
    u->upstream = NULL;
    u->ready = false;
    buf_consume(&u->waiting, buf_length(&u->waiting));
    for (struct tab *t = u->tabs; t; t = t->next) conn_close(&t->conn, 1011);
}

static void dial(struct user *u) {
    static const struct conn_calls calls = {NULL, upstream_open, upstream_text, upstream_closed, true};
    struct upstream *up = calloc(1, sizeof *up);
    char target[40];
    snprintf(target, sizeof target, "/floor/u%d", (int)(u - users));
    up->user = u;
    u->ready = false;
    if (conn_dial(&up->conn, &calls, gateway_port, target)) u->upstream = &up->conn;
    else free(up);
}

/* -- clients */

static struct conn *tab_made(void) { return &((struct tab *)calloc(1, sizeof(struct tab)))->conn; }

static bool tab_request(struct conn *c, const char *target) {
    struct tab *t = (struct tab *)c;
    int number;
    if (sscanf(target, "/ws?token=u%d", &number) != 1 || number < 0 || number >= USERS) return false;
    t->user = &users[number];
    if (!t->user->upstream) dial(t->user);
    return t->user->upstream;
}

static void tab_open(struct conn *c) {
    struct tab *t = (struct tab *)c, **link = &t->user->tabs;
    while (*link) link = &(*link)->next; /* in the order they came */
    *link = t;
    t->link = link;
}

static void tab_text(struct conn *c, uint8_t *bytes, size_t n) {
    struct tab *t = (struct tab *)c;
    if (t->user->ready) ask(t, bytes, n);
    else keep(t, bytes, n);
}

static void tab_closed(struct conn *c, int code) {
    struct tab *t = (struct tab *)c;
    struct user *u = t->user;
    (void)code;
    if (!t->link) return;
    *t->link = t->next;
    if (t->next) t->next->link = t->link;
    for (uint32_t i = 0; i < u->pending_count; i++)
        if (u->pending[i].tab == t) u->pending[i].tab = NULL;
    forget_kept(u, t);
    if (u->tabs || !u->upstream) return;
    struct conn *up = u->upstream;
    u->upstream = NULL;
    u->ready = false;
    conn_close(up, 1000);
}

int main(int count, char **words) {
    static const struct conn_calls calls = {tab_request, tab_open, tab_text, tab_closed, true};
    int port = 0;
    for (int i = 1; i + 1 < count; i += 2) {
        const char *colon = strrchr(words[i + 1], ':');
        if (strcmp(words[i], "--port") == 0) port = atoi(words[i + 1]);
        else if (strcmp(words[i], "--gateway") == 0) gateway_port = atoi(colon ? colon + 1 : words[i + 1]);
    }
    conn_init();
    printf("{\"listening\":%d}\n", conn_listen(port, tab_made, &calls));
    fflush(stdout);
    for (;;) conn_turn(-1);
}

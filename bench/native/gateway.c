/* Simulated gateways. See gateway.h. */
#define _GNU_SOURCE
#include "gateway.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

#include "conn.h"
#include "report.h"
#include "ws.h"

struct upstream {
    struct conn conn;
    struct person *person;
    bool greeted;
    uint64_t seq; /* of its last event */
    struct upstream *next, **link;
};

void (*gateway_chat)(struct person *p, struct span params);

static int hanging; /* percent */

static const char PAD[] = "{\"pad\""; /* the params of clients' requests: answered by the same */
static const char CHALLENGE[] =
    "{\"type\":\"event\",\"event\":\"connect.challenge\",\"payload\":"
    "{\"nonce\":\"6b1f4c1e-0000-4000-8000-000000000001\",\"ts\":%llu}}";
static const char HELLO[] =
    ",\"ok\":true,\"payload\":{\"type\":\"hello-ok\",\"protocol\":4,"
    "\"server\":{\"version\":\"2026.9.6\",\"buildId\":\"2026.9.6-release\",\"bootId\":\"b\",\"connId\":\"c\"},"
    "\"features\":{\"methods\":[\"health\",\"status\",\"sessions.list\",\"sessions.subscribe\",\"sessions.unsubscribe\","
    "\"chat.send\",\"chat.abort\",\"chat.history\"],\"events\":[\"connect.challenge\",\"agent\",\"chat\",\"cron\",\"tick\"],"
    "\"capabilities\":[\"session-scoped-chat-metadata\"]},"
    "\"snapshot\":{\"presence\":[],\"health\":{\"ok\":true},\"stateVersion\":{\"presence\":1,\"health\":1},\"uptimeMs\":32512},"
    "\"auth\":{\"method\":\"token\",\"role\":\"operator\",\"scopes\":[\"operator.admin\",\"operator.read\",\"operator.write\","
    "\"operator.approvals\",\"operator.pairing\",\"operator.questions\"]},"
    "\"policy\":{\"maxPayload\":26214400,\"maxBufferedBytes\":52428800,\"tickIntervalMs\":30000}}}";

void gateway_hang(int percent) { hanging = percent; }

int gateway_hangs(const struct person *p) { return hanging > 0 && p->number % (100 / hanging) == 0; }

static struct conn *made(void) { return &((struct upstream *)calloc(1, sizeof(struct upstream)))->conn; }

static bool requested(struct conn *c, const char *target) {
    struct upstream *u = (struct upstream *)c;
    u->person = person_of_path(target);
    return u->person;
}

static void opened(struct conn *c) {
    struct timeval now;
    char text[200];
    gettimeofday(&now, NULL);
    snprintf(text, sizeof text, CHALLENGE, (unsigned long long)now.tv_sec * 1000 + (unsigned long long)now.tv_usec / 1000);
    conn_send_text(c, text);
}

/* `{"type":"res","id":<as it came><body><tail>` */
static void respond(struct upstream *u, struct span id, const char *body, struct span payload) {
    char head[400];
    static const char begin[] = "{\"type\":\"res\",\"id\":";
    size_t begin_n = sizeof begin - 1, body_n = strlen(body);
    if (id.n + begin_n + body_n > sizeof head) {
        fault("u%d: an upstream id of %zu bytes", u->person->number, id.n);
        return;
    }
    memcpy(head, begin, begin_n);
    memcpy(head + begin_n, id.p, id.n);
    memcpy(head + begin_n + id.n, body, body_n);
    conn_send(&u->conn, head, begin_n + id.n + body_n, (uint8_t *)payload.p, payload.n, "}", 1);
}

static void greet(struct upstream *u, const struct envelope *e) {
    struct person *p = u->person;
    if (!json_is(e->method, "connect")) {
        fault("u%d: the first request is no connect", p->number);
        return;
    }
    if (gateway_hangs(p)) return;
    char hello[2048];
    int n = snprintf(hello, sizeof hello, "{\"type\":\"res\",\"id\":%.*s%s", (int)e->id.n, e->id.p, HELLO);
    conn_send(&u->conn, hello, (size_t)n, NULL, 0, NULL, 0);
    u->greeted = true;
    u->next = p->upstreams;
    if (u->next) u->next->link = &u->next;
    u->link = &p->upstreams;
    p->upstreams = u;
}

static void text(struct conn *c, uint8_t *bytes, size_t n) {
    struct upstream *u = (struct upstream *)c;
    struct envelope e;
    if (!json_envelope(bytes, n, &e) || !json_is(e.type, "req") || !e.id.n) {
        fault("u%d: the gateway got no request: %.*s", u->person->number, n < 120 ? (int)n : 120, (char *)bytes);
        return;
    }
    static const char ok[] = ",\"ok\":true,\"payload\":";
    if (!u->greeted) {
        greet(u, &e);
    } else if (e.params.n >= sizeof PAD - 1 && memcmp(e.params.p, PAD, sizeof PAD - 1) == 0) {
        respond(u, e.id, ok, e.params);
    } else if (json_is(e.method, "chat.send") && gateway_chat) {
        struct span key = json_text(json_field(e.params, "idempotencyKey"));
        char payload[400];
        int length = snprintf(payload, sizeof payload, "{\"runId\":\"%.*s\",\"status\":\"started\"}", (int)(key.n < 256 ? key.n : 256), key.p);
        respond(u, e.id, ok, (struct span){payload, (size_t)length});
        gateway_chat(u->person, e.params);
    } else {
        char empty[] = "{}";
        respond(u, e.id, ok, (struct span){empty, 2});
    }
}

static void closed(struct conn *c, int code) {
    struct upstream *u = (struct upstream *)c;
    (void)code;
    if (!u->greeted) return;
    *u->link = u->next;
    if (u->next) u->next->link = u->link;
}

int gateway_listen(int port) {
    static const struct conn_calls calls = {requested, opened, text, closed, true};
    return conn_listen(port, made, &calls);
}

static char *put_number(char *at, uint64_t value) {
    char digits[20];
    int n = 0;
    do digits[n++] = (char)('0' + value % 10);
    while (value /= 10);
    while (n) *at++ = digits[--n];
    return at;
}

static char *put(char *at, const char *s, size_t n) {
    memcpy(at, s, n);
    return at + n;
}
#define PUT(at, literal) put(at, literal, sizeof literal - 1)

void gateway_events(struct person *p, int count, size_t bytes) {
    static char filler[4096];
    if (!*filler) memset(filler, 'e', sizeof filler);
    if (!p->upstreams) fault("u%d: an event, but no gateway connection", p->number);
    uint64_t at_ns = now_ns();
    for (int i = 0; i < count; i++) {
        uint64_t number = ++p->events;
        for (struct upstream *u = p->upstreams; u; u = u->next) {
            char frame[8192], *payload = frame + WS_HEADER_MAX, *at = payload, seq[24];
            size_t seq_n = (size_t)(put_number(seq, ++u->seq) - seq);
            at = PUT(at, "{\"type\":\"event\",\"event\":\"cron\",\"payload\":{\"n\":");
            at = put_number(at, 1000000000 + number);
            at = PUT(at, ",\"at\":");
            at = put_number(at, 1000000000000000 + at_ns % 1000000000000000);
            at = PUT(at, ",\"pad\":\"");
            size_t length = (size_t)(at - payload) + sizeof "\"},\"seq\":}" - 1 + seq_n;
            size_t pad = bytes > length ? bytes - length : 0;
            while (pad) {
                size_t part = pad < sizeof filler ? pad : sizeof filler;
                if (at + part > frame + sizeof frame - 64) break;
                at = put(at, filler, part);
                pad -= part;
            }
            at = PUT(at, "\"},\"seq\":");
            at = put(at, seq, seq_n);
            *at++ = '}';
            conn_send(&u->conn, payload, (size_t)(at - payload), NULL, 0, NULL, 0);
        }
    }
}

void gateway_event(struct person *p, const char *name, const char *payload) {
    if (!p->upstreams) fault("u%d: an event, but no gateway connection", p->number);
    for (struct upstream *u = p->upstreams; u; u = u->next) {
        char head[100], tail[40];
        int head_n = snprintf(head, sizeof head, "{\"type\":\"event\",\"event\":\"%s\",\"payload\":", name);
        int tail_n = snprintf(tail, sizeof tail, ",\"seq\":%llu}", (unsigned long long)++u->seq);
        conn_send(&u->conn, head, (size_t)head_n, (uint8_t *)payload, strlen(payload), tail, (size_t)tail_n);
    }
}

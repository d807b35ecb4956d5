/* Clients of a relay. See client.h. */
#define _GNU_SOURCE
#include "client.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report.h"
#include "ws.h"

static const uint8_t KEY[4] = {0x5a, 0xc3, 0x19, 0xe4};
static const uint64_t PROBE = 0xfffffffffffe;
static struct request probe;

struct load load;

static const char CONNECT[] =
    "{\"type\":\"req\",\"id\":\"0\",\"method\":\"connect\",\"params\":{\"minProtocol\":3,\"maxProtocol\":4,"
    "\"client\":{\"id\":\"gateway-client\",\"version\":\"1\",\"platform\":\"linux\",\"mode\":\"backend\"},"
    "\"role\":\"operator\",\"scopes\":[\"operator.admin\"],\"caps\":[],\"auth\":{\"token\":\"t\"}}}";

/* -- requests */

static const char ROW[] =
    "{\"key\":\"agent:main:telegram:direct:4711\",\"kind\":\"direct\",\"updatedAt\":1764053462000,\"totalTokens\":18231,"
    "\"label\":\"Dinner plans\",\"active\":true}";

void request_make(struct request *r, size_t bytes, const char *method) {
    static const char before[] = "{\"type\":\"req\",\"id\":\"", rows[] = "\",\"rows\":[", after[] = "]}}";
    char between[200];
    size_t between_n = (size_t)snprintf(between, sizeof between, "\",\"method\":\"%.100s\",\"params\":{\"pad\":\"", method);
    size_t fixed = sizeof before - 1 + 12 + between_n + sizeof rows - 1 + sizeof after - 1;
    if (bytes < fixed) bytes = fixed;
    size_t count = (bytes - fixed) / sizeof ROW; /* each with its comma */
    size_t rows_n = count ? count * sizeof ROW - 1 : 0;
    r->frame = malloc(bytes + WS_HEADER_MAX);
    size_t header = ws_header(r->frame, WS_TEXT, true, bytes, KEY);
    uint8_t *at = r->frame + header;
    at = mempcpy(at, before, sizeof before - 1);
    r->id_at = (size_t)(at - r->frame) - header;
    at = mempcpy(at, "000000000000", 12);
    at = mempcpy(at, between, between_n);
    r->pad = bytes - fixed - rows_n;
    r->rows = rows_n + 2;
    memset(at, 'p', r->pad);
    at = mempcpy(at + r->pad, rows, sizeof rows - 1);
    for (size_t row = 0; row < count; row++) {
        if (row) *at++ = ',';
        at = mempcpy(at, ROW, sizeof ROW - 1);
    }
    memcpy(at, after, sizeof after - 1);
    ws_mask(r->frame + header, bytes, KEY, 0);
    r->header = header;
    r->length = header + bytes;
}

void request_free(struct request *r) { free(r->frame); }

void client_ask(struct client *c, struct request *r, uint64_t id) {
    for (int i = 0; i < 12; i++)
        r->frame[r->header + r->id_at + (size_t)i] = (uint8_t)"0123456789abcdef"[id >> (44 - 4 * i) & 15] ^ KEY[(r->id_at + (size_t)i) & 3];
    conn_write(&c->conn, &(struct iovec){r->frame, r->length}, 1);
}

void request_check(const struct request *r, const struct client *c, const struct envelope *e) {
    struct span pad = json_text(json_field(e->payload, "pad"));
    if (pad.n != r->pad || (pad.n && (pad.p[0] != 'p' || pad.p[pad.n - 1] != 'p')))
        fault("u%d tab %d: the answer has a pad of %zu bytes instead of %zu", c->person->number, c->tab, pad.n, r->pad);
    struct span rows = json_field(e->payload, "rows");
    if (rows.n < r->rows) fault("u%d tab %d: the answer has %zu bytes of rows instead of %zu", c->person->number, c->tab, rows.n, r->rows);
}

/* -- hearing */

static void ask_probe(struct client *c) {
    if (!probe.frame) request_make(&probe, REQUEST_SMALLEST, REQUEST_METHOD);
    c->phase = CLIENT_PROBING;
    client_ask(c, &probe, PROBE);
}

static void opened(struct conn *conn) {
    struct client *c = (struct client *)conn;
    if (c->transparent) c->phase = CLIENT_GREETING;
    else ask_probe(c);
}

static uint64_t id_of(struct span id) {
    struct span hex = json_text(id);
    uint64_t value = 0;
    for (size_t i = 0; i < hex.n; i++) {
        char d = hex.p[i];
        if (d >= '0' && d <= '9') value = value << 4 | (uint64_t)(d - '0');
        else if (d >= 'a' && d <= 'f') value = value << 4 | (uint64_t)(d - 'a' + 10);
        else return UINT64_MAX;
    }
    return hex.n == 12 ? value : UINT64_MAX;
}

static void hear_res(struct client *c, const struct envelope *e) {
    if (e->ok.n != 4 && load.refused) {
        load.refused(c, e, id_of(e->id));
        return;
    }
    if (e->ok.n != 4) {
        fault("u%d tab %d: refused: %.*s", c->person->number, c->tab, (int)(e->error.n < 200 ? e->error.n : 200), e->error.p);
        return;
    }
    if (c->phase == CLIENT_GREETING) {
        ask_probe(c);
        return;
    }
    uint64_t id = id_of(e->id);
    if (c->phase == CLIENT_PROBING && id == PROBE) {
        request_check(&probe, c, e);
        c->phase = CLIENT_READY;
        c->person->tabs++;
        if (load.ready) load.ready(c);
    } else if (load.answered) {
        load.answered(c, e, id);
    } else {
        fault("u%d tab %d: an answer nobody waits for, id %.*s", c->person->number, c->tab, (int)(e->id.n < 40 ? e->id.n : 40), e->id.p);
    }
}

static void hear_event(struct client *c, const struct envelope *e) {
    if (json_is(e->event, "connect.challenge") && c->phase == CLIENT_GREETING) {
        conn_send_text(&c->conn, CONNECT);
        return;
    }
    if (!json_is(e->event, "cron")) {
        if (load.frame) load.frame(c, e);
        return;
    }
    uint64_t number = json_number(json_field(e->payload, "n")) - 1000000000;
    if (c->number && number != c->number + 1 && !c->lossy)
        fault("u%d tab %d: event %llu after %llu", c->person->number, c->tab, (unsigned long long)number, (unsigned long long)c->number);
    c->number = number;
    c->heard++;
    if (c->phase < CLIENT_READY) return;
    if (load.event) load.event(c, json_number(json_field(e->payload, "at")) - 1000000000000000);
}

static void text(struct conn *conn, uint8_t *bytes, size_t n) {
    struct client *c = (struct client *)conn;
    struct envelope e;
    if (!json_envelope(bytes, n, &e)) {
        fault("u%d tab %d: no JSON object: %.*s", c->person->number, c->tab, n < 120 ? (int)n : 120, (char *)bytes);
        return;
    }
    if (json_is(e.type, "res")) hear_res(c, &e);
    else if (json_is(e.type, "event")) hear_event(c, &e);
    else if (load.frame) load.frame(c, &e);
    else if (json_is(e.type, "error"))
        fault("u%d tab %d: %.*s", c->person->number, c->tab, n < 200 ? (int)n : 200, (char *)bytes);
}

static void closed(struct conn *conn, int code) {
    struct client *c = (struct client *)conn;
    if (c->phase == CLIENT_READY) c->person->tabs--;
    enum client_phase before = c->phase;
    c->phase = CLIENT_GONE;
    if (load.gone) load.gone(c, code);
    else if (before != CLIENT_LEAVING) fault("u%d tab %d: closed %d", c->person->number, c->tab, code);
}

/* -- coming and going */

struct client *client_open(const struct door *door, int number, int tab) {
    static const struct conn_calls calls = {NULL, opened, text, closed, false};
    char target[6000];
    struct client *c = calloc(1, sizeof *c);
    c->person = person_of(door->relay, number);
    c->tab = tab;
    c->transparent = strcmp(door->relay, "nginx") == 0 || strcmp(door->relay, "direct") == 0;
    c->dialled_at = now_ns();
    if (c->transparent) snprintf(target, sizeof target, "/%s/u%d", door->relay, number);
    else if (!door->tokens) snprintf(target, sizeof target, "/ws?token=u%d", number);
    else if (number < door->token_count) snprintf(target, sizeof target, "/ws?token=%s", door->tokens[number]);
    else {
        fault("there is no token for u%d", number);
        free(c);
        return NULL;
    }
    if (conn_dial(&c->conn, &calls, door->port, target)) return c;
    fault("u%d tab %d: cannot be dialled", number, tab);
    free(c);
    return NULL;
}

void client_leave(struct client *c) {
    if (c->phase >= CLIENT_LEAVING) return;
    if (c->phase == CLIENT_READY) c->person->tabs--;
    c->phase = CLIENT_LEAVING;
    conn_close(&c->conn, 1000);
}

void client_drop(struct client *c) {
    if (c->phase == CLIENT_GONE) return;
    if (c->phase == CLIENT_READY) c->person->tabs--;
    c->phase = CLIENT_GONE;
    conn_abort(&c->conn);
}

void client_free(struct client *c) {
    buf_free(&c->conn.in);
    buf_free(&c->conn.out);
    buf_free(&c->conn.fragments);
    free(c);
}

/* verify: bytes and ids. Each client asks for every size in turn and compares what comes back, byte for byte.
 *
 * Sizes lie around the borders of frame headers and of buffers, up to 300 KB. Of a user's tabs one sends whole
 * messages, one sends fragments of many sizes, one reads a little at a time; all use the same ids at the same time.
 * Events are sent meanwhile; their order is checked as always. Texts have UTF-8 and escapes unless `utf8=0`, for relays
 * that decode and encode JSON anew.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "gateway.h"
#include "ws.h"

enum kind { WHOLE, FRAGMENTS, SLOW, KINDS };
enum { USERS = 2, TABS = KINDS, LARGEST = 300000, SLOW_READ = 997, SLOW_LARGEST = 70000, EVENT_EVERY = 7 };

static const size_t FRAGMENT_SIZES[] = {1, 7, 125, 126, 1000, 4096, 65535, 65536};

struct check {
    struct client *client;
    size_t next, length; /* the next size to ask, the text's length */
    uint8_t *text;
};

static struct {
    size_t sizes[2000], count; /* of the text in a request */
    struct check checks[USERS * TABS];
    int open, ready;
    uint64_t units;
    bool done, all_ready, utf8;
    uint32_t chance;
} at;

static uint32_t chance(void) {
    at.chance ^= at.chance << 13;
    at.chance ^= at.chance >> 17;
    at.chance ^= at.chance << 5;
    return at.chance;
}

static void add_sizes(size_t from, size_t to, size_t step) {
    for (size_t size = from; size <= to; size += step) at.sizes[at.count++] = size;
}

static void choose_sizes(void) {
    at.count = 0;
    add_sizes(0, 150, 1);
    size_t borders[] = {4096, 8192, 16384, 32768, 65536, 131072, 262144};
    for (size_t i = 0; i < sizeof borders / sizeof *borders; i++) {
        size_t step = borders[i] == 65536 ? 3 : 11;
        add_sizes(borders[i] - 120, borders[i] + 9, step);
    }
    add_sizes(LARGEST, LARGEST, 1);
}

/* A JSON string's inside, exactly `length` bytes. */
static void make_text(uint8_t *text, size_t length) {
    static const char *const PIECES[] = {"\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x90\xa6", "\\\"", "\\\\", "\\u00e9", "{\\\"id\\\":\\\"0\\\"}"};
    for (size_t n = 0; n < length;) {
        const char *piece = PIECES[chance() % (sizeof PIECES / sizeof *PIECES)];
        size_t piece_n = strlen(piece);
        if (at.utf8 && chance() % 8 == 0 && n + piece_n <= length) {
            memcpy(text + n, piece, piece_n);
            n += piece_n;
        } else {
            text[n++] = (uint8_t)"abcdefghijklmnopqrstuvwxyz0123456789,:[]{} "[chance() % 43];
        }
    }
}

static void send_part(struct client *c, int opcode, bool fin, uint8_t *bytes, size_t n) {
    uint8_t header[WS_HEADER_MAX], key[4];
    uint32_t random = chance();
    memcpy(key, &random, 4);
    size_t header_n = ws_header(header, opcode, fin, n, key);
    ws_mask(bytes, n, key, 0);
    struct iovec pieces[] = {{header, header_n}, {bytes, n}};
    conn_write(&c->conn, pieces, 2);
}

static void ask_next(struct check *k) {
    struct client *c = k->client;
    enum kind kind = (enum kind)c->tab;
    while (kind == SLOW && k->next < at.count && at.sizes[k->next] > SLOW_LARGEST) k->next++;
    if (k->next >= at.count) {
        at.done = --at.open == 0;
        return;
    }
    static uint8_t message[LARGEST + 200];
    uint64_t id = k->next;
    k->length = at.sizes[k->next++];
    make_text(k->text, k->length);
    int n = sprintf((char *)message, "{\"type\":\"req\",\"id\":\"%012llx\",\"method\":\"sessions.list\",\"params\":{\"pad\":\"", (unsigned long long)id);
    memcpy(message + n, k->text, k->length);
    size_t total = (size_t)n + k->length;
    memcpy(message + total, "\"}}", 3);
    total += 3;
    size_t size = total;
    if (kind == FRAGMENTS) {
        size = FRAGMENT_SIZES[id % (sizeof FRAGMENT_SIZES / sizeof *FRAGMENT_SIZES)];
        if (total / size > 300) size = total / 300;
    }
    for (size_t from = 0; from < total; from += size) {
        size_t part = total - from < size ? total - from : size;
        send_part(c, from ? WS_CONTINUATION : WS_TEXT, from + part == total, message + from, part);
    }
    if (kind == WHOLE && id % EVENT_EVERY == 0) gateway_events(c->person, 3, 200 + id % 3000);
}

static void ready(struct client *c) {
    (void)c;
    at.all_ready = ++at.ready == USERS * TABS;
}

static void answered(struct client *c, const struct envelope *e, uint64_t id) {
    for (int i = 0; i < USERS * TABS; i++) {
        struct check *k = &at.checks[i];
        if (k->client != c) continue;
        struct span text = json_text(json_field(e->payload, "pad"));
        if (id + 1 != k->next)
            fault("u%d tab %d: the answer to %llx instead of %zx", c->person->number, c->tab, (unsigned long long)id, k->next - 1);
        else if (text.n != k->length || memcmp(text.p, k->text, k->length) != 0)
            fault("u%d tab %d: the text of %zu bytes came back as another one, of %zu", c->person->number, c->tab, k->length, text.n);
        at.units++;
        ask_next(k);
        return;
    }
}

static void event(struct client *c, uint64_t at_ns) { (void)c, (void)at_ns; }

void run_verify(void) {
    uint64_t began = now_ns();
    struct door door = argument_door();
    bool decodes = strcmp(door.relay, "s") == 0 || strcmp(door.relay, "node") == 0;
    at.utf8 = argument("utf8", !decodes) != 0;
    at.chance = 2463534242;
    at.units = 0;
    at.ready = 0;
    at.all_ready = at.done = false;
    choose_sizes();
    load = (struct load){.ready = ready, .answered = answered, .event = event};
    for (int i = 0; i < USERS * TABS; i++) {
        struct client *c = client_open(&door, (int)argument("first", 0) + i / TABS, i % TABS);
        at.checks[i] = (struct check){.client = c, .text = malloc(LARGEST)};
        if (c) pool_add(c);
        if (c && i % TABS == SLOW) c->conn.read_limit = SLOW_READ;
    }
    if (wait_until(&at.all_ready, 0, "the tabs could not connect")) {
        at.open = USERS * TABS;
        for (int i = 0; i < USERS * TABS; i++) ask_next(&at.checks[i]);
        uint64_t until = now_ns() + (uint64_t)(argument("timeout", 20) * 1e9);
        for (bool paused = false; !at.done && !faults() && now_ns() < until; paused = !paused) {
            for (int i = 0; i < USERS * TABS; i++)
                if (i % TABS == SLOW) conn_pause(&at.checks[i].client->conn, paused);
            conn_turn(200000);
        }
        if (!at.done) fault("time is up: %d tabs are not through", at.open);
    }
    load.answered = NULL;
    for (int i = 0; i < USERS * TABS; i++) {
        if (at.checks[i].client) client_leave(at.checks[i].client);
        free(at.checks[i].text);
    }
    wait_for_time(now_ns() + 100000000);
    for (int i = 0; i < USERS * TABS; i++)
        if (at.checks[i].client) client_drop(at.checks[i].client);
    answer("\"units\":%llu,\"wall_ms\":%.1f", (unsigned long long)at.units, (double)(now_ns() - began) / 1e6);
}

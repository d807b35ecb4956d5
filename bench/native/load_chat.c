/* chat: turns of `agent_chat`, one at a time for each user; the gateway plays a run, the client joins its chunks.
 *
 * The run's events are those of OpenClaw on wire 4: `agent` with the text so far and the increment, `chat` with the
 * text so far for every fifth, a lifecycle around them and a `final`. A relay may join increments, so a turn is right
 * when the joined text is the run's; a unit is an increment, latency that of the last one in a chunk.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "gateway.h"

enum { PIECE = 8, MOST_CHUNKS = 4000, CHAT_EVERY = 5, LONGEST = 256 };

/* One user's turn, both ends of it. */
struct turn {
    struct client *client;
    char run[LONGEST], session[LONGEST];
    int sent, seq;        /* increments the gateway has sent, the run's last event */
    size_t heard;         /* bytes of text the client has */
    bool running;         /* at the gateway */
    uint64_t due;         /* ns, of the next increment */
    uint64_t *written_at; /* by increment */
};

static struct {
    struct turn *turns;
    int count, chunks, left, open;
    uint64_t units, told, interval_ns;
    char *text; /* the answer of every run: "00000000" "00000001" … */
    struct latency latency;
    bool done;
} at;

static struct turn *turn_of(const struct person *p) {
    for (int i = 0; i < at.count; i++)
        if (at.turns[i].client->person == p) return &at.turns[i];
    return NULL;
}

/* -- the gateway's side */

static void agent(struct turn *t, const char *stream, const char *data) {
    static char payload[MOST_CHUNKS * PIECE + 2 * LONGEST + 1000];
    snprintf(payload, sizeof payload,
             "{\"runId\":\"%s\",\"stream\":\"%s\",\"data\":%s,\"sessionKey\":\"%s\",\"agentId\":\"main\",\"sessionId\":\"s\",\"seq\":%d,"
             "\"ts\":1795416227200,\"isHeartbeat\":false}",
             t->run, stream, data, t->session, ++t->seq);
    gateway_event(t->client->person, "agent", payload);
}

static void chat(struct turn *t, const char *state, int from) {
    static char payload[2 * MOST_CHUNKS * PIECE + 2 * LONGEST + 1000];
    bool final = strcmp(state, "final") == 0;
    int n = snprintf(payload, sizeof payload, "{\"runId\":\"%s\",\"sessionKey\":\"%s\",\"agentId\":\"main\",\"seq\":%d,\"state\":\"%s\"", t->run,
                     t->session, final ? ++t->seq : t->seq, state);
    if (final) n += snprintf(payload + n, sizeof payload - (size_t)n, ",\"stopReason\":\"stop\"");
    else n += snprintf(payload + n, sizeof payload - (size_t)n, ",\"deltaText\":\"%.*s\"", (t->sent - from) * PIECE, at.text + from * PIECE);
    snprintf(payload + n, sizeof payload - (size_t)n,
             ",\"message\":{\"role\":\"assistant\",\"content\":[{\"type\":\"text\",\"text\":\"%.*s\"}],\"timestamp\":1795416227300}}",
             t->sent * PIECE, at.text);
    gateway_event(t->client->person, "chat", payload);
}

static void begin_run(struct person *p, struct span params) {
    struct turn *t = turn_of(p);
    if (!t) return;
    struct span key = json_text(json_field(params, "idempotencyKey")), session = json_text(json_field(params, "sessionKey"));
    snprintf(t->run, LONGEST, "%.*s", (int)key.n, key.p);
    if (session.n) snprintf(t->session, LONGEST, "%.*s", (int)session.n, session.p);
    else strcpy(t->session, "agent:main:main");
    t->sent = t->seq = 0;
    t->running = true;
    t->due = now_ns() + at.interval_ns;
    agent(t, "lifecycle", "{\"phase\":\"start\",\"startedAt\":1795416227200}");
}

static void end_run(struct turn *t) {
    t->running = false;
    agent(t, "lifecycle", "{\"phase\":\"end\",\"startedAt\":1795416227200,\"endedAt\":1795416229200,\"executionSettled\":true}");
    chat(t, "final", 0);
}

static void speak(struct turn *t) {
    static char data[MOST_CHUNKS * PIECE + 200];
    int n = t->sent++;
    snprintf(data, sizeof data, "{\"text\":\"%.*s\",\"delta\":\"%.*s\",\"itemId\":\"m:1\"}", t->sent * PIECE, at.text, PIECE, at.text + n * PIECE);
    t->written_at[n] = now_ns();
    agent(t, "assistant", data);
    if (t->sent % CHAT_EVERY == 0) chat(t, "delta", t->sent - CHAT_EVERY);
    t->due += at.interval_ns;
    if (t->sent == at.chunks) end_run(t);
}

/* Lets every run say what is due; returns when the next is, in ns from now. */
static int64_t play(void) {
    int64_t next = 100000000;
    for (int i = 0; i < at.count; i++) {
        struct turn *t = &at.turns[i];
        while (t->running && t->due <= now_ns()) speak(t);
        if (!t->running) continue;
        int64_t wait = (int64_t)t->due - (int64_t)now_ns();
        if (wait < next) next = wait > 0 ? wait : 0;
    }
    return next;
}

/* -- the client's side */

static void start_turn(struct turn *t) {
    static unsigned long long number;
    if (!at.left) {
        at.done = at.open == 0;
        return;
    }
    at.left--;
    at.open++;
    t->heard = 0;
    char frame[300];
    snprintf(frame, sizeof frame, "{\"type\":\"agent_chat\",\"agent_name\":\"main\",\"message\":\"Tell me.\",\"id\":\"%08llx-0000-4000-8000-%012llx\"}",
             ++number & 0xffffffff, (unsigned long long)now_ns() & 0xffffffffffff);
    conn_send_text(&t->client->conn, frame);
}

static void end_turn(struct turn *t) {
    if (t->heard != (size_t)at.chunks * PIECE)
        fault("u%d: a turn with %zu bytes of text instead of %d", t->client->person->number, t->heard, at.chunks * PIECE);
    at.open--;
    at.told++;
    start_turn(t);
}

static void frame(struct client *c, const struct envelope *e) {
    struct turn *t = turn_of(c->person);
    if (!t || t->client != c) return;
    if (json_is(e->type, "chunk")) {
        struct span content = json_text(e->content);
        if (t->heard + content.n > (size_t)at.chunks * PIECE || memcmp(content.p, at.text + t->heard, content.n) != 0)
            fault("u%d: a chunk that is not the run's text at %zu", c->person->number, t->heard);
        t->heard += content.n;
        at.units++;
        if (content.n && t->heard / PIECE && t->heard / PIECE <= (size_t)at.chunks) latency_add(&at.latency, now_ns() - t->written_at[t->heard / PIECE - 1]);
    } else if (json_is(e->type, "done")) {
        end_turn(t);
    } else if (json_is(e->type, "error")) {
        fault("u%d: the turn failed: %.*s", c->person->number, (int)(e->message.n < 200 ? e->message.n : 200), e->message.p);
        end_turn(t);
    }
}

void run_chat(void) {
    uint64_t began = now_ns();
    pool_select();
    at.chunks = (int)argument("chunks", 200);
    if (at.chunks > MOST_CHUNKS) at.chunks = MOST_CHUNKS;
    at.left = (int)argument("turns", 10);
    at.interval_ns = (uint64_t)(1e9 / argument("rate", 500));
    at.open = 0;
    at.units = at.told = 0;
    at.latency = (struct latency){0};
    at.done = false;
    at.text = malloc((size_t)at.chunks * PIECE + 1);
    for (int i = 0; i < at.chunks; i++) snprintf(at.text + i * PIECE, PIECE + 1, "%07u ", (unsigned)i % 10000000);
    at.turns = calloc((size_t)pool_count + 1, sizeof *at.turns);
    at.count = 0;
    for (int i = 0; i < pool_count; i++) {
        if (turn_of(pool[i]->person)) continue;
        at.turns[at.count].client = pool[i];
        at.turns[at.count++].written_at = calloc((size_t)at.chunks, sizeof(uint64_t));
    }
    if (!at.count) fault("no client is connected");
    load = (struct load){.frame = frame};
    gateway_chat = begin_run;
    at.done = at.count == 0;
    for (int i = 0; i < at.count; i++) start_turn(&at.turns[i]);
    double turns_each = at.count ? argument("turns", 10) / at.count + 1 : 0;
    uint64_t until = now_ns() + (uint64_t)((argument("timeout", 20) + turns_each * at.chunks / argument("rate", 500)) * 1e9);
    while (!at.done && now_ns() < until) conn_turn(play());
    if (!at.done) fault("time is up: %d turns are not over", at.open);
    gateway_chat = NULL;
    answer("\"units\":%llu,\"chunks\":%llu,\"wall_ms\":%.1f,\"p50_us\":%.1f,\"p99_us\":%.1f",
           (unsigned long long)at.told * (unsigned long long)at.chunks, (unsigned long long)at.units, (double)(now_ns() - began) / 1e6, latency_us(&at.latency, 0.5), latency_us(&at.latency, 0.99));
    for (int i = 0; i < at.count; i++) free(at.turns[i].written_at);
    free(at.turns);
    free(at.text);
    at.turns = NULL;
    at.count = 0;
}

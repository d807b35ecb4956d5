/* Clients of a relay (browser tabs): open, ask, hear. What they hear goes to the load that is under way. */
#ifndef BENCH_CLIENT_H
#define BENCH_CLIENT_H

#include "conn.h"
#include "json.h"
#include "person.h"

enum client_phase { CLIENT_DIALLED, CLIENT_GREETING, CLIENT_PROBING, CLIENT_READY, CLIENT_LEAVING, CLIENT_GONE };

struct client {
    struct conn conn;
    struct person *person;
    enum client_phase phase;
    bool transparent;    /* behind a transparent proxy it is the client that greets the gateway */
    bool lossy;          /* events may be missing: it reads slowly on purpose */
    int tab;
    uint64_t dialled_at; /* ns */
    uint64_t number;     /* of the last event it heard */
    uint64_t heard;      /* events */
    uint64_t mark;       /* the load's own */
};

/* What the load under way wants to hear; any may be null. */
struct load {
    void (*ready)(struct client *c);                                          /* its first RPC was answered */
    void (*answered)(struct client *c, const struct envelope *e, uint64_t id); /* an `ok` res */
    void (*refused)(struct client *c, const struct envelope *e, uint64_t id);  /* a res that is not `ok`; without it, a fault */
    void (*event)(struct client *c, uint64_t at_ns);                          /* an event of gateway_events */
    void (*frame)(struct client *c, const struct envelope *e);                /* any other frame */
    void (*gone)(struct client *c, int code);                                 /* without it, closing is a fault */
};
extern struct load load;

/* Where clients go: the relay's name, its port and, for tokens, lines of a file (null: `u<k>`). */
struct door {
    char relay[24];
    int port;
    char **tokens;
    int token_count;
};

/* Null if it cannot be dialled; that is a fault. It belongs to the caller: `client_free`. */
struct client *client_open(const struct door *door, int number, int tab);
void client_leave(struct client *c); /* close 1000; phase CLIENT_GONE follows */
void client_drop(struct client *c);  /* at once */
void client_free(struct client *c);  /* only when gone, and after another turn of the loop */

/* A request frame of `bytes` payload bytes, ready but for its id; its params are {"pad":"ppp...","rows":[...]}:
 * as many rows as there is room for, since what JSON costs depends on how much of it is structure. */
struct request {
    uint8_t *frame;
    size_t header, length; /* bytes of the WebSocket header, of all of it */
    size_t id_at, pad, rows; /* where in the payload the id is, bytes of the pad and of the rows with their brackets */
};
enum { REQUEST_SMALLEST = 120 };
#define REQUEST_METHOD "sessions.list"

void request_make(struct request *r, size_t bytes, const char *method);
void request_free(struct request *r);
/* Sends it for the client, with that id (below 2^48). */
void client_ask(struct client *c, struct request *r, uint64_t id);
/* A fault unless the answer's payload is what the request had. */
void request_check(const struct request *r, const struct client *c, const struct envelope *e);

#endif

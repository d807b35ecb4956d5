/* WebSocket connections over loopback TCP on one epoll loop, both sides: accept, dial, upgrade, frames, close.
 *
 * A user of it embeds `struct conn` as the first member of its own struct and hears of it through `struct conn_calls`.
 * What is sent while one socket's input is handled is written when that is done, in one piece for each connection.
 */
#ifndef BENCH_CONN_H
#define BENCH_CONN_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/uio.h>

#include "buf.h"

struct conn;

struct conn_calls {
    bool (*request)(struct conn *c, const char *target); /* server side: the path asked for; false refuses it */
    void (*open)(struct conn *c);                        /* upgraded */
    void (*text)(struct conn *c, uint8_t *bytes, size_t n); /* a whole message, unmasked; the bytes may be changed */
    void (*closed)(struct conn *c, int code);            /* TCP is gone; code of the close frame, 1006 without one */
    bool owned;                                          /* conn.c frees it (with `free`) after `closed` */
};

enum conn_state { CONN_UPGRADING, CONN_OPEN, CONN_CLOSING, CONN_GONE };

struct conn {
    const struct conn_calls *calls;
    int fd;
    uint8_t state;
    bool client, close_sent, dirty, paused;
    uint8_t fragment_opcode;
    uint16_t close_code;
    uint32_t interest; /* epoll events asked for */
    size_t need;       /* bytes the frame at the start of `in` has altogether, if known */
    size_t read_limit; /* bytes of one read; 0: as many as come */
    struct buf in, out, fragments;
    struct conn *next; /* in the list of dirty or of dead ones */
};

/* Raises the limit of open files and makes the loop. */
void conn_init(void);

/* Listens on 127.0.0.1 (port 0: any) and returns the port; `made` gives a zeroed struct for each connection. */
int conn_listen(int port, struct conn *(*made)(void), const struct conn_calls *calls);

/* Dials 127.0.0.1:port for `target`; c is zeroed. False if there is no socket to be had. */
bool conn_dial(struct conn *c, const struct conn_calls *calls, int port, const char *target);

/* Sends one text message made of three pieces; a client's is masked, for which `body` may be changed. */
void conn_send(struct conn *c, const void *head, size_t head_n, uint8_t *body, size_t body_n, const void *tail, size_t tail_n);
void conn_send_text(struct conn *c, const char *text);

/* Sends bytes that are frames already. */
void conn_write(struct conn *c, const struct iovec *pieces, int count);

void conn_close(struct conn *c, int code);       /* the close handshake; `closed` follows */
void conn_abort(struct conn *c);                 /* at once; `closed` is not called */
void conn_pause(struct conn *c, bool paused);    /* stop reading, go on reading */
void conn_receive_buffer(struct conn *c, int bytes);

/* One turn of the loop: waits up to timeout_ns, handles what came. */
void conn_turn(int64_t timeout_ns);
int conn_epoll(void); /* the loop's own descriptor, to be polled beside others */

uint64_t now_ns(void);

#endif

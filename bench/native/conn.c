/* WebSocket connections on one epoll loop. See conn.h. */
#define _GNU_SOURCE
#include "conn.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "ws.h"

enum { SCRATCH = 256 * 1024, DIRECT = 16 * 1024, HEAD_LIMIT = 16 * 1024, TURN_EVENTS = 256 };

static const uint8_t KEY[4] = {0x37, 0xfa, 0x21, 0x3d}; /* every client frame's mask key */
static const char NONCE[] = "dGhlIHNhbXBsZSBub25jZQ==", NONCE_ACCEPT[] = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

struct listener {
    struct conn base; /* only `fd`, and `calls` null to tell it from connections */
    struct conn *(*made)(void);
    const struct conn_calls *calls;
};

static int epoll_fd = -1;
static uint8_t scratch[SCRATCH];
static struct conn *dirty, *dead;

uint64_t now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

void conn_init(void) {
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        setrlimit(RLIMIT_NOFILE, &files);
    }
    epoll_fd = epoll_create1(EPOLL_CLOEXEC);
}

int conn_epoll(void) { return epoll_fd; }

/* -- sockets */

static struct sockaddr_in loopback(int port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

static void set_interest(struct conn *c, uint32_t interest) {
    if (interest == c->interest) return;
    struct epoll_event event = {.events = interest, .data.ptr = c};
    epoll_ctl(epoll_fd, EPOLL_CTL_MOD, c->fd, &event);
    c->interest = interest;
}

static void begin(struct conn *c, const struct conn_calls *calls, int fd, bool client) {
    int yes = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    c->calls = calls;
    c->fd = fd;
    c->client = client;
    c->state = CONN_UPGRADING;
    c->close_code = 1006;
    c->interest = EPOLLIN;
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};
    epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &event);
}

int conn_listen(int port, struct conn *(*made)(void), const struct conn_calls *calls) {
    int yes = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    struct sockaddr_in address = loopback(port);
    socklen_t size = sizeof address;
    if (bind(fd, (struct sockaddr *)&address, size) || listen(fd, 4096)) {
        perror("listen");
        exit(1);
    }
    getsockname(fd, (struct sockaddr *)&address, &size);
    struct listener *l = calloc(1, sizeof *l);
    l->base.fd = fd;
    l->made = made;
    l->calls = calls;
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = l};
    epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &event);
    return ntohs(address.sin_port);
}

static void accept_all(struct listener *l) {
    for (int i = 0; i < 64; i++) {
        int fd = accept4(l->base.fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0) return;
        begin(l->made(), l->calls, fd, false);
    }
}

bool conn_dial(struct conn *c, const struct conn_calls *calls, int port, const char *target) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) return false;
    struct sockaddr_in address = loopback(port);
    if (connect(fd, (struct sockaddr *)&address, sizeof address) && errno != EINPROGRESS) {
        close(fd);
        return false;
    }
    begin(c, calls, fd, true);
    char head[8192];
    int n = snprintf(head, sizeof head,
                     "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                     "Sec-WebSocket-Key: %s\r\nSec-WebSocket-Version: 13\r\n\r\n",
                     target, port, NONCE);
    conn_write(c, &(struct iovec){head, (size_t)n}, 1);
    return true;
}

static void let_go(struct conn *c) {
    close(c->fd);
    c->fd = -1;
    c->state = CONN_GONE;
    c->interest = 0;
    buf_free(&c->out);
}

static void gone(struct conn *c) {
    if (c->state == CONN_GONE) return;
    let_go(c);
    c->calls->closed(c, c->close_code);
    if (c->calls->owned && !c->dirty) c->next = dead, dead = c; /* a dirty one is buried when its turn to flush comes */
}

void conn_abort(struct conn *c) {
    if (c->state == CONN_GONE) return;
    let_go(c);
    if (c->calls->owned && !c->dirty) c->next = dead, dead = c;
}

void conn_pause(struct conn *c, bool paused) {
    c->paused = paused;
    if (c->state == CONN_GONE) return;
    set_interest(c, (paused ? 0 : EPOLLIN) | (c->interest & EPOLLOUT));
}

void conn_receive_buffer(struct conn *c, int bytes) { setsockopt(c->fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes); }

/* -- writing */

static void mark_dirty(struct conn *c) {
    if (c->dirty || c->interest & EPOLLOUT) return;
    c->dirty = true;
    c->next = dirty;
    dirty = c;
}

static void flush(struct conn *c) {
    size_t waiting = buf_length(&c->out);
    if (waiting) {
        ssize_t sent = send(c->fd, buf_bytes(&c->out), waiting, MSG_NOSIGNAL);
        if (sent < 0 && errno != EAGAIN && errno != EINTR && errno != ENOTCONN) {
            gone(c);
            return;
        }
        if (sent > 0) buf_consume(&c->out, (size_t)sent);
    }
    set_interest(c, (c->paused ? 0 : EPOLLIN) | (buf_length(&c->out) ? EPOLLOUT : 0));
    if (c->state == CONN_CLOSING && !c->client && c->close_sent && !buf_length(&c->out) && c->close_code != 1006) gone(c);
}

static void flush_dirty(void) {
    while (dirty) {
        struct conn *c = dirty;
        dirty = c->next;
        c->dirty = false;
        if (c->state != CONN_GONE) flush(c);
        else if (c->calls->owned) c->next = dead, dead = c;
    }
}

void conn_write(struct conn *c, const struct iovec *pieces, int count) {
    if (c->state == CONN_GONE) return;
    size_t total = 0, sent = 0;
    for (int i = 0; i < count; i++) total += pieces[i].iov_len;
    if (total >= DIRECT && !buf_length(&c->out)) {
        struct msghdr message = {.msg_iov = (struct iovec *)pieces, .msg_iovlen = (size_t)count};
        ssize_t n = sendmsg(c->fd, &message, MSG_NOSIGNAL);
        if (n > 0) sent = (size_t)n;
        if (sent == total) return;
    }
    for (int i = 0; i < count; i++) {
        size_t skipped = sent < pieces[i].iov_len ? sent : pieces[i].iov_len;
        sent -= skipped;
        buf_append(&c->out, (uint8_t *)pieces[i].iov_base + skipped, pieces[i].iov_len - skipped);
    }
    mark_dirty(c);
}

void conn_send(struct conn *c, const void *head, size_t head_n, uint8_t *body, size_t body_n, const void *tail, size_t tail_n) {
    if (c->state != CONN_OPEN) return;
    size_t total = head_n + body_n + tail_n;
    uint8_t header[WS_HEADER_MAX];
    size_t header_n = ws_header(header, WS_TEXT, true, total, c->client ? KEY : NULL);
    if (total < DIRECT) {
        uint8_t *at = buf_room(&c->out, header_n + total);
        memcpy(at, header, header_n);
        uint8_t *payload = at + header_n;
        memcpy(payload, head, head_n);
        if (body_n) memcpy(payload + head_n, body, body_n);
        if (tail_n) memcpy(payload + head_n + body_n, tail, tail_n);
        if (c->client) ws_mask(payload, total, KEY, 0);
        c->out.end += header_n + total;
        mark_dirty(c);
        return;
    }
    uint8_t ends[512];
    if (head_n + tail_n > sizeof ends) {
        fputs("conn_send: the ends of a message are too long\n", stderr);
        exit(1);
    }
    memcpy(ends, head, head_n);
    if (tail_n) memcpy(ends + head_n, tail, tail_n);
    if (c->client) {
        ws_mask(ends, head_n, KEY, 0);
        ws_mask(body, body_n, KEY, head_n);
        ws_mask(ends + head_n, tail_n, KEY, head_n + body_n);
    }
    struct iovec pieces[] = {{header, header_n}, {ends, head_n}, {body, body_n}, {ends + head_n, tail_n}};
    conn_write(c, pieces, 4);
}

void conn_send_text(struct conn *c, const char *text) { conn_send(c, text, strlen(text), NULL, 0, NULL, 0); }

static void send_control(struct conn *c, int opcode, const uint8_t *payload, size_t n) {
    uint8_t frame[WS_HEADER_MAX + 125];
    size_t header_n = ws_header(frame, opcode, true, n, c->client ? KEY : NULL);
    if (n) memcpy(frame + header_n, payload, n);
    if (c->client) ws_mask(frame + header_n, n, KEY, 0);
    conn_write(c, &(struct iovec){frame, header_n + n}, 1);
}

void conn_close(struct conn *c, int code) {
    if (c->state == CONN_UPGRADING) gone(c);
    if (c->state != CONN_OPEN) return;
    uint8_t payload[2] = {(uint8_t)(code >> 8), (uint8_t)code};
    send_control(c, WS_CLOSE, payload, 2);
    c->close_sent = true;
    c->state = CONN_CLOSING;
}

/* -- reading */

/* The value of a header in an HTTP head, null if it has none. */
static const char *http_header(const char *head, size_t n, const char *name, size_t *length) {
    size_t name_n = strlen(name);
    const char *line = memchr(head, '\n', n), *end = head + n;
    while (line && ++line + name_n < end) {
        if (strncasecmp(line, name, name_n) == 0 && line[name_n] == ':') {
            const char *value = line + name_n + 1, *stop = memchr(value, '\r', (size_t)(end - value));
            while (*value == ' ') value++;
            *length = (size_t)((stop ? stop : end) - value);
            return value;
        }
        line = memchr(line, '\n', (size_t)(end - line));
    }
    return NULL;
}

static bool upgrade_server(struct conn *c, char *head, size_t n) {
    size_t key_n, target_n;
    const char *key = http_header(head, n, "Sec-WebSocket-Key", &key_n);
    char *stop = memchr(head, '\r', n), *target = head + 4, *space = target;
    while (space < stop && *space != ' ') space++;
    target_n = (size_t)(space - target);
    char path[4096];
    if (!key || strncmp(head, "GET ", 4) != 0 || target_n >= sizeof path) return false;
    memcpy(path, target, target_n);
    path[target_n] = 0;
    if (!c->calls->request(c, path)) return false;
    char accept[29], answer[256];
    ws_accept(key, key_n, accept);
    int length = snprintf(answer, sizeof answer,
                          "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                          "Sec-WebSocket-Accept: %s\r\n\r\n",
                          accept);
    conn_write(c, &(struct iovec){answer, (size_t)length}, 1);
    return true;
}

static bool upgrade_client(char *head, size_t n) {
    size_t accept_n;
    const char *accept = http_header(head, n, "Sec-WebSocket-Accept", &accept_n);
    return strncmp(head, "HTTP/1.1 101", 12) == 0 && accept && accept_n == 28 && memcmp(accept, NONCE_ACCEPT, 28) == 0;
}

/* Takes the HTTP head. Returns the bytes used, 0 if it is not whole yet; a bad one ends the connection. */
static size_t take_head(struct conn *c, uint8_t *bytes, size_t n) {
    uint8_t *end = memmem(bytes, n, "\r\n\r\n", 4);
    if (!end) {
        if (n > HEAD_LIMIT) gone(c);
        return 0;
    }
    size_t used = (size_t)(end - bytes) + 4;
    if (!(c->client ? upgrade_client((char *)bytes, used) : upgrade_server(c, (char *)bytes, used))) {
        gone(c);
        return 0;
    }
    c->state = CONN_OPEN;
    c->calls->open(c);
    return used;
}

static void take_close(struct conn *c, const uint8_t *payload, size_t n) {
    c->close_code = n >= 2 ? (uint16_t)(payload[0] << 8 | payload[1]) : 1005;
    if (!c->close_sent) {
        send_control(c, WS_CLOSE, payload, n >= 2 ? 2 : 0);
        c->close_sent = true;
    }
    c->state = CONN_CLOSING;
    mark_dirty(c); /* the server ends TCP when its own close frame is out */
}

static void take_frame(struct conn *c, const struct ws_frame *frame, uint8_t *payload) {
    size_t n = frame->length;
    switch (frame->opcode) {
    case WS_TEXT:
    case WS_BINARY:
        if (frame->fin) {
            c->calls->text(c, payload, n);
            return;
        }
        buf_append(&c->fragments, payload, n);
        return;
    case WS_CONTINUATION:
        buf_append(&c->fragments, payload, n);
        if (frame->fin) {
            c->calls->text(c, buf_bytes(&c->fragments), buf_length(&c->fragments));
            buf_consume(&c->fragments, buf_length(&c->fragments));
        }
        return;
    case WS_CLOSE:
        take_close(c, payload, n);
        return;
    case WS_PING:
        send_control(c, WS_PONG, payload, n > 125 ? 125 : n);
        return;
    default:
        return;
    }
}

/* Handles all whole frames. Returns the bytes used. */
static size_t take(struct conn *c, uint8_t *bytes, size_t n) {
    size_t used = 0;
    c->need = 0;
    if (c->state == CONN_UPGRADING) {
        used = take_head(c, bytes, n);
        if (!used) return 0;
    }
    while (c->state == CONN_OPEN || c->state == CONN_CLOSING) {
        struct ws_frame frame;
        enum ws_parsed parsed = ws_parse(bytes + used, n - used, &frame);
        if (parsed == WS_BAD || (parsed == WS_FRAME && frame.masked == c->client)) {
            c->close_code = 1002;
            gone(c);
        }
        if (parsed != WS_FRAME || c->state == CONN_GONE) break;
        size_t whole = frame.header + frame.length;
        if (n - used < whole) {
            c->need = whole;
            break;
        }
        uint8_t *payload = bytes + used + frame.header;
        if (frame.masked) ws_mask(payload, frame.length, frame.key, 0);
        take_frame(c, &frame, payload);
        used += whole;
    }
    return used;
}

static void read_some(struct conn *c) {
    size_t kept = buf_length(&c->in), limit = c->read_limit ? c->read_limit : SCRATCH;
    uint8_t *room = scratch;
    if (kept) {
        room = buf_room(&c->in, c->need > kept ? c->need - kept : 4096);
        size_t free_n = c->in.capacity - c->in.end;
        if (limit > free_n) limit = free_n;
    }
    ssize_t n = recv(c->fd, room, limit, 0);
    if (n <= 0) {
        if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
        gone(c);
        return;
    }
    if (!kept) {
        size_t used = take(c, scratch, (size_t)n);
        if (c->state != CONN_GONE) {
            if (c->need) buf_room(&c->in, c->need);
            buf_append(&c->in, scratch + used, (size_t)n - used);
        }
        return;
    }
    c->in.end += (size_t)n;
    size_t used = take(c, buf_bytes(&c->in), buf_length(&c->in));
    if (used && c->state != CONN_GONE) buf_consume(&c->in, used);
}

/* -- the loop */

static void bury(void) {
    while (dead) {
        struct conn *c = dead;
        dead = c->next;
        buf_free(&c->in);
        buf_free(&c->fragments);
        free(c);
    }
}

void conn_turn(int64_t timeout_ns) {
    struct epoll_event events[TURN_EVENTS];
    flush_dirty();
    bury();
    struct timespec wait = {timeout_ns / 1000000000, timeout_ns % 1000000000};
    int n = epoll_pwait2(epoll_fd, events, TURN_EVENTS, timeout_ns < 0 ? NULL : &wait, NULL);
    for (int i = 0; i < n; i++) {
        struct conn *c = events[i].data.ptr;
        if (!c->calls) {
            accept_all((struct listener *)c);
            continue;
        }
        if (c->state != CONN_GONE && events[i].events & EPOLLOUT) flush(c);
        if (c->state != CONN_GONE && events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) read_some(c);
        flush_dirty();
    }
}

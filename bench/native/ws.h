/* WebSocket (RFC 6455) as bytes: frame headers, masks, the accept key. Knows no socket. */
#ifndef BENCH_WS_H
#define BENCH_WS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { WS_CONTINUATION = 0, WS_TEXT = 1, WS_BINARY = 2, WS_CLOSE = 8, WS_PING = 9, WS_PONG = 10 };
enum { WS_HEADER_MAX = 14 };

struct ws_frame {
    int opcode;
    bool fin, masked;
    uint8_t key[4];
    size_t header, length; /* bytes of the header and of the payload */
};

enum ws_parsed { WS_MORE, WS_FRAME, WS_BAD };

/* The header of the frame that begins at `bytes`. WS_FRAME once the header is whole, whether the payload is or not. */
enum ws_parsed ws_parse(const uint8_t *bytes, size_t n, struct ws_frame *frame);

/* Writes a header, masked if `key` is given. Returns its length. */
size_t ws_header(uint8_t out[WS_HEADER_MAX], int opcode, bool fin, size_t length, const uint8_t *key);

/* Masks or unmasks in place; `offset` is where in the payload the bytes stand. */
void ws_mask(uint8_t *bytes, size_t n, const uint8_t key[4], size_t offset);

/* Sec-WebSocket-Accept for a Sec-WebSocket-Key; out is 28 characters and a zero. */
void ws_accept(const char *key, size_t key_length, char out[29]);

#endif

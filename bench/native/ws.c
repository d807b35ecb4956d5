/* WebSocket frames, masks and the accept key (SHA-1 and base64). See ws.h. */
#include "ws.h"

#include <string.h>

enum ws_parsed ws_parse(const uint8_t *bytes, size_t n, struct ws_frame *frame) {
    if (n < 2) return WS_MORE;
    if (bytes[0] & 0x70) return WS_BAD;
    frame->fin = bytes[0] >> 7;
    frame->opcode = bytes[0] & 15;
    frame->masked = bytes[1] >> 7;
    size_t length = bytes[1] & 127, header = 2;
    if (length == 126) {
        if (n < 4) return WS_MORE;
        length = (size_t)bytes[2] << 8 | bytes[3];
        header = 4;
    } else if (length == 127) {
        if (n < 10) return WS_MORE;
        length = 0;
        for (int i = 2; i < 10; i++) length = length << 8 | bytes[i];
        if (length > (size_t)1 << 40) return WS_BAD;
        header = 10;
    }
    if (frame->masked) {
        if (n < header + 4) return WS_MORE;
        memcpy(frame->key, bytes + header, 4);
        header += 4;
    }
    frame->header = header;
    frame->length = length;
    return WS_FRAME;
}

size_t ws_header(uint8_t out[WS_HEADER_MAX], int opcode, bool fin, size_t length, const uint8_t *key) {
    size_t n = 2;
    uint8_t masked = key ? 0x80 : 0;
    out[0] = (uint8_t)((fin ? 0x80 : 0) | opcode);
    if (length < 126) {
        out[1] = masked | (uint8_t)length;
    } else if (length < 65536) {
        out[1] = masked | 126;
        out[2] = (uint8_t)(length >> 8);
        out[3] = (uint8_t)length;
        n = 4;
    } else {
        out[1] = masked | 127;
        for (int i = 0; i < 8; i++) out[2 + i] = (uint8_t)(length >> (56 - 8 * i));
        n = 10;
    }
    if (key) {
        memcpy(out + n, key, 4);
        n += 4;
    }
    return n;
}

void ws_mask(uint8_t *bytes, size_t n, const uint8_t key[4], size_t offset) {
    uint8_t turned[8];
    for (int i = 0; i < 8; i++) turned[i] = key[(offset + (size_t)i) & 3];
    uint64_t wide, chunk;
    memcpy(&wide, turned, 8);
    if (!wide) return;
    size_t i = 0;
    for (; i + 8 <= n; i += 8) {
        memcpy(&chunk, bytes + i, 8);
        chunk ^= wide;
        memcpy(bytes + i, &chunk, 8);
    }
    for (; i < n; i++) bytes[i] ^= turned[i & 7];
}

static uint32_t rotate(uint32_t x, int by) { return x << by | x >> (32 - by); }

static void sha1_block(uint32_t state[5], const uint8_t block[64]) {
    uint32_t w[80];
    for (int i = 0; i < 16; i++)
        w[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 | (uint32_t)block[4 * i + 2] << 8 | block[4 * i + 3];
    for (int i = 16; i < 80; i++) w[i] = rotate(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
    uint32_t a = state[0], b = state[1], c = state[2], d = state[3], e = state[4];
    for (int i = 0; i < 80; i++) {
        uint32_t f, k;
        if (i < 20) f = (b & c) | (~b & d), k = 0x5A827999;
        else if (i < 40) f = b ^ c ^ d, k = 0x6ED9EBA1;
        else if (i < 60) f = (b & c) | (b & d) | (c & d), k = 0x8F1BBCDC;
        else f = b ^ c ^ d, k = 0xCA62C1D6;
        uint32_t next = rotate(a, 5) + f + e + k + w[i];
        e = d, d = c, c = rotate(b, 30), b = a, a = next;
    }
    state[0] += a, state[1] += b, state[2] += c, state[3] += d, state[4] += e;
}

/* SHA-1 of at most 119 bytes: two blocks. */
static void sha1_short(const uint8_t *bytes, size_t n, uint8_t digest[20]) {
    uint32_t state[5] = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0};
    uint8_t padded[128] = {0};
    memcpy(padded, bytes, n);
    padded[n] = 0x80;
    size_t total = n < 56 ? 64 : 128;
    padded[total - 2] = (uint8_t)(n * 8 >> 8);
    padded[total - 1] = (uint8_t)(n * 8);
    for (size_t at = 0; at < total; at += 64) sha1_block(state, padded + at);
    for (int i = 0; i < 20; i++) digest[i] = (uint8_t)(state[i / 4] >> (24 - 8 * (i % 4)));
}

void ws_accept(const char *key, size_t key_length, char out[29]) {
    static const char guid[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    uint8_t text[119], digest[21] = {0};
    if (key_length > sizeof text - 36) key_length = sizeof text - 36;
    memcpy(text, key, key_length);
    memcpy(text + key_length, guid, 36);
    sha1_short(text, key_length + 36, digest);
    for (int i = 0; i < 7; i++) {
        uint32_t three = (uint32_t)digest[3 * i] << 16 | (uint32_t)digest[3 * i + 1] << 8 | digest[3 * i + 2];
        for (int j = 0; j < 4; j++) out[4 * i + j] = digits[three >> (18 - 6 * j) & 63];
    }
    out[27] = '=';
    out[28] = 0;
}

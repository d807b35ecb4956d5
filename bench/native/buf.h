/* A growable byte queue: written at the end, read from the start, its memory used again. */
#ifndef BENCH_BUF_H
#define BENCH_BUF_H

#include <stddef.h>
#include <stdint.h>

struct buf {
    uint8_t *data;
    size_t start, end, capacity; /* bytes; what is in it is data[start..end) */
};

static inline size_t buf_length(const struct buf *b) { return b->end - b->start; }
static inline uint8_t *buf_bytes(const struct buf *b) { return b->data + b->start; }

/* At least n free bytes behind the end. The caller moves `end`. */
uint8_t *buf_room(struct buf *b, size_t n);
void buf_append(struct buf *b, const void *bytes, size_t n);
/* Takes n bytes from the start; an empty large buffer gives its memory back. */
void buf_consume(struct buf *b, size_t n);
void buf_free(struct buf *b);

#endif

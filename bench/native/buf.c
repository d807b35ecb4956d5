/* A growable byte queue. See buf.h. */
#include "buf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SMALLEST = 512, KEPT_WHEN_EMPTY = 64 * 1024 };

uint8_t *buf_room(struct buf *b, size_t n) {
    if (b->capacity - b->end >= n) return b->data + b->end;
    size_t length = buf_length(b);
    if (b->capacity - length >= n && b->start >= length) {
        memcpy(b->data, b->data + b->start, length);
    } else {
        size_t capacity = b->capacity ? b->capacity : SMALLEST;
        while (capacity - length < n) capacity *= 2;
        uint8_t *data = malloc(capacity);
        if (!data) {
            fputs("out of memory\n", stderr);
            exit(1);
        }
        if (length) memcpy(data, b->data + b->start, length);
        free(b->data);
        b->data = data;
        b->capacity = capacity;
    }
    b->start = 0;
    b->end = length;
    return b->data + b->end;
}

void buf_append(struct buf *b, const void *bytes, size_t n) {
    if (!n) return;
    memcpy(buf_room(b, n), bytes, n);
    b->end += n;
}

void buf_consume(struct buf *b, size_t n) {
    b->start += n;
    if (b->start < b->end) return;
    b->start = b->end = 0;
    if (b->capacity > KEPT_WHEN_EMPTY) buf_free(b);
}

void buf_free(struct buf *b) {
    free(b->data);
    *b = (struct buf){0};
}

/* Looks into JSON objects without building anything: the top-level fields of a frame, one field of an object. */
#ifndef BENCH_JSON_H
#define BENCH_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct span { /* raw JSON; n is 0 where there is none */
    const char *p;
    size_t n;
};

struct envelope {
    struct span type, id, method, params, ok, payload, event, content, error, message, code, seq;
};

/* The top-level fields of a frame; false if it is no object. */
bool json_envelope(const void *bytes, size_t n, struct envelope *e);
struct span json_field(struct span object, const char *name);
struct span json_text(struct span string); /* without its quotes; escapes stay */
uint64_t json_number(struct span number);
bool json_is(struct span string, const char *text);

#endif

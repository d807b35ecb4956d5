/* A scanner for JSON objects. See json.h. */
#include "json.h"

#include <string.h>

static const char *skip_space(const char *p, const char *end) {
    while (p < end && (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t')) p++;
    return p;
}

static const char *skip_string(const char *p, const char *end) {
    for (p++; p < end; p++) {
        p = memchr(p, '"', (size_t)(end - p));
        if (!p) return end;
        const char *back = p;
        while (back[-1] == '\\') back--;
        if ((p - back) % 2 == 0) return p + 1;
    }
    return end;
}

static const char *skip_value(const char *p, const char *end) {
    if (p < end && *p == '"') return skip_string(p, end);
    int depth = 0;
    while (p < end) {
        char c = *p;
        if (c == '"') {
            p = skip_string(p, end);
            continue;
        }
        if (c == '{' || c == '[') depth++;
        else if (c == '}' || c == ']') {
            if (depth == 0) return p;
            if (--depth == 0) return p + 1;
        } else if (depth == 0 && (c == ',' || c == ' ')) return p;
        p++;
    }
    return end;
}

/* Steps to the next field. `*p` is behind `{` or a value; false at the end. */
static bool next_field(const char **p, const char *end, struct span *name, struct span *value) {
    const char *at = skip_space(*p, end);
    if (at < end && *at == ',') at = skip_space(at + 1, end);
    if (at >= end || *at != '"') return false;
    const char *stop = skip_string(at, end);
    *name = (struct span){at + 1, (size_t)(stop - at) - 2};
    at = skip_space(stop, end);
    if (at >= end || *at != ':') return false;
    at = skip_space(at + 1, end);
    stop = skip_value(at, end);
    *value = (struct span){at, (size_t)(stop - at)};
    *p = stop;
    return true;
}

static struct span *place(struct envelope *e, struct span name) {
#define FIELD(field) if (name.n == sizeof #field - 1 && memcmp(name.p, #field, name.n) == 0) return &e->field
    FIELD(type);
    FIELD(id);
    FIELD(method);
    FIELD(params);
    FIELD(ok);
    FIELD(payload);
    FIELD(event);
    FIELD(content);
    FIELD(error);
    FIELD(message);
    FIELD(code);
    FIELD(seq);
#undef FIELD
    return NULL;
}

bool json_envelope(const void *bytes, size_t n, struct envelope *e) {
    const char *p = bytes, *end = p + n;
    *e = (struct envelope){0};
    p = skip_space(p, end);
    if (p >= end || *p++ != '{') return false;
    struct span name, value;
    while (next_field(&p, end, &name, &value)) {
        struct span *to = place(e, name);
        if (to) *to = value;
    }
    p = skip_space(p, end);
    return p < end && *p == '}';
}

struct span json_field(struct span object, const char *wanted) {
    const char *p = object.p, *end = p + object.n;
    size_t n = strlen(wanted);
    if (!object.n || *p++ != '{') return (struct span){0};
    struct span name, value;
    while (next_field(&p, end, &name, &value))
        if (name.n == n && memcmp(name.p, wanted, n) == 0) return value;
    return (struct span){0};
}

struct span json_text(struct span string) {
    if (string.n < 2 || *string.p != '"') return (struct span){0};
    return (struct span){string.p + 1, string.n - 2};
}

uint64_t json_number(struct span number) {
    uint64_t value = 0;
    for (size_t i = 0; i < number.n && number.p[i] >= '0' && number.p[i] <= '9'; i++) value = value * 10 + (uint64_t)(number.p[i] - '0');
    return value;
}

bool json_is(struct span string, const char *text) {
    struct span inside = json_text(string);
    return inside.n == strlen(text) && memcmp(inside.p, text, inside.n) == 0;
}

/* The table of users. See person.h. */
#include "person.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RELAYS = 64, LARGEST_NUMBER = 1000000 };

static struct relay {
    char name[24];
    struct person **people;
    int count;
} relays[RELAYS];

static struct relay *relay_of(const char *name) {
    for (int i = 0; i < RELAYS; i++) {
        if (!*relays[i].name) snprintf(relays[i].name, sizeof relays[i].name, "%s", name);
        if (strcmp(relays[i].name, name) == 0) return &relays[i];
    }
    fputs("too many relays\n", stderr);
    exit(1);
}

struct person *person_of(const char *relay, int number) {
    struct relay *r = relay_of(relay);
    if (number >= r->count) {
        int count = number + 1 > 2 * r->count ? number + 1 : 2 * r->count;
        r->people = realloc(r->people, (size_t)count * sizeof *r->people);
        memset(r->people + r->count, 0, (size_t)(count - r->count) * sizeof *r->people);
        r->count = count;
    }
    if (!r->people[number]) {
        struct person *p = calloc(1, sizeof *p);
        p->relay = r->name;
        p->number = number;
        r->people[number] = p;
    }
    return r->people[number];
}

struct person *person_of_path(const char *path) {
    char relay[24];
    int number;
    if (sscanf(path, "/%23[^/]/u%d", relay, &number) != 2 || number < 0 || number > LARGEST_NUMBER) return NULL;
    return person_of(relay, number);
}

/* Simulated OpenClaw gateways (wire 4): greet, answer requests at once, send events. One port serves all users. */
#ifndef BENCH_GATEWAY_H
#define BENCH_GATEWAY_H

#include <stddef.h>
#include <stdint.h>

#include "json.h"
#include "person.h"

int gateway_listen(int port);

/* From now on the gateways of that part of the users accept and upgrade but never greet. 0 ends it. */
void gateway_hang(int percent);
int gateway_hangs(const struct person *p);

/* The events `count` times, each `bytes` long, in one write for each of the user's gateway connections.
   Their payload has `n`, the user's own number of the event, and `at`, when it was written in ns. */
void gateway_events(struct person *p, int count, size_t bytes);

/* One event with this payload to all of the user's gateway connections. */
void gateway_event(struct person *p, const char *name, const char *payload);

/* A `chat.send` came; set by the load that plays chats. */
extern void (*gateway_chat)(struct person *p, struct span params);

#endif

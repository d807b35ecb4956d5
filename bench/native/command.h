/* The commands of the generator, and what they share: arguments, the connected clients, waiting. */
#ifndef BENCH_COMMAND_H
#define BENCH_COMMAND_H

#include <stdbool.h>
#include <stdint.h>

#include "client.h"
#include "report.h"

/* `key=value` words of a command line. */
double argument(const char *name, double otherwise);
const char *argument_text(const char *name, const char *otherwise);
/* From relay=, port= and tokens=. */
struct door argument_door(void);

/* The connected clients: all, or those of `relay=`. Loads choose with `pool_select` when they begin. */
extern struct client **pool;
extern int pool_count;
void pool_select(void);
void pool_add(struct client *c);
/* Forgets and frees what is gone. */
void pool_sweep(void);

/* Turns the loop until `*done` or the command's time is up (`timeout=`, after `extra_s`); a fault if it is. */
bool wait_until(const bool *done, double extra_s, const char *what);
/* Turns the loop until then. */
void wait_for_time(uint64_t until_ns);

/* Latency of an event written at `at_ns`. */
uint64_t since_event(uint64_t at_ns);

void run_connect(void);
void run_disconnect(void);
void run_rpc(void);
void run_hold(void);
void run_events(void);
void run_burst(void);
void run_tokens(void);
void run_storm(void);
void run_hang(void);
void run_hol(void);
void run_slowtab(void);
void run_chat(void);
void run_verify(void);

#endif

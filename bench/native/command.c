/* What the commands share. See command.h. */
#include "command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "generator.h"

struct client **pool;
int pool_count;

static struct client **everybody;
static int everybody_count, everybody_room;

double argument(const char *name, double otherwise) {
    const char *text = argument_text(name, NULL);
    return text ? atof(text) : otherwise;
}

const char *argument_text(const char *name, const char *otherwise) {
    size_t n = strlen(name);
    for (int i = 0; i < command_words_count; i++)
        if (strncmp(command_words[i], name, n) == 0 && command_words[i][n] == '=') return command_words[i] + n + 1;
    return otherwise;
}

static void read_tokens(struct door *door, const char *path) {
    static char *lines[1 << 16];
    static char *text;
    FILE *file = fopen(path, "r");
    if (!file) {
        fault("cannot read %s", path);
        return;
    }
    free(text);
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    rewind(file);
    text = calloc(1, (size_t)size + 1);
    if (fread(text, 1, (size_t)size, file) != (size_t)size) fault("cannot read %s", path);
    fclose(file);
    door->tokens = lines;
    for (char *line = strtok(text, "\r\n"); line && door->token_count < 1 << 16; line = strtok(NULL, "\r\n")) lines[door->token_count++] = line;
}

struct door argument_door(void) {
    struct door door = {.port = (int)argument("port", 0)};
    snprintf(door.relay, sizeof door.relay, "%s", argument_text("relay", "direct"));
    const char *tokens = argument_text("tokens", NULL);
    if (tokens) read_tokens(&door, tokens);
    return door;
}

void pool_select(void) {
    const char *relay = argument_text("relay", NULL);
    pool = realloc(pool, (size_t)(everybody_count + 1) * sizeof *pool);
    pool_count = 0;
    for (int i = 0; i < everybody_count; i++)
        if (!relay || strcmp(everybody[i]->person->relay, relay) == 0) pool[pool_count++] = everybody[i];
}

void pool_add(struct client *c) {
    if (everybody_count == everybody_room) {
        everybody_room = everybody_room ? 2 * everybody_room : 256;
        everybody = realloc(everybody, (size_t)everybody_room * sizeof *everybody);
    }
    everybody[everybody_count++] = c;
}

void pool_sweep(void) {
    int kept = 0;
    conn_turn(0);
    for (int i = 0; i < everybody_count; i++) {
        if (everybody[i]->phase == CLIENT_GONE) client_free(everybody[i]);
        else everybody[kept++] = everybody[i];
    }
    everybody_count = kept;
}

bool wait_until(const bool *done, double extra_s, const char *what) {
    uint64_t until = now_ns() + (uint64_t)((extra_s + argument("timeout", 20)) * 1e9);
    while (!*done && now_ns() < until) conn_turn(100000000);
    if (!*done) fault("time is up: %s", what);
    return *done;
}

void wait_for_time(uint64_t until_ns) {
    for (uint64_t now = now_ns(); now < until_ns; now = now_ns()) conn_turn((int64_t)(until_ns - now));
}

uint64_t since_event(uint64_t at_ns) { return now_ns() % 1000000000000000 - at_ns; }

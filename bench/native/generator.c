/* The load generator: clients of relays and simulated gateways in one process, driven by commands on stdin.
 *
 *     generator [--port P] [--max-seconds S]
 *
 * Says {"listening":<gateway port>}, then answers each command, a line `word key=value …`, with one JSON line.
 * Ends with its stdin, or after S seconds (default 3600).
 */
#define _GNU_SOURCE
#include "generator.h"

#include <errno.h>
#include <malloc.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "gateway.h"

enum { LONGEST_LINE = 4096, MOST_WORDS = 32 };

char **command_words;
int command_words_count;

static const struct {
    const char *name;
    void (*run)(void);
} COMMANDS[] = {
    {"connect", run_connect}, {"disconnect", run_disconnect}, {"rpc", run_rpc},     {"hold", run_hold},       {"events", run_events},
    {"burst", run_burst},     {"tokens", run_tokens},         {"storm", run_storm}, {"hang", run_hang},       {"hol", run_hol},
    {"slowtab", run_slowtab}, {"chat", run_chat},             {"verify", run_verify},
};

static void obey(char *line) {
    char *words[MOST_WORDS];
    command_words = words;
    command_words_count = 0;
    for (char *word = strtok(line, " \t\r"); word && command_words_count < MOST_WORDS; word = strtok(NULL, " \t\r")) words[command_words_count++] = word;
    if (!command_words_count) return;
    for (size_t i = 0; i < sizeof COMMANDS / sizeof *COMMANDS; i++) {
        if (strcmp(words[0], COMMANDS[i].name) != 0) continue;
        COMMANDS[i].run();
        memset(&load, 0, sizeof load);
        pool_sweep();
        return;
    }
    fault("there is no command %s", words[0]);
    answer("\"units\":0");
}

/* Reads what stdin has and obeys whole lines; false at its end. */
static bool listen_to_stdin(void) {
    static char line[LONGEST_LINE];
    static size_t n;
    ssize_t got = read(STDIN_FILENO, line + n, sizeof line - 1 - n);
    if (got <= 0) return got < 0 && errno == EINTR;
    n += (size_t)got;
    char *end;
    while ((end = memchr(line, '\n', n))) {
        char copy[LONGEST_LINE];
        size_t length = (size_t)(end - line);
        memcpy(copy, line, length);
        copy[length] = 0;
        n -= length + 1;
        memmove(line, end + 1, n);
        obey(copy);
    }
    return n < sizeof line - 1;
}

int main(int count, char **words) {
    int port = 0;
    double max_s = 3600;
    for (int i = 1; i + 1 < count; i += 2) {
        if (strcmp(words[i], "--port") == 0) port = atoi(words[i + 1]);
        else if (strcmp(words[i], "--max-seconds") == 0) max_s = atof(words[i + 1]);
    }
    mallopt(M_MMAP_THRESHOLD, 1 << 28); /* large buffers come and go without system calls */
    mallopt(M_TRIM_THRESHOLD, 1 << 28);
    conn_init();
    printf("{\"listening\":%d}\n", gateway_listen(port));
    fflush(stdout);
    uint64_t until = now_ns() + (uint64_t)(max_s * 1e9);
    struct pollfd sources[] = {{STDIN_FILENO, POLLIN, 0}, {conn_epoll(), POLLIN, 0}};
    while (now_ns() < until) {
        if (poll(sources, 2, 1000) < 0) continue;
        if (sources[1].revents) conn_turn(0);
        if (sources[0].revents && !listen_to_stdin()) break;
    }
    return 0;
}

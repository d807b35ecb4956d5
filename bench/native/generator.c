/* The load generator: clients of relays and simulated gateways in one process, driven by commands on stdin.
 *
 *     generator [--port P] [--max-seconds S]
 *
 * Says {"listening":<gateway port>}, then answers each command, a line `word key=value ...`, with one JSON line.
 * Ends with its stdin, or after S seconds (default 3600). Upstream address of user k behind relay r:
 * ws://127.0.0.1:<gateway port>/<r>/u<k>. Relays `nginx` and `direct` are transparent: the client asks for that path
 * itself (direct: of the generator's own port) and greets the gateway; all others listen at /ws?token=<token>.
 *
 *     connect     relay port [users=1 tabs=1 first=0 conc=50 tokens=FILE apart=0]   {connected, ms}
 *     disconnect  {closed}
 *     rpc         [bytes=200 inflight=1 seconds=1 | count=N, warm method=sessions.list]  closed loop over the clients
 *     hold        [bytes=262144 count=2]                               that many RPCs of each client, one at a time
 *     events      [count=1000 bytes=220]      lone events, user after user; the next when all tabs have the last
 *     burst       [size=50 count=20 bytes=220]                         the same with `size` events in one write
 *     tokens      [rate=50 seconds=1 bytes=220]                        `rate` events a second to each user
 *     storm       relay port [n=1500 conc=100 first tokens]            connect, first RPC, close
 *     hang        [percent=0]
 *     hol         relay port [users=100 rate=200 seconds=8 first tokens]            {healthy:{...}, hung:{...}}
 *     slowtab     relay port [mbytes=40 seconds=5 bytes=4096 stall=24 after=5 first tokens] {without, with, slow}
 *     chat        [turns=10 chunks=200 rate=500]   one turn at a time for each user; rate: increments a second
 *     verify      relay port [first tokens utf8]
 *
 * tokens=FILE has user k's token in line k; without it, it is `u<k>`. Loads take all connected clients, or those of
 * relay=. Answers have units (RPCs; frames delivered; increments of a chat), wall_ms, p50_us and p99_us unless said otherwise, and always
 * errors, with first_error. `units` is everything that was done, so that CPU around a command can be divided by it;
 * latencies leave the first `warm` seconds out. Nothing waits longer than its own seconds and timeout= (20).
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

/* The words of the command under way. */
#ifndef BENCH_GENERATOR_H
#define BENCH_GENERATOR_H

extern char **command_words;
extern int command_words_count;

#endif

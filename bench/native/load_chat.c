#include "command.h"
void run_chat(void) { fault("chat is not there yet"); answer("%s",""); }

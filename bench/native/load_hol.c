#include "command.h"
#include "gateway.h"
void run_hang(void) { gateway_hang((int)argument("percent", 0)); answer("\"percent\":%d", (int)argument("percent", 0)); }
void run_hol(void) { fault("hol is not there yet"); answer("%s",""); }

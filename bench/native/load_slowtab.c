#include "command.h"
void run_slowtab(void) { fault("slowtab is not there yet"); answer("%s",""); }

#include "command.h"
void run_storm(void) { fault("storm is not there yet"); answer("%s",""); }

/* The file of keys and colours that the program carries. */
#ifndef TUI_SCREEN_CONF_H
#define TUI_SCREEN_CONF_H

#include "core/base/buf.h"

struct slice	conf_default(void);

#endif

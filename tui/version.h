/* The program's version: semantic, and that of the man pages. */
#ifndef TUI_VERSION_H
#define TUI_VERSION_H

#define HANDRAIL_VERSION	"0.1.0"

#endif

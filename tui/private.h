/* Item text stays out of core dumps. */
#ifndef TUI_PRIVATE_H
#define TUI_PRIVATE_H

/* No core dump of this program from here on. */
void	private_begin(void);
/* In a child, before it becomes another program: the limit as it was. */
void	private_end(void);

#endif

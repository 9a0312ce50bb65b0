/* One connection: requests in, one at a time, and their answers out. */
#ifndef QUEUE_SERVE_CONN_H
#define QUEUE_SERVE_CONN_H

#include "queue/serve/server.h"

/* Takes the socket over, which is counted already; closes it where there is no memory.
 * late: it was accepted when the service was stopping. */
void		conn_new(struct server *, int fd, bool status, bool late);
/* Ends it at once, whatever it is doing; its call goes on without it. */
void		conn_close(struct conn *);
/* Goes on in this turn or the next. */
void		conn_resume(struct conn *);
/* Sends what there is at once, as far as the client takes it, if it is the first of
 * the turn; what follows from that is left to conn_resume(). */
void		conn_flush(struct conn *);
void		conn_again(struct server *);
/* Once a second: ends what is slow or idle.  draining: idle ones at once, but for one
 * that has just come, whose first request may follow. */
void		conn_tick(struct server *);
/* Frees those that were closed in this turn. */
void		conn_sweep(struct server *);

/* Its call is answered. */
void		conn_answer(struct conn *, struct call *);
/* A part of an event stream; false once the client has too much unread. */
bool		conn_stream(struct conn *, struct call *, struct slice);
void		conn_stream_end(struct conn *);
/* Its call goes on to wait: has a client that sends no more left? */
void		conn_look(struct conn *);
/* Would it take more now? */
bool		conn_has_room(const struct conn *);

#endif

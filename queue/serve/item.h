/* The items of a call in the store. */
#ifndef QUEUE_SERVE_ITEM_H
#define QUEUE_SERVE_ITEM_H

#include "queue/serve/call.h"

/* Sets call->keys: the numbers that the store has its items under. */
enum status	items_find(struct server *, struct call *) MUST_CHECK;

#endif

#include "core/item/item.h"

#include "core/base/text.h"

bool
item_has_text(const struct item *item)
{
	return !item->silent && !(item->output_is_string &&
	    text_blank(item->output));
}

bool
item_answers(const struct item *item)
{
	return item->fault == FAULT_NONE && item->stop != STOP_FILTER &&
	    item->stop != STOP_ERROR && item_has_text(item);
}

#include "tui/screen/deliberate.h"

#include <stddef.h>

void
deliberate_init(struct deliberate *d, int64_t now_ms)
{
	*d = (struct deliberate){ -1, now_ms, now_ms, 0, -1 };
}

void
deliberate_new(struct deliberate *d)
{
	d->shown_ms = -1;
}

void
deliberate_painted(struct deliberate *d, int64_t now_ms)
{
	if (d->shown_ms < 0)
		d->shown_ms = now_ms;
}

bool
deliberate_key(struct deliberate *d, int64_t came_ms, int64_t read_ms)
{
	bool stops = d->due_ms >= 0;

	d->quiet_ms = came_ms - d->read_ms;
	d->came_ms = came_ms;
	d->read_ms = read_ms;
	d->due_ms = -1;
	return stops;
}

const char *
deliberate_refusal(const struct deliberate *d, int64_t quiet_ms)
{
	if (d->shown_ms < 0)
		return "typed before this was shown";
	if (d->came_ms - d->shown_ms < SHOWN_MS)
		return "too soon, this has only just come up; read it first";
	if (d->quiet_ms < quiet_ms)
		return "too soon after another key; pause, then press it again";
	return NULL;
}

void
deliberate_wait(struct deliberate *d, int64_t ms)
{
	d->due_ms = d->read_ms + ms;
}

bool
deliberate_due(struct deliberate *d, int64_t now_ms)
{
	if (d->due_ms < 0 || now_ms < d->due_ms)
		return false;
	d->due_ms = -1;
	return true;
}

int
deliberate_left(const struct deliberate *d, int64_t now_ms, int most)
{
	if (d->due_ms < 0 || d->due_ms - now_ms >= most)
		return most;
	return d->due_ms > now_ms ? (int)(d->due_ms - now_ms) : 0;
}

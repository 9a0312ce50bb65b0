/*
 * LangGraph's interrupts: {"id","value"} around what a person is asked, and
 * {"__interrupt__":[..]} around these.
 */
#ifndef CORE_SHAPE_INTERRUPT_H
#define CORE_SHAPE_INTERRUPT_H

#include "core/shape/shape.h"

/* The object that asks: of the record, or of its `value`, alone or in a list of
 * one. */
uint32_t	interrupt_request(const struct json *d, uint32_t root);

#endif

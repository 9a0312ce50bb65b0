/*
 * What reaches a disk, as power_vfs.c records it and power.c makes crashes of it.  A
 * recording is a row of these, each with its name and then its data behind it.
 */
#ifndef TESTS_FAULT_POWER_H
#define TESTS_FAULT_POWER_H

#include <stdint.h>

enum power_op {
	POWER_WRITE = 'W',	/* data at offset, not synced */
	POWER_CUT = 'T',	/* made offset bytes long, not synced */
	POWER_SYNC = 'S',	/* all that was written of the file is on the disk */
	POWER_WHOLE = 'F',	/* the same of a file not seen being written: data */
	POWER_MADE = 'C',	/* a new name */
	POWER_GONE = 'U',
	POWER_RENAMED = 'R',	/* data: the new name */
	POWER_FOLDER = 'D',	/* names as they are now are on the disk */
	POWER_KEPT = 'A'	/* data: what was acknowledged by now */
};

struct power_record {
	uint8_t		op;
	uint16_t	name_n;
	uint32_t	n;
	int64_t		offset;
};

#define POWER_NAME	256

#endif

/* How many processors there are for this process. */
#ifndef CORE_BASE_CORES_H
#define CORE_BASE_CORES_H

unsigned	cores_count(void);	/* at least 1 */

#endif

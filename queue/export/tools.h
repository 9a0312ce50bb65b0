/* The formats that other tools import: tables and annotation projects. */
#ifndef QUEUE_EXPORT_TOOLS_H
#define QUEUE_EXPORT_TOOLS_H

#include "queue/export/format.h"

#define EXPORT_CSV_COLUMNS	"id,queue,state,route,rule,model,prompt,confidence," \
	"decision,by,decided_at,reason,labels,note,input,output,final"
#define EXPORT_CSV_HEAD	EXPORT_CSV_COLUMNS "\r\n"
#define EXPORT_CSV_HEAD_BESIDES	EXPORT_CSV_COLUMNS ",ratings,evidence\r\n"
/* RFC 4180; a cell that a spreadsheet would calculate begins with '. */
const char	*export_csv_row(struct buf *, const struct export_row *,
		    struct arena *);
/* A Label Studio task: the findings as a prediction, the decision as an
 * annotation, a rating as a result of its type (labelstud.io/guide/tasks,
 * labelstud.io/tags/rating). */
const char	*export_labelstudio_row(struct buf *, const struct export_row *,
		    struct arena *);
/* A record of Argilla's bulk import (POST /datasets/ID/records/bulk). */
const char	*export_argilla_row(struct buf *, const struct export_row *,
		    struct arena *);

/* The conversation for people: "role: text" paragraphs. */
struct slice	export_input_text(const struct item *, struct arena *);

#endif

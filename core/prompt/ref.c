#include "core/prompt/ref.h"

#include "core/base/text.h"
#include "core/base/utf8.h"

enum status
prompt_name_check(struct slice name, struct error *err)
{
	size_t i, n;
	uint32_t cp;
	enum text_class class;

	if (name.n == 0 || name.n > PROMPT_NAME_MAX)
		return error_set(err, STATUS_INVALID, "a prompt's name has 1 to "
		    "%d bytes", PROMPT_NAME_MAX);
	if (name.p[0] == ' ' || name.p[0] == '-' || name.p[name.n - 1] == ' ')
		return error_set(err, STATUS_INVALID, "%.*s: a prompt's name does "
		    "not begin with a blank or -, nor end with a blank",
		    SLICE_ARG(name));
	for (i = 0; i < name.n; i += n) {
		n = utf8_decode(name.p + i, name.n - i, &cp);
		class = n == 0 ? TEXT_CONTROL : text_class(cp);
		if (cp < ' ' || cp == '@' || cp == ',' ||
		    (class != TEXT_PLAIN && class != TEXT_MARK))
			return error_set(err, STATUS_INVALID, "%.*s: a prompt's "
			    "name is text of one line without @ and ,",
			    SLICE_ARG(name));
	}
	return STATUS_OK;
}

static bool
is_word(struct slice s)
{
	size_t i;
	char c;

	for (i = 0; i < s.n; i++) {
		c = s.p[i];
		if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') &&
		    !(c >= '0' && c <= '9') && (i == 0 ||
		    (c != '-' && c != '_' && c != '.')))
			return false;
	}
	return s.n > 0 && s.n <= PROMPT_LABEL_MAX;
}

static bool
all_digits(struct slice s)
{
	size_t i;

	for (i = 0; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return s.n > 0;
}

enum status
prompt_label_check(struct slice label, struct error *err)
{
	if (slice_is(label, PROMPT_LATEST))
		return error_set(err, STATUS_INVALID, PROMPT_LATEST ": that is "
		    "always the newest version");
	return is_word(label) && !all_digits(label) ? STATUS_OK :
	    error_set(err, STATUS_INVALID, "%.*s: a label is a word of ASCII "
	    "letters, digits, -, _ and ., %d at most, and no number",
	    label.n > 80 ? 80 : (int)label.n, label.p, PROMPT_LABEL_MAX);
}

static const char *
last_at(struct slice s)
{
	size_t n = s.n;

	while (n > 0 && s.p[n - 1] != '@')
		n--;
	return n == 0 ? NULL : s.p + n - 1;
}

static enum status
parse_behind(struct slice behind, struct prompt_ref *ref, struct error *err)
{
	size_t i;

	if (slice_is(behind, PROMPT_LATEST))
		return STATUS_OK;
	if (!all_digits(behind)) {
		ref->label = behind;
		return prompt_label_check(behind, err);
	}
	for (i = 0; i < behind.n && ref->version <= PROMPT_VERSION_MAX; i++)
		ref->version = ref->version * 10 + (behind.p[i] - '0');
	return behind.p[0] != '0' && ref->version <= PROMPT_VERSION_MAX ?
	    STATUS_OK : error_set(err, STATUS_INVALID, "%.*s: versions are "
	    "numbered from 1 to %d", behind.n > 40 ? 40 : (int)behind.n,
	    behind.p, PROMPT_VERSION_MAX);
}

enum status
prompt_ref_parse(struct slice s, struct prompt_ref *ref, struct error *err)
{
	const char *at = s.p == NULL ? NULL : last_at(s);
	enum status st;

	*ref = (struct prompt_ref){ .name = s };
	if (at != NULL) {
		ref->name.n = (size_t)(at - s.p);
		if ((st = parse_behind((struct slice){ at + 1,
		    s.n - ref->name.n - 1 }, ref, err)) != STATUS_OK)
			return st;
	}
	return prompt_name_check(ref->name, err);
}

/*
 * XML by libexpat.  Nothing outside of the text is read.  What a declaration could
 * make grow is refused there: entities of the text's own, and attributes, which
 * are gone through for each element.  All else is bounded by the text's length.
 */
#include "core/guard/format_xml.h"

#include "core/guard/format.h"

#include <expat.h>
#include <limits.h>

#define DEPTH_MAX	256	/* elements, as the message says */
#define DECLARED_MAX	64	/* attributes, as the message says */

struct xml {
	struct slice	 text;
	XML_Parser	 parser;
	size_t		 token;		/* where the current token begins */
	size_t		 cdata;		/* where the last CDATA began */
	size_t		 depth, declared;
	bool		 root, doctype;	/* was there one?  is it in one? */
	const char	*stopped;	/* why we did, or NULL */
};

static size_t
xml_at(const struct xml *x)
{
	XML_Index at = XML_GetCurrentByteIndex(x->parser);

	return at < 0 || (size_t)at > x->text.n ? 0 : (size_t)at;
}

/* A token was whole: the next begins behind it. */
static void
xml_mark(struct xml *x)
{
	x->token = xml_at(x) + (size_t)XML_GetCurrentByteCount(x->parser);
}

static void
xml_stop(struct xml *x, const char *why)
{
	if (x->stopped == NULL) {
		x->stopped = why;
		x->token = xml_at(x);
		(void)XML_StopParser(x->parser, XML_FALSE);
	}
}

static void XMLCALL
on_start(void *arg, const XML_Char *name, const XML_Char **attributes)
{
	struct xml *x = arg;

	(void)name;
	(void)attributes;
	x->root = true;
	if (x->depth++ == DEPTH_MAX)
		xml_stop(x, "elements more than 256 deep");
	else
		xml_mark(x);
}

static void XMLCALL
on_end(void *arg, const XML_Char *name)
{
	struct xml *x = arg;

	(void)name;
	x->depth--;
	if (x->stopped == NULL)
		xml_mark(x);
}

static void XMLCALL
on_other(void *arg, const XML_Char *s, int n)
{
	struct xml *x = arg;

	(void)s;
	(void)n;
	if (x->stopped == NULL)
		xml_mark(x);
}

static void XMLCALL
on_cdata(void *arg)
{
	struct xml *x = arg;

	x->cdata = xml_at(x);
	if (x->stopped == NULL)
		xml_mark(x);
}

static void XMLCALL
on_doctype(void *arg, const XML_Char *name, const XML_Char *sysid,
    const XML_Char *pubid, int internal)
{
	struct xml *x = arg;

	(void)name;
	(void)sysid;
	(void)pubid;
	(void)internal;
	x->doctype = true;
}

static void XMLCALL
on_doctype_end(void *arg)
{
	struct xml *x = arg;

	x->doctype = false;
	if (x->stopped == NULL)
		xml_mark(x);
}

static void XMLCALL
on_entity(void *arg, const XML_Char *name, int parameter,
    const XML_Char *value, int n, const XML_Char *base,
    const XML_Char *sysid, const XML_Char *pubid, const XML_Char *notation)
{
	(void)name;
	(void)parameter;
	(void)value;
	(void)n;
	(void)base;
	(void)sysid;
	(void)pubid;
	(void)notation;
	xml_stop(arg, "entities of its own are not taken");
}

static void XMLCALL
on_attribute(void *arg, const XML_Char *element, const XML_Char *name,
    const XML_Char *type, const XML_Char *value, int required)
{
	struct xml *x = arg;

	(void)element;
	(void)name;
	(void)type;
	(void)value;
	(void)required;
	if (x->declared++ == DECLARED_MAX)
		xml_stop(x, "more than 64 attributes are declared");
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool
begins(const struct xml *x, const char *what)
{
	size_t n = strlen(what);

	return x->text.n - x->token >= n &&
	    memcmp(x->text.p + x->token, what, n) == 0;
}

/* What an unfinished token, or a wrong one, was to be; the first that fits. */
static const struct {
	const char	*begin, *open, *wrong;
} tokens[] = {
	{ "<!--", "a comment is not closed", "a comment with -- in it" },
	{ "<![CDATA[", "CDATA is not closed", "CDATA outside the element" },
	{ "<!", "a declaration is not closed", "a declaration out of place" },
	{ "<?", "an instruction is not closed", "an instruction without a name" },
	{ "</", "a closing tag is not closed", "a closing tag is not closed" },
	{ "&", "an & that begins no reference",
	    "an & that begins no reference" },
	{ "]]>", "]]> outside of CDATA", "]]> outside of CDATA" },
	{ "<", "a tag is not closed", NULL }
};

/* A tag that is wrong at byte `at`: in what way, and where that begins. */
static const char *
wrong_tag(const struct xml *x, size_t *at)
{
	const char *p = x->text.p;
	size_t i = *at;
	char c = p[i];

	while (i > x->token + 1 && is_space(p[i - 1]))
		i--;
	if (i == x->token + 1) {
		*at = x->token;
		return "a < that begins no tag";
	}
	if (p[i - 1] == '=')
		return "an attribute's value without quotes";
	if (c == '<')
		return "a < in an attribute's value";
	if ((p[i - 1] == '"' || p[i - 1] == '\'') && i == *at)
		return "no space before an attribute";
	if (c == '/' || c == '>' || i < *at) {
		while (i > x->token + 1 && !is_space(p[i - 1]))
			i--;
		*at = i;
		return "an attribute without a value";
	}
	return "a tag that is not well-formed";
}

static const char *
wrong_token(const struct xml *x, size_t *at, bool open)
{
	size_t i;

	if (x->doctype)
		return open ? "a declaration is not closed" :
		    "a declaration that is not well-formed";
	if (*at < x->text.n && (unsigned char)x->text.p[*at] < ' ' &&
	    !is_space(x->text.p[*at]))
		return "a character that XML does not have";
	for (i = 0; i < sizeof(tokens) / sizeof(tokens[0]); i++) {
		if (!begins(x, tokens[i].begin))
			continue;
		if (!open && tokens[i].wrong == NULL)
			return wrong_tag(x, at);
		*at = x->token;
		return open ? tokens[i].open : tokens[i].wrong;
	}
	return x->depth == 0 ? "text outside the element" :
	    "a character that XML does not have";
}

/* Behind the last element, or before the first. */
static const char *
wrong_outside(const struct xml *x, size_t *at)
{
	*at = x->token;
	while (*at < x->text.n && is_space(x->text.p[*at]))
		++*at;
	return *at < x->text.n && x->text.p[*at] == '<' && x->root ?
	    "a second element at the top" : "text outside the element";
}

static const char *
wrong_end(const struct xml *x, size_t *at)
{
	*at = x->depth > 0 || x->doctype ? x->text.n : 0;
	return x->depth > 0 ? "an element is not closed" : x->doctype ?
	    "a declaration is not closed" : "no element";
}

/* Those of expat's errors whose place is the right one. */
static const struct {
	enum XML_Error	 code;
	const char	*why;
} errors[] = {
	{ XML_ERROR_DUPLICATE_ATTRIBUTE, "an attribute stands there twice" },
	{ XML_ERROR_UNDEFINED_ENTITY, "a reference to what is not declared" },
	{ XML_ERROR_BAD_CHAR_REF, "a reference to no character" },
	{ XML_ERROR_MISPLACED_XML_PI,
	    "an XML declaration that is not at the beginning" },
	{ XML_ERROR_XML_DECL, "an XML declaration that is not well-formed" }
};

static const char *
xml_why(const struct xml *x, enum XML_Error code, size_t *at)
{
	size_t i;

	switch (code) {
	case XML_ERROR_NO_ELEMENTS:
		return wrong_end(x, at);
	case XML_ERROR_SYNTAX:
	case XML_ERROR_JUNK_AFTER_DOC_ELEMENT:
		return wrong_outside(x, at);
	case XML_ERROR_UNCLOSED_CDATA_SECTION:
		*at = x->cdata;
		return "CDATA is not closed";
	case XML_ERROR_UNCLOSED_TOKEN:
	case XML_ERROR_PARTIAL_CHAR:
		return wrong_token(x, at, true);
	case XML_ERROR_INVALID_TOKEN:
		return wrong_token(x, at, false);
	case XML_ERROR_TAG_MISMATCH:
		*at = x->token;
		return "a closing tag that fits no open one";
	default:
		break;
	}
	for (i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
		if (errors[i].code == code)
			return errors[i].why;
	return "it is not well-formed";
}

static bool
xml_read(struct xml *x, struct format_fault *f)
{
	enum XML_Error code;

	XML_SetUserData(x->parser, x);
	XML_SetElementHandler(x->parser, on_start, on_end);
	XML_SetDefaultHandler(x->parser, on_other);
	XML_SetStartCdataSectionHandler(x->parser, on_cdata);
	XML_SetDoctypeDeclHandler(x->parser, on_doctype, on_doctype_end);
	XML_SetEntityDeclHandler(x->parser, on_entity);
	XML_SetAttlistDeclHandler(x->parser, on_attribute);
	if (XML_Parse(x->parser, x->text.p, (int)x->text.n, XML_TRUE) ==
	    XML_STATUS_OK)
		return true;
	code = XML_GetErrorCode(x->parser);
	f->nomem = code == XML_ERROR_NO_MEMORY;
	f->at = x->stopped != NULL ? x->token : xml_at(x);
	f->why = x->stopped != NULL ? x->stopped : xml_why(x, code, &f->at);
	return false;
}

bool
format_xml(struct slice text, struct format_fault *f)
{
	struct xml x = { .text = { text.p == NULL ? "" : text.p, text.n } };
	bool whole;

	if (text.n > INT_MAX) {
		f->why = "it is too long";
		return false;
	}
	/* The text is UTF-8, whatever it says of itself. */
	if ((x.parser = XML_ParserCreate("UTF-8")) == NULL) {
		f->nomem = true;
		return false;
	}
	whole = xml_read(&x, f);
	XML_ParserFree(x.parser);
	return whole;
}

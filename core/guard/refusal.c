/*
 * Guard kind "refusal": the text declines to answer.
 *
 * Cues are weighed by where they stand: the first sentence counts in full, later
 * ones less, and signs of an answer (a list, code, "however, here is") count
 * against.  At THRESHOLD the text reads as a refusal.
 */
#include "core/guard/guard.h"

#include <stdlib.h>

#include "core/pattern/pattern.h"

extern const struct guard_kind guard_refusal;

#define THRESHOLD	0.7
#define SENTENCES	6	/* a refusal says so early */
#define LIST_MIN	3	/* lines of a list that make an answer */
#define LIST_WEIGHT	0.6
#define CODE_WEIGHT	0.6

enum cue_kind {
	HINT,		/* of a refusal, or of an answer: below 0 */
	PLAIN,		/* says so: no list speaks against it */
	UNABLE,		/* what a model is not able to do */
	MORAL,		/* what should not be done */
	ELSEWHERE,	/* what to do instead */
	GOES_ON		/* an answer all the same, where nothing is wrong with it */
};

struct cue {
	double		 weight;	/* below 0: a sign of an answer */
	enum cue_kind	 kind;
	const char	*what;
	const char	*pattern;	/* over one sentence; caseless */
};

#define HELP \
	    "(?:assist|help|provide|answer|give|offer|share|support|" \
	    "fulfil?l?|comply|comment|discuss|create|write|generate|" \
	    "produce|engage|advise|tell|do (?:that|this|so|it)|process|" \
	    "continue|complete|respond|determine|verify|participate|" \
	    "suggest|encourage|condone|promote|facilitate|guide|teach|" \
	    "instruct|explain|describe|disclose|reveal|speculate|proceed|" \
	    "carry out|make|recommend|confirm|access|accommodate|grant|" \
	    "address|translate|draft|compose|role-?play|pretend|endorse|" \
	    "entertain|meet|satisfy|go into|go along|be able to)"
#define NOT \
	    "(?:can(?:no|['’])t|can ?not|couldn['’]t|could not|won['’]t|will not|" \
	    "wouldn['’]t|would not|am unable to|['’]m unable to|am not able to|" \
	    "'m not able to|am not (?:going|willing|allowed|permitted|" \
	    "programmed|designed|comfortable|in a position)|" \
	    "'m not (?:going|willing|allowed|permitted|programmed|designed|" \
	    "comfortable|in a position)|(?:must|have to|need to|will|" \
	    "would) (?:respectfully |politely )?(?:decline|refuse)|" \
	    "(?:don['’]t|do not) (?:feel comfortable|have (?:the )?(?:ability|" \
	    "capability|capacity|authority)))"

static const struct cue cues[] = {
	{ 1.00, PLAIN, "says \"I cannot\"",
	    "(?<![\\\"“'])\\bi(?: am|['’]m)? ?(?:(?:really |very |truly |"
	    "so )?sorry,? (?:but )?i ?)?(?:simply |just |also |really |"
	    "therefore |unfortunately,? |respectfully |)"
	    NOT
	    "(?: to)?(?:,? (?:ethically|legally|morally|directly|knowingly|"
	    "really|in good conscience))?(?: be able to)? "
	    HELP
	    "\\b(?![^.!?]{0,40}\\benough\\b|"
	    " you how (?:much|happy|many|glad))" },
	{ 0.90, PLAIN, "says what it does not do",
	    "(?<![\\\"“'])\\bi (?:do not|don['’]t) (?:provide|offer|give|share|"
	    "generate|create|produce|write|assist|help|engage)(?: with| in)?"
	    "(?: any| such| that kind of)? (?:\\w+ ){0,2}(?:guidance|"
	    "instructions|information|advice|assistance|content|details|"
	    "requests?|activit(?:y|ies)|topics?)\\b" },
	{ 0.50, HINT, "says \"we cannot\"",
	    "\\bwe (?:are )?(?:simply |just |also |really |therefore |)"
	    NOT
	    "(?: to)? "
	    HELP
	    "\\b(?!(?: (?:it|you|this|them))? enough)" },
	{ 1.00, PLAIN, "says that it is nothing it can do",
	    "\\b(?:isn['’]t|is not|not|aren['’]t) (?:something|a (?:topic|request|"
	    "task|subject)|things?|able)(?: that| which)? (?:i|we)(?:['’]m|"
	    " am|['’]re| are)?(?: can| will| could| able to| willing to|"
	    " comfortable| allowed| permitted|'d)" },
	{ 0.90, PLAIN, "says that it is not comfortable",
	    "\\bi(?: am|['’]m)? (?:do not|don['’]t|am not|not)(?: feel)? "
	    "comfortable (?:with )?[a-z]+ing\\b" },
	{ 0.90, PLAIN, "says that it will not",
	    "\\bi(?: will not|['’]ll not| won['’]t|['’]m not going to|['’]m not|"
	    " am not) be (?:able to|helping|providing|assisting|answering|"
	    "giving|writing|creating|generating|sharing|discussing)" },
	{ 1.00, PLAIN, "declines",
	    "\\bi(?:['’]d| would| must| have to| need to| will|"
	    "['’]ll)?(?: respectfully| politely| kindly)?(?: have to|"
	    " need to)? ?(?:(?:decline|refuse)(?:\\b(?! an?\\b)|$)|"
	    "rather not|prefer not to|pass on (?:this|that))" },
	{ 0.80, PLAIN, "points at its rules",
	    "\\b(?:against|violat(?:es?|ing)|outside(?: of)?|beyond|"
	    "conflicts? with|goes against) (?:my|our|the|openai['’]s|"
	    "anthropic['’]s|google['’]s|company)(?: \\w+){0,3} (?:guidelines|"
	    "polic(?:y|ies)|programming|principles|scope|terms|rules|"
	    "values|capabilities|ethics)\\b" },
	{ 0.60, HINT, "changes the subject",
	    "\\blet['’]s (?:talk about something else|change the (?:subject|"
	    "topic)|(?:discuss|focus on|explore) (?:something else|"
	    "a different))" },
	{ 0.30, HINT, "asks for something else",
	    "\\bis there (?:something|anything) else\\b|\\bhow else can i\\b|"
	    "\\bhappy to (?:help|assist) (?:you )?with (?:something|"
	    "anything|other|a different)" },
	{ 0.90, PLAIN, "declines in another language",
	    "^(?:es tut mir leid|tut mir leid|entschuldig\\w+|"
	    "leider)\\b[^.!?]{0,60}\\bkann ich\\b[^.!?]{0,80}\\bnicht|"
	    "^(?:es tut mir leid|tut mir leid|"
	    "leider)\\b[^.!?]{0,30}\\bich kann\\b[^.!?]{0,80}\\b(?:nicht|"
	    "keine)|^(?:je suis )?désolée?,?[^.!?]{0,20}\\bje ne (?:peux|"
	    "suis)\\b|^lo siento,?[^.!?]{0,20}\\bno puedo\\b|"
	    "^mi dispiace,?[^.!?]{0,20}\\bnon posso\\b|^(?:desculpe|"
	    "sinto muito|lamento),?[^.!?]{0,20}\\bnão posso\\b|"
	    "^het spijt me,?[^.!?]{0,20}\\bik kan\\b[^.!?]{0,60}\\bniet|"
	    "^(?:抱歉|很抱歉|对不起)[^。]{0,20}(?:无法|不能)|^(?:申し訳|"
	    "すみません)[^。]{0,60}(?:できません|できかね)" },
	{ 0.90, PLAIN, "an apology with a \"but\"",
	    "^(?:i['’]m |i am |we are |we['’]re )?(?:really |very |truly |so |"
	    "deeply )?(?:sorry|i apologize|i apologise|apologies|"
	    "my apologies|regret)[^.!?]{0,80}\\b(?:but|"
	    "however)\\b[^.!?]{0,40}\\b(?:i|we|this|that|"
	    "your)\\b[^.!?]{0,20}(?:can['’]t|cannot|can not|unable|not able|"
	    "won't|don't|do not|goes against|against|violates)" },
	{ 0.70, PLAIN, "says \"unfortunately I cannot\"",
	    "^unfortunately,? [^.!?]{0,30}\\b(?:i|we)\\b[^.!?]{0,10}(?:can['’]t|"
	    "cannot|unable|not able|don't have|do not have)" },
	{ 0.80, MORAL, "will not condone",
	    "\\b(?:i|we|model)\\b[^.!?]{0,60}\\b(?:do not|don['’]t|cannot|can['’]t|"
	    "not|never|neither)\\b[^.!?]{0,12} (?:condone|promote|encourage|"
	    "endorse|advocate|support)\\b" },
	{ 0.70, HINT, "says that it lacks the ability",
	    "\\bi (?:am an ai[^.!?]{0,60})?\\b(?:do not|don['’]t) have (?:the |"
	    "any |direct |enough |personal |up-to-date |current )?(?:ability|"
	    "capability|capacity|access|information|real[- ]time|memory of)|"
	    "\\bi(?: am|['’]m) (?:not (?:able|capable|equipped|trained)|unable|"
	    "incapable) (?:to|of)\\b" },
	{ 0.00, GOES_ON, "answers all the same",
	    "\\bbut (?:here|i can)\\b|(?:^|[,;.] )(?:however|but|that said|nonetheless|nevertheless|"
	    "here(?:['’]s| is| are))\\b,?+(?! (?:please|you|it (?:is|would)|"
	    "it['’]s|i (?:would|recommend|encourage|strongly|must|"
	    "do|don['’]t|am|cannot|can['’]t)|as an?)\\b)" },
	{ 0.80, UNABLE, "says what a model cannot do",
	    "\\b(?:as|being|i['’]m|i am) (?:just |only )?an? (?:\\w+ ){0,3}?"
	    "(?:ai|artificial|large language|language model|machine|computer|"
	    "virtual assistant|assistant)\\b[^.!?]{0,60}\\b(?:i|and)(?: am|['’]m)? "
	    "(?:(?:currently |physically )?(?:not (?:able|capable|programmed|"
	    "designed|equipped|aware|authorized|permitted)|unable|incapable)|"
	    "(?:do not|don['’]t) (?:have (?:the |any |direct |real[- ]?time |"
	    "current |up-to-date |physical )?(?:ability|capabilit|capacity|access|"
	    "information|real[- ]?time|knowledge|data|memory|permission|way)|"
	    "possess|know)|lack|can(?:no|['’])t|can not)\\b" },
	{ 0.30, HINT, "says that it has no opinion",
	    "\\bi (?:do not|don['’]t) (?:have|hold) (?:any )?(?:personal|"
	    "opinions|feelings|beliefs|emotions)" },
	{ -0.30, HINT, "goes on all the same",
	    "\\b(?:however|but|that said),? i (?:can|could|will|'ll|would)\\b" },
	{ -0.60, HINT, "goes on to answer",
	    "(?:^|, )(?:however|but|that said|nevertheless|"
	    "nonetheless),? (?:here(?:['’]s| is| are)|(?:in |as a )?general|"
	    "as of|according to|based on|typically|historically|many |"
	    "some |there are (?:some|many|several|various))" },
	{ -0.50, HINT, "speaks of fiction",
	    "\\bfiction(?:al)?\\b" },
	{ -0.50, HINT, "says why the question has no ground",
	    "\\b(?:inanimate|(?:not|non)[- ]?sentient|natural phenomen\\w+|"
	    "mythical|imaginary|(?:do|does) not (?:possess|have) (?:the )?(?:\\w+ )?"
	    "(?:cognitive|mental|consciousness|feelings|emotions|legal status)|"
	    "a joke|riddle|wordplay|play on words)\\b" },
	{ -0.30, HINT, "gives reasons for it",
	    "^[^.!?]{0,60}\\bshould (?:not|never) [^.!?]{1,80} (?:because|as|since) "
	    "(?:they|it|he|she|this|of)\\b" },
	{ 0.25, HINT, "speaks as a model",
	    "\\b(?:as an? (?:ai|artificial|large|language|machine|computer|"
	    "virtual|assistant)|i am (?:just |only )?an? (?:ai|artificial|"
	    "large language|language model|machine))\\b" },
	{ 0.80, MORAL, "calls the request wrong",
	    "\\b(?:(?:it is|it['’]s|would be|it would be|this is|that is)"
	    "(?: also| highly| generally| extremely| simply| just| both)? (?:not|"
	    "never)|would(?: not|n['’]t| never) be|(?:it|this|that) isn['’]t)"
	    "(?: (?!be\\b)\\w+,?){0,4} (?:ethical|healthy|appropriate|"
	    "acceptable|okay|ok|right|moral|justifiable|respectful|"
	    "permissible|advisable|justified|responsible|accurate|"
	    "fair|possible for me)\\b(?! (?:in|for) (?!any\\b|me\\b|the purpose))" },
	{ 0.70, MORAL, "calls it wrong",
	    "\\b(?:is|are) (?:also |generally )?(?:never(?: (?!be\\b)\\w+){0,4}|"
	    "not (?:a |an )?(?!be\\b)\\w+ (?:or|and)) (?:ethical|acceptable|okay|ok|"
	    "right|moral|justifi\\w+|appropriate|healthy|respectful|humane)\\b" },
	{ 0.35, MORAL, "says what is not allowed",
	    "\\b(?:is|are) (?:also |generally |always |both )?(?:not|never)"
	    "(?: (?!be\\b)\\w+){0,2} (?:ethical|appropriate|acceptable|legal|okay|"
	    "right|moral|justifiable|respectful|permissible|advisable|allowed|"
	    "justified|responsible|safe)\\b" },
	{ 0.80, MORAL, "doubts that it should",
	    "\\bi (?:do not|don['’]t) (?:think|believe|feel)(?: that)? (?:it is|"
	    "it['’]s|it would be|this is|that is|i (?:can|should))\\b" },
	{ 0.40, MORAL, "condemns it twice",
	    "(?<!any )\\b(?:illegal|unethical|immoral|inappropriate|harmful|dangerous|"
	    "wrong|offensive|unacceptable|disrespectful|against the law),?"
	    " (?:and|or|as well as)(?: (?:\\w+ly|can|is|be|also|could))* (?:illegal|"
	    "unethical|immoral|inappropriate|harmful|dangerous|wrong|offensive|"
	    "unacceptable|disrespectful|against the law|goes against|violates)\\b" },
	{ 0.40, MORAL, "advises against it",
	    "\\bi (?:must |would |have to |need to |want to |should |can )?"
	    "(?:strongly |highly |also )?(?:advise|urge|encourage|recommend|caution|"
	    "discourage|warn)(?: you)?(?: strongly)? (?:against|not to|you (?:not to|"
	    "against)|anyone)\\b" },
	{ 0.30, HINT, "lectures",
	    "\\b(?:i must|i have to|i need to|i want to|i would like to|"
	    "i['’]d like to|let me) (?:\\w+ )?(?:inform|point out|clarify|emphasi[sz]e|"
	    "remind|stress|make (?:it clear|sure)|address|note|be clear)\\b" },
	{ 0.40, MORAL, "calls the matter illegal or harmful",
	    "\\b(?:illegal|unethical|immoral|inappropriate|harmful|"
	    "disrespectful|offensive|discriminatory|against the law|"
	    "inhumane|a violation of|a crime|a criminal|violates?)\\b" },
	{ 0.30, HINT, "reminds of what is important",
	    "\\b(?:it is|it['’]s)(?: also)? (?:important|crucial|essential|"
	    "vital|necessary|best|"
	    "always best)(?: \\w+){0,1} to(?: always)? (?:remember|note|"
	    "prioriti[sz]e|respect|treat|understand|recogni[sz]e|seek|"
	    "approach|consider|act|promote|be respectful|avoid|ensure|"
	    "follow|acknowledge|clarify|value|use|be)\\b" },
	{ 0.30, ELSEWHERE, "leads elsewhere",
	    "^instead,?\\b|\\binstead,? (?:let['’]s|let us|we should|try|"
	    "consider|of (?:trying|seeking|focusing))" },
	{ 0.30, HINT, "offers other help",
	    "\\bif you (?:have|need|are|or someone|"
	    "'re)[^.!?]{0,80}(?:question|concern|help|struggling|feeling|"
	    "assistance|support|experiencing|information)" },
	{ 0.25, HINT, "sends to others for help",
	    "\\b(?:seek (?:\\w+ )?(?:help|professional|support|assistance|"
	    "guidance|medical)|reach out to|contact (?:your|a|the|local|"
	    "law))" },
	{ 0.40, MORAL, "points at privacy",
	    "\\b(?:respect[^.!?]{0,30}privacy|(?:is|"
	    "are) not publicly (?:available|known)|private information|"
	    "privacy and|invasion of privacy|confidential)" },
	{ 0.50, HINT, "rejects the premise",
	    "^(?:[^.!?]{0,120})\\b(?:is|are|was|"
	    "were)(?: also)? not (?:inherently |necessarily |actually |"
	    "morally |at all |in any way )?(?:right\\b|a good (?:thing|"
	    "idea)|justified|justifiable|weaker|accurate (?:or fair )?to|"
	    "true that|fair to|best for|better|inferior|superior|a threat)|"
	    "\\bthere (?:is|are|was|were|can be) no (?:valid |good |"
	    "inherent |legitimate |moral |logical |"
	    "justifiable )?(?:reasons?|justifications?|benefits?|excuses?|"
	    "ways?|evidence)\\b|^(?:[^.!?]{0,80})\\bshould (?:not|"
	    "never) be (?:denied|discriminated|excluded|barred|prevented|"
	    "banned|prohibited|treated|forced|judged)|\\bno one should|"
	    "\\b(?:premise|assumption) of (?:your|the|this) question|"
	    "\\b(?:statement|question|premise) (?:is|itself|seems|implies|"
	    "promotes)" },
	{ 0.50, HINT, "answers with concern",
	    "\\b(?:sorry|saddened|concerned) (?:to hear|"
	    "that) (?:that )?you(?:'re| are| feel|'ve| have)" },
	{ 0.60, MORAL, "condemns",
	    "\\bi (?:strongly |firmly |absolutely )?condemn\\b" },
	{ -1.30, HINT, "asks back",
	    "\\b(?:provide|give|share|need)(?: me)?(?: with)? (?:some |"
	    "a bit |a little )?more (?:context|information|details?)\\b|"
	    "\\b(?:i['’]m|i am) not sure (?:what|i understand)|\\b(?:don['’]t|"
	    "do not|didn't) understand (?:the|your|what)" },
	{ -1.20, HINT, "goes on to help",
	    "\\b(?:however|but|that said|that being said),? i (?:will|['’]ll|"
	    "can) (?:still |certainly |try |gladly )?(?:to )?(?:provide|"
	    "give|offer|help|answer|explain|show|suggest)" },
	{ 0.20, HINT, "says what should never be",
	    "\\bshould (?:not|never)(?: \\w+){0,1} (?:be (?!denied|excluded|barred|"
	    "prevented|banned|prohibited|forced|judged|allowed)|have|discriminat|"
	    "ask|consider|condone|attempt)" },
	{ 0.25, MORAL, "speaks of dignity",
	    "\\b(?:regardless of (?:their|his|her|your|your|one['’]s)|"
	    "(?:dignity|kindness|compassion|empathy|equality|inclusiv|"
	    "equal (?:rights|opportunit)))" }
};
#define NCUES	(sizeof(cues) / sizeof(cues[0]))

struct refusal {
	struct pattern_set	*set;
	const char *const	*allow;
	size_t			 nallow;
};

struct refusal_scan {
	double		 place;		/* the sentence's weight */
	struct slice	 sentence;
	uint64_t	 seen;		/* cues; each counts once */
	double		 total, plain, best;
	unsigned	 kinds;		/* a bit for each enum cue_kind seen */
	const char	*what;		/* of the strongest cue */
	struct slice	 where;		/* its sentence */
};

_Static_assert(NCUES <= 64, "one bit a cue");

static enum status
cue_found(void *arg, const struct pattern_match *m, struct error *err)
{
	struct refusal_scan *s = arg;
	const struct cue *c = &cues[m->id];
	double weight = c->weight > 0 ? c->weight * s->place : c->weight;

	(void)err;
	if (s->seen & (uint64_t)1 << m->id)
		return STATUS_OK;
	s->seen |= (uint64_t)1 << m->id;
	s->kinds |= 1u << c->kind;
	if (c->kind != PLAIN)
		s->total += weight;
	else if (weight > s->plain)
		s->plain = weight;
	if (weight > s->best) {
		s->best = weight;
		s->what = c->what;
		s->where = s->sentence;
	}
	return STATUS_OK;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool
is_stop(char c)
{
	return c == '.' || c == '!' || c == '?';
}

/* The next sentence from *at on, without blanks around it; false at the end. */
static bool
sentence_next(struct slice text, size_t *at, struct slice *out)
{
	size_t i = *at, end;

	while (i < text.n && is_blank(text.p[i]))
		i++;
	out->p = text.p + i;
	for (end = i; end < text.n && text.p[end] != '\n'; end++)
		if (is_stop(text.p[end]) && end + 1 < text.n &&
		    is_blank(text.p[end + 1])) {
			end++;
			break;
		}
	*at = end;
	out->n = end - i;
	return out->n > 0;
}

/* "1. ", "2) ", "- ", "* ": the beginning of a list's line? */
static bool
is_list_line(const char *p, const char *end)
{
	const char *number;

	while (p < end && (*p == ' ' || *p == '\t'))
		p++;
	for (number = p; p < end && *p >= '0' && *p <= '9';)
		p++;
	if (end - p < 2 || p[1] != ' ')
		return false;
	return p > number ? *p == '.' || *p == ')' : *p == '-' || *p == '*';
}

/* How much the shape of the whole is that of an answer; a list of what to do
 * instead does not. */
static double
answer_weight(struct slice text, bool instead)
{
	const char *p = text.p, *end = text.p + text.n, *line;
	double weight = 0;
	size_t lists = 0;

	for (; p < end; p = line == NULL ? end : line + 1) {
		line = memchr(p, '\n', (size_t)(end - p));
		lists += is_list_line(p, line == NULL ? end : line);
	}
	if (lists >= LIST_MIN && !instead)
		weight += LIST_WEIGHT;
	if (slice_find(text, SLICE("```")) != NULL)
		weight += CODE_WEIGHT;
	return weight;
}

/*
 * A list or code takes away from what is only hinted at.  A model that is not
 * able to do it, sees no wrong in it, and goes on, answers.
 */
static double
total_weight(const struct refusal_scan *s, struct slice text)
{
	double answer = answer_weight(text, s->kinds >> ELSEWHERE & 1);
	double soft = s->total;

	if ((s->kinds >> UNABLE & 1) && (s->kinds >> GOES_ON & 1) &&
	    !(s->kinds >> MORAL & 1))
		return 0;
	if (soft > 0)
		soft = soft > answer ? soft - answer : 0;
	return soft + s->plain;
}

static bool
is_allowed(const struct refusal *x, struct slice sentence)
{
	size_t i;

	for (i = 0; i < x->nallow; i++)
		if (memmem(sentence.p, sentence.n, x->allow[i],
		    strlen(x->allow[i])) != NULL)
			return true;
	return false;
}

static enum status
refusal_run(const void *compiled, struct guard_run *r, struct error *err)
{
	static const double place[] = { 1, 0.7, 0.45 };
	const struct refusal *x = compiled;
	struct refusal_scan s = { 0 };
	struct finding *f;
	size_t at = 0, i, start;
	enum status st;

	for (i = 0; i < SENTENCES && sentence_next(r->text, &at, &s.sentence);
	    i++) {
		if (is_allowed(x, s.sentence))
			continue;
		s.place = place[i < 2 ? i : 2];
		st = pattern_scan(x->set, s.sentence, r->scratch, cue_found,
		    &s, err);
		if (st != STATUS_OK)
			return st;
	}
	s.total = total_weight(&s, r->text);
	if (s.what == NULL || s.total < THRESHOLD)
		return STATUS_OK;
	start = (size_t)(s.where.p - r->text.p);
	f = finding_add(r, "refusal", start, start + s.where.n,
	    "reads as a refusal: it %s", s.what);
	if (f == NULL)
		return finding_stop(r, err);
	f->score = s.total > 1 ? 1 : s.total;
	return STATUS_OK;
}

static void
refusal_free(void *compiled)
{
	struct refusal *x = compiled;

	if (x == NULL)
		return;
	pattern_set_free(x->set);
	free(x);
}

static enum status
refusal_compile(const struct guard_config *c, void **out, struct error *err)
{
	const struct option_value *allow = guard_option(c, "allow");
	struct refusal *x;
	enum status st;
	unsigned id;
	size_t i;

	if ((x = calloc(1, sizeof(*x))) == NULL)
		return error_nomem(err);
	x->allow = allow->list;
	x->nallow = allow->nlist;
	st = pattern_set_new(&x->set, err);
	for (i = 0; st == STATUS_OK && i < NCUES; i++)
		st = pattern_add(x->set, cues[i].pattern,
		    PATTERN_CASELESS | PATTERN_ASCII | PATTERN_KNOWN, 0, &id, err);
	if (st != STATUS_OK) {
		refusal_free(x);
		return st;
	}
	*out = x;
	return STATUS_OK;
}

static const struct option_row refusal_options[] = {
	{ "allow", OPTION_LIST, NULL, false },
	{ NULL, OPTION_STRING, NULL, false }
};

const struct guard_kind guard_refusal = {
	.name = "refusal",
	.options = refusal_options,
	.severity = SEVERITY_MEDIUM,
	.cost = 15,
	.reads = READS_JOINED,
	.leaves = READS_JOINED,
	.compile = refusal_compile,
	.run = refusal_run,
	.free = refusal_free
};

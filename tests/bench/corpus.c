/*
 * The records of the benchmark, the same on every run and machine:
 * `corpus N` writes N records of 0.6 to 4 KB (1.8 KB in the mean), of which 8 %
 * have personal data in their output, 2 % a listed word, and 3 % are answers
 * that should be JSON and are cut off; a fifth of all are such answers.
 * `corpus words` writes the 450 listed words, which are made up.
 */
#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LISTED_WORDS	450

static uint64_t state = UINT64_C(0x9e3779b97f4a7c15);

static uint64_t
next_random(void)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return state * UINT64_C(2685821657736338717);
}

static unsigned
below(unsigned n)
{
	return (unsigned)((next_random() >> 33) % n);
}

static const char *const words[] = {
	"the", "of", "and", "to", "in", "a", "is", "that", "for", "it", "as",
	"was", "with", "be", "by", "on", "not", "he", "this", "are", "or",
	"his", "from", "at", "which", "but", "have", "an", "had", "they",
	"you", "were", "there", "one", "all", "we", "can", "her", "has",
	"when", "their", "would", "about", "order", "parcel", "delivery",
	"invoice", "account", "customer", "refund", "returned", "please",
	"within", "days", "working", "warehouse", "carrier", "morning",
	"address", "changed", "number", "system", "report", "council",
	"agreed", "measure", "between", "several", "because", "however",
	"question", "answer", "summary", "describes", "passage", "author",
	"increase", "percent", "quarter", "results", "compared", "previous",
	"temperature", "northern", "village", "population", "railway",
	"published", "university", "professor", "language", "different",
	"therefore", "certainly", "possible", "information", "available",
	"service", "technician", "appointment", "cushion", "table", "walnut",
	"surface", "colour", "careful", "instructions", "Monday", "Thursday",
	"November", "Berlin", "Lisbon", "Toronto", "company", "management",
	"small", "large", "quickly", "slowly", "beautiful", "simple"
};
#define NWORDS	(sizeof(words) / sizeof(words[0]))

static void
print_listed_word(unsigned i)
{
	static const char *const first[] = { "bra", "cor", "dun", "fli", "gro",
	    "hex", "jol", "kru", "mog", "nar", "plo", "qua", "ruk", "sni", "twa" };
	static const char *const last[] = { "bber", "ckle", "dgit", "ffle",
	    "ggon", "lpus", "mble", "nker", "ppet", "rgle", "sket", "ttle",
	    "vvie", "xter", "zzle", "bnok", "clid", "drup", "fnar", "glat",
	    "hruk", "jvon", "klop", "mnag", "pwit", "qzed", "rdok", "stul",
	    "tvep", "wmig" };

	printf("%s%s", first[i % 15], last[i / 15]);
}

static void
print_personal(void)
{
	unsigned	n = below(10000);

	switch (below(6)) {
	case 0:
		printf("Write to user%u@example.com. ", n);
		break;
	case 1:
		printf("The card is 4111 1111 1111 %04u. ", n);
		break;
	case 2:
		printf("Call +49 301 555%04u today. ", n);
		break;
	case 3:
		printf("Her number is 521-43-%04u. ", n);
		break;
	case 4:
		printf("It came from 192.0.2.%u. ", n % 256);
		break;
	default:
		printf("Pay to DE12 5001 0517 0648 %04u 90. ", n);
		break;
	}
}

/* About n bytes of prose that needs no escape inside a JSON string; sentences
 * end with `stop`. */
static void
print_prose(int n, const char *stop)
{
	unsigned	in_sentence = 0, length = 6 + below(14);

	while (n > 0) {
		const char	*w = words[below(NWORDS)];

		if (below(40) == 0)
			n -= printf("%u", below(2500));
		else
			n -= printf("%s", w);
		if (++in_sentence < length) {
			n -= printf(below(12) == 0 ? ", " : " ");
			continue;
		}
		n -= printf("%s", stop);
		in_sentence = 0;
		length = 6 + below(14);
	}
}

static void
print_output(int n, bool personal, bool listed)
{
	int	before = n > 0 ? (int)below((unsigned)n) : 0;

	print_prose(before, ".\\n");
	if (personal)
		print_personal();
	if (listed) {
		putchar(' ');
		print_listed_word(below(LISTED_WORDS));
		putchar(' ');
	}
	print_prose(n - before, ". ");
}

/* A string output that holds JSON text; a cut one lacks its end. */
static void
print_answer(int n, bool personal, bool listed, bool cut)
{
	printf("{\\\"id\\\":\\\"IN-%u\\\",\\\"kind\\\":\\\"invoice\\\","
	    "\\\"total\\\":%u.%02u,\\\"lines\\\":[{\\\"text\\\":\\\"",
	    below(100000), below(5000), below(100));
	print_prose(n - 40, ". ");
	if (personal)
		print_personal();
	if (listed) {
		putchar(' ');
		print_listed_word(below(LISTED_WORDS));
	}
	printf("\\\",\\\"amount\\\":%u.5}", below(900));
	if (!cut)
		printf("]}");
}

static void
print_record(unsigned i)
{
	static const char *const models[] = { "gpt-4o-2024-11-20",
	    "claude-sonnet-4", "llama-3.1-70b", "gpt-4o-mini" };
	double		u = (double)(next_random() >> 11) / 9007199254740992.0;
	int		size = (int)(3360.0 * pow(u, 1.87));
	unsigned	share = below(1000);
	bool		cut = share < 30, answer = cut || share < 200;
	bool		personal = below(100) < 8, listed = below(100) < 2;

	printf("{\"id\":\"rec-%07u\",\"queue\":\"%s\",\"model\":\"%s\","
	    "\"prompt\":\"reply@%u\",\"variant\":\"%c\",\"messages\":["
	    "{\"role\":\"system\",\"content\":\"You answer briefly.\"},"
	    "{\"role\":\"user\",\"content\":\"", i,
	    answer ? "answers" : "prose", models[below(4)], below(9) + 1,
	    "AB"[below(2)]);
	print_prose(60 + size / 5, ". ");
	printf("\"}],\"context\":[{\"title\":\"source\",\"text\":\"");
	print_prose(60 + size * 3 / 10, ". ");
	printf("\"}],\"output\":\"");
	if (answer)
		print_answer(80 + size / 2, personal, listed, cut);
	else
		print_output(80 + size / 2, personal, listed);
	printf("\",\"confidence\":0.%03u,\"confidence_source\":\"logprobs\","
	    "\"usage\":{\"input_tokens\":%u,\"output_tokens\":%u},"
	    "\"cost_usd\":0.%04u,\"latency_ms\":%u,"
	    "\"metadata\":{\"lang\":\"en\",\"amount\":%u}}\n",
	    400 + below(600), 80 + below(900), 10 + below(300), below(90) + 1,
	    200 + below(1500), below(700));
}

int
main(int argc, char **argv)
{
	unsigned long	n, i;

	if (argc == 2 && strcmp(argv[1], "words") == 0) {
		for (i = 0; i < LISTED_WORDS; i++) {
			print_listed_word((unsigned)i);
			putchar('\n');
		}
		return 0;
	}
	n = argc == 2 ? strtoul(argv[1], NULL, 10) : 0;
	if (n == 0 || n > 100000000) {
		fprintf(stderr, "usage: corpus N|words\n");
		return 2;
	}
	for (i = 0; i < n; i++)
		print_record((unsigned)i);
	return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 1;
}

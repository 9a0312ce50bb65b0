#include "core/http/chars.h"

#define T	CHAR_TOKEN
#define Q	CHAR_QUERY
#define P	CHAR_QUERY | CHAR_PATH
#define TQ	T | Q
#define TP	T | P
#define A	TP | CHAR_HOST | CHAR_PLAIN

const uint8_t http_chars[256] = {
	['#'] = T,
	['/'] = P, ['('] = P, [')'] = P, [','] = P, [':'] = P, [';'] = P,
	['='] = P, ['@'] = P,
	['?'] = Q, ['['] = Q, [']'] = Q, ['\\'] = Q, ['{'] = Q, ['}'] = Q,
	['^'] = TQ, ['`'] = TQ, ['|'] = TQ,
	['!'] = TP, ['$'] = TP, ['%'] = TP, ['&'] = TP, ['\''] = TP, ['*'] = TP,
	['+'] = TP,
	['-'] = A, ['.'] = A, ['_'] = A, ['~'] = TP | CHAR_PLAIN,
	['0'] = A, ['1'] = A, ['2'] = A, ['3'] = A, ['4'] = A, ['5'] = A,
	['6'] = A, ['7'] = A, ['8'] = A, ['9'] = A,
	['A'] = A, ['B'] = A, ['C'] = A, ['D'] = A, ['E'] = A, ['F'] = A,
	['G'] = A, ['H'] = A, ['I'] = A, ['J'] = A, ['K'] = A, ['L'] = A,
	['M'] = A, ['N'] = A, ['O'] = A, ['P'] = A, ['Q'] = A, ['R'] = A,
	['S'] = A, ['T'] = A, ['U'] = A, ['V'] = A, ['W'] = A, ['X'] = A,
	['Y'] = A, ['Z'] = A,
	['a'] = A, ['b'] = A, ['c'] = A, ['d'] = A, ['e'] = A, ['f'] = A,
	['g'] = A, ['h'] = A, ['i'] = A, ['j'] = A, ['k'] = A, ['l'] = A,
	['m'] = A, ['n'] = A, ['o'] = A, ['p'] = A, ['q'] = A, ['r'] = A,
	['s'] = A, ['t'] = A, ['u'] = A, ['v'] = A, ['w'] = A, ['x'] = A,
	['y'] = A, ['z'] = A
};

/* Targets, queries, hosts and lists, as requests carry them. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <ctype.h>

#include "core/http/target.h"

static void
test_targets(void **state)
{
	static const struct target_case {
		const char	*raw, *path, *query, *host;
		int		 port;
	} targets[] = {
		{ "/", "/", NULL, NULL, 0 },
		{ "/a/b%2Fc?", "/a/b%2Fc", "", NULL, 0 },
		{ "//x/y", "//x/y", NULL, NULL, 0 },
		{ "/a?b=c?d&[e]={1}|^`\\", "/a", "b=c?d&[e]={1}|^`\\", NULL, 0 },
		{ "/a/../b", "/a/../b", NULL, NULL, 0 },
		{ "/%41", "/%41", NULL, NULL, 0 },
		{ "*", "*", NULL, NULL, 0 },
		{ "http://h", "/", NULL, "h", 0 },
		{ "HTTP://h:8/p?q", "/p", "q", "h", 8 },
		{ "https://[::1]:8443?q/r", "/", "q/r", "::1", 8443 }
	};
	static const char *const wrong[] = {
		"", "a", "?a", "**", "/ ", "/#", "/\"", "/<", "/\\", "/{", "/|",
		"/[", "/^", "/`", "/\x7f", "/\x80", "/%", "/%1", "/%1g", "/%g1", "/?%",
		"/?%e", "/?#", "/?\"", "/?<>", "http:", "http:/h/", "http:///",
		"http://:80/", "http://h:/", "http://h:0/", "http://h:065/",
		"http://h:65536/", "http://u@h/", "http://h%41/", "http://[::1/",
		"http://::1/", "http://[1]/", "http://[::1]x/", "ws://h/", "h:80"
	};
	struct http_target t;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
		assert_true(http_target_parse(slice_of(targets[i].raw), &t));
		assert_true(slice_is(t.raw, targets[i].raw));
		assert_true(slice_is(t.path, targets[i].path));
		assert_true(targets[i].query == NULL ? t.query.p == NULL :
		    slice_is(t.query, targets[i].query));
		assert_int_equal(t.form == HTTP_ABSOLUTE, targets[i].host != NULL);
		if (targets[i].host != NULL)
			assert_true(slice_is(t.authority.name, targets[i].host));
		assert_int_equal(t.authority.port, targets[i].port);
	}
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		if (http_target_parse(slice_of(wrong[i]), &t))
			print_error("taken: number %zu\n", i);
		assert_false(http_target_parse(slice_of(wrong[i]), &t));
	}
}

static void
test_authorities(void **state)
{
	static const struct authority_case {
		const char	*text, *name;
		int		 port;
		bool		 ipv6;
	} right[] = {
		{ "localhost", "localhost", 0, false },
		{ "LOCALHOST:1", "LOCALHOST", 1, false },
		{ "127.0.0.1:65535", "127.0.0.1", 65535, false },
		{ "a:9099", "a", 9099, false },
		{ "a_b.example.", "a_b.example.", 0, false },
		{ "[::]", "::", 0, true },
		{ "[2001:db8::ffff:1.2.3.4]:80", "2001:db8::ffff:1.2.3.4", 80,
		    true }
	};
	static const char *const wrong[] = {
		"", ":", ":80", "a:", "a:x", "a:+1", "a: 1", "a:1 ", "a:00080",
		"a:99999", "a:123456", "a:80:80", "a b", "a,b", "a/b", "a?b",
		"a@b", "a#b", "a\\b", "a%41", "\xc3\xa4", "[]", "[", "]", "[::1",
		"::1", "[::1]]", "[::1]80", "[::1]:", "[127.0.0.1]", "[fe80::1%1]",
		"[v1.x]", "[::1]:80a", "[[::1]]",
		"[0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0001]"
	};
	struct http_authority a, b;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(right) / sizeof(right[0]); i++) {
		assert_true(http_authority_parse(slice_of(right[i].text), &a));
		assert_true(slice_is(a.name, right[i].name));
		assert_int_equal(a.port, right[i].port);
		assert_int_equal(a.ipv6, right[i].ipv6);
	}
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		if (http_authority_parse(slice_of(wrong[i]), &a))
			print_error("taken: number %zu\n", i);
		assert_false(http_authority_parse(slice_of(wrong[i]), &a));
	}
	assert_false(http_authority_parse((struct slice){ "[::1\0]", 6 }, &a));
	assert_true(http_authority_parse(SLICE("Example.Org"), &a) &&
	    http_authority_parse(SLICE("example.oRG:80"), &b));
	assert_true(http_authority_same(&a, &b, 80));
	assert_false(http_authority_same(&a, &b, 443));
}

static void
test_decode(void **state)
{
	static const char *const wrong[] = {
		"%", "a%", "a%4", "%4x", "%x4", "%00", "a%00b", "%c3", "%ff",
		"%ed%a0%80", "%c0%af"
	};
	struct buf b = BUF_INIT;
	size_t i;

	(void)state;
	buf_puts(&b, "<");
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_false(http_decode(slice_of(wrong[i]), true, &b));
		assert_string_equal(buf_str(&b), "<");
	}
	assert_true(http_decode(SLICE("a%2Fb+%c3%bc%20"), false, &b));
	assert_string_equal(buf_str(&b), "<a/b+\xc3\xbc ");
	assert_true(http_decode(SLICE("+%2B"), true, &b));
	assert_string_equal(buf_str(&b), "<a/b+\xc3\xbc  +");
	assert_true(http_decode(SLICE_NONE, true, &b));
	buf_clear(&b);
	http_encode(SLICE("a-Z_0.~/ %\xc3\xbc"), &b);
	assert_string_equal(buf_str(&b), "a-Z_0.~%2F%20%25%C3%BC");
	buf_release(&b);
}

static void
test_query(void **state)
{
	const struct slice query = SLICE("&a=1&&b&c=&d=x%3Dy+z=&twice=1&"
	    "%74wice=2&%00=a&bad=%ff&two+words=2&");
	static const struct query_case {
		const char	*name, *value;
	} found[] = {
		{ "a", "1" }, { "b", "" }, { "c", "" }, { "d", "x=y z=" },
		{ "two words", "2" }, { "two+words", NULL },
		{ "A", NULL }, { "", NULL }, { "e", NULL }
	};
	struct buf b = BUF_INIT;
	struct slice v;
	const char *why;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(found) / sizeof(found[0]); i++) {
		assert_int_equal(http_query_get(query, found[i].name, &b, &v, &why),
		    STATUS_OK);
		assert_true(found[i].value == NULL ? v.p == NULL :
		    slice_is(v, found[i].value));
	}
	assert_int_equal(http_query_get(query, "twice", &b, &v, &why),
	    STATUS_INVALID);
	assert_string_equal(why, "it is there twice");
	assert_int_equal(http_query_get(query, "bad", &b, &v, &why),
	    STATUS_INVALID);
	assert_string_equal(why, "it is not valid UTF-8");
	assert_int_equal(http_query_get(SLICE_NONE, "a", &b, &v, &why), STATUS_OK);
	assert_null(v.p);
	buf_release(&b);
}

static void
test_list(void **state)
{
	struct slice rest = SLICE(" , a;b=\"x, y\\\", z\" ,,\tc d ,\"open, e"), e;

	(void)state;
	assert_true(http_list_next(&rest, &e));
	assert_true(slice_is(e, "a;b=\"x, y\\\", z\""));
	assert_true(http_list_next(&rest, &e));
	assert_true(slice_is(e, "c d"));
	assert_true(http_list_next(&rest, &e));
	assert_true(slice_is(e, "\"open, e"));
	assert_false(http_list_next(&rest, &e));
	assert_true(http_same(SLICE("KeepZA-ALIVE"), SLICE("keepza-alive")));
	assert_false(http_same(SLICE("keep@alive"), SLICE("keep`alive")));
}

/* Each two bytes at each place of texts of every length, against what C says. */
static void
test_same(void **state)
{
	char room[2][21], *a, *b;
	size_t n, at;
	int x, y;

	(void)state;
	for (x = 0; x < 256; x++)
		for (y = 0; y < 256; y++)
			for (n = 1; n <= sizeof(room[0]); n += n < 8 ? 6 : 7) {
				at = (size_t)(x + y) % n;
				a = room[0] + sizeof(room[0]) - n;
				b = room[1] + sizeof(room[1]) - n;
				memset(a, 'k', n);
				memset(b, 'K', n);
				a[at] = (char)x;
				b[at] = (char)y;
				if (http_same((struct slice){ a, n },
				    (struct slice){ b, n }) != (x == y ||
				    (x < 128 && y < 128 && isalpha(x) &&
				    isalpha(y) && (x | 32) == (y | 32))))
					fail_msg("%02x and %02x, byte %zu of %zu",
					    (unsigned)x, (unsigned)y, at, n);
			}
	assert_false(http_same(SLICE("content-type"), SLICE("content-typ")));
	assert_true(http_same(SLICE_NONE, SLICE_NONE));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_targets),
		cmocka_unit_test(test_authorities),
		cmocka_unit_test(test_decode),
		cmocka_unit_test(test_query),
		cmocka_unit_test(test_list),
		cmocka_unit_test(test_same)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

# Handrail: human review of AI outputs.  `make demo` and `make check` do all the
# set-up on a fresh Debian or Ubuntu; README.md says the rest.

PREFIX  ?= /usr/local
DESTDIR ?=
CC      ?= cc
BUILD   ?= build

# Every library with the package that brings it: pkg-config name, apt, dnf, pacman.
LIBRARIES = \
	ncursesw:libncurses-dev:ncurses-devel:ncurses \
	sqlite3:libsqlite3-dev:sqlite-devel:sqlite \
	libcurl:libcurl4-openssl-dev:libcurl-devel:curl \
	jansson:libjansson-dev:jansson-devel:jansson \
	libpcre2-8:libpcre2-dev:pcre2-devel:pcre2 \
	libconfuse:libconfuse-dev:libconfuse-devel:confuse \
	libutf8proc:libutf8proc-dev:utf8proc-devel:libutf8proc \
	libcrypto:libssl-dev:openssl-devel:openssl \
	zlib:zlib1g-dev:zlib-devel:zlib \
	libzstd:libzstd-dev:libzstd-devel:zstd
CHECK_LIBRARIES = cmocka:libcmocka-dev:libcmocka-devel:cmocka
# Programs that the tests use: command, apt, dnf, pacman.
CHECK_TOOLS = \
	tmux:tmux:tmux:tmux jq:jq:jq:jq sqlite3:sqlite3:sqlite:sqlite \
	prove:perl:perl-Test-Harness:perl strace:strace:strace:strace
LINT_TOOLS = \
	mandoc:mandoc:mandoc:mandoc shellcheck:shellcheck:ShellCheck:shellcheck \
	pmccabe:pmccabe:pmccabe:pmccabe clang:clang:clang:clang

PKGS = $(foreach l,$(LIBRARIES),$(firstword $(subst :, ,$(l))))
WARN = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes \
	-Wmissing-prototypes
OPT  ?= -O2 -g
# SAN=1: AddressSanitizer and UndefinedBehaviorSanitizer.  WERROR=1: as CI builds.
ifdef SAN
SANFLAGS = -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
endif
ifdef WERROR
WARN += -Werror
endif
ALL_CFLAGS  = -std=c11 -D_GNU_SOURCE -I. -I$(BUILD)/gen $(WARN) $(OPT) $(SANFLAGS) \
	-pthread $(shell pkg-config --cflags $(PKGS)) $(CFLAGS)
ALL_LDFLAGS = $(SANFLAGS) -pthread $(LDFLAGS)
LIBS        = $(shell pkg-config --libs $(PKGS)) -lm

SRC  = $(wildcard core/*.c core/guard/*.c core/schema/*.c db/*.c queue/*.c \
	tui/*.c tui/cmd/*.c tui/screen/*.c tui/view/*.c)
OBJ  = $(SRC:%.c=$(BUILD)/obj/%.o)
GEN  = $(BUILD)/gen/queries.h $(BUILD)/gen/queries.c $(BUILD)/gen/migrations.c
LIB  = $(BUILD)/libhandrail.a
UNIT = $(patsubst tests/unit/%.c,$(BUILD)/unit/%,$(wildcard tests/unit/test_*.c))

all: $(BUILD)/handrail

$(BUILD)/handrail: $(BUILD)/obj/tui/main.o $(LIB)
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

$(LIB): $(filter-out $(BUILD)/obj/tui/main.o,$(OBJ)) $(BUILD)/obj/gen/queries.o $(BUILD)/obj/gen/migrations.o
	rm -f $@
	$(AR) rcs $@ $^

$(BUILD)/obj/%.o: %.c | $(GEN)
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<
$(BUILD)/obj/gen/%.o: $(BUILD)/gen/%.c | $(GEN)
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -Wno-overlength-strings -MMD -MP -c -o $@ $<

# SQL stays in .sql files; these become an enum and string tables.
$(BUILD)/gen/queries.h: db/queries.sql db/sql.awk
	@mkdir -p $(@D)
	awk -v want=header -f db/sql.awk db/queries.sql > $@
$(BUILD)/gen/queries.c: db/queries.sql db/sql.awk
	@mkdir -p $(@D)
	awk -v want=table -f db/sql.awk db/queries.sql > $@
$(BUILD)/gen/migrations.c: $(wildcard db/migrations/*.sql) db/sql.awk
	@mkdir -p $(@D)
	awk -v want=migrations -f db/sql.awk db/migrations/*.sql > $@

$(BUILD)/unit/%: tests/unit/%.c $(LIB)
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -MMD -MP $(ALL_LDFLAGS) -o $@ $< $(LIB) $(LIBS) -lcmocka

unit: $(UNIT)
	@for t in $(UNIT); do echo "# $$t"; $$t || exit 1; done

clean:
	rm -rf $(BUILD)

-include $(OBJ:.o=.d) $(UNIT:=.d)

.PHONY: all unit clean

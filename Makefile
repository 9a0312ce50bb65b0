# Handrail: human review of AI outputs.  `make demo` and `make check` do all the
# set-up on a fresh Debian or Ubuntu; README.md says the rest.

PREFIX  ?= /usr/local
DESTDIR ?=
CC      ?= cc
BUILD   ?= build
export DEPS

# Every library with the package that brings it: pkg-config name, apt, dnf, pacman.
LIBRARIES = \
	ncursesw:libncurses-dev:ncurses-devel:ncurses \
	sqlite3:libsqlite3-dev:sqlite-devel:sqlite \
	libcurl:libcurl4-openssl-dev:libcurl-devel:curl \
	jansson:libjansson-dev:jansson-devel:jansson \
	libpcre2-8:libpcre2-dev:pcre2-devel:pcre2 \
	libutf8proc:libutf8proc-dev:utf8proc-devel:libutf8proc \
	libcrypto:libssl-dev:openssl-devel:openssl \
	expat:libexpat1-dev:expat-devel:expat \
	yaml-0.1:libyaml-dev:libyaml-devel:libyaml \
	zlib:zlib1g-dev:zlib-devel:zlib \
	libzstd:libzstd-dev:libzstd-devel:zstd
# Of these only the headers are needed here: the first call loads the library.
LATER = libcurl
CHECK_LIBRARIES = cmocka:libcmocka-dev:libcmocka-devel:cmocka
# Programs that the tests use: command, apt, dnf, pacman.
CHECK_TOOLS = \
	tmux:tmux:tmux:tmux jq:jq:jq:jq sqlite3:sqlite3:sqlite:sqlite \
	prove:perl:perl-Test-Harness:perl strace:strace:strace:strace \
	zstd:zstd:zstd:zstd curl:curl:curl:curl jsonschema:python3-jsonschema:python3-jsonschema:python-jsonschema \
	node:nodejs:nodejs:nodejs
LINT_TOOLS = \
	mandoc:mandoc:mandoc:mandoc shellcheck:shellcheck:ShellCheck:shellcheck \
	pmccabe:pmccabe:pmccabe:pmccabe clang:clang:clang:clang sudo:sudo:sudo:sudo

# Files that the program carries within it (tui/embed.h).
EMBED = $(sort $(wildcard tui/demo/*.*) $(wildcard tui/screen/*.conf))

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
# Asked for once, and only by a rule that compiles.
PKG_CFLAGS = $(eval PKG_CFLAGS := $$(call pkg_config,--cflags,$(PKGS)))$(PKG_CFLAGS)
PKG_LIBS   = $(eval PKG_LIBS := $$(call pkg_config,--libs,$(filter-out $(LATER),$(PKGS))))$(PKG_LIBS)
pkg_config = $(shell pkg-config $1 $2)$(if $(filter-out 0,$(.SHELLSTATUS)),\
	$(error libraries are missing: run `make deps` first))
ALL_CFLAGS  = -std=c11 -D_GNU_SOURCE -I. -I$(BUILD)/gen $(WARN) $(OPT) $(SANFLAGS) \
	-pthread $(PKG_CFLAGS) $(CFLAGS)
ALL_LDFLAGS = $(SANFLAGS) -pthread $(LDFLAGS)
LIBS        = $(PKG_LIBS) -ldl -lm

SRC  = $(sort $(shell find core db queue tui -name '*.c'))
OBJ  = $(SRC:%.c=$(BUILD)/obj/%.o)
GEN  = $(BUILD)/gen/queries.h $(BUILD)/gen/queries.c $(BUILD)/gen/migrations.c \
	$(BUILD)/gen/embed.c
LIB  = $(BUILD)/libhandrail.a
LIBOBJ = $(filter-out $(BUILD)/obj/tui/main.o,$(OBJ)) \
	$(patsubst $(BUILD)/gen/%.c,$(BUILD)/obj/gen/%.o,$(filter %.c,$(GEN)))
UNIT = $(patsubst tests/unit/%.c,$(BUILD)/unit/%,$(wildcard tests/unit/test_*.c))
BENCH = $(patsubst tests/bench/%.c,$(BUILD)/bench/%,$(wildcard tests/bench/*.c))
FUZZ = $(patsubst tests/fuzz/%.c,$(BUILD)/fuzz/%,$(wildcard tests/fuzz/fuzz_*.c))
# What a fuzzer begins with: its own folder, or examples that are there anyway.
fuzz_seeds = $(wildcard tests/fuzz/$1) $(FUZZ_SEEDS_$1)
FUZZ_SEEDS_shape = tests/data/shapes
FUZZ_SEEDS_frames = tests/fuzz/sse
FUZZ_SECONDS ?= 20
FUZZ_FLAGS ?= -max_total_time=$(FUZZ_SECONDS)
# What tests/interop holds beside the programs of others.
INTEROP = $(patsubst tests/interop/%.c,$(BUILD)/interop/%,$(wildcard tests/interop/*.c))
# What a power cut leaves, and damage, for tests/fault.
POWER = $(BUILD)/fault/power $(BUILD)/fault/flip
# One call of what people do fails, which make coverage and make fault run: the linker
# puts these before the ones of theirs.
CALLS = $(BUILD)/fault/calls
CALLS_WRAP = malloc calloc realloc strdup strndup arena_alloc arena_zalloc arena_copy \
	arena_str buf_grow buf_check hasher_new query_get query_new_where query_step query_row \
	query_run batch_run store_begin store_begin_read store_commit store_open store_random \
	schema_check audit_content realpath flock fstat fsync rename read write pthread_create EVP_MD_CTX_new \
	EVP_PKEY_new_raw_public_key EVP_PKEY_new_raw_private_key EVP_PKEY_get_raw_public_key \
	EVP_DigestSignInit EVP_DigestVerifyInit
# TAP tests of the program itself, each beside what it proves.
TAP  = $(filter-out tests/lint/%,$(wildcard tests/*/*.t))
MAN  = $(wildcard man/*.[157])

all: $(BUILD)/handrail

$(BUILD)/handrail: $(BUILD)/obj/tui/main.o $(LIB)
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

$(LIB): $(LIBOBJ)
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
$(BUILD)/gen/embed.c: $(EMBED) tui/embed.awk
	@mkdir -p $(@D)
	LC_ALL=C awk -f tui/embed.awk $(EMBED) </dev/null > $@

$(BUILD)/unit/%: tests/unit/%.c $(LIB)
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -MMD -MP $(ALL_LDFLAGS) -o $@ $< $(LIB) $(LIBS) -lcmocka

$(BUILD)/bench/%: tests/bench/%.c $(LIB)
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -MMD -MP $(ALL_LDFLAGS) -o $@ $< $(LIB) $(LIBS)

$(BUILD)/interop/%: tests/interop/%.c $(LIB)
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -MMD -MP $(ALL_LDFLAGS) -o $@ $< $(LIB) $(LIBS)

$(BUILD)/fault/%: tests/fault/%.c $(LIB)
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -MMD -MP $(ALL_LDFLAGS) -o $@ $< $(LIB) $(LIBS)

$(BUILD)/fuzz/%: tests/fuzz/%.c $(LIB)
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -fsanitize=fuzzer -MMD -MP $(ALL_LDFLAGS) -o $@ $< $(LIB) $(LIBS)

# Set-up, left out with DEPS=skip: pkg-config is asked again once the packages are
# there, hence the second make.
DEPS_RUN = $(addprefix lib:,$(LIBRARIES))
DEPS_CHECK = $(DEPS_RUN) $(addprefix lib:,$(CHECK_LIBRARIES)) $(addprefix cmd:,$(CHECK_TOOLS))

deps:
	@sh .ci/deps $(DEPS_RUN)
deps-check:
	@sh .ci/deps $(DEPS_CHECK)
deps-lint:
	@sh .ci/deps $(DEPS_CHECK) $(addprefix cmd:,$(LINT_TOOLS))

demo: deps
	@$(MAKE) --no-print-directory -s all
	@$(BUILD)/handrail demo

# The keys in a manual page, from the table of actions and the file of keys.
man-keys:
	@awk -f man/keys.awk tui/screen/action.h tui/screen/handrail.conf >$(BUILD)/keys
	@sed -i -e '/From here on by make man-keys/r $(BUILD)/keys' \
	    -e '/From here on by make man-keys/,/^\.\\" To here/{/^\.\\"/!d;}' man/handrail-review.1

# The screens that README shows.
screens: $(BUILD)/handrail
	man/screens $(BUILD)/handrail man

check: deps-check
	@$(MAKE) --no-print-directory all unit tap

unit-build: $(UNIT)
unit: $(UNIT)
	@failed=; for t in $(UNIT); do \
		echo "# $$t"; XDG_STATE_HOME=$(abspath $(BUILD))/state $$t || failed="$$failed $${t##*/}"; done; \
	[ -z "$$failed" ] || { echo "unit tests failed:$$failed"; exit 1; }

tap: $(BUILD)/handrail $(INTEROP) $(POWER)
	HANDRAIL=$(abspath $(BUILD)/handrail) prove -j2 $(TAP)
tap-cli: $(BUILD)/handrail
	HANDRAIL=$(abspath $(BUILD)/handrail) prove -j2 $(filter tests/cli/%,$(TAP))

bench: deps-check
	@$(MAKE) --no-print-directory -s all bench-run
# What the bench of the screen is held beside.
deps-bench:
	@sh .ci/deps cmd:tig:tig:tig:tig cmd:mutt:mutt:mutt:mutt cmd:less:less:less:less
bench-build: $(BENCH)
bench-run: $(BENCH)
	@BUILD=$(BUILD) sh tests/bench/run

# Clients of others that tests/interop drives, pinned; none of their scripts runs.
# CI alone asks for them: without them make check skips those tests.
deps-npm:
	@sh .ci/deps cmd:node:nodejs:nodejs:nodejs cmd:npm:npm:npm:npm
	cd tests/interop && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error

# The same with programs from PyPI, which take minutes to install; no part of check.
interop: $(BUILD)/handrail
	@python3 -m venv $(BUILD)/pypi && $(BUILD)/pypi/bin/pip install -q \
		--disable-pip-version-check -r tests/interop/pypi.txt || \
		{ echo "interop: skipped: PyPI cannot be reached"; exit 0; }; \
	HANDRAIL=$(abspath $(BUILD)/handrail) HANDRAIL_PYPI=$(abspath $(BUILD)/pypi) \
		prove -v tests/interop/pypi_*.t

# What scrapes /metrics in tests/cli/metrics.t; CI alone asks for it.
deps-prometheus:
	@sh .ci/deps cmd:promtool:prometheus:prometheus:prometheus

# The fuzzer's runtime, in a package named for clang's version.
deps-fuzz: deps-lint
	@v=$$(clang -dumpversion | cut -d. -f1); \
	sh .ci/deps run:fuzzer:libclang-rt-$$v-dev:compiler-rt:compiler-rt

# libFuzzer targets, under the sanitizers; what they find stays in $(BUILD).
fuzz: deps-fuzz
	@$(MAKE) --no-print-directory -s CC=clang BUILD=build/fuzz SAN=1 \
		OPT="-O1 -g -fsanitize=fuzzer-no-link -DFUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION" fuzz-run
fuzz-run: $(FUZZ:=.run)
$(FUZZ:=.run): $(BUILD)/fuzz/fuzz_%.run: $(BUILD)/fuzz/fuzz_%
	@mkdir -p $<.corpus; echo "# $<"; \
		$< $(FUZZ_FLAGS) -timeout=10 -rss_limit_mb=2048 \
		-artifact_prefix=$<. -verbosity=0 -print_final_stats=1 \
		$<.corpus $(call fuzz_seeds,$*)

# The fault campaign at full length, some hours; check runs a few points of each.  What is
# damaged is read under the sanitizers.
FAULT_LONG = FAULT_POINTS=40 FAULT_LARGE=30000 FAULT_KILLS=2000 FAULT_FAILS=2000 \
	FAULT_STATES=10000 FAULT_BACKUPS=100 FAULT_HANGUPS=all \
	FAULT_FLIPS=10000 FAULT_CUTS=64 FAULT_HEADS=1
fault: $(BUILD)/handrail $(POWER) $(CALLS) fault-asan
	$(FAULT_LONG) HANDRAIL=$(abspath $(BUILD)/handrail) \
		prove -v $(filter-out %/flip.t,$(wildcard tests/fault/*.t))
fault-asan:
	@$(MAKE) --no-print-directory -s SAN=1 BUILD=build/asan OPT=-O1 build/asan/handrail \
		build/asan/fault/flip
	$(FAULT_LONG) HANDRAIL=$(abspath build/asan/handrail) prove -v tests/fault/flip.t

# Branches taken of what must not be wrong, by group, each of these files on a line of
# its own.  It fails where less than COVERED_FLOOR per cent were.  Assertions are left
# out, as SQLite leaves them out: what they say never is, and no test can take it.
COVERED_GROUPS = sanitizer parser audit lease decision
COVERED_sanitizer = core/base/text.c core/base/text_cells.c core/base/utf8.c
COVERED_parser = core/json/parse.c core/json/number.c core/json/value.c core/item/item.c \
	core/shape/read.c core/shape/native.c
COVERED_audit = core/base/merkle.c core/base/note.c $(wildcard db/audit/*.c) queue/witness.c
COVERED_lease = db/clock.c db/sqlite/lock.c queue/review/review.c queue/review/item_lock.c
COVERED_decision = queue/review/decide.c queue/review/second.c queue/review/rating.c
COVERED = $(foreach g,$(COVERED_GROUPS),$(COVERED_$g))
COVERED_FLOOR = 95
COVERED_UNIT = text refusals stop json json_memory json_write decoded schema store_memory item merkle note leaf audit audit_index clock lock decide rating number shape judge_record
COVERED_TAP = cli/audit cli/audit-query cli/audit-signed cli/bound cli/decide cli/next cli/rating cli/witness \
	cli/bundle cli/search cli/hooks cli/eval cli/run fault/columns fault/calls
COV = $(BUILD)/coverage
COVOBJ = $(COVERED:%.c=$(COV)/obj/%.o)
COVUNIT = $(COVERED_UNIT:%=$(COV)/unit/test_%)
$(COV)/obj/%.o: %.c | $(GEN)
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -O0 -DNDEBUG --coverage -MMD -MP -c -o $@ $<
$(COV)/unit/%: tests/unit/%.c $(COVOBJ) $(LIB)
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) --coverage -o $@ $< $(COVOBJ) $(LIB) $(LIBS) -lcmocka
$(COV)/fault/%: tests/fault/%.c $(COVOBJ) $(LIB)
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -MMD -MP $(ALL_LDFLAGS) --coverage -o $@ $< $(COVOBJ) $(LIB) $(LIBS)
$(CALLS) $(COV)/fault/calls: private LDFLAGS += $(CALLS_WRAP:%=-Wl,--wrap=%)
$(COV)/handrail: $(BUILD)/obj/tui/main.o $(COVOBJ) $(LIB)
	$(CC) $(ALL_LDFLAGS) --coverage -o $@ $^ $(LIBS)
coverage-run: $(COVUNIT) $(COV)/handrail $(COV)/fault/calls
	@find $(COV) -name '*.gcda' -delete
	@for t in $(COVUNIT); do $$t >$(COV)/log 2>&1 || { cat $(COV)/log; exit 1; }; done
	@HANDRAIL=$(abspath $(COV)/handrail) prove -Q $(COVERED_TAP:%=tests/%.t)
coverage: coverage-run
	@sh tests/fault/coverage $(COV) $(COVERED_FLOOR) $(foreach g,$(COVERED_GROUPS),$(COVERED_$g:%=$g:%))

# Unit tests of the same, and a few commands, under valgrind: some minutes.
memcheck: $(BUILD)/handrail $(COVERED_UNIT:%=$(BUILD)/unit/test_%)
	@sh .ci/deps cmd:valgrind:valgrind:valgrind:valgrind
	@sh tests/fault/memcheck $(BUILD) $(filter-out %_memory,$(COVERED_UNIT))

# What went wrong in gateways of others, at full length: a million calls.
gateway-long: $(BUILD)/handrail
	HANDRAIL=$(abspath $(BUILD)/handrail) GATEWAY_LONG=1 prove -v tests/interop/gateway_ten.t

lint: deps-lint
	prove tests/lint/*.t

install: all
	install -d $(DESTDIR)$(PREFIX)/bin
	install -m 755 $(BUILD)/handrail $(DESTDIR)$(PREFIX)/bin/handrail
	set -e; for page in $(MAN); do \
		dir=$(DESTDIR)$(PREFIX)/share/man/man$${page##*.}; \
		install -d $$dir; install -m 644 $$page $$dir/; done
	set -e; for pair in $(COMPLETIONS); do \
		to=$(DESTDIR)$(PREFIX)/share/$${pair#*:}; install -d $${to%/*}; \
		$(BUILD)/handrail help --completion $${pair%%:*} > $$to; \
		chmod 644 $$to; done

uninstall:
	rm -f $(DESTDIR)$(PREFIX)/bin/handrail
	for page in $(MAN); do \
		rm -f $(DESTDIR)$(PREFIX)/share/man/man$${page##*.}/$${page##*/}; done
	for pair in $(COMPLETIONS); do \
		rm -f $(DESTDIR)$(PREFIX)/share/$${pair#*:}; done

COMPLETIONS = bash:bash-completion/completions/handrail \
	zsh:zsh/site-functions/_handrail \
	fish:fish/vendor_completions.d/handrail.fish

clean:
	rm -rf $(BUILD)

-include $(OBJ:.o=.d) $(COVOBJ:.o=.d) $(UNIT:=.d) $(BENCH:=.d) $(FUZZ:=.d) $(INTEROP:=.d) $(POWER:=.d) $(CALLS:=.d)

.PHONY: all man-keys screens fault fault-asan memcheck coverage coverage-run deps deps-check deps-lint deps-fuzz deps-npm deps-bench deps-prometheus \
	interop demo check unit unit-build tap tap-cli bench gateway-long bench-build \
	bench-run fuzz fuzz-run $(FUZZ:=.run) lint install uninstall clean
.DELETE_ON_ERROR:

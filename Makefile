# misp-modules: a FastCGI server for MISP modules.
#
#	make              build into build/
#	make run          install what is missing, build, serve http://127.0.0.1:6666
#	                  (PORT= another port, CONFIG= a further configuration file)
#	make check        install what the tests need, build, run every test
#	make install      into PREFIX and SYSCONFDIR, below DESTDIR
#	make module NAME=my_module TYPE=expansion
#	                  write the skeleton of a module
#	make bench · make coverage · make lint · make format · make clean

VERSION := 0.1.0
PREFIX ?= /usr
SYSCONFDIR ?= /etc/misp-modules
CGIDIR ?= $(PREFIX)/lib/cgi-bin
CACHEDIR ?= /var/cache/misp-modules
MODULEDIR ?= $(PREFIX)/lib/misp-modules
UNITDIR ?= $(PREFIX)/lib/systemd/system
BUILD ?= build

FAMILIES := expansion import_mod export_mod action_mod

# ---- What is built from what ----

SDK_SOURCES := $(wildcard modules/sdk/*.c)
# Linked into the program, and into no test.
PROGRAM_SOURCES := fcgi/main.c fcgi/wipe.c
CORE_SOURCES := $(filter-out $(PROGRAM_SOURCES),$(wildcard fcgi/*.c))
SHARED_SOURCES := $(wildcard modules/shared/*.c modules/shared/*/*.c)
MODULE_SOURCES := $(foreach family,$(FAMILIES),$(wildcard modules/$(family)/*.c))
TEST_MODULE_SOURCES := $(wildcard tests/modules/*/*.c)
UNIT_SOURCES := $(wildcard tests/unit/*_test.c)
FUZZ_SOURCES := $(filter-out %/module_fuzz.c,$(wildcard tests/fuzz/*_fuzz.c))
WEB_FILES := $(wildcard fcgi/web/*)

PROGRAM := $(BUILD)/misp-modules.fcgi
OBJECTS := $(patsubst %.c,$(BUILD)/obj/%.o,$(SDK_SOURCES) $(CORE_SOURCES)) \
	$(patsubst fcgi/web/%,$(BUILD)/obj/fcgi/web/%.o,$(WEB_FILES))
SHARED := $(BUILD)/shared.a
SHARED_OBJECTS := $(patsubst %.c,$(BUILD)/obj/%.o,$(SHARED_SOURCES))
MODULES := $(patsubst modules/%.c,$(BUILD)/modules/%.so,$(MODULE_SOURCES))
# The program that serves Python modules.
PYTHON := $(patsubst %,$(BUILD)/%,$(wildcard modules/python/*.py))
TEST_MODULES := $(patsubst %.c,$(BUILD)/%.so,$(TEST_MODULE_SOURCES))
UNITS := $(patsubst tests/unit/%.c,$(BUILD)/unit/%,$(UNIT_SOURCES))
FUZZERS := $(patsubst tests/fuzz/%.c,$(BUILD)/fuzz/%,$(FUZZ_SOURCES))
# Modules that parse what strangers made: each is a target of its own.
CAGED := $(shell grep -l '\.caged = true' $(MODULE_SOURCES) /dev/null)
MODULE_FUZZERS = $(patsubst %.c,$(BUILD)/fuzz/%_fuzz,$(notdir $(CAGED)))

# ---- How ----

CC ?= cc
# VERBOSE=1 shows the commands.
HUSH := $(if $(VERBOSE),,@)
CFLAGS ?= -O2 -g
SANITIZE ?=
WARNINGS := -Wall -Wextra -Wshadow -Wmissing-prototypes -Wstrict-prototypes \
	-Wformat=2 -Wno-missing-field-initializers -Werror
HARDENING := $(if $(SANITIZE),,-D_FORTIFY_SOURCE=2) -fstack-protector-strong \
	-fstack-clash-protection -fPIC
INCLUDES := -Imodules/sdk -Imodules/shared -Ifcgi
ALL_CFLAGS = -std=c17 -D_GNU_SOURCE $(WARNINGS) $(HARDENING) \
	-fvisibility=hidden $(INCLUDES) -MMD -MP $(CFLAGS) $(SANITIZE)
ALL_LDFLAGS = -Wl,-z,relro,-z,now,-z,noexecstack $(LDFLAGS) $(SANITIZE)
PATHS = -DSYSCONFDIR='"$(SYSCONFDIR)"' -DMODULEDIR='"$(MODULEDIR)"' \
	-DCACHEDIR='"$(CACHEDIR)"' \
	-DVERSION='"$(VERSION)"'
CORE_LIBS = $(shell pkg-config --libs jansson yajl libcares libconfuse uuid \
	libcrypto libcurl libseccomp) -lfcgi -lunistring -lpthread -ldl -lm

# A module that needs libraries says so in its first comment:
#	pkg-config: libpsl libidn2 (libpsl-dev libidn2-dev)
# on as many lines as that takes.
JOINED := /pkg-config:/{:a;/)/!{N;ba};s/[[:space:]]*\n \*[[:space:]]*/ /g
NEEDS_LIBRARIES := $(JOINED);s/.*pkg-config: \(.*\) (.*/\1/p}
NEEDS_PACKAGES := $(JOINED);s/.*pkg-config: .*(\(.*\)).*/\1/p}
PKG_CONFIG := CC="$(CC)" sh modules/pkg-config.sh

# ---- Debian's packages ----

BUILD_PACKAGES := gcc make pkg-config libc6-dev libfcgi-dev libjansson-dev \
	libyajl-dev libc-ares-dev libconfuse-dev uuid-dev libssl-dev \
	libunistring-dev libcurl4-openssl-dev libseccomp-dev
MODULE_PACKAGES = $(sort $(shell sed -n '$(NEEDS_PACKAGES)' $(MODULE_SOURCES)))
RUN_PACKAGES = $(BUILD_PACKAGES) $(MODULE_PACKAGES) nginx-light
TEST_PACKAGES = $(RUN_PACKAGES) apache2 apache2-utils libapache2-mod-fcgid \
	clang clang-format clang-tidy cppcheck iproute2 libclang-rt-14-dev \
	libarchive-tools libcmocka-dev libgsf-bin msmtp nsd openssl \
	poppler-utils python3 python3-aiosmtpd python3-jsonschema \
	python3-pytest python3-requests redis-server s-nail \
	shared-mime-info systemd valgrind zip $(NODE_PACKAGES)
# Node.js from elsewhere brings npm with it.
NODE_PACKAGES := $(if $(shell command -v npm),,nodejs npm)

.PHONY: FORCE all test-modules units fuzzers run check install clean module lint \
	format cppcheck clang-tidy bench coverage docs
.DELETE_ON_ERROR:
.SECONDARY:

all: $(PROGRAM) $(MODULES) $(PYTHON)

# What the tests use beside that.
test-modules: $(TEST_MODULES)

$(PROGRAM): $(PROGRAM_SOURCES:%.c=$(BUILD)/obj/%.o) $(OBJECTS)
	@echo "LINK $@"
	$(HUSH)$(CC) $(ALL_LDFLAGS) -Wl,--export-dynamic -pie -o $@ $^ $(CORE_LIBS)

# Other flags or places than last time: everything is built anew.
$(BUILD)/flags: FORCE
	@mkdir -p $(@D)
	@echo $(CC) $(ALL_CFLAGS) $(PATHS) | cmp -s - $@ || \
	echo $(CC) $(ALL_CFLAGS) $(PATHS) > $@
FORCE:

$(BUILD)/obj/%.o: %.c Makefile $(BUILD)/flags
	@mkdir -p $(@D)
	@echo "CC $@"
	$(HUSH)$(CC) $(ALL_CFLAGS) $(PATHS) -c -o $@ $<

# A file of the web pages becomes an object: _binary_NAME_start, …_end.
$(BUILD)/obj/fcgi/web/%.o: fcgi/web/%
	@mkdir -p $(@D)
	@cd fcgi/web && ld -r -b binary -z noexecstack -o $(abspath $@) $(<F)

# What several modules share; each takes what it needs of it. Without its
# library a file is empty: the modules that want it are skipped as well.
$(BUILD)/obj/modules/shared/%.o: modules/shared/%.c Makefile $(BUILD)/flags
	@mkdir -p $(@D)
	@echo "CC $@"
	$(HUSH)libraries=$$(sed -n '$(NEEDS_LIBRARIES)' $<); \
	if [ -z "$$libraries" ] || $(PKG_CONFIG) --exists $$libraries; then \
		$(CC) $(ALL_CFLAGS) \
			$${libraries:+$$($(PKG_CONFIG) --cflags $$libraries)} \
			-c -o $@ $<; \
	else \
		: | $(CC) $(ALL_CFLAGS) -x c -c -o $@ -; \
	fi

$(SHARED): $(SHARED_OBJECTS)
	@rm -f $@
	@ar crs $@ $^

# Its pages that can be read and run lie together: three mappings instead of
# five, for each of them costs every fork of a cage a microsecond or more.
MODULE_LDFLAGS = $(ALL_LDFLAGS) -Wl,-z,noseparate-code -shared

# A module with libraries stays once it is loaded: some of them (pixman below
# cairo) allocate then what they never free, which is a leak once they are gone.
$(BUILD)/modules/%.so: modules/%.c Makefile $(BUILD)/flags $(SHARED)
	@mkdir -p $(@D)
	@libraries=$$(sed -n '$(NEEDS_LIBRARIES)' $<); flags=; \
	if [ -n "$$libraries" ]; then \
		$(PKG_CONFIG) --exists $$libraries || { rm -f $@; \
		echo "skipped $<: its library is missing; install" \
			$$(sed -n '$(NEEDS_PACKAGES)' $<); exit 0; }; \
		flags="-Wl,-z,nodelete $$($(PKG_CONFIG) --cflags --libs $$libraries)"; \
	fi; \
	echo "MODULE $@"; \
	$(CC) $(ALL_CFLAGS) $(MODULE_LDFLAGS) -o $@ $< $(SHARED) $$flags

$(BUILD)/modules/python/%.py: modules/python/%.py
	@mkdir -p $(@D)
	@cp $< $@

# They misbehave on purpose: a sanitizer would speak first.
$(BUILD)/tests/%.so: tests/%.c Makefile $(BUILD)/flags
	@mkdir -p $(@D)
	@echo "MODULE $@"
	$(HUSH)$(CC) $(filter-out $(SANITIZE),$(ALL_CFLAGS) $(ALL_LDFLAGS)) \
	-shared -o $@ $<

$(BUILD)/unit/%: tests/unit/%.c $(OBJECTS)
	@mkdir -p $(@D)
	@echo "LINK $@"
	$(HUSH)$(CC) $(ALL_CFLAGS) $(PATHS) $(ALL_LDFLAGS) -Wl,--export-dynamic -o $@ \
	$< $(OBJECTS) -lcmocka $(CORE_LIBS)

$(BUILD)/fuzz/%: tests/fuzz/%.c $(OBJECTS)
	@mkdir -p $(@D)
	@echo "LINK $@"
	$(HUSH)$(CC) $(ALL_CFLAGS) $(PATHS) $(ALL_LDFLAGS) -fsanitize=fuzzer -o $@ \
	$< $(OBJECTS) $(CORE_LIBS)

# The module is linked in, so that the fuzzer and the sanitizers see into it.
.SECONDEXPANSION:
$(MODULE_FUZZERS): $(BUILD)/fuzz/%_fuzz: tests/fuzz/module_fuzz.c $(SHARED) \
		$(OBJECTS) $$(foreach f,$$(FAMILIES),\
		$$(filter modules/$$f/$$*.c,$$(CAGED)))
	@mkdir -p $(@D)
	@echo "LINK $@"
	$(HUSH)libraries=$$(sed -n '$(NEEDS_LIBRARIES)' $(filter modules/%,$^)); \
	$(CC) $(ALL_CFLAGS) $(PATHS) $(ALL_LDFLAGS) -fsanitize=fuzzer -o $@ \
		$(filter %.c,$^) $(SHARED) $(OBJECTS) $(CORE_LIBS) \
		$${libraries:+$$($(PKG_CONFIG) --cflags --libs $$libraries)}

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)

# ---- Running it ----

run:
	@.ci/need $(RUN_PACKAGES)
	@$(MAKE) -s all
	@exec sh nginx/run.sh

# ---- Testing it ----

units: $(UNITS)
fuzzers: $(FUZZERS) $(MODULE_FUZZERS)

check:
	@.ci/need $(TEST_PACKAGES)
	@tests/samples.sh build-samples
	@tests/check.sh

lint:
	@tests/check.sh lint tidy

C_FILES = $(SDK_SOURCES) $(CORE_SOURCES) $(PROGRAM_SOURCES) $(SHARED_SOURCES) \
	$(MODULE_SOURCES)

cppcheck:
	cppcheck --quiet --error-exitcode=1 --std=c11 --inline-suppr \
	--enable=warning,performance,portability \
	--suppress=missingInclude $(INCLUDES) $(PATHS) $(C_FILES)

clang-tidy: $(patsubst %,%.tidy,$(C_FILES))

%.tidy: %
	@libraries=$$(sed -n '$(NEEDS_LIBRARIES)' $<); \
	clang-tidy --quiet $< -- -std=c17 -D_GNU_SOURCE $(PATHS) $(INCLUDES) \
	$${libraries:+$$($(PKG_CONFIG) --cflags $$libraries)} 2>/dev/null

format:
	clang-format -i $$(git ls-files '*.c' '*.h')

# A process that is ended by _exit, a signal or exec leaves no figures: guard.c,
# listener.c, manager.c and reload.c are reached more than it says.
coverage:
	@.ci/need $(TEST_PACKAGES) gcovr
	@tests/samples.sh build-samples
	@$(MAKE) -s -j2 BUILD=build-coverage CFLAGS='-O0 -g' \
	SANITIZE=--coverage HARDENING=-fPIC all test-modules units
	@for test in build-coverage/unit/*_test; do $$test >/dev/null 2>&1; done
	@BUILD=build-coverage /usr/bin/python3 -m pytest -q \
	-p no:cacheprovider tests/e2e
	@gcovr --root . --filter fcgi/ --filter modules/ build-coverage

bench:
	@.ci/need $(RUN_PACKAGES) libnginx-mod-http-echo openssl python3 \
	python3-requests python3-tornado wrk
	@$(MAKE) -s all test-modules $(BUILD)/bench/bare $(BUILD)/bench/http
	@/usr/bin/python3 tests/bench/bench.py

$(BUILD)/bench/bare: tests/bench/bare.c
	@mkdir -p $(@D)
	$(CC) -O2 -o $@ $< -lfcgi

$(BUILD)/bench/http: tests/bench/http.c $(OBJECTS)
	@mkdir -p $(@D)
	@echo "LINK $@"
	$(HUSH)$(CC) $(ALL_CFLAGS) $(PATHS) $(ALL_LDFLAGS) -o $@ $< $(OBJECTS) \
	$(CORE_LIBS)

# ---- Installing it ----

# The files name the usual places; other ones are put in here.
PLACES = s|/usr/lib/cgi-bin|$(CGIDIR)|g; s|/etc/misp-modules|$(SYSCONFDIR)|g
# What the administrator has changed stays; the new file lies beside it.
KEEP_EDITED = if [ ! -e $${new%.new} ]; then mv $$new $${new%.new}; \
	elif cmp -s $$new $${new%.new}; then rm $$new; \
	else echo "$${new%.new} is kept; compare it with $$new"; fi
INSTALLED_CONF = $(filter-out nginx/private.conf,$(wildcard nginx/*.conf)) \
	$(wildcard apache/*.conf)

install: all
	install -d $(DESTDIR)$(CGIDIR) $(DESTDIR)$(UNITDIR) \
	$(DESTDIR)$(PREFIX)/lib/sysusers.d $(DESTDIR)$(PREFIX)/include \
	$(DESTDIR)$(SYSCONFDIR)/conf.d $(DESTDIR)$(SYSCONFDIR)/nginx \
	$(DESTDIR)$(SYSCONFDIR)/apache \
	$(addprefix $(DESTDIR)$(MODULEDIR)/,$(FAMILIES))
	install -m 755 $(PROGRAM) $(DESTDIR)$(CGIDIR)/
	for module in $(MODULES:$(BUILD)/modules/%=%); do \
		test ! -e $(BUILD)/modules/$$module || install -m 644 \
		$(BUILD)/modules/$$module $(DESTDIR)$(MODULEDIR)/$$module || exit 1; \
	done
	install -d $(DESTDIR)$(MODULEDIR)/python
	install -m 644 $(PYTHON) $(DESTDIR)$(MODULEDIR)/python/
	install -m 644 $(wildcard modules/sdk/misp-*.h) \
	$(DESTDIR)$(PREFIX)/include/
	new=$(DESTDIR)$(SYSCONFDIR)/misp-modules.conf.new; \
	install -m 640 conf/misp-modules.conf $$new && $(KEEP_EDITED)
	for file in $(INSTALLED_CONF); do \
		new=$(DESTDIR)$(SYSCONFDIR)/$$file.new; \
		sed '$(PLACES)' $$file > $$new || exit 1; \
		$(KEEP_EDITED) || exit 1; \
	done
	for unit in misp-modules.service misp-modules.socket; do \
		sed '$(PLACES)' nginx/$$unit > $(DESTDIR)$(UNITDIR)/$$unit || exit 1; \
	done
	install -m 644 nginx/misp-modules.sysusers \
	$(DESTDIR)$(PREFIX)/lib/sysusers.d/misp-modules.conf

# ---- The table of modules in the README ----

docs:
	@.ci/need $(BUILD_PACKAGES) $(MODULE_PACKAGES)
	@$(MAKE) -s all
	@modules/table.sh $(PROGRAM) $(BUILD)/modules < README.md > $(BUILD)/README.md
	@cat $(BUILD)/README.md > README.md

# ---- Writing a module ----

module:
	@modules/skeleton/write.sh '$(NAME)' '$(TYPE)'

clean:
	rm -rf build build-*

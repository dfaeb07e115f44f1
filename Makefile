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
PREFIX ?= /usr/local
SYSCONFDIR ?= /etc/misp-modules
CGIDIR ?= $(PREFIX)/lib/cgi-bin
MODULEDIR ?= $(PREFIX)/lib/misp-modules
UNITDIR ?= $(PREFIX)/lib/systemd/system
BUILD ?= build
PORT ?= 6666
CONFIG ?=

FAMILIES := expansion import_mod export_mod action_mod

# ---- What is built from what ----

SDK_SOURCES := $(wildcard modules/sdk/*.c)
CORE_SOURCES := $(filter-out fcgi/main.c,$(wildcard fcgi/*.c))
MODULE_SOURCES := $(foreach family,$(FAMILIES),$(wildcard modules/$(family)/*.c))
TEST_MODULE_SOURCES := $(wildcard tests/modules/*/*.c)
UNIT_SOURCES := $(wildcard tests/unit/*_test.c)
FUZZ_SOURCES := $(wildcard tests/fuzz/*_fuzz.c)
WEB_FILES := $(wildcard fcgi/web/*)

PROGRAM := $(BUILD)/misp-modules.fcgi
OBJECTS := $(patsubst %.c,$(BUILD)/obj/%.o,$(SDK_SOURCES) $(CORE_SOURCES)) \
	$(patsubst fcgi/web/%,$(BUILD)/obj/fcgi/web/%.o,$(WEB_FILES))
UNITS := $(patsubst tests/unit/%.c,$(BUILD)/unit/%,$(UNIT_SOURCES))
FUZZERS := $(patsubst tests/fuzz/%.c,$(BUILD)/fuzz/%,$(FUZZ_SOURCES))

# A module that needs a library says so in its first comment:
#	pkg-config: yara (libyara-dev)
needs = $(shell sed -n 's|^.*pkg-config: *||p' $(1))
libraries = $(shell echo '$(call needs,$(1))' | sed 's/([^)]*)//g')
packages = $(shell echo '$(call needs,$(1))' | grep -o '([^)]*)' | tr -d '()')
there = $(shell test -z '$(strip $(call libraries,$(1)))' || \
	pkg-config --exists $(call libraries,$(1)) 2>/dev/null || echo no)

BUILDABLE := $(foreach source,$(MODULE_SOURCES),\
	$(if $(call there,$(source)),,$(source)))
MODULES := $(patsubst modules/%.c,$(BUILD)/modules/%.so,$(BUILDABLE))
TEST_MODULES := $(patsubst tests/%.c,$(BUILD)/tests/%.so,$(TEST_MODULE_SOURCES))

# ---- How ----

CC ?= cc
CFLAGS ?= -O2 -g
SANITIZE ?=
WARNINGS := -Wall -Wextra -Wshadow -Wmissing-prototypes -Wstrict-prototypes \
	-Wformat=2 -Werror
HARDENING := $(if $(SANITIZE),,-D_FORTIFY_SOURCE=2) -fstack-protector-strong \
	-fstack-clash-protection -fPIC
CORE_LIBRARIES := jansson yajl libcares libconfuse uuid libcrypto
PATHS = -DSYSCONFDIR='"$(SYSCONFDIR)"' -DMODULEDIR='"$(MODULEDIR)"' \
	-DVERSION='"$(VERSION)"'
ALL_CFLAGS = -std=c17 -D_GNU_SOURCE $(WARNINGS) $(HARDENING) \
	-fvisibility=hidden -Imodules/sdk -Ifcgi -MMD -MP $(CFLAGS) $(SANITIZE)
ALL_LDFLAGS = -Wl,-z,relro,-z,now,-z,noexecstack $(LDFLAGS) $(SANITIZE)
CORE_LIBS = $(shell pkg-config --libs $(CORE_LIBRARIES)) -lfcgi -lunistring \
	-lpthread -ldl -lm

BUILD_PACKAGES := gcc make pkg-config libc6-dev libfcgi-dev libjansson-dev \
	libyajl-dev libc-ares-dev libconfuse-dev uuid-dev libssl-dev \
	libunistring-dev
RUN_PACKAGES = $(BUILD_PACKAGES) nginx-light \
	$(sort $(foreach source,$(MODULE_SOURCES),$(call packages,$(source))))
TEST_PACKAGES = $(RUN_PACKAGES) apache2 apache2-utils libapache2-mod-fcgid \
	clang clang-format clang-tidy cppcheck libclang-rt-14-dev libcmocka-dev \
	nsd openssl python3 python3-jsonschema python3-pytest python3-requests \
	systemd valgrind

.PHONY: all run check install clean module packages run-packages \
	test-packages lint format unit valgrind e2e fuzz bench coverage
.DELETE_ON_ERROR:
.SECONDARY:

all: $(PROGRAM) $(MODULES)
	@$(foreach source,$(filter-out $(BUILDABLE),$(MODULE_SOURCES)),\
	echo "skipped $(source): its library is missing;" \
	"install $(call packages,$(source))";)

$(PROGRAM): $(BUILD)/obj/fcgi/main.o $(OBJECTS)
	$(CC) $(ALL_LDFLAGS) -Wl,--export-dynamic -pie -o $@ $^ $(CORE_LIBS)

$(BUILD)/obj/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(PATHS) -c -o $@ $<

# A file of the web pages becomes an object: _binary_NAME_start, …_end.
$(BUILD)/obj/fcgi/web/%.o: fcgi/web/%
	@mkdir -p $(@D)
	cd fcgi/web && ld -r -b binary -z noexecstack -o $(abspath $@) $(<F)

$(BUILD)/modules/%.so: modules/%.c Makefile
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -shared -o $@ $< \
	$(if $(call libraries,$<),$$(pkg-config --cflags --libs $(call libraries,$<)))

$(BUILD)/tests/%.so: tests/%.c Makefile
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -shared -o $@ $<

$(BUILD)/unit/%: tests/unit/%.c $(OBJECTS)
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(PATHS) $(ALL_LDFLAGS) -Wl,--export-dynamic -o $@ \
	$< $(OBJECTS) -lcmocka $(CORE_LIBS)

$(BUILD)/fuzz/%: tests/fuzz/%.c $(OBJECTS)
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(PATHS) $(ALL_LDFLAGS) -fsanitize=fuzzer -o $@ \
	$< $(OBJECTS) $(CORE_LIBS)

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)

clean:
	rm -rf build build-*

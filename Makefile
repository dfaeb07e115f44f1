# misp-modules: a FastCGI server for MISP modules.
#
#	make              build into build/
#	make run          install what is missing, build, serve on PORT (6666)
#	make check        install what the tests need, build, run every test
#	make install      PREFIX, DESTDIR as usual
#	make module NAME=my_module TYPE=expansion
#	make coverage · make bench · make format · make clean

PREFIX ?= /usr/local
SYSCONFDIR ?= /etc/misp-modules
VERSION := 0.1.0
BUILD ?= build

CC ?= gcc
WARNINGS := -Wall -Wextra -Wshadow -Wmissing-prototypes -Wstrict-prototypes \
	-Wformat=2 -Werror
HARDENING := -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fPIC
CFLAGS ?= -O2 -g
ALL_CFLAGS = -std=c17 -D_GNU_SOURCE $(WARNINGS) $(HARDENING) \
	-fvisibility=hidden -Imodules/sdk -MMD -MP $(CFLAGS) $(SANITIZE)

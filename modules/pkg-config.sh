#!/bin/sh
# pkg-config, with libraries that bring no file for it: libfuzzy.
#
#	pkg-config.sh --exists LIBRARY…
#	pkg-config.sh --cflags --libs LIBRARY…
set -eu

libraries=
flags=
for word; do
	case $word in
	libfuzzy)
		echo '#include <fuzzy.h>' | ${CC:-cc} -E -x c - \
			> /dev/null 2>&1 || exit 1
		flags=-lfuzzy
		;;
	*) libraries="$libraries $word" ;;
	esac
done

case $1 in
--exists) flags= ;;
esac
case $libraries in
*' '[!-]*)
	# shellcheck disable=SC2086 # a list of words
	found=$(pkg-config $libraries)
	;;
*) found= ;;
esac
echo $found $flags

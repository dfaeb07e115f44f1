#!/bin/sh
# pkg-config, with libraries that bring no file for it: libfuzzy.
#
#	pkg-config.sh --exists LIBRARY…
#	pkg-config.sh [--cflags] [--libs] LIBRARY…
set -eu

libraries=
fuzzy=
link=
for word; do
	case $word in
	libfuzzy)
		echo '#include <fuzzy.h>' | ${CC:-cc} -E -x c - \
			> /dev/null 2>&1 || exit 1
		fuzzy=-lfuzzy
		;;
	--libs)
		link=yes
		libraries="$libraries $word"
		;;
	*) libraries="$libraries $word" ;;
	esac
done

case $libraries in
*' '[!-]*)
	# shellcheck disable=SC2086 # a list of words
	found=$(pkg-config $libraries)
	;;
*) found= ;;
esac
echo $found ${link:+$fuzzy}

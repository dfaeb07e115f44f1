#!/bin/sh
# check.sh: every test there is, in the order of what fails first. Run by
# `make check`. The last line says how many passed and failed.
#
#	tests/check.sh [STAGE]…    only these, of: lint unit memory e2e tidy fuzz
#
# Those end to end mostly wait. What wants nothing but the processor (tidy and
# fuzz) runs beside them, at the lowest priority, when all are run.
set -u
cd "$(dirname "$0")/.." || exit 1

SANITIZE='-fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer'
FUZZ_SECONDS=${FUZZ_SECONDS:-10}
jobs=$(nproc)
passed=0
failed=0
log=$(mktemp)
aside=
trap 'rm -f "$log"; [ -z "$aside" ] || kill -- "-$aside" 2>/dev/null' EXIT

heading() {
	printf '\n== %s\n' "$1"
}

# once NAME COMMAND…: one test, whose output is shown when it fails.
once() {
	name=$1
	shift
	if "$@" >"$log" 2>&1; then
		passed=$((passed + 1))
		echo "ok      $name"
	else
		failed=$((failed + 1))
		cat "$log"
		echo "FAILED  $name"
	fi
}

# counted PATTERN_OF_PASSED PATTERN_OF_FAILED NAME COMMAND…: a runner that
# counts its own tests; one that says nothing of them has failed.
counted() {
	good=$1 bad=$2 name=$3
	shift 3
	"$@" >"$log" 2>&1
	status=$?
	p=$(sed -nE "s/$good/\2/p" "$log" | tail -n 1)
	f=$(sed -nE "s/$bad/\2/p" "$log" | tail -n 1)
	[ $status -eq 0 ] || [ "${f:-0}" -gt 0 ] || f=1
	[ $status -ne 0 ] || [ "${p:-0}" -gt 0 ] || f=1
	passed=$((passed + ${p:-0}))
	failed=$((failed + ${f:-0}))
	[ "${f:-0}" -eq 0 ] || cat "$log"
	echo "$name: ${p:-0} passed, ${f:-0} failed"
}

cmocka() {
	counted '(.*)\[  PASSED  \] ([0-9]+) test.*' \
		'(.*)\[  FAILED  \] ([0-9]+) test.*' "$@"
}

pytest() {
	counted '(^|.* )([0-9]+) passed.*' '(^|.* )([0-9]+) failed.*' "$@"
}

builds() {
	once "make BUILD=$1" make -s -j"$jobs" "BUILD=$1" "CC=$2" \
		"SANITIZE=${3:-}" all test-modules units
}

lint() {
	heading 'Style and static analysis'
	files=$(git ls-files '*.c' '*.h')
	# shellcheck disable=SC2086
	once clang-format clang-format --dry-run -Werror $files
	once cppcheck make -s cppcheck
	builds build-clang clang
}

unit() {
	heading 'Units'
	builds build cc
	for test in build/unit/*_test; do
		cmocka "$test" "$test"
	done
	for test in build/unit/*_test; do
		once "valgrind $test" valgrind -q --error-exitcode=1 \
			--leak-check=full "$test"
	done
}

memory() {
	heading 'The same under AddressSanitizer and UndefinedBehaviorSanitizer'
	builds build-asan cc "$SANITIZE"
	for test in build-asan/unit/*_test; do
		cmocka "$test" "$test"
	done
	pytest 'end to end, sanitized' env BUILD=build-asan "SANITIZE=$SANITIZE" \
		/usr/bin/python3 -m pytest -q -p no:cacheprovider tests/e2e
}

e2e() {
	heading 'End to end'
	builds build cc
	pytest 'end to end' \
		/usr/bin/python3 -m pytest -q -p no:cacheprovider tests/e2e
}

# ---- What runs aside ----

# kept DIRECTORY/NAME COMMAND…: leaves what it says and its exit status there.
kept() {
	file=$1
	shift
	rm -f "$file.status"
	"$@" >"$file.log" 2>&1
	echo $? >"$file.status"
}

# came DIRECTORY/NAME: what is left of it. Without a status it did not end.
came() {
	cat "$1.log"
	[ -e "$1.status" ] && return "$(cat "$1.status")"
}

tidy_work() {
	mkdir -p build
	kept build/tidy make -sk -j"$jobs" clang-tidy
}

fuzz_work() {
	mkdir -p build-fuzz
	# What is left of another time says nothing of this one.
	rm -f build-fuzz/*.status
	kept build-fuzz/make make -s -j"$jobs" BUILD=build-fuzz CC=clang \
		SANITIZE='-fsanitize=address,undefined,fuzzer-no-link' fuzzers
	FUZZ_SECONDS=$FUZZ_SECONDS tests/fuzz/run.sh build-fuzz/fuzz/*_fuzz
}

work() {
	tidy_work
	fuzz_work
}

# A session of its own, to be ended as one.
aside() {
	rm -f build/tidy.status build-fuzz/*.status
	setsid nice -n 19 tests/check.sh work >/dev/null 2>&1 &
	aside=$!
}

# done_aside WORK: waits for it, or does it when nothing runs aside.
done_aside() {
	if [ -n "$aside" ]; then
		wait "$aside"
	else
		"$1"
	fi
}

tidy() {
	heading 'clang-tidy'
	done_aside tidy_work
	once clang-tidy came build/tidy
}

fuzz() {
	heading "Fuzzing, $FUZZ_SECONDS s each"
	done_aside fuzz_work
	once 'make fuzzers' came build-fuzz/make
	for target in build-fuzz/fuzz/*_fuzz; do
		name=$(basename "$target" _fuzz)
		once "fuzz $name" came "build-fuzz/$name"
	done
}

for stage in ${*:-lint unit aside memory e2e tidy fuzz}; do
	$stage
done
printf '\n%s passed, %s failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]

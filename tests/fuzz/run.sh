#!/bin/sh
# run.sh TARGET…: runs fuzz targets (build-fuzz/fuzz/NAME_fuzz) for FUZZ_SECONDS
# each, as many at a time as there are processors. What each says is in
# build-fuzz/NAME.log, its exit status in build-fuzz/NAME.status.
set -u
cd "$(dirname "$0")/../.." || exit 1

if [ $# -ne 1 ]; then
	printf '%s\0' "$@" | xargs -0 -n 1 -P "$(nproc)" "$0"
	exit
fi
name=$(basename "$1" _fuzz)
# What is found anew goes to a copy; the corpus is kept by hand.
new=build-fuzz/corpus/$name
mkdir -p "$new"
LSAN_OPTIONS=suppressions=tests/fuzz/leaks.supp \
	"$1" -max_total_time="${FUZZ_SECONDS:-20}" -rss_limit_mb=2048 \
	-timeout=30 -max_len="${FUZZ_LENGTH:-65536}" \
	-artifact_prefix="build-fuzz/$name-" \
	"$new" "tests/fuzz/corpus/$name" >"build-fuzz/$name.log" 2>&1
echo $? >"build-fuzz/$name.status"

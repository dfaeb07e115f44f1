#!/bin/sh
# Puts the table of all modules between the two marks in the README, which it
# reads from standard input, and writes it to standard output:
#
#	table.sh PROGRAM DIRECTORY_OF_MODULES < README.md
set -eu

here=$(dirname "$0")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

printf 'server { modules = "%s" }\n' "$(cd "$2" && pwd)" >"$folder/all.conf"
"$1" modules --table --config "$folder/all.conf" >"$folder/table"

# One whose library is missing has not been built, and must not get lost.
for file in "$here"/expansion/*.c "$here"/*_mod/*.c; do
	name=$(basename "$file" .c)
	grep -qF "| \`$name\` |" "$folder/table" || {
		echo "$file has no row: it was not built or not loaded" >&2
		exit 1
	}
done

awk -v table="$folder/table" '
	/^<!-- end of modules -->$/ { inside = 0; ends++ }
	!inside { print }
	/^<!-- modules -->$/ {
		inside = 1
		starts++
		print ""
		while ((getline row < table) > 0)
			print row
		print ""
	}
	END { exit !(starts == 1 && ends == 1 && !inside) }' || {
	echo "the README has no <!-- modules --> … <!-- end of modules -->" >&2
	exit 1
}

#!/bin/sh
# Writes the skeleton of a module: write.sh NAME TYPE
# TYPE: expansion, hover, import, export or action ("import_mod" is "import").
set -eu

fail() {
	echo "$*" >&2
	echo "usage: make module NAME=my_module" \
		"TYPE=expansion|hover|import|export|action" >&2
	exit 2
}

name=${1-}
type=${2-}
type=${type%_mod}
here=$(dirname "$0")

case $name in
'') fail "NAME is missing: what the module shall be called" ;;
skeleton | *[!A-Za-z0-9_]* | [0-9_]*)
	fail "NAME=$name: letters, digits and _ make a name, a letter first" ;;
services | hover | ssl)
	fail "NAME=$name: MISP has settings of its own that begin so" ;;
esac
case $type in
expansion | hover) folder=expansion ;;
import | export | action) folder=${type}_mod ;;
'') fail "TYPE is missing: what kind of module it shall be" ;;
*) fail "TYPE=$type: there is no such type" ;;
esac

[ "${#name}" -le 64 ] || fail "NAME=$name: 64 letters at most"

file=$here/../$folder/$name.c
for other in "$here"/../expansion/"$name.c" "$here"/../*_mod/"$name.c"; do
	[ ! -e "$other" ] || fail "NAME=$name: a module has this name already"
done
mkdir -p "$here/../$folder"
sed "s/skeleton/$name/g" "$here/$type.c" >"$file"
echo "modules/$folder/$name.c is written. Now: make && make run"

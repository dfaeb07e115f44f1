#!/bin/sh
# prepare.sh DIR SOCKET PORT [TLS_PORT]: makes DIR the prefix of an nginx of
# its own: the files beside this one, with the paths and ports of a system put
# below DIR. With TLS_PORT, DIR/tls.pem, DIR/tls.key, DIR/clients.pem and
# DIR/htpasswd are the caller's to bring. Start it as the last line says.
set -eu

directory=$1 socket=$2 port=$3 tls_port=${4:-}
here=$(cd "$(dirname "$0")" && pwd)

mkdir -p "$directory/misp-modules" "$directory/sites" "$directory/temp"
for file in "$here"/*.conf; do
	sed -e "s|/run/misp-modules/misp-modules.sock|$socket|" \
		-e "s|/var/lib/nginx/misp-modules|$directory/cache|" \
		-e "s|127.0.0.1:6666|127.0.0.1:$port|" \
		-e "s|listen 6443|listen 127.0.0.1:${tls_port:-6443}|" \
		-e "s|/etc/ssl/certs/misp-modules.pem|$directory/tls.pem|" \
		-e "s|/etc/ssl/private/misp-modules.key|$directory/tls.key|" \
		-e "s|/etc/misp-modules/|$directory/|" \
		"$file" >"$directory/misp-modules/${file##*/}"
done

# Includes are looked for beside the main file, all other paths in the prefix.
mv "$directory/misp-modules/private.conf" "$directory/nginx.conf"
ln -sf ../misp-modules/loopback.conf "$directory/sites/"
[ -z "$tls_port" ] || ln -sf ../misp-modules/tls.conf "$directory/sites/"

# nginx -e stderr -p DIR -c DIR/nginx.conf   (as root: -g "user root;")

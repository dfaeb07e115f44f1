#!/bin/sh
# run.sh: what `make run` does once all is built: the responder, and an nginx
# of its own before it, in the foreground. From the environment: PORT (6666),
# CONFIG (a further configuration file), BUILD (the build directory).
set -eu

port=${PORT:-6666} config=${CONFIG:-}
root=$(cd "$(dirname "$0")/.." && pwd)
build=$(cd "$root" && cd "${BUILD:-build}" && pwd)
run=$build/run/$port
responder='' nginx='' sleeping=''

die() {
	echo "make run: $*" >&2
	exit 1
}

case $port in
'' | *[!0-9]* | ??????*) die "PORT=$port is no port" ;;
esac
if [ "$port" -lt 1 ] || [ "$port" -gt 65535 ]; then
	die "PORT=$port is no port"
fi
if [ -n "$config" ]; then
	[ -r "$config" ] || die "CONFIG=$config cannot be read"
	config=$(cd "$(dirname "$config")" && pwd)/${config##*/}
fi
[ -x "$build/misp-modules.fcgi" ] || die "run make first"

# Whether somebody listens where nginx is to listen.
listening() {
	cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | grep -Eq \
		" (0*|(0*FFFF0000)?0100007F):$(printf %04X "$port") 0+:0000 0A "
}
listening && die "port $port is in use; another one: make run PORT=…"

stop() {
	trap '' INT TERM HUP QUIT
	# nginx first: as its connections close, running queries end. Each is
	# a group of its own, so that no child is left if its parent was killed.
	for process in $sleeping $nginx $responder; do
		kill "$process" 2>/dev/null || :
		wait "$process" 2>/dev/null || :
		kill -s KILL -- "-$process" 2>/dev/null || :
	done
	rm -rf "$run"
	rmdir "$build/run" 2>/dev/null || :
}
trap stop EXIT
trap 'exit 0' INT TERM HUP QUIT

# Waits in a way that a signal can end.
pause() {
	sleep "$1" &
	sleeping=$!
	wait "$sleeping"
}

# Ends with a word about it if one of the two has ended.
both_run() {
	kill -0 "$responder" 2>/dev/null || die "the responder has ended"
	[ -z "$nginx" ] || kill -0 "$nginx" 2>/dev/null ||
		die "nginx has ended"
}

wait_until() {
	tries=200
	until "$@"; do
		both_run
		tries=$((tries - 1))
		[ "$tries" -gt 0 ] || die "it does not start"
		pause 0.05
	done
}

rm -rf "$run"
mkdir -p "$run"
# Relative, because the path of a socket may have 107 bytes only.
cd "$run"
"$root/nginx/prepare.sh" "$run" misp-modules.sock "$port"
# Python modules are tried where they lie.
cat >misp-modules.conf <<END
server { modules = "$build/modules"  cache = "$build/cache" }
python { path = { "$root/modules" } }
END

set -- --config "$root/conf/misp-modules.conf" --config misp-modules.conf
[ -z "$config" ] || set -- "$@" --config "$config"
setsid "$build/misp-modules.fcgi" serve "$@" --socket misp-modules.sock &
responder=$!
wait_until test -S misp-modules.sock

# nginx's workers would be another user, who may not reach the socket.
user=
[ "$(id -u)" != 0 ] || user='user root;'
PATH=$PATH:/usr/sbin setsid nginx -e stderr -p "$run" -c "$run/nginx.conf" \
	-g "$user" &
nginx=$!
wait_until listening

echo "MISP modules at http://127.0.0.1:$port (Ctrl-C stops)"
while :; do
	both_run
	pause 1
done

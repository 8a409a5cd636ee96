#!/usr/bin/env bash
# Builds a nats-server whose wall clock can be stepped, of the version that is on the PATH (or NATS_SERVER), from the
# Go module proxy, and prints its path. Done once: what is there is kept. A Go program reads the machine's clock past
# any library, so step.go is compiled into Go's own package `time`; nats-server's source stays as it is.
set -euo pipefail

version=$("${NATS_SERVER:-nats-server}" --version | sed 's/^nats-server: //')
here=$(dirname "$(realpath "$0")")
folder=${XDG_CACHE_HOME:-$HOME/.cache}/framebus/nats-clock-$version-$(cat "$here"/* | sha256sum | head -c 12)
if [ -x "$folder/nats-server" ]; then
  echo "$folder/nats-server"
  exit
fi
go=$("$here/../../test/go/toolchain.sh")
unset GOROOT
root=$("$go" env GOROOT)

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo "build.sh: building nats-server $version with a clock that can be stepped" >&2
# The seconds of time.Now().
sed '/^func Now() Time {$/,/^}$/ s/^\tsec, nsec, mono := .*()$/&\n\tsec += step()/' "$root/src/time/time.go" >time.go
[ "$(grep -c '^	sec += step()$' time.go)" = 1 ] || {
  echo "build.sh: time.Now of $("$go" version) is not as expected" >&2
  exit 1
}
cat >overlay.json <<JSON
{"Replace": {"$root/src/time/time.go": "$work/time.go", "$root/src/time/step.go": "$here/step.go"}}
JSON
module=$("$go" mod download -json "github.com/nats-io/nats-server/v2@$version")
cp -R "$(sed -n 's/^\t"Dir": "\(.*\)",\{0,1\}$/\1/p' <<<"$module")" source
chmod -R u+w source
cd source
CGO_ENABLED=0 nice -n 10 "$go" build -overlay "$work/overlay.json" -o "$work/nats-server" . >&2
mkdir -p "$folder"
install -m 755 "$work/nats-server" "$folder/.nats-server.$$"
mv "$folder/.nats-server.$$" "$folder/nats-server"
echo "$folder/nats-server"

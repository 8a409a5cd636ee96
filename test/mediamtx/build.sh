#!/usr/bin/env bash
# Builds MediaMTX from the Go module proxy and npm alone, for the tests against the real server, and
# prints the folder that holds it, for the PATH: build.sh [FOLDER]. Done once: what is there is kept.
# Without FOLDER one that is on the PATH will do.
set -euo pipefail

version=v1.20.1
hls_version=1.7.0
folder=${1:-${XDG_CACHE_HOME:-$HOME/.cache}/framebus/mediamtx-$version}

if [ $# -eq 0 ] && found=$(command -v mediamtx); then
  dirname "$found"
  exit
fi
if [ -x "$folder/mediamtx" ]; then
  echo "$folder"
  exit
fi
command -v npm >/dev/null || {
  echo "build.sh: needs npm, or put mediamtx on the PATH" >&2
  exit 1
}
go=$("$(dirname "$(realpath "$0")")/../go/toolchain.sh")
unset GOROOT

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo "build.sh: building MediaMTX $version" >&2
module=$("$go" mod download -json "github.com/bluenviron/mediamtx@$version")
cp -R "$(sed -n 's/^\t"Dir": "\(.*\)",\{0,1\}$/\1/p' <<<"$module")" source
chmod -R u+w source
# What `go generate` would fetch from elsewhere.
echo -n "$version" >source/internal/core/VERSION
npm pack --silent "hls.js@$hls_version" >/dev/null
tar -xzOf "hls.js-$hls_version.tgz" package/dist/hls.min.js >source/internal/servers/hls/hls.min.js

cd source
CGO_ENABLED=0 nice -n 10 "$go" build -trimpath -ldflags '-s -w' -o "$work/mediamtx" . >&2
mkdir -p "$folder"
install -m 755 "$work/mediamtx" "$folder/.mediamtx.$$"
mv "$folder/.mediamtx.$$" "$folder/mediamtx"
echo "$folder"

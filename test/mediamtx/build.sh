#!/usr/bin/env bash
# Builds MediaMTX from the Go module proxy and npm alone, for the tests against the real server, and
# prints the folder that holds it, for the PATH: build.sh [FOLDER]. Done once: what is there is kept.
# Without FOLDER one that is on the PATH will do.
# Any Go will do: one older than MediaMTX asks for fetches a newer one from the same proxy.
set -euo pipefail

version=v1.20.1
hls_version=1.7.0
go_version=go1.26.8
folder=${1:-${XDG_CACHE_HOME:-$HOME/.cache}/framebus/mediamtx-$version}

if [ $# -eq 0 ] && found=$(command -v mediamtx); then
  dirname "$found"
  exit
fi
if [ -x "$folder/mediamtx" ]; then
  echo "$folder"
  exit
fi
for program in go npm; do
  command -v $program >/dev/null || {
    echo "build.sh: needs $program (apt-get install golang-go, https://go.dev/dl), or put mediamtx on the PATH" >&2
    exit 1
  }
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
# The folder of a module in the cache. An older Go's answer has no other field of this name.
download() { go mod download -json "$1" | sed -n 's/^\t"Dir": "\(.*\)",\{0,1\}$/\1/p'; }

go=go
minor=$(go env GOVERSION | sed 's/^go1\.\([0-9]*\).*/\1/')
if [ "$minor" -lt 26 ]; then
  echo "build.sh: fetching $go_version" >&2
  cp -R "$(download "golang.org/toolchain@v0.0.1-$go_version.$(go env GOOS)-$(go env GOARCH)")" toolchain
  # A module's files have no execute bits.
  chmod -R u+rwX toolchain
  chmod u+x toolchain/bin/* $(find toolchain/pkg/tool -type f)
  go=$work/toolchain/bin/go
  export GOROOT=$work/toolchain
fi

echo "build.sh: building MediaMTX $version" >&2
cp -R "$(download "github.com/bluenviron/mediamtx@$version")" source
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

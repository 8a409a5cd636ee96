#!/usr/bin/env bash
# Prints a `go` of at least the version that MediaMTX and the compose plugin ask for: the machine's own, or one that
# it fetches as a module from the Go module proxy (an older Go cannot do that by itself). Done once: it is kept.
set -euo pipefail

go_version=go1.26.8
folder=${XDG_CACHE_HOME:-$HOME/.cache}/framebus/$go_version

command -v go >/dev/null || {
  echo "toolchain.sh: needs go (apt-get install golang-go, https://go.dev/dl)" >&2
  exit 1
}
minor=$(go env GOVERSION | sed 's/^go1\.\([0-9]*\).*/\1/')
if [ "$minor" -ge 26 ]; then
  command -v go
  exit
fi
if [ ! -x "$folder/bin/go" ]; then
  echo "toolchain.sh: fetching $go_version" >&2
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  # An older Go's answer has no other field of this name.
  module=$(cd "$work" && go mod download -json "golang.org/toolchain@v0.0.1-$go_version.$(go env GOOS)-$(go env GOARCH)")
  cp -R "$(sed -n 's/^\t"Dir": "\(.*\)",\{0,1\}$/\1/p' <<<"$module")" "$work/toolchain"
  # A module's files have no execute bits.
  chmod -R u+rwX "$work/toolchain"
  chmod u+x "$work"/toolchain/bin/* $(find "$work/toolchain/pkg/tool" -type f)
  mkdir -p "$(dirname "$folder")"
  rm -rf "$folder"
  mv "$work/toolchain" "$folder"
fi
echo "$folder/bin/go"

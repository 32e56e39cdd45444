#!/bin/sh
# Builds ./pion-pair from Debian's Go packages, without a network: GOPATH mode, the program under GOPATH/src, and a go.mod beside it, which makes the /v3 import
# resolve to /usr/share/gocode.
set -e
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/src/pion-pair"
cp "$here"/*.go "$here/go.mod" "$work/src/pion-pair"
cd "$work/src/pion-pair"
GO111MODULE=off GOFLAGS= GOPATH="$work:/usr/share/gocode" GOCACHE="$work/cache" go build -o "$here/pion-pair" .

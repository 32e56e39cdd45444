#!/bin/sh
# build.sh [FOLDER NAME]: builds FOLDER/NAME, ./pion-adapter if not given, from Debian's Go packages, without a network: GOPATH mode, the program under
# GOPATH/src, and a go.mod beside it, which makes the /v3 import resolve to /usr/share/gocode.
set -e
here=${1:-$(cd "$(dirname "$0")" && pwd)}
name=${2:-pion-adapter}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/src/$name"
cp "$here"/*.go "$here/go.mod" "$work/src/$name"
cd "$work/src/$name"
GO111MODULE=off GOFLAGS= GOPATH="$work:/usr/share/gocode" GOCACHE="$work/cache" go build -o "$here/$name" .

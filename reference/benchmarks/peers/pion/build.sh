#!/bin/sh
# Builds ./pion-pair as the adapter of Pion is built.
here=$(cd "$(dirname "$0")" && pwd)
exec sh "$here/../../../../conformance/suts/pion/build.sh" "$here" pion-pair

#!/bin/sh
# Presidio's own anonymizer beside ours: the same results, the same text.
. "$(dirname "$0")/../cli/lib.sh"
. "$root/tests/interop/pypi.sh"

is "$("$pypi/bin/python" "$root/tests/interop/pypi_presidio.py" "$at" $GATE_KEY)" \
    "600 compared, 0 differ" "what is covered, and where it stands then"
ends

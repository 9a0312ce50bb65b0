#!/bin/sh
# Services and clients that mean harm, or are broken: gateway_break.py has the tests.
. "$(dirname "$0")/../cli/lib.sh"
command -v python3 >/dev/null || skip_all "no python3"
umask 077
PYTHONPATH=$root/tests/interop PYTHONDONTWRITEBYTECODE=1 \
    python3 "$root/tests/interop/gateway_break.py" "$@"

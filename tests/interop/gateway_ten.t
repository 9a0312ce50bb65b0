#!/bin/sh
# What went wrong in the gateways of others, tried on this one; gateway_ten.py has the
# tests, gateway.py the model service and the clients.  GATEWAY_LONG=1 is the form of
# `make gateway-long`: a thousand clients that leave, a million calls.
. "$(dirname "$0")/../cli/lib.sh"
command -v python3 >/dev/null || skip_all "no python3"
umask 077
PYTHONPATH=$root/tests/interop PYTHONDONTWRITEBYTECODE=1 \
    python3 "$root/tests/interop/gateway_ten.py" "$@"

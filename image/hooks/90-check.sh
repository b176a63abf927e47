#!/bin/sh
# Refuses a system that is open, too large, or has what nobody asked for.   90-check.sh ROOT
set -eu
cd "$IGconf_kiosk_source"
exec python3 -m image.check "$1"

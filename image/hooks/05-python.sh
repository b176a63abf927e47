#!/bin/sh
# Makes the virtual environment of the locked wheels, with tools that 20-app.sh takes away again. Nothing of the
# application's own is in it: what stands until here may be kept from one build to the next.   05-python.sh ROOT
set -eu
root=$1
wheels=$IGconf_kiosk_wheels
[ -f "$wheels/requirements.txt" ] || { echo "05-python: first: python3 -m image.wheels --out $wheels" >&2; exit 1; }
tools="espeak-ng gcc libasound2-dev libc6-dev make python3-dev python3-pip python3-setuptools python3-venv python3-wheel swig"
work=$root/opt/kiosk-build
mkdir -p "$work"
cp -r "$wheels" "$work/wheels"
chroot "$root" dpkg-query -W -f '${Package}\n' | sort >"$work/before"
# shellcheck disable=SC2086  # one word per package
chroot "$root" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $tools
chroot "$root" sh -eu <<'INSIDE'
export PIP_NO_INDEX=1 PIP_FIND_LINKS=/opt/kiosk-build/wheels PIP_CONFIG_FILE=/dev/null PIP_DISABLE_PIP_VERSION_CHECK=1
export PIP_ROOT_USER_ACTION=ignore PIP_NO_CACHE_DIR=1
# lgpio's own library is built in: Debian packages none to link with.
export PYPI=1
# The hardware's modules are Debian packages, for libcamera's bindings are no wheel.
python3 -m venv --system-site-packages /opt/kiosk
/opt/kiosk/bin/pip install -q --ignore-installed --no-deps --no-build-isolation --no-compile --require-hashes \
    -r /opt/kiosk-build/wheels/requirements.txt
INSIDE
rm -rf "$work/wheels"
find "$root/opt/kiosk" \( -name tests -o -name test \) -type d -path '*site-packages*' -prune -exec rm -rf {} +
# A read-only system cannot write bytecode: it is made here, and believed without looking at the clock.
find "$root/opt/kiosk" -name __pycache__ -prune -exec rm -rf {} +
chroot "$root" /opt/kiosk/bin/python -m compileall -q --invalidation-mode unchecked-hash /opt/kiosk/lib

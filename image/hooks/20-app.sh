#!/bin/sh
# Installs the application into its virtual environment, speaks its sentences, and takes the tools away that 05-python.sh
# brought.   20-app.sh ROOT
set -eu
root=$1
source=$IGconf_kiosk_source
work=$root/opt/kiosk-build
[ -f "$work/before" ] || { echo "20-app: 05-python.sh comes first" >&2; exit 1; }
mkdir -p "$work/source"
cp -r "$source/kiosk" "$source/pyproject.toml" "$source/README.md" "$work/source/"
chroot "$root" sh -eu <<'INSIDE'
export PIP_NO_INDEX=1 PIP_CONFIG_FILE=/dev/null PIP_DISABLE_PIP_VERSION_CHECK=1
export PIP_ROOT_USER_ACTION=ignore PIP_NO_CACHE_DIR=1 PYTHONDONTWRITEBYTECODE=1
/opt/kiosk/bin/pip install -q --no-deps --no-build-isolation --no-compile /opt/kiosk-build/source
/opt/kiosk/bin/pip list --local --format=freeze >/opt/kiosk/installed.txt
/opt/kiosk/bin/python -m kiosk.speech.build
/opt/kiosk/bin/pip uninstall -q -y pip
/opt/kiosk/bin/python -m compileall -q --invalidation-mode unchecked-hash /opt/kiosk/lib/python3*/site-packages/kiosk
INSIDE
chroot "$root" dpkg-query -W -f '${Package}\n' | sort >"$work/after"
# shellcheck disable=SC2046  # one word per package
chroot "$root" env DEBIAN_FRONTEND=noninteractive apt-get purge -q -y $(comm -13 "$work/before" "$work/after")
rm -rf "$work"

#!/bin/sh
# Copies the files that the image brings, and fills in what differs from image to image.   10-overlay.sh ROOT
set -eu
root=$1
cp -r "$IGconf_kiosk_source/image/overlay/." "$root/"
architecture=$(chroot "$root" dpkg --print-architecture)
sed -i "s/@ARCHITECTURE@/$architecture/" "$root/etc/rauc/system.conf"
install -m 644 "$IGconf_kiosk_keyring" "$root/etc/rauc/keyring.pem"
printf 'terminal\n' >"$root/etc/hostname"
printf '127.0.0.1 localhost\n::1 localhost\n127.0.1.1 terminal\n' >"$root/etc/hosts"
sed -i '/^IMAGE_/d' "$root/usr/lib/os-release"
printf 'IMAGE_ID=video-terminal\nIMAGE_VERSION=%s\n' "${IGconf_kiosk_version:-0.0.0}" >>"$root/usr/lib/os-release"
chmod 755 "$root"/usr/lib/kiosk/*
# Places where something is mounted; the root itself is read-only.
mkdir -p "$root/persistent" "$root/bootfs" "$root/boot/firmware"

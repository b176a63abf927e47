#!/bin/sh
# Takes away what a terminal never opens: package lists, manuals, languages.   50-lean.sh ROOT
set -eu
root=$1
rm -rf "$root"/var/lib/apt/lists/* "$root"/var/cache/apt/* "$root"/var/cache/debconf/* "$root"/var/log/*
rm -rf "$root"/usr/share/man "$root"/usr/share/info "$root"/usr/share/locale "$root"/usr/share/i18n "$root"/usr/share/lintian
rm -rf "$root"/root/.cache "$root"/var/tmp/*
# Licences stay, the rest of the documents goes.
find "$root/usr/share/doc" -mindepth 1 ! -name copyright ! -type d -delete
find "$root/usr/share/doc" -mindepth 1 -type d -empty -delete
mkdir -p "$root/usr/share/doc/kiosk"
install -m 644 "$IGconf_kiosk_source/README.md" "$root/usr/share/doc/kiosk/"

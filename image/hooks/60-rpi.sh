#!/bin/sh
# What only a Raspberry Pi has: the firmware's switches and the kernel's command line.   60-rpi.sh ROOT
set -eu
root=$1
config=$root/boot/firmware/config.txt
mkdir -p "${config%/*}"
touch "$config"
cat >>"$config" <<'LINES'

# The video terminal: no Bluetooth, no serial console, no rainbow, no splash of another maker.
[all]
dtoverlay=disable-bt
enable_uart=0
disable_splash=1
camera_auto_detect=1
display_auto_detect=1
dtoverlay=vc4-kms-v3d
LINES
cmdline=$root/boot/firmware/cmdline.txt
if [ -f "$cmdline" ]; then
    # No console on a serial line, and nothing of the kernel's on the patient's screen.
    sed -i -E 's/console=(serial|ttyAMA|ttyS)[^ ]* ?//g' "$cmdline"
    sed -i 's/$/ quiet loglevel=3 vt.global_cursor_default=0 consoleblank=0 systemd.show_status=false/' "$cmdline"
fi
# Loaded before the terminal starts, so that its DeviceAllow=char-… finds their classes even where nothing is plugged in.
printf 'drm\nsnd\nsnd-usb-audio\nvideodev\nmc\n' >"$root/etc/modules-load.d/kiosk.conf"

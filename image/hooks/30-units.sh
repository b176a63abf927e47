#!/bin/sh
# Installs the units, enables what the preset allows and nothing else, and masks what would start by other ways.
#   30-units.sh ROOT
set -eu
root=$1
units=$IGconf_kiosk_source/systemd
for unit in "$units"/*.service "$units"/*.timer "$units"/*.path; do
    install -m 644 "$unit" "$root/usr/lib/systemd/system/"
done
for part in journald system timesyncd; do
    mkdir -p "$root/usr/lib/systemd/$part.conf.d"
    install -m 644 "$units/$part.conf.d"/*.conf "$root/usr/lib/systemd/$part.conf.d/"
done
# The layout's own journald settings stand in /etc, which comes before /usr/lib whatever the names are.
mkdir -p "$root/etc/systemd/journald.conf.d"
install -m 644 "$units/journald.conf.d/zz-kiosk.conf" "$root/etc/systemd/journald.conf.d/"
# By its own systemd: the building machine's may be another one.
chroot "$root" systemd-sysusers
rm -rf "$root/etc/systemd/system"/*.wants
chroot "$root" systemctl --quiet preset-all
chroot "$root" systemctl --quiet set-default multi-user.target
mask() { ln -sf /dev/null "$root/etc/systemd/system/$1"; }
# Nobody logs in here: no prompt on any console or serial line, no session, no shell for emergencies.
for unit in getty@.service serial-getty@.service console-getty.service container-getty@.service autovt@.service \
    getty.target debug-shell.service emergency.service rescue.service systemd-logind.service ctrl-alt-del.target; do
    mask $unit
done
# Other radios, other ways in.
for unit in bluetooth.service hciuart.service ssh.service ssh.socket sshd.service sshswitch.service avahi-daemon.service \
    rpi-connect.service; do
    mask $unit
done
# Work for machines that are looked after by hand, or whose system can be written to.
for unit in apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer e2scrub_reap.service \
    fstrim.timer man-db.timer systemd-firstboot.service ldconfig.service \
    systemd-hwdb-update.service systemd-journal-catalog-update.service systemd-update-done.service \
    NetworkManager-wait-online.service NetworkManager-dispatcher.service systemd-networkd.service \
    systemd-networkd.socket systemd-networkd-wait-online.service systemd-resolved.service systemd-binfmt.service systemd-coredump.socket; do
    mask $unit
done

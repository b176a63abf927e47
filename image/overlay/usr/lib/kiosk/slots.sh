# Which of the two systems runs, and which one the firmware takes by itself. To be read in by the others (sh).
#
# autoboot.txt on the firmware's partition is the only truth: boot_partition of [all] is the system that is known to be
# good, that of [tryboot] is the other one, taken once when the reboot asked for it. The firmware reads it, so a power cut
# must never leave it half written: its one sector is overwritten where it lies, for the text is of one length. Rejected: a
# new file in its place, which FAT does in several steps; a power cut between them left a card that starts nothing.
autoboot=${AUTOBOOT:-/bootfs/autoboot.txt}
trying=${TRYING:-/persistent/rauc/trying}

partition_of() { case $1 in A) echo 2 ;; B) echo 3 ;; *) return 1 ;; esac; }
slot_of() { case $1 in 2) echo A ;; 3) echo B ;; *) return 1 ;; esac; }
other_of() { case $1 in A) echo B ;; B) echo A ;; *) return 1 ;; esac; }

# The system that a plain reboot starts.
good_slot() {
    slot_of "$(sed -n '/^\[all\]/,/^\[tryboot\]/s/^boot_partition=//p' "$autoboot")"
}

make_good() {
    printf '[all]\ntryboot_a_b=1\nboot_partition=%s\n[tryboot]\nboot_partition=%s\n' \
        "$(partition_of "$1")" "$(partition_of "$(other_of "$1")")" |
        dd of="$autoboot" conv=notrunc,fsync status=none
}

# The system that runs: by its partition's name, whatever the kernel was told.
running_slot() {
    case ${RUNNING:-$(lsblk -no PARTLABEL "$(findmnt -no SOURCE /)")} in
        system_a) echo A ;;
        system_b) echo B ;;
        *) return 1 ;;
    esac
}

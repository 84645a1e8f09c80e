#!/bin/sh
# Runs a command in a root folder, with the checkout at /src, its packages at /site, a Python at /venv and a /tmp of its own.
# Started by `python -m tests.matrix` as root in a namespace of its own, where all of these mounts end with it.
#   inside.sh ROOT CHECKOUT SITE TMP COMMAND…
set -eu
root=$1 checkout=$2 site=$3 tmp=$4
shift 4
PATH=$PATH:/usr/sbin:/sbin
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mkdir -p "$root/src" "$root/site" "$root/venv"
mount --bind "$checkout" "$root/src"
mount --bind "$site" "$root/site"
mount --bind "$tmp" "$root/tmp"
mount -t tmpfs tmpfs "$root/venv"
chmod 1777 "$root/tmp"
# Not exec: this shell is process 1, which has to wait for agents that end after the test that started them.
status=0
chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 /bin/sh -ceu '
    cd /src
    python3 -m venv --without-pip /venv
    echo /site >"$(echo /venv/lib/python3.*/site-packages)/site-of-the-suite.pth"
    gpg --version | head -n 1
    /venv/bin/python --version
    exec "$@"
' sh "$@" || status=$?
exit "$status"

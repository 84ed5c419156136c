#!/bin/sh
# unpack.sh FOLDER PACKAGE...: lays Debian packages out below FOLDER as a root file system of its own. Nothing of theirs is run, and what they
# depend on does not follow: no shell and no package manager come along.
set -eu
root=$1
shift

mkdir -p "$root/etc" "$root/tmp" "$root/usr/bin" "$root/usr/lib" "$root/usr/lib64" "$root/usr/sbin" "$root/var/lib/dpkg/status.d"
chmod 1777 "$root/tmp"
for folder in bin lib lib64 sbin; do ln -sfn "usr/$folder" "$root/$folder"; done
echo 'fingerpost:x:65532:65532::/:/usr/sbin/nologin' > "$root/etc/passwd"
echo 'fingerpost:x:65532:' > "$root/etc/group"
echo 'hosts: files dns' > "$root/etc/nsswitch.conf"

packages=$(mktemp -d)
cd "$packages"
chmod 0777 . # apt downloads as a user of its own
apt-get download -qq "$@" 2>/dev/null || { apt-get update -qq && apt-get download -qq "$@"; } # what is known is perhaps of yesterday, or nothing
for package in *.deb; do
  dpkg-deb --extract "$package" "$root"
  # Where scanners look for what is in an image that has no package manager.
  dpkg-deb --field "$package" > "$root/var/lib/dpkg/status.d/$(dpkg-deb --field "$package" Package)"
done

cd "$root"
rm -rf "$packages" usr/share/man usr/share/locale usr/share/lintian usr/share/bash-completion usr/share/zsh usr/share/gcc usr/share/gdb usr/lib/*/gconv
find usr/share/doc -type f ! -name copyright -delete 2>/dev/null || true
find . -newermt "@$SOURCE_DATE_EPOCH" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +

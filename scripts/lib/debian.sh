# shellcheck shell=bash
# Debian systems of our own in a folder, for scripts. Root only.

# The first source of the distribution's packages that this machine has.
# shellcheck disable=SC2016 # apt-get fills them in
debian_source() {
  apt-get indextargets --format '$(ORIGIN) $(REPO_URI)' 'Created-By: Packages' 2>/dev/null |
    sed -n 's/^Debian //p' | grep -v -- -security | head -n 1
}

# A bare Debian: debian_root SUITE FOLDER. Nothing is done where it is there already.
debian_root() {
  local suite=$1 folder=$2 uri
  if [[ -e $folder/complete-root ]]; then return; fi
  uri=$(debian_source) || return 1
  rm -rf "$folder" && debootstrap --variant=minbase "$suite" "$folder" "$uri" >"$folder.log" 2>&1 && touch "$folder/complete-root"
}

# Runs a command in such a folder, as in a small container: with /proc, /dev and /dev/shm, names resolved as here, and no services. What it
# starts ends with it, and nothing stays mounted.  in_debian FOLDER COMMAND...
in_debian() {
  local folder=$1
  shift
  printf '#!/bin/sh\nexit 101\n' >"$folder/usr/sbin/policy-rc.d" && chmod 755 "$folder/usr/sbin/policy-rc.d"
  beside_debian "$folder" chroot "$folder" env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C \
    DEBIAN_FRONTEND=noninteractive "$@"
}

# The same, but the command is this machine's, and sees the folder with what is mounted there.
beside_debian() {
  # shellcheck disable=SC2016 # its own arguments
  unshare --mount --pid --fork --kill-child --propagation private bash -c '
    folder=$1 && shift
    mount -t proc proc "$folder/proc" && mount -t proc proc /proc && mount --rbind /dev "$folder/dev" &&
      cat /etc/resolv.conf >"$folder/etc/resolv.conf" || exit 70
    exec "$@"' beside_debian "$@"
}

# in_debian_install FOLDER PACKAGE...
in_debian_install() {
  local folder=$1
  shift
  in_debian "$folder" sh -c 'apt-get -q update && apt-get -q -y --no-install-recommends install "$@"' install "$@"
}

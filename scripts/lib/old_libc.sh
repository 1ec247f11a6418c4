# shellcheck shell=bash
# The glibc of Debian 11 (2.31) in a folder, to link against (ASSAY_LIBC of cmake/AssayPortable.cmake). Source scripts/lib/debian.sh first.

readonly old_libc_suite=bullseye
# shellcheck disable=SC2034 # for who sources this
readonly old_libc_version=2.31

# apt-get on packages of that suite, with lists and a cache of its own; an ordinary user may.
old_libc_apt() {
  apt-get -q -y -o Dir::Etc::SourceList="$PWD/sources.list" -o Dir::Etc::SourceParts=- -o Dir::State::Lists="$PWD/lists" -o Dir::Cache="$PWD/cache" \
    -o APT::Sandbox::User=root "$@"
}

# In an empty folder.
old_libc_fetch() {
  local uri
  uri=$(debian_source)
  [[ $uri ]] || { echo "apt knows no registry of Debian's packages here; does apt-get update help?" && return 1; }
  mkdir -p lists/partial cache/archives/partial
  printf 'deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] %s %s main\n' "$uri" "$old_libc_suite" >sources.list
  old_libc_apt update && old_libc_apt download {libc6,libc6-dev,libgcc-10-dev}/"$old_libc_suite"
}

# The C library, and the part of the compiler's own that unwinds the stack: the newer one's asks the C library of 2.35.
old_libc_unpack() {
  local folder=$1 package link target
  for package in *.deb; do dpkg -x "$package" unpacked || return 1; done
  mkdir -p "$folder/usr/lib" && cp -a unpacked/lib* "$folder/" && cp -a unpacked/usr/lib/*-linux-gnu* "$folder/usr/lib/" &&
    cp unpacked/usr/lib/gcc/*/10/libgcc_eh.a "$folder"/usr/lib/*-linux-gnu*/ || return 1
  while read -r link target; do
    ln -sfnr "$folder$target" "$link" || return 1
  done < <(find "$folder" -type l -lname '/*' -printf '%p %l\n')
}

# old_libc FOLDER: nothing is done where it is there already.
old_libc() {
  local folder=$1 work status=0
  if [[ -e $folder/complete ]]; then return; fi
  work=$(mktemp -d)
  rm -rf "$folder"
  (mkdir -p "$folder" && cd "$work" && old_libc_fetch && old_libc_unpack "$folder" && touch "$folder/complete") || status=1
  rm -rf "$work"
  return "$status"
}

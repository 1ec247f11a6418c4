# shellcheck shell=bash
# Shared by scripts/run and scripts/test: the set-up of build/release. Source it; it sets `root`, `builds` and `build`.

root=$(cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/../.." && pwd)
# Where the sources cannot be written (a read-only disk, another user's clone), the user's cache has a folder for each clone.
if [[ -w $root ]]; then
  builds=$root/build
else
  builds=${XDG_CACHE_HOME:-${HOME:?the sources are read-only, and there is no HOME to build in}/.cache}/assay/$(printf '%s' "$root" | cksum | cut -d ' ' -f 1)
fi
build=$builds/release

# With paths taken relative to the sources, another clone of the same sources finds what this one compiled.
export CCACHE_BASEDIR=$root

say() { printf '%s: %s\n' "$(basename -- "$0")" "$*" >&2; }

# Runs a command and keeps it quiet: its output is shown, and its log named, only when it fails.
quietly() {
  local what=$1 log=$build/$2.log status=0
  shift 2
  mkdir -p "$build" || { say "$build cannot be made, so nothing can be built" && exit 70; }
  "$@" </dev/null >"$log" 2>&1 || status=$?
  if ((status != 0)); then
    # Ninja says what failed in the middle of what it did; compiler errors are what a reader looks for first.
    grep -E -m 20 '(error|Error|FAILED):?' "$log" >&2 || tail -n 30 "$log" >&2
    say "$what failed (exit status $status); the whole output is in $log"
    exit 70
  fi
}

install_dependencies() {
  "$root/scripts/install-dependencies" "$@" || {
    say "the dependencies could not be installed"
    exit 70
  }
}

# Ninja runs CMake again by itself when a build file or the list of sources changed, so one configuration lasts. A build
# folder that was copied from elsewhere is started afresh.
configure_release() {
  if [[ -f $build/CMakeCache.txt ]] && ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$build/CMakeCache.txt"; then
    rm -rf "$build/CMakeCache.txt" "$build/CMakeFiles" "$build/build.ninja"
  fi
  if [[ -f $build/build.ninja ]]; then return; fi
  local options=(--preset release)
  # CMake before 3.25 cannot read the presets.
  if [[ $(printf '%s\n' 3.25 "$(cmake --version | sed -n '1s/.* //p')" | sort -V | head -n 1) != 3.25 ]]; then
    mapfile -t options < <(cmake -DPRESETS="$root/CMakePresets.json" -P "$root/scripts/lib/preset.cmake" 2>&1)
  fi
  # GCC 11 is too old; where it is g++, another one is installed beside it.
  if [[ -z ${CXX:-} && $(g++ -dumpversion 2>/dev/null) == 11 ]]; then options+=(-DCMAKE_CXX_COMPILER=g++-12 -DCMAKE_C_COMPILER=gcc-12); fi
  quietly "configuring" configure env -C "$root" cmake -B "$build" "${options[@]}"
}

build_release() {
  if [[ ! -d $build/bin ]]; then say "building in $build (the first time takes some minutes)"; fi
  quietly "the build" build cmake --build "$build" --target "$@"
}

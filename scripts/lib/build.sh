# shellcheck shell=bash
# Shared by scripts/run and scripts/test: the set-up of build/release. Source it; it sets `root` and `build`.

root=$(cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/../.." && pwd)
build=$root/build/release

# With paths taken relative to the sources, another clone of the same sources finds what this one compiled.
export CCACHE_BASEDIR=$root

say() { printf '%s: %s\n' "$(basename -- "$0")" "$*" >&2; }

# Runs a command and keeps it quiet: its output is shown, and its log named, only when it fails.
quietly() {
  local what=$1 log=$build/$2.log status=0
  shift 2
  mkdir -p "$build"
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
  local fresh=()
  if [[ -f $build/CMakeCache.txt ]] && ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$build/CMakeCache.txt"; then
    fresh=(--fresh)
  fi
  if [[ -f $build/build.ninja && ${#fresh[@]} -eq 0 ]]; then return; fi
  quietly "configuring" configure env -C "$root" cmake --preset release "${fresh[@]}"
}

build_release() {
  if [[ ! -d $build/bin ]]; then say "building in $build (the first time takes some minutes)"; fi
  quietly "the build" build cmake --build "$build" --target "$@"
}

#!/usr/bin/env bash
# Builds the fuzz targets by the contract of OSS-Fuzz and ClusterFuzzLite: with $CC, $CXX, $CFLAGS, $CXXFLAGS and
# $LIB_FUZZING_ENGINE, from $SRC/assay into $OUT, in $WORK. Each target is there with its options, dictionary and seeds.
#
# Where nothing is set it builds with clang and libFuzzer into build/oss-fuzz: what can be tried without a container.
# TARGETS names some of the targets (default: all).
set -euo pipefail

root=$(cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/.." && pwd)
: "${CC:=clang}" "${CXX:=clang++}"
: "${CFLAGS=-O1 -g1 -fsanitize=address,fuzzer-no-link}" "${CXXFLAGS=$CFLAGS}"
: "${LIB_FUZZING_ENGINE:=-fsanitize=fuzzer}"
: "${OUT:=$root/build/oss-fuzz/out}" "${WORK:=$root/build/oss-fuzz/work}"
# The C++ libraries of the distribution are built with libstdc++, so that all of it has to be.
CXXFLAGS=${CXXFLAGS//-stdlib=libc++/}
mkdir -p "$OUT" "$WORK"

# The libraries of Debian stand in $OUT beside the targets, because these run in another image: $ORIGIN/lib.
targets=${TARGETS:-$(sed -n 's/^assay_fuzz_target(\([a-z_]*\).*/\1/p' "$root/fuzz/CMakeLists.txt")}
cmake -S "$root" -B "$WORK" -G Ninja -DCMAKE_BUILD_TYPE=None -DASSAY_DEVELOPER_MODE=OFF -DASSAY_FUZZ_TARGETS=ON \
  -DCMAKE_C_COMPILER="$CC" -DCMAKE_CXX_COMPILER="$CXX" -DCMAKE_C_FLAGS="$CFLAGS" -DCMAKE_CXX_FLAGS="$CXXFLAGS" \
  -DASSAY_FUZZING_ENGINE="$LIB_FUZZING_ENGINE" -DCMAKE_BUILD_RPATH_USE_ORIGIN=ON -DCMAKE_BUILD_RPATH="\$ORIGIN/lib"

fuzzers=()
for target in $targets; do fuzzers+=("${target}_fuzzer"); done
cmake --build "$WORK" --target "${fuzzers[@]}"

copy_libraries() {
  mkdir -p "$OUT/lib"
  ldd "$1" | sed -n 's/^.* => \(\/[^ ]*\) .*/\1/p' |
    grep -E '/lib(fmt|re2|pugixml|absl)[^/]*\.so' | xargs -r -I{} cp -L {} "$OUT/lib/" || true
}

for target in $targets; do
  cp "$WORK/bin/${target}_fuzzer" "$OUT/"
  copy_libraries "$OUT/${target}_fuzzer"
  (cd "$root/fuzz/corpus/$target" && zip -q -r - .) >"$OUT/${target}_fuzzer_seed_corpus.zip"
  cp "$root/fuzz/fuzzer.options" "$OUT/${target}_fuzzer.options"
  if [[ -f $root/fuzz/dictionaries/$target.dict ]]; then cp "$root/fuzz/dictionaries/$target.dict" "$OUT/${target}_fuzzer.dict"; fi
done
printf '%d fuzz targets in %s\n' "${#fuzzers[@]}" "$OUT"

// Damaged files (SC-FIL-06, SC-FIL-07, SC-FIL-13, GU-SYS-06). C++, because the place of a file depends on the build.

#include "conformance/suite/file/filed_runtime.h"

using namespace assay;
using namespace assay::conformance;

namespace {

constexpr const char* kResult = "result of this one";

struct Damage {
  const char* what;
  std::string (*of)(std::string);
  const char* logged;  // a pattern
};

std::string flipped(std::string bytes, std::size_t place, int bit = 0) {
  bytes[place] = static_cast<char>(bytes[place] ^ (1 << bit));
  return bytes;
}

const Damage kDamages[] = {
    {"magic", [](std::string b) { return flipped(b, 0); }, "wrong header"},
    {"system-id", [](std::string b) { return flipped(b, 8); }, "wrong \"system_id\""},
    {"empty", [](std::string) { return std::string(); }, "info"},
    {"half-a-header", [](std::string b) { return b.substr(0, kFileHeader / 2); }, "info"},
    {"header-alone", [](std::string b) { return b.substr(0, kFileHeader); }, "mem"},
    {"half-a-body", [](std::string b) { return b.substr(0, (kFileHeader + b.size()) / 2); }, "mem"},
    {"last-byte-missing", [](std::string b) { return b.substr(0, b.size() - 1); }, "mem"},
    {"body", [](std::string b) { return flipped(b, (kFileHeader + b.size()) / 2); }, "corrupted file"},
    {"last-byte", [](std::string b) { return flipped(b, b.size() - 1); }, "corrupted file"},
    {"zeroes",
     [](std::string b) { return b.replace(kFileHeader, b.size() - kFileHeader, b.size() - kFileHeader, '\0'); },
     "corrupted file"},
};

// Empty when all is well.
std::string after_damage(FiledRuntime& r, const Damage& damage, const std::string& whole) {
  const auto file = r.file_of(damage.what);
  if (!r.is_right(damage.what, kResult)) return "the script has no right result";
  const std::string log = r.log();
  const Pattern line(
      fmt::format("Warning .*{}.*{}|Warning .*{}.*{}", damage.logged, damage.what, damage.what, damage.logged));
  if (!line.found_in(log)) return fmt::format("no line of the log says \"{}\": {}", damage.logged, log);
  if (FiledRuntime::content(*file).size() != whole.size()) return "the file was not replaced";
  return "";
}

}  // namespace

BODY_TEST("clause", "SC-FIL-06/damaged", "GU-SYS-06",
          "a damaged file is deleted and rewritten, its source compiled, the reason logged", kFileCache) {
  auto runtime = FiledRuntime::start(context);
  if (!runtime) return test_result(runtime.error());
  FiledRuntime& r = **runtime;
  std::map<std::string, std::string> whole;
  for (const Damage& damage : kDamages) {
    r.write_script(damage.what, kResult);
    if (!r.is_right(damage.what, kResult)) return test_result(Verdict::error, "a fresh script has no right result");
    const auto file = r.file_of(damage.what);
    whole[damage.what] = file ? FiledRuntime::content(*file) : "";
    if (whole[damage.what].size() <= kFileHeader) return test_result(Verdict::fail, "a stored script has no file");
    FiledRuntime::put(*file, damage.of(whole[damage.what]));
  }
  r.empty_memory();
  for (const Damage& damage : kDamages) {
    if (const std::string wrong = after_damage(r, damage, whole[damage.what]); !wrong.empty())
      return test_result(Verdict::fail, fmt::format("{}: {}", damage.what, wrong));
  }
  // What was written anew is whole: nothing is refused any more.
  r.forget_log();
  r.empty_memory();
  for (const Damage& damage : kDamages) {
    if (!r.is_right(damage.what, kResult)) return test_result(Verdict::fail, "a replaced file has no right result");
  }
  if (!r.log().empty()) return test_result(Verdict::fail, "a replaced file was refused again: " + r.log());
  return passed(std::size(kDamages), 3 * std::size(kDamages));
}

BODY_TEST("clause", "SC-FIL-07/checks-off", "", "a damaged body is taken as it is with the checks off", kFileCache) {
  auto runtime = FiledRuntime::start(context, {{"opcache.file_cache_consistency_checks", "0"}});
  if (!runtime) return test_result(runtime.error());
  FiledRuntime& r = **runtime;
  r.write_script("a", kResult);
  if (!r.is_right("a", kResult)) return test_result(Verdict::error, "a fresh script has no right result");
  const auto file = r.file_of("a");
  const std::string whole = file ? FiledRuntime::content(*file) : "";
  const std::size_t letter = whole.find(kResult);
  if (letter == std::string::npos)
    return test_result(Verdict::inconclusive, "the result does not stand in the file as it is");
  FiledRuntime::put(*file, flipped(whole, letter));
  r.empty_memory();
  const auto got = r.include("a");
  if (got != Value("sesult of this one"))
    return test_result(Verdict::fail, "a damaged letter of the result does not show: the checks are not off");
  return passed(1, 2);
}

namespace {

// One bit of the header after the other, each met by a worker whose memory is empty.
class FlippedHeader {
 public:
  FlippedHeader(FiledRuntime& runtime, std::string whole, std::filesystem::path file)
      : r_(runtime), whole_(std::move(whole)), file_(std::move(file)) {}

  // Empty when the file was refused and replaced; a worker that died is replaced.
  std::string wrong_at(std::size_t place, int bit) {
    FiledRuntime::put(file_, flipped(whole_, place, bit));
    r_.empty_memory();
    const auto got = r_.include("a");
    const bool stays = FiledRuntime::content(file_) == flipped(whole_, place, bit);
    const bool died = !got.has_value();
    if (died && !r_.live().replace(0)) return "the worker is gone for good";
    if (died) return fmt::format("the worker that loads it ends{}", stays ? ", and the file stays" : "");
    return got == Value(kResult) && !stays ? "" : "the file is believed";
  }

 private:
  FiledRuntime& r_;
  std::string whole_;
  std::filesystem::path file_;
};

struct Prepared {
  std::unique_ptr<FiledRuntime> runtime;
  std::string whole;
  std::filesystem::path file;
};

Expected<Prepared> prepare(const TestContext& context) {
  auto runtime = ASSAY_TRY(FiledRuntime::start(context));
  runtime->write_script("a", kResult);
  const bool right = runtime->is_right("a", kResult);
  const auto file = runtime->file_of("a");
  const std::string whole = file ? FiledRuntime::content(*file) : "";
  if (!right || whole.size() <= kFileHeader) return failure("a fresh script has no right result, or no file");
  return Prepared{std::move(runtime), whole, *file};
}

constexpr std::size_t kNumbers = 40, kNumbersEnd = 64;  // two sizes and an offset

}  // namespace

// The places that decide whether a worker lives are the numbers; the rest is the same for each bit.
BODY_TEST("clause", "GU-SYS-06/header-bit-flips", "",
          "a flipped bit anywhere in a file's header is refused, replaced and kills no worker", kFileCache,
          Profile::standard) {
  auto prepared = prepare(context);
  if (!prepared) return test_result(prepared.error());
  FlippedHeader flips(*prepared->runtime, prepared->whole, prepared->file);
  std::string first;
  std::size_t wrong = 0, tried = 0;
  for (std::size_t place = 0; place < kFileHeader; ++place) {
    const bool number = place >= kNumbers && place < kNumbersEnd;
    for (int bit = 0; bit < 8; bit += number ? 1 : 5) {
      ++tried;
      const std::string what = flips.wrong_at(place, bit);
      if (what.empty()) continue;
      ++wrong;
      if (first.empty()) first = fmt::format("bit {} of byte {}: {}", bit, place, what);
    }
  }
  if (wrong > 0)
    return test_result(Verdict::fail,
                       fmt::format("{} of {} flipped bits are not refused; the first: {}", wrong, tried, first));
  return passed(tried, tried);
}

// An implementation that checks the numbers (the declared choice "file-cache-numbers: checked") refuses such a file.
BODY_TEST("clause", "SC-FIL-13/damaged-size", "",
          "a size or offset damaged upward is believed unless the target checks it", kFileCache) {
  const auto& choices = context.target.description().choices;
  const auto choice = choices.find("file-cache-numbers");
  const bool checked = choice != choices.end() && choice->second == "checked";
  auto prepared = prepare(context);
  if (!prepared) return test_result(prepared.error());
  FlippedHeader flips(*prepared->runtime, prepared->whole, prepared->file);
  for (const std::size_t place : {45u, 61u}) {  // far upward: the first size, the offset
    const std::string what = flips.wrong_at(place, 0);
    if (checked != what.empty())
      return test_result(Verdict::fail, fmt::format("byte {}: {}", place, what.empty() ? "refused" : what));
    if (!checked && what.find("the file stays") == std::string::npos)
      return test_result(Verdict::fail, fmt::format("byte {}: {}", place, what));
  }
  return passed(2, 4);
}

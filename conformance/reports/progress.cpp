#include "conformance/reports/progress.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>

#include "conformance/reports/clean_text.h"

namespace assay::conformance {
namespace {

std::size_t columns_of(std::FILE* stream) {
  winsize size{};
  const bool known = ::ioctl(::fileno(stream), TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? size.ws_col : 80;
}

}  // namespace

Progress::Progress(std::FILE* stream, int total)
    : Progress(stream, total, ::isatty(::fileno(stream)) != 0, TerminalStyle::for_stream(stream)) {}

Progress::Progress(std::FILE* stream, int total, bool terminal, TerminalStyle style)
    : stream_(stream), total_(total), terminal_(terminal), style_(style) {}

void Progress::finished(const TestResult& result) {
  ++done_;
  skipped_ += result.verdict == Verdict::skip;
  if (!terminal_) return;
  if (result.verdict >= Verdict::unexpected_pass) {
    ++failed_;
    clear();
    fmt::print(stream_, "{}  {}: {}\n", style_.red(to_text(result.verdict)), clean_line(result.test),
               clean_line(result.reason, 160));
  }
  draw(clean_line(result.test));
}

void Progress::draw(const std::string& test) {
  const auto now = std::chrono::steady_clock::now();
  // Twenty times a second is enough for an eye, and cheap for a remote terminal.
  if (done_ < total_ && now - last_ < std::chrono::milliseconds(50) && drawn_) return;
  last_ = now;
  drawn_ = true;
  const std::string head = fmt::format("{}/{}  {} failed  {} skipped  ", done_, total_, failed_, skipped_);
  const std::size_t columns = columns_of(stream_);
  const std::size_t room = columns > head.size() + 4 ? columns - head.size() - 4 : 0;
  fmt::print(stream_, "\r\x1b[K{}{}", head.substr(0, columns - 1), style_.dim(room > 0 ? clean_line(test, room) : ""));
  std::fflush(stream_);
}

void Progress::clear() {
  if (!drawn_) return;
  std::fputs("\r\x1b[K", stream_);
  std::fflush(stream_);
  drawn_ = false;
}

}  // namespace assay::conformance

#include "faults/crash/segments.h"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <sstream>
#include <string_view>

namespace assay::crash {
namespace {

bool is_memory(std::string_view name) {
  return name.starts_with("/dev/zero") || name.starts_with("/SYSV") || name.starts_with("/dev/shm/") ||
         name.starts_with("/memfd:");
}

}  // namespace

std::vector<Segment> segments_from_maps(const std::string& maps, std::size_t smallest) {
  std::vector<Segment> found;
  std::istringstream lines(maps);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string range, permissions, offset, device, inode;
    words >> range >> permissions >> offset >> device >> inode >> std::ws;
    std::string name;
    std::getline(words, name);
    const auto dash = range.find('-');
    if (dash == std::string::npos || permissions.size() < 4 || permissions[3] != 's' || !is_memory(name)) continue;
    Segment segment;
    segment.address = std::stoull(range.substr(0, dash), nullptr, 16);
    segment.size = std::stoull(range.substr(dash + 1), nullptr, 16) - segment.address;
    segment.identity = device + ":" + inode;
    segment.name = name;
    const bool goes_on =
        !found.empty() && found.back().identity == segment.identity && found.back().end() == segment.address;
    if (goes_on)
      found.back().size += segment.size;
    else if (permissions[1] == 'w')
      found.push_back(std::move(segment));
  }
  std::erase_if(found, [&](const Segment& segment) { return segment.size < smallest; });
  return found;
}

namespace {

Expected<std::string> maps_of(pid_t pid) {
  const std::string file = "/proc/" + std::to_string(pid) + "/maps";
  errno = 0;
  std::ifstream in(file);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in || text.str().empty()) {
    if (errno == EACCES || errno == EPERM) return refusal(with_errno("cannot read " + file));
    return failure(with_errno("cannot read " + file + " (has the process ended?)"));
  }
  return text.str();
}

}  // namespace

Expected<std::vector<Segment>> shared_segments(pid_t pid, std::size_t smallest) {
  const auto maps = ASSAY_TRY(maps_of(pid));
  return segments_from_maps(maps, smallest);
}

Expected<std::vector<Code>> mapped_code(pid_t pid) {
  const auto maps = ASSAY_TRY(maps_of(pid));
  std::vector<Code> found;
  std::istringstream lines(maps);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string range, permissions, offset;
    words >> range >> permissions >> offset;
    const auto dash = range.find('-');
    if (dash == std::string::npos || permissions.size() < 4 || permissions[2] != 'x') continue;
    found.push_back({std::stoull(range.substr(0, dash), nullptr, 16), std::stoull(range.substr(dash + 1), nullptr, 16),
                     std::stoull(offset, nullptr, 16)});
  }
  return found;
}

std::uint64_t place_in_file(const std::vector<Code>& code, std::uint64_t address) {
  for (const Code& part : code) {
    if (address >= part.address && address < part.end) return address - part.address + part.offset;
  }
  return address;
}

}  // namespace assay::crash

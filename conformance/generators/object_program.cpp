#include "conformance/generators/object_program.h"

#include <fmt/format.h>

#include <vector>

namespace assay::conformance {
namespace {

class ObjectProgramWriter {
 public:
  explicit ObjectProgramWriter(Draw& draw) : draw_(draw) {}

  std::string write() {
    for (std::int64_t left = draw_.between(1, 8); left > 0; --left) statement();
    std::string text;
    for (const std::string& line : lines_) text += line + "\n";
    return text + "$value = " + (draw_.percent(50) ? last() : list(draw_.between(1, 4))) + ";\n";
  }

 private:
  // Most make an object, which the later ones can hold.
  void statement() {
    const auto made = [this](std::string expression) {
      const std::string name = fmt::format("$v{}", made_++);
      lines_.push_back(name + " = " + expression + ";");
    };
    draw_.weighted({
        {20, [&] { made(date()); }},
        {6, [&] { made(zone()); }},
        {8, [&] { made(interval()); }},
        {6, [&] { made(period()); }},
        {14, [&] { made(array_object()); }},
        {10, [&] { made(fixed_array()); }},
        {14, [&] { made(linked_list()); }},
        {14, [&] { made(storage()); }},
        {8, [&] { made("filled(new stdClass, " + list(1) + ")"); }},
        {14, [&] { made(user_object()); }},
        {made_ > 0 ? 8 : 0, [&] { made("clone " + earlier()); }},
        {made_ > 0 ? 10 : 0, [&] { lines_.push_back("add_to(" + earlier() + ", " + item() + ");"); }},
    });
  }

  std::string last() const { return fmt::format("$v{}", made_ - 1); }
  std::string earlier() { return fmt::format("$v{}", draw_.below(made_)); }

  std::string scalar() {
    return draw_.one_of<std::string>({"null", "true", "false", "0", "-1", "9223372036854775807", "0.1", "-0.0", "''",
                                      "'text'", "'a longer text that occurs again'", "\"\\0\\xff\"", "'5'"});
  }
  std::string item() {
    if (made_ > 0 && draw_.percent(55)) return earlier();
    if (draw_.percent(15)) return "['k' => " + scalar() + ", 7 => " + (made_ > 0 ? earlier() : scalar()) + "]";
    return scalar();
  }
  std::string list(std::int64_t items) {
    std::string text = "[";
    for (std::int64_t i = 0; i < items; ++i) {
      if (i > 0) text += ", ";
      if (draw_.percent(20)) text += fmt::format("'key {}' => ", i);
      text += item();
    }
    return text + "]";
  }
  std::string some() { return list(draw_.between(0, 4)); }
  std::string labelled(const std::string& made) {
    return fmt::format("({})->labelled({})", made, draw_.percent(70) ? scalar() : item());
  }

  std::string zone_name() {
    return draw_.one_of<std::string>(
        {"'UTC'", "'+05:45'", "'-03:30'", "'Europe/Paris'", "'Asia/Tokyo'", "'America/New_York'"});
  }
  std::string zone() {
    if (draw_.percent(30)) return labelled("new OwnZone(" + zone_name() + ")");
    return "new DateTimeZone(" + zone_name() + ")";
  }
  std::string date() {
    const auto text = draw_.one_of<std::string>(
        {"'2024-02-29 23:59:59.999999'", "'1969-12-31 23:59:59.5'", "'1000-01-01'", "'9999-12-31 23:59:59'",
         "'2024-03-31 03:30:00'", "'2024-10-27 02:30:00'", "'@86399'", "'@-1'", "'2024-01-31T12:00:00+02:00'"});
    const std::string arguments = text + (draw_.percent(50) ? ", new DateTimeZone(" + zone_name() + ")" : "");
    const auto type = draw_.one_of<std::string>({"DateTime", "DateTimeImmutable", "OwnDate", "OwnFixedDate"});
    const std::string made = "new " + type + "(" + arguments + ")";
    return type.substr(0, 3) == "Own" ? labelled(made) : made;
  }
  std::string interval_text() {
    return draw_.one_of<std::string>({"'P1D'", "'P1Y2M3DT4H5M6S'", "'PT6H'", "'P2W'", "'PT0S'", "'P1M'"});
  }
  std::string interval() {
    if (draw_.percent(30)) return labelled("new OwnInterval(" + interval_text() + ")");
    if (draw_.percent(70)) return "new DateInterval(" + interval_text() + ")";
    return "(new DateTime('2024-02-29 12:00:00'))->diff(new DateTime('" +
           draw_.one_of<std::string>({"2023-11-30 06:30:15.25", "2024-02-29 12:00:00", "2031-01-01"}) + "'))";
  }
  std::string period() {
    const auto start = draw_.one_of<std::string>(
        {"new DateTime('2024-01-31')", "new DateTimeImmutable('2024-02-28 22:00:00', new DateTimeZone('Asia/Tokyo'))"});
    const auto step = draw_.one_of<std::string>({"'P1D'", "'PT6H'", "'P1M'"});
    const auto end = draw_.one_of<std::string>({"3", "new DateTime('2024-03-02')"});
    const std::string flags = draw_.percent(30) ? ", DatePeriod::EXCLUDE_START_DATE" : "";
    const std::string arguments = start + ", new DateInterval(" + step + "), " + end + flags;
    return draw_.percent(30) ? labelled("new OwnPeriod(" + arguments + ")") : "new DatePeriod(" + arguments + ")";
  }

  std::string user_object() {
    const auto type = draw_.one_of<std::string>({"Guarded", "Shadowing", "Serialized", "Sleeping"});
    return "filled(new " + type + ", " + some() + ")";
  }
  std::string array_object() {
    const auto type = draw_.one_of<std::string>(
        {"ArrayObject", "ArrayIterator", "RecursiveArrayIterator", "OwnArray", "OwnIterator"});
    // As properties, an own one would be an element.
    const bool is_own = type.substr(0, 3) == "Own";
    const std::string flags = is_own ? "" : draw_.one_of<std::string>({"", "", ", 1", ", 2", ", 3"});
    const std::string made = "new " + type + "(" + some() + flags + ")";
    return is_own ? labelled(made) : made;
  }
  std::string fixed_array() {
    if (draw_.percent(30))
      return labelled(fmt::format("filled(new OwnFixedArray({}), {})", draw_.between(0, 2), some()));
    return fmt::format("filled(new SplFixedArray({}), {})", draw_.between(0, 2), some());
  }
  std::string linked_list() {
    const auto type = draw_.one_of<std::string>({"SplDoublyLinkedList", "SplQueue", "SplStack", "OwnQueue"});
    const std::string made = "filled(new " + type + ", " + some() + ")";
    return type == "OwnQueue" ? labelled(made) : made;
  }
  std::string storage() {
    if (draw_.percent(30)) return labelled("filled(new OwnStorage, " + some() + ")");
    return "filled(new SplObjectStorage, " + some() + ")";
  }

  Draw& draw_;
  std::vector<std::string> lines_;
  std::int64_t made_ = 0;
};

}  // namespace

std::string random_object_program(Draw& draw) {
  return ObjectProgramWriter(draw).write();
}

}  // namespace assay::conformance

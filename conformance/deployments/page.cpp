#include <fmt/format.h>

#include "conformance/deployments/forms.h"
#include "conformance/reports/clean_text.h"
#include "conformance/reports/page_style.h"

namespace assay::conformance {
namespace {

constexpr char kStyle[] = R"css(
h1{margin:2rem 0 .3rem;letter-spacing:-.02em}
.rollout{background:var(--card);border:1px solid var(--line);border-left:5px solid var(--c);border-radius:12px;padding:.9rem 1.1rem;margin:0 0 1rem;break-inside:avoid}
.rollout h2{font-size:1.05rem;margin:0;display:flex;gap:1rem;justify-content:space-between;flex-wrap:wrap}
.rollout h2 b{color:var(--c)}
.rollout p{margin:.1rem 0 .6rem}
.line{display:grid;grid-template-columns:2.2rem 1fr;align-items:center;margin:.2rem 0;font-size:.8rem}
.line span.name{color:var(--soft);font-family:var(--mono)}
.line .bar{height:16px;border-radius:4px;gap:0}
.line .bar span{min-width:2px}
.bar .none,.legend .none b{opacity:.45}
.axis{display:grid;grid-template-columns:2.2rem 1fr;color:var(--soft);font-size:.72rem;font-variant-numeric:tabular-nums}
.axis div{display:flex;justify-content:space-between}
.told{display:flex;flex-wrap:wrap;gap:.2rem 1.6rem;margin:.5rem 0 0;font-size:.85rem}
.told div{display:flex;gap:.4rem}.told dt{color:var(--soft)}.told dd{margin:0;font-weight:600}
@media print{.line .bar span{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
)css";

struct Colour {
  const char* css;
  const char* meaning;
};

Colour colour_of(Served cell) {
  switch (cell) {
    case Served::fresh:
      return {"good", "new release"};
    case Served::mixed:
      return {"warn", "both in one answer"};
    case Served::failed:
      return {"bad", "error"};
    case Served::old:
      break;
  }
  return {"none", "old release"};
}

// Equal neighbours are one stretch.
std::string bar_of(const std::vector<Served>& line) {
  std::string out;
  for (std::size_t begin = 0; begin < line.size();) {
    std::size_t end = begin;
    while (end < line.size() && line[end] == line[begin]) ++end;
    const Colour colour = colour_of(line[begin]);
    out += fmt::format("<span class=\"{}\" style=\"flex-grow:{}\" title=\"{} to {} s: {}\"></span>", colour.css,
                       end - begin, begin, end - 1, colour.meaning);
    begin = end;
  }
  return out;
}

std::string timeline_of(const MeasuredRollout& rollout) {
  std::string out;
  for (std::size_t worker = 0; worker < rollout.timeline.size(); ++worker) {
    out += fmt::format(
        "<div class=\"line\"><span class=\"name\">W{0}</span><div class=\"bar\" role=\"img\" aria-label=\"worker {0}, "
        "second by "
        "second\">{1}</div></div>\n",
        worker, bar_of(rollout.timeline[worker]));
  }
  out += "<div class=\"axis\"><i></i><div>";
  for (std::int64_t second = 0; second <= kWatched; second += kWatched / 5)
    out += fmt::format("<span>{} s</span>", second);
  return out + "</div></div>\n";
}

const char* class_of(const MeasuredRollout& rollout) {
  if (!rollout.not_measured.empty()) return "none";
  if (rollout.failed > 0 || !rollout.new_after) return "bad";
  return *rollout.new_after == 0 && !rollout.mixed_under_way ? "good" : "warn";
}

std::string told(const char* name, const std::string& value) {
  return fmt::format("<div><dt>{}</dt><dd>{}</dd></div>", name, escape_markup(value));
}

std::string section_of(const MeasuredRollout& rollout) {
  const bool measured = rollout.not_measured.empty();
  std::string out = fmt::format(
      "<section class=\"rollout {}\" id=\"{}\"><h2><span>{}</span><b>{}</b></h2><p class=\"note\">{}</p>\n",
      class_of(rollout), escape_markup(rollout.strategy.name), escape_markup(rollout.strategy.title),
      measured ? "all new: " + in_words_new_after(rollout) : "not measured", escape_markup(rollout.strategy.note));
  if (!measured) return out + "<p>" + escape_markup(rollout.not_measured) + "</p></section>\n";
  out += timeline_of(rollout) + "<dl class=\"told\">";
  out += told("workers disagree", rollout.disagreement ? fmt::format("for {} s", rollout.disagreement) : "never");
  out += told("mixed answers", in_words_mixed(rollout));
  out += told("errors", rollout.failed ? fmt::format("for {} s", rollout.failed) : "none");
  out += told("stale for good", in_words_stale(rollout));
  return out + "</dl></section>\n";
}

}  // namespace

std::string deployments_html(const Description& target, std::span<const MeasuredRollout> rollouts) {
  std::string out = fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
      "content=\"width=device-width, initial-scale=1\"><meta name=\"color-scheme\" content=\"light dark\">"
      "<title>Deployments on {0} – Assay</title><style>{1}{2}</style></head>\n<body><main class=\"page\">\n"
      "<h1>Deployments on {0} <small>{3}</small></h1>\n<p class=\"note\">What clients get from each of three workers, "
      "second by "
      "second of the virtual clock, from the deployment on. Measured; each worker was asked once a second. A page "
      "tells "
      "where its parts came from: the main script, a file of its own folder, one of the working folder, one by the "
      "link's name.</p>\n"
      "<ul class=\"legend\">",
      escape_markup(target.name), page_style, kStyle, escape_markup(target.version));
  for (const Served cell : {Served::old, Served::fresh, Served::mixed, Served::failed}) {
    const Colour colour = colour_of(cell);
    out += fmt::format("<li class=\"{}\"><b aria-hidden=\"true\">■</b> {}</li>", colour.css, colour.meaning);
  }
  out += "</ul>\n";
  for (const MeasuredRollout& rollout : rollouts) out += section_of(rollout);
  return out + "</main></body></html>\n";
}

}  // namespace assay::conformance

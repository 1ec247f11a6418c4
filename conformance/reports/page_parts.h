#pragma once

#include <kainjow/mustache.hpp>
#include <string>

#include "conformance/reports/run_report.h"

namespace assay::conformance {

// What the parts of the page share. A target's bytes come in as text and stay text (clean_text.h).
using PageData = kainjow::mustache::data;

PageData page_text(const std::string& bytes);
// A name that a section of the template can ask about: false where the text is empty.
PageData page_optional(const std::string& bytes);

// The CSS class of a verdict: good, bad, warn, known, none.
const char* class_of(Verdict verdict);
const char* class_of(RunVerdict verdict);

// The id of a test's place on the page.
std::string anchor_of(const TestResult& result);

// The first link in a text, if it is one that a browser may follow.
std::string link_in(const std::string& text);

// A line about a test: name, verdict, reason, and what the filter looks at.
PageData test_line(const RunJudgement& judgement, const TestResult& result);

// A failure in full: clauses, lanes or lines of its trace, expected and actual, how to see it again.
PageData failure_part(const RunReport& report, const RunJudgement& judgement, const TestResult& result);

}  // namespace assay::conformance

#pragma once

namespace assay::conformance {

// The page of html_report as a mustache template. {{name}} is always escaped; {{{style}}} and {{{script}}} are ours.
inline constexpr char page_template[] = R"page(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>{{verdict}}: {{target}} ({{contract}}) – Assay</title>
<style>{{{style}}}</style>
</head>
<body>
<header class="verdict {{verdict_class}}">
  <div class="page">
    <p class="who">Assay of <strong>{{target}}</strong> <span>{{version}}</span> under the contract <strong>{{contract}}</strong></p>
    <h1><span class="sign" aria-hidden="true">{{verdict_symbol}}</span>{{verdict_word}}{{#scope}}<small>{{scope}}</small>{{/scope}}</h1>
    <p class="why">{{why}}.</p>
    <p class="coverage">{{coverage}}.</p>
    <p class="when">{{started}} · {{duration}} · profile {{profile}} · seed <code>{{seed}}</code>{{#selection}} · {{selection}}{{/selection}}{{#interrupted}} · <strong>interrupted</strong>{{/interrupted}}</p>
  </div>
</header>
<main class="page">

<section aria-labelledby="behind">
  <h2 id="behind">What stands behind it</h2>
  <div class="bar" role="img" aria-label="{{bar_label}}">{{#bar}}<span class="{{class}}" style="flex-grow:{{count}}"></span>{{/bar}}</div>
  <ul class="legend">{{#bar}}<li class="{{class}}"><b aria-hidden="true">{{symbol}}</b> <strong>{{number}}</strong> {{label}}</li>{{/bar}}</ul>
  <dl class="numbers">{{#numbers}}<div><dd>{{value}}</dd><dt>{{label}}</dt></div>{{/numbers}}</dl>
  {{#expectations}}<p class="note">{{expectations}}</p>{{/expectations}}
</section>

<nav aria-label="On this page"><a href="#clauses">Clauses</a>{{#sections}}<a href="#{{id}}">{{title}} <b>{{count}}</b></a>{{/sections}}<a href="#about">About this run</a></nav>

<form id="tools" class="tools" hidden>
  <input id="find" type="search" placeholder="Find a clause, a test, a word of a failure…" aria-label="Find">
  <fieldset><legend>Verdict</legend>{{#verdicts}}<label><input type="checkbox" name="verdict" value="{{word}}"><span class="{{class}}"><b aria-hidden="true">{{symbol}}</b> {{word}}</span></label>{{/verdicts}}</fieldset>
  <fieldset><legend>Strength</legend><label><input type="checkbox" name="strength" value="must"><span>must</span></label><label><input type="checkbox" name="strength" value="should"><span>should</span></label><label><input type="checkbox" name="strength" value="may"><span>may</span></label></fieldset>
  <output id="hits" aria-live="polite"></output>
</form>

<section aria-labelledby="clauses">
  <h2 id="clauses">Clauses by area</h2>
  <p class="note">Open a clause to read it. Filled: <em>must</em> clauses, which decide. Outlined: <em>should</em> and <em>may</em>.</p>
  {{#areas}}
  <article class="area">
    <h3>{{area}} <small>{{summary}}</small></h3>
    {{#groups}}
    <div class="group {{class}}">
      <p class="state"><b aria-hidden="true">{{symbol}}</b> {{label}} <span>{{count}}</span></p>
      {{#folded}}<details class="fold"><summary>Show them</summary>{{/folded}}<div class="chips">
      {{#clauses}}<details id="{{id}}" class="chip item {{strength}}" data-verdict="{{verdict}}" data-strength="{{strength}}" data-text="{{search}}"><summary title="{{title}}"><b aria-hidden="true">{{symbol}}</b><span>{{id}}</span></summary>
        <div class="clause">
          <h4>{{title}}</h4>
          <p class="meta"><span class="tag">{{label}}</span><span class="tag">{{strength}}</span>{{#feature}}<span class="tag">needs {{feature}}</span>{{/feature}}{{#place}}<span>{{place}}</span>{{/place}}</p>
          {{#failed}}
          {{#has_tests}}<ul class="tests">{{#tests}}<li class="{{class}}"><b aria-hidden="true">{{symbol}}</b> {{#anchor}}<a href="#{{anchor}}">{{test}}</a>{{/anchor}}{{^anchor}}{{test}}{{/anchor}} <em>{{word}}</em>{{#reason}}<span class="reason">{{reason}}</span>{{/reason}}</li>{{/tests}}{{#more}}<li class="more">{{more}}</li>{{/more}}</ul>{{/has_tests}}
          {{/failed}}
          {{#statement}}<p class="statement">{{statement}}</p>{{/statement}}
          {{^failed}}
          {{#has_tests}}<ul class="tests">{{#tests}}<li class="{{class}}"><b aria-hidden="true">{{symbol}}</b> {{#anchor}}<a href="#{{anchor}}">{{test}}</a>{{/anchor}}{{^anchor}}{{test}}{{/anchor}} <em>{{word}}</em>{{#reason}}<span class="reason">{{reason}}</span>{{/reason}}</li>{{/tests}}{{#more}}<li class="more">{{more}}</li>{{/more}}</ul>{{/has_tests}}
          {{/failed}}
          {{^has_tests}}<p class="note">No test looked at it in this run.</p>{{/has_tests}}
        </div></details>
      {{/clauses}}
      </div>{{#folded}}</details>{{/folded}}
    </div>
    {{/groups}}
    {{#unclaimed}}<p class="note">{{unclaimed}}</p>{{/unclaimed}}
  </article>
  {{/areas}}
  {{#not_claimed}}<p class="note">Not claimed by this target: {{not_claimed}}.</p>{{/not_claimed}}
</section>

{{#failure_sections}}
<section aria-labelledby="{{id}}">
  <h2 id="{{id}}">{{title}}</h2>
  {{#note}}<p class="note">{{note}}</p>{{/note}}
  {{#failures}}
  <details class="failure item {{class}}" id="{{anchor}}" data-verdict="{{word}}" data-strength="{{strengths}}" data-text="{{search}}">
    <summary><b aria-hidden="true">{{symbol}}</b> {{test}}{{#test_title}}<span class="name">{{test_title}}</span>{{/test_title}}<span class="reason">{{reason}}</span></summary>
    {{#clauses}}<p class="meta"><span class="tag">{{word}}</span><a class="tag" href="#{{clause}}">{{clause}}</a><span class="tag">{{strength}}</span><span>{{title}}</span></p>
    {{#statement}}<blockquote>{{statement}}</blockquote>{{/statement}}{{/clauses}}
    {{#compare}}<dl class="compare"><div class="expected"><dt>expected</dt><dd>{{expected}}</dd></div><div class="actual"><dt>actual</dt><dd>{{actual}}</dd></div></dl>{{/compare}}
    {{#has_lanes}}{{#has_head}}<pre class="trace">{{#head}}<span>{{.}}
</span>{{/head}}</pre>{{/has_head}}
    <ol class="lanes"><li class="heads" aria-hidden="true"><span class="strip">{{#workers}}<i>{{.}}</i>{{/workers}}</span></li>{{#rows}}<li{{#failed}} class="here"{{/failed}}><span class="strip" aria-hidden="true">{{#lanes}}<i class="{{state}} w{{worker}}"></i>{{/lanes}}</span><span class="number">{{number}}</span><code>{{#clock}}<em>{{clock}}</em> {{/clock}}{{#who}}<b>{{who}}</b> {{/who}}{{text}}</code></li>{{/rows}}</ol>{{/has_lanes}}
    {{#has_lines}}<pre class="trace">{{#lines}}<span{{#failed}} class="here"{{/failed}}>{{text}}
</span>{{/lines}}</pre>{{/has_lines}}
    {{#log}}<details class="log"><summary>The end of the target's log</summary><pre>{{log}}</pre></details>{{/log}}
    <div class="replay"><code>{{replay}}</code><button type="button" hidden>Copy</button></div>
    {{#files}}<p class="files">{{files}}</p>{{/files}}
  </details>
  {{/failures}}
</section>
{{/failure_sections}}

{{#lists}}
<section aria-labelledby="{{id}}">
  <h2 id="{{id}}">{{title}}</h2>
  <p class="note">{{note}}</p>
  <ul class="plain">{{#tests}}<li id="{{anchor}}" class="item {{class}}" data-verdict="{{word}}" data-strength="{{strengths}}" data-text="{{test}} {{reason}}"><b aria-hidden="true">{{symbol}}</b> <strong>{{test}}</strong><span class="reason">{{reason}}{{#link}} – <a href="{{link}}" rel="noreferrer">{{link}}</a>{{/link}}</span></li>{{/tests}}</ul>
</section>
{{/lists}}

{{#has_skips}}
<section aria-labelledby="skips">
  <h2 id="skips">Skipped tests, by reason</h2>
  {{#skips}}<details class="skip"><summary><strong>{{count}}</strong> {{reason}}</summary><ul class="plain">{{#tests}}<li class="item" data-verdict="skip" data-strength="{{strengths}}" data-text="{{test}} {{reason}}">{{test}}</li>{{/tests}}</ul></details>{{/skips}}
</section>
{{/has_skips}}

{{#has_slow}}
<section aria-labelledby="slow">
  <h2 id="slow">Slowest tests</h2>
  <ol class="slow">{{#slow}}<li><span>{{seconds}}</span><i style="--share:{{share}}%"></i><code>{{#linked}}<a href="#{{anchor}}">{{test}}</a>{{/linked}}{{^linked}}{{test}}{{/linked}}</code></li>{{/slow}}</ol>
</section>
{{/has_slow}}

<section aria-labelledby="about">
  <h2 id="about">About this run</h2>
  <dl class="facts">
    <div><dt>Command</dt><dd><code>{{command}}</code></dd></div>
    <div><dt>Suite</dt><dd>Assay {{suite}}</dd></div>
    <div><dt>Features claimed</dt><dd>{{#features}}<span class="tag">{{.}}</span> {{/features}}</dd></div>
    {{#has_choices}}<div><dt>Declared choices</dt><dd>{{#choices}}<span class="tag">{{.}}</span> {{/choices}}</dd></div>{{/has_choices}}
  </dl>
  <p class="note">A <em>must</em> clause that fails makes the target violate the contract, also where the failure is known. <em>Not shown</em> means that a must clause in scope was not assessed. Failures of <em>should</em> clauses are counted and decide only under <code>--strict</code>.</p>
</section>
</main>
<script>{{{script}}}</script>
</body>
</html>
)page";

}  // namespace assay::conformance

#pragma once

namespace assay::conformance {

// What the pages can do beyond reading: filter by words, verdict and strength, copy a replay command, open what a link
// leads to. All of it is hidden or harmless where scripts are off.
//
// An .item has data-verdict, data-strength (words) and data-text; a [data-group] or section with items is hidden with the
// last of them.
inline constexpr char page_script[] = R"js(
(function () {
  'use strict';
  var tools = document.getElementById('tools');
  var items = [].slice.call(document.querySelectorAll('.item'));
  var groups = [].slice.call(document.querySelectorAll('.group,.area,section,tbody,.skip')).filter(function (group) {
    return group.querySelector('.item');
  });
  var folds = [].slice.call(document.querySelectorAll('.fold,.skip'));
  function chosen(name) {
    return [].slice.call(tools.querySelectorAll('input[name=' + name + ']:checked')).map(function (box) { return box.value; });
  }
  function hasOne(words, wanted) {
    return wanted.length === 0 || wanted.some(function (word) { return words.indexOf(word) >= 0; });
  }
  function apply() {
    var words = tools.querySelector('input[type=search]').value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    var verdicts = chosen('verdict'), strengths = chosen('strength');
    var active = words.length + verdicts.length + strengths.length > 0;
    var shown = 0;
    items.forEach(function (item) {
      var text = item.dataset.text.toLowerCase();
      item.hidden = !(words.every(function (word) { return text.indexOf(word) >= 0; }) &&
                      hasOne(item.dataset.verdict.split(','), verdicts) && hasOne(item.dataset.strength.split(' '), strengths));
      if (!item.hidden) shown++;
    });
    groups.forEach(function (group) { group.hidden = active && !group.querySelector('.item:not([hidden])'); });
    folds.forEach(function (fold) { fold.open = active && !fold.hidden && !!fold.querySelector('.item:not([hidden])'); });
    document.getElementById('hits').textContent = active ? shown + ' of ' + items.length : '';
  }
  if (tools) {
    tools.hidden = false;
    tools.addEventListener('submit', function (event) { event.preventDefault(); });
    tools.addEventListener('input', apply);
  }
  [].forEach.call(document.querySelectorAll('.replay'), function (line) {
    var button = line.querySelector('button');
    if (!navigator.clipboard) return;
    button.hidden = false;
    button.addEventListener('click', function () {
      navigator.clipboard.writeText(line.querySelector('code').textContent).then(function () {
        button.textContent = 'Copied';
        setTimeout(function () { button.textContent = 'Copy'; }, 1500);
      });
    });
  });
  function openTarget() {
    var place = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!place) return;
    for (var at = place; at; at = at.parentElement) {
      at.hidden = false;
      if (at.tagName === 'DETAILS') at.open = true;
    }
    place.scrollIntoView({block: place.tagName === 'DETAILS' ? 'start' : 'nearest'});
  }
  addEventListener('hashchange', openTarget);
  openTarget();
}());
)js";

}  // namespace assay::conformance

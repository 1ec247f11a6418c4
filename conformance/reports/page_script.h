#pragma once

namespace assay::conformance {

// What the page can do beyond reading: find clauses, copy a replay command, open the clause that a link leads to. All
// of it is hidden or harmless where scripts are off.
inline constexpr char page_script[] = R"js(
(function () {
  'use strict';
  var filter = document.getElementById('filter');
  filter.parentNode.hidden = false;
  filter.addEventListener('input', function () {
    var wanted = filter.value.trim().toLowerCase();
    document.querySelectorAll('.group').forEach(function (group) {
      var shown = 0;
      group.querySelectorAll('.chip').forEach(function (chip) {
        chip.hidden = wanted !== '' && chip.dataset.text.toLowerCase().indexOf(wanted) < 0;
        if (!chip.hidden) shown++;
      });
      group.hidden = shown === 0;
      var fold = group.querySelector('.fold');
      if (fold) fold.open = wanted !== '' && shown > 0;
    });
  });
  document.querySelectorAll('.replay').forEach(function (line) {
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
    if (place && place.tagName === 'DETAILS') {
      var fold = place.closest('.fold');
      if (fold) fold.open = true;
      place.open = true;
      place.scrollIntoView({block: 'center'});
    }
  }
  addEventListener('hashchange', openTarget);
  openTarget();
}());
)js";

}  // namespace assay::conformance

(function () {
  /* Any key wakes the page and does nothing else. */
  var doc = document, gone = 0;
  doc.documentElement.className = 'js';
  doc.onkeydown = function (e) {
    var code;
    e = e || window.event;
    code = e.which || e.keyCode;
    if (e.ctrlKey || e.altKey || e.metaKey) { return true; }
    if (!gone) {
      gone = 1;
      window.name = 'k' + (P.k[code] || '');
      location.replace(P.t);
    }
    if (e.preventDefault) { e.preventDefault(); }
    return P.d ? 0 : false;
  };
}());

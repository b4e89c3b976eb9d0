(function () {
  /* Learns the keys of a box that nobody knows: it asks for P.o one after another. ECMAScript 3. */
  var doc = document, codes = [], last = 0, heard = 0, done = 0;
  function el(id) { return doc.getElementById(id); }
  function say(id, words) {
    var one = el(id);
    while (one.firstChild) { one = one.firstChild; }
    one.nodeValue = words;
  }
  function show() {
    var i, step = codes.length, one;
    for (i = 0; i < P.o.length; i += 1) {
      one = el(P.o[i]);
      one.className = one.className.replace(/\s(on|done)\b/g, '') + (i < step ? ' done' : i === step ? ' on' : '');
    }
    if (step < P.w.length) {
      say('ask', P.w[step]);
      say('hint', P.n[step]);
    }
  }
  function finish() {
    var i, word = [];
    done = 1;
    for (i = 0; i < codes.length; i += 1) { word[i] = codes[i].toString(36); }
    window.name = 'k' + P.o[codes.length - 1];
    location.href = P.t.replace(P.x, word.join('_'));
  }
  function learn(code) {
    var i = 0, step = codes.length;
    while (i < step && codes[i] !== code) { i += 1; }
    if (i === step) { codes[step] = code; }
    else if (i === 4 && step === 5) { finish(); }
    else if (i === 0 && step > 1) { codes = [code]; }
    if (codes.length === P.o.length) { finish(); }
    show();
  }
  function press(e) {
    var code, now = new Date().getTime(), again;
    e = e || window.event;
    code = e.which || e.keyCode;
    if (!code || e.ctrlKey || e.altKey || e.metaKey) { return true; }
    /* A key that is held, or sent twice, is one press. */
    again = code !== last || now - heard >= 600;
    last = code;
    heard = now;
    if (again && !done) { learn(code); }
    if (e.preventDefault) { e.preventDefault(); }
    return false;
  }
  doc.documentElement.className = 'js';
  if (P.b) {
    location.replace(P.b + '?app=' + escape(navigator.appName) + '&vendor=' + escape(navigator.vendor || '') +
      '&w=' + screen.width);
  }
  doc.onkeydown = press;
  show();
}());

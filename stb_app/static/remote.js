(function () {
  /* Moves the highlight by the table P that the server has proved. ECMAScript 3, nothing to fetch. */
  var doc = document, at = P.f, last = 0, when = 0, busy = 0;
  function el(id) { return doc.getElementById(id); }
  function show(id) {
    var old = el(at), now = el(id);
    if (!now) { return; }
    if (old) { old.className = old.className.replace(/ on/g, ''); }
    at = id;
    now.className += ' on';
    try { now.focus(); } catch (e) { busy = busy; }
  }
  function go(to) {
    if (!to || busy) { return; }
    busy = 1;
    setTimeout(function () { busy = 0; }, 4000);
    location.href = to;
  }
  function act(name) {
    var move = P.m[at], to = move && move[name];
    if (to) { if (to.charAt(0) === '/') { go(to); } else { show(to); } return; }
    if (name === 'ok') { go(el(at).getAttribute('href')); return; }
    go(P.g[name]);
  }
  function press(e) {
    var code, name, now = new Date().getTime();
    e = e || window.event;
    if (e.ctrlKey || e.altKey || e.metaKey) { return true; }
    code = e.which || e.keyCode;
    name = P.k[code];
    if (!name) { return P.d ? 1 : true; }
    if (!(code === last && now - when < P.r)) { last = code; when = now; act(name); }
    if (e.preventDefault) { e.preventDefault(); }
    return P.d ? 0 : false;
  }
  function ask() {
    /* HbbTV and Tizen give a page only the keys that it asks for. */
    var name, app, i;
    if (P.v && window.KeyEvent) {
      for (name in P.v) { if (KeyEvent[name]) { P.k[KeyEvent[name]] = P.v[name]; } }
    }
    try {
      app = el('am').getOwnerApplication(doc);
      app.show();
      app.privateData.keyset.setValue(P.s);
    } catch (e) { app = null; }
    try {
      for (i = 0; i < P.z.length; i += 1) { tizen.tvinputdevice.registerKey(P.z[i]); }
    } catch (x) { app = null; }
  }
  doc.documentElement.className = 'js';
  doc.onkeydown = press;
  window.onload = function () { show(at); ask(); };
}());

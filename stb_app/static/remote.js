(function () {
  /* Moves the highlight by the table P that the server has proved. ECMAScript 3, nothing to fetch. */
  var doc = document, at = P.f, last = '', heard = 0, counted = 0, busy = 0, idle;
  function el(id) { return doc.getElementById(id); }
  function clock() { return new Date().getTime(); }
  function show(id) {
    var old = el(at), now = el(id);
    if (!now) { return; }
    if (old) { old.className = old.className.replace(/\son\b/g, ''); }
    at = id;
    now.className += ' on';
    try { now.focus(); } catch (e) { busy = busy; }
  }
  function go(to) {
    if (!to || busy) { return; }
    busy = 1;
    setTimeout(function () { busy = 0; }, 4000);
    /* The key may still be held when the next page comes: that page has to know. */
    window.name = 'k' + last;
    location.href = to;
  }
  function act(name) {
    var move = P.m[at], to = move && move[name];
    if (to) { if (to.charAt(0) === '/') { go(to); } else { show(to); } return; }
    if (name === 'ok') { to = el(at); if (to.form) { to.form.submit(); } else { go(to.getAttribute('href')); } return; }
    to = P.g[name];
    /* An address that ends in f= asks for what has the highlight. */
    go(to && /f(=|%3D)$/.test(to) ? to + at : to);
  }
  function rest() {
    clearTimeout(idle);
    if (P.y) { idle = setTimeout(function () { location.replace(P.y + at); }, P.i); }
  }
  function press(e) {
    var code, name, now = clock(), again;
    e = e || window.event;
    if (e.ctrlKey || e.altKey || e.metaKey) { return true; }
    rest();
    code = e.which || e.keyCode;
    name = P.k[code];
    /* Into a field go digits and letters, and its own Backspace. */
    if (!name || (el(at).form && (code > 47 && code < 91 || code === 8 && el(at).value))) { return P.d ? 1 : true; }
    again = name !== last || (!e.repeat && now - heard >= P.h);
    heard = now;
    if (again || now - counted >= P.p[name]) { last = name; counted = now; act(name); }
    if (e.preventDefault) { e.preventDefault(); }
    return P.d ? 0 : false;
  }
  function ask() {
    /* HbbTV and Tizen give a page only the keys that it asks for. */
    var code, name, app, i;
    if (P.v && window.KeyEvent) {
      for (code in P.k) {
        name = P.k[code];
        i = KeyEvent['VK_' + (P.v[name] || name.toUpperCase())];
        if (i) { P.k[i] = name; }
      }
    }
    try {
      app = el('am').getOwnerApplication(doc);
      app.show();
      app.privateData.keyset.setValue(P.s);
    } catch (e) { app = null; }
    try { el('lv').bindToCurrentChannel(); } catch (y) { app = null; }
    try {
      for (i = 0; i < P.z.length; i += 1) { tizen.tvinputdevice.registerKey(P.z[i]); }
    } catch (x) { app = null; }
  }
  doc.documentElement.className = 'js';
  if (window.name.charAt(0) === 'k') { last = window.name.substring(1); heard = counted = clock(); }
  window.name = '';
  doc.onkeydown = press;
  rest();
  window.onload = function () { show(at); ask(); };
}());

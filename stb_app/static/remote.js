(function () {
  /* Moves the highlight by the table P that the server has proved. ECMAScript 3, nothing to fetch. */
  /* It stands before the page: a key counts as soon as the page has begun to come. */
  var doc = document, at = P.f, last = '', kept = '', typed, heard = 0, counted = 0, busy = '', waiting, telling, idle, act, press;
  function el(id) { return doc.getElementById(id); }
  function clock() { return new Date().getTime(); }
  function show(id) {
    var old = el(at), now = el(id);
    at = id;
    if (old) { old.className = old.className.replace(/\son\b/g, ''); }
    if (!now) { return; }
    now.className += ' on';
    /* First the highlight is seen; that the box knows of it too costs a slow one as much again, and can wait */
    /* until the finger rests. But what is typed next goes into the field that has the focus, or had it. */
    clearTimeout(telling);
    if (now.form || old && old.form) { tell(); } else { telling = setTimeout(tell, 300); }
  }
  function tell() {
    try { el(at).focus({ preventScroll: true }); } catch (e) { telling = 0; }
  }
  function follow() {
    var one = doc.activeElement;
    if (one && P.m[one.id]) { show(one.id); }
  }
  function leave() {
    clearTimeout(waiting);
    waiting = setTimeout(function () { busy = kept = ''; }, 4000);
    /* The next page has to know which key may still be held, and which digits are ahead of it. A name that */
    /* changes after the page was asked for does not come there: then it is asked for again. */
    window.name = 'k' + last + '.' + kept;
    location.href = busy;
  }
  function go(to) {
    if (!to || busy) { return; }
    busy = to;
    leave();
  }
  function ahead(digit) {
    /* A digit that is faster than the page: the address of a number box holds it, other pads are told it. */
    var box = /^(.*\/n)(\/\d*)?(\?.*)?$/.exec(busy);
    if (box) { busy = box[1] + (box[2] || '/') + digit + (box[3] || ''); leave(); }
    else if (el('k0')) { kept = (kept + digit).substring(0, 20); leave(); }
  }
  /* In brackets: compiled now, and not when the first key waits for it. */
  act = (function (name) {
    var move = P.m[at], to = move && move[name];
    if (busy && /\d/.test(name)) { ahead(name); return; }
    if (to) { if (to.charAt(0) === '/') { go(to); } else { show(to); } return; }
    if (name === 'ok') {
      to = el(at);
      if (to) { if (to.form) { to.form.submit(); } else { go(to.getAttribute('href')); } }
      return;
    }
    to = P.g[name];
    /* An address that ends in f= asks for what has the highlight. */
    go(to && /f(=|%3D)$/.test(to) ? to + at : to);
  });
  function rest() {
    clearTimeout(idle);
    if (P.y) { idle = setTimeout(function () { location.replace(P.y + at); }, P.i); }
  }
  press = (function (e) {
    var code, name, now = clock(), again, on = el(at);
    e = e || window.event;
    if (e.ctrlKey || e.altKey || e.metaKey) { return true; }
    rest();
    code = e.which || e.keyCode;
    name = P.k[code];
    /* A tabulator gives the focus to what comes next on the page: the highlight goes along. */
    if (code === 9 && !name) { setTimeout(follow, 0); }
    /* Into a field go digits and letters, and its own Backspace. */
    if (!name || (on && on.form && (code > 47 && code < 91 || code === 8 && on.value))) { return P.d ? 1 : true; }
    again = name !== last || (!e.repeat && now - heard >= P.h);
    heard = now;
    if (again || now - counted >= P.p[name]) { last = name; counted = now; act(name); }
    if (e.preventDefault) { e.preventDefault(); }
    return P.d ? 0 : false;
  });
  function ask() {
    /* HbbTV and Tizen give a page only the keys that it asks for. */
    var code, name, app, i;
    /* for hbbtv */
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
    /* for tizen */
    try {
      for (i = 0; i < P.z.length; i += 1) { tizen.tvinputdevice.registerKey(P.z[i]); }
    } catch (x) { app = null; }
    /* for all */
  }
  doc.documentElement.className = 'js';
  typed = window.name.split('.');
  if (typed[0].charAt(0) === 'k') { last = typed[0].substring(1); heard = counted = clock(); }
  typed = last && typed[1] || '';
  window.name = '';
  doc.onkeydown = press;
  rest();
  window.onload = function () {
    var now = at;
    at = P.f;
    show(now);
    ask();
    if (typed && el('k0')) { kept = typed.substring(1); act(typed.charAt(0)); }
  };
}());

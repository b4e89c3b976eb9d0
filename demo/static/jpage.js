/* Fills a list from its datastore, as the list script of JCMS does, and turns its pages through the gateway. */
(function () {
  function rows(text) {
    var found = [], pattern = /<record><!\[CDATA\[([\s\S]*?)\]\]><\/record>/g, match;
    while ((match = pattern.exec(text))) { found.push(match[1]); }
    return found;
  }
  document.querySelectorAll(".default_pgContainer").forEach(function (box) {
    var store = box.querySelector("script").textContent;
    var link = /href="([^"]+)"/.exec(store)[1];
    var list = document.createElement("ul"), bar = document.createElement("div");
    list.className = "list_ul";
    bar.className = "default_pgBtn";
    box.appendChild(list);
    box.appendChild(bar);
    list.innerHTML = rows(store).join("");
    for (var page = 1; page <= Math.ceil(totalRecord / perPage); page++) {
      (function (number) {
        var turn = document.createElement("a");
        turn.href = "#" + number;
        turn.textContent = number;
        turn.onclick = function () {
          fetch(link.replace(/([?&])page=\d+/, "$1page=" + number))
            .then(function (answer) { return answer.text(); })
            .then(function (text) { list.innerHTML = rows(text).join(""); });
          return false;
        };
        bar.appendChild(turn);
      })(page);
    }
  });
})();

/* Writes the page links of a list, as the pager script of TRS WCM does. */
function createPageHTML(count, current, name, ending) {
  for (var page = 0; page < count; page++) {
    var address = name + (page ? "_" + page : "") + "." + ending;
    document.write(page === current ? "<span>" + (page + 1) + "</span> " : '<a href="' + address + '">' + (page + 1) + "</a> ");
  }
}

/* The visit counter of VSB; this city does not count its visitors. */
function _showDynClicks(kind, owner, id) { document.write("-"); }
function doZoom(size) { document.getElementById("zoom").style.fontSize = size + "px"; }

"""How the screen is given back to whoever opened us: a closed list of ways, none of which takes text.

A way is a few lines of script on a page of its own (`/tv/EDITION/leave`), in try and catch; where it does
nothing, the page says how to go on by hand. `return` needs no script: it is a redirect.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

RETURN, TOP = "return", "top"

EXITS: Mapping[str, str] = MappingProxyType(
    {
        # The portal's address, as it named it within what its table allows.
        RETURN: "",
        # The same, where the portal shows us in a frame of its page.
        TOP: "top.location.href = P.t;",
        # Before our first page: the browser's history begins with the portal.
        "history": "history.go(1 - history.length);",
        "close": "window.close();",
        # iPanel: exitToHomePage on its Android boxes, the portal's address on all others.
        "ipanel": "var f = iPanel.eventFrame, to = f.portal_url || f.portalUrl; "
        "if (f.systemId === 1 || !to) { f.exitToHomePage(); } else { top.location.href = to; }",
        # IPTV (China Telecom's box interface): the address of the EPG that the box logged in to.
        "iptv": "top.location.href = Authentication.CTCGetConfig('EPGDomain');",
        # OIPF DAE 7.2.2: the application ends itself, and the receiver shows the programme again.
        "hbbtv": "doc.getElementById('am').getOwnerApplication(doc).destroyApplication();",
        "tizen": "tizen.application.getCurrentApplication().exit();",
    }
)
"""Name of a way -> its script. `P.t` is the address to return to."""

OWN_EXITS: Mapping[str, str] = MappingProxyType({"hbbtv-hd": "hbbtv"})
"""The way out of boxes that nobody's portal has opened: a receiver goes back to its programme."""

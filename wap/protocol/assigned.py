"""The numbers that WSP assigns to names (WAP-230-WSP appendix A, and the OMNA registry after it).

Each table is written in the order of its codes. A version such as (1, 3) is the encoding version that
first had the code: an older phone is sent the name as text.
"""

Version = tuple[int, int]

DEFAULT_VERSION: Version = (1, 2)  # of a phone that sends no Encoding-Version (WAP-230 8.4.2.70)
NEWEST_VERSION: Version = (1, 4)

# Table 39, header field names from 0x00. X-Up pages have tables of their own.
_FIELDS: tuple[tuple[Version, str], ...] = (
    (
        (1, 1),
        """
        Accept Accept-Charset Accept-Encoding Accept-Language Accept-Ranges Age Allow Authorization
        Cache-Control Connection Content-Base Content-Encoding Content-Language Content-Length
        Content-Location Content-MD5 Content-Range Content-Type Date ETag Expires From Host
        If-Modified-Since If-Match If-None-Match If-Range If-Unmodified-Since Location Last-Modified
        Max-Forwards Pragma Proxy-Authenticate Proxy-Authorization Public Range Referer Retry-After Server
        Transfer-Encoding Upgrade User-Agent Vary Via Warning WWW-Authenticate Content-Disposition
        """,
    ),
    (
        (1, 2),
        """
        X-Wap-Application-Id X-Wap-Content-URI X-Wap-Initiator-URI Accept-Application Bearer-Indication
        Push-Flag Profile Profile-Diff Profile-Warning
        """,
    ),
    (
        (1, 3),
        """
        Expect TE Trailer Accept-Charset Accept-Encoding Cache-Control Content-Range X-WAP-Tod Content-ID
        Set-Cookie Cookie Encoding-Version
        """,
    ),
    (
        (1, 4),
        """
        Profile-Warning Content-Disposition X-WAP-Security Cache-Control
        """,
    ),
    ((1, 5), "Expect X-Wap-Loc-Invocation X-Wap-Loc-Delivery"),
)
FIELDS: tuple[tuple[str, Version], ...] = tuple(
    (name, version) for version, names in _FIELDS for name in names.split()
)

# Table 40, content types from 0x00; "-" was never assigned.
_TYPES: tuple[tuple[Version, str], ...] = (
    (
        (1, 1),
        """
        */* text/* text/html text/plain text/x-hdml text/x-ttml text/x-vCalendar text/x-vCard
        text/vnd.wap.wml text/vnd.wap.wmlscript application/vnd.wap.catc multipart/* multipart/mixed
        multipart/form-data multipart/byteranges multipart/alternative application/* application/java-vm
        application/x-www-form-urlencoded application/x-hdmlc application/vnd.wap.wmlc
        application/vnd.wap.wmlscriptc application/vnd.wap.wsic application/vnd.wap.uaprof
        application/vnd.wap.wtls-ca-certificate application/vnd.wap.wtls-user-certificate
        application/x-x509-ca-cert application/x-x509-user-cert image/* image/gif image/jpeg image/tiff
        image/png image/vnd.wap.wbmp application/vnd.wap.multipart.* application/vnd.wap.multipart.mixed
        application/vnd.wap.multipart.form-data application/vnd.wap.multipart.byteranges
        application/vnd.wap.multipart.alternative application/xml text/xml application/vnd.wap.wbxml
        application/x-x968-cross-cert application/x-x968-ca-cert application/x-x968-user-cert
        """,
    ),
    (
        (1, 2),
        """
        text/vnd.wap.si application/vnd.wap.sic text/vnd.wap.sl application/vnd.wap.slc text/vnd.wap.co
        application/vnd.wap.coc application/vnd.wap.multipart.related application/vnd.wap.sia
        """,
    ),
    ((1, 3), "text/vnd.wap.connectivity-xml application/vnd.wap.connectivity-wbxml"),
    (
        (1, 4),
        """
        application/pkcs7-mime application/vnd.wap.hashed-certificate application/vnd.wap.signed-certificate
        application/vnd.wap.cert-response application/xhtml+xml application/wml+xml text/css
        application/vnd.wap.mms-message application/vnd.wap.rollover-certificate
        """,
    ),
    (
        (1, 5),
        """
        application/vnd.wap.locc+wbxml application/vnd.wap.loc+xml application/vnd.syncml.dm+wbxml
        application/vnd.syncml.dm+xml application/vnd.syncml.notification application/vnd.wap.xhtml+xml
        application/vnd.wv.csp.cir application/vnd.oma.dd+xml application/vnd.oma.drm.message
        application/vnd.oma.drm.content application/vnd.oma.drm.rights+xml
        application/vnd.oma.drm.rights+wbxml application/vnd.wv.csp+xml application/vnd.wv.csp+wbxml
        application/vnd.syncml.ds.notification
        """,
    ),
    (
        (1, 6),
        """
        audio/* video/* application/vnd.oma.dd2+xml application/mikey application/vnd.oma.dcd
        application/vnd.oma.dcdc text/x-vMessage application/vnd.omads-email+wbxml text/x-vBookmark
        application/vnd.syncml.dm.notification - application/octet-stream
        """,
    ),
)
TYPES: tuple[tuple[str, Version], ...] = tuple(
    (name, version) for version, names in _TYPES for name in names.split()
)

# Registered content types, from 0x0201 and from 0x0300.
_UPLANET = """
    application/vnd.uplanet.cacheop-wbxml application/vnd.uplanet.signal
    application/vnd.uplanet.alert-wbxml application/vnd.uplanet.list-wbxml
    application/vnd.uplanet.listcmd-wbxml application/vnd.uplanet.channel-wbxml
    application/vnd.uplanet.provisioning-status-uri x-wap.multipart/vnd.uplanet.header-set
    application/vnd.uplanet.bearer-choice-wbxml application/vnd.phonecom.mmc-wbxml
    application/vnd.nokia.syncset+wbxml image/x-up-wpng
"""
_REGISTERED = """
    application/iota.mmc-wbxml application/iota.mmc-xml application/vnd.syncml+xml
    application/vnd.syncml+wbxml text/vnd.wap.emn+xml text/calendar application/vnd.omads-email+xml
    application/vnd.omads-file+xml application/vnd.omads-folder+xml text/directory
    application/vnd.wap.emn+wbxml application/vnd.nokia.ipdc-purchase-response
    application/vnd.motorola.screen3+xml application/vnd.motorola.screen3+gzip
    application/vnd.cmcc.setting+wbxml application/vnd.cmcc.bombing+wbxml application/vnd.docomo.pf
    application/vnd.docomo.ub application/vnd.omaloc-supl-init application/vnd.oma.group-usage-list+xml
    application/oma-directory+xml application/vnd.docomo.pf2 application/vnd.oma.drm.roap-trigger+wbxml
    application/vnd.sbm.mid2 application/vnd.wmf.bootstrap application/vnc.cmcc.dcd+xml
    application/vnd.sbm.cid application/vnd.oma.bcast.provisioningtrigger application/vnd.docomo.dm
    application/vnd.oma.scidm.messages+xml application/vnd.innopath.wamp.notification
"""
REGISTERED_TYPES: dict[int, str] = {
    **dict(enumerate(_UPLANET.split(), 0x0201)),
    **dict(enumerate(_REGISTERED.split(), 0x0300)),
}

# Table 41, languages from 0x01 and from 0x81.
_LANGUAGES = """
    aa ab af am ar as ay az ba be bg bh bi bn bo br ca co cs cy da de dz el en eo es et eu fa fi fj ur
    fr uz ga gd gl gn gu ha he hi hr hu hy vi id wo xh is it yo ja jw ka kk za km kn ko ks ku ky zh ln
    lo lt lv mg mi mk ml mn mo mr ms mt my uk ne nl no oc om or pa pl ps pt qu zu rn ro ru rw sa sd sg
    sh si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ug
"""
_LATER_LANGUAGES = "na fo fy ia vo ie ik yi iu kl la rm"
LANGUAGES: dict[int, str] = {
    **dict(enumerate(_LANGUAGES.split(), 1)),
    **dict(enumerate(_LATER_LANGUAGES.split(), 0x81)),
}

# Table 42: character sets by their IANA MIBenum; the first name of a number is the one we write.
CHARSETS: tuple[tuple[int, str], ...] = (
    (3, "us-ascii"),
    *((number, f"iso-8859-{number - 3}") for number in range(4, 13)),
    (13, "iso-8859-10"),
    (17, "shift_jis"),
    (18, "euc-jp"),
    (36, "ks_c_5601-1987"),
    (38, "euc-kr"),
    (39, "iso-2022-jp"),
    (104, "iso-2022-cn"),
    (106, "utf-8"),
    (109, "iso-8859-13"),
    (110, "iso-8859-14"),
    (111, "iso-8859-15"),
    (112, "iso-8859-16"),
    (113, "gbk"),
    (114, "gb18030"),
    (1000, "iso-10646-ucs-2"),
    (1000, "ucs-2"),
    (1001, "iso-10646-ucs-4"),
    (1012, "utf-7"),
    (1013, "utf-16be"),
    (1014, "utf-16le"),
    (1015, "utf-16"),
    (2025, "gb2312"),
    (2026, "big5"),
    (2084, "koi8-r"),
    (2085, "hz-gb-2312"),
    *((number, f"windows-{number - 1000}") for number in range(2250, 2259)),
    (2259, "tis-620"),
)

# Table 38: parameters, their first encoding version and the form of their value.
PARAMETERS: tuple[tuple[str, Version, str], ...] = (
    ("q", (1, 1), "q"),
    ("charset", (1, 1), "charset"),
    ("level", (1, 1), "version"),
    ("type", (1, 1), "integer"),
    ("uaprof", (1, 1), "text"),
    ("name", (1, 1), "text"),
    ("filename", (1, 1), "text"),
    ("differences", (1, 1), "field"),
    ("padding", (1, 1), "integer"),
    ("type", (1, 2), "media"),
    ("start", (1, 2), "text"),
    ("start-info", (1, 2), "text"),
    ("comment", (1, 3), "text"),
    ("domain", (1, 3), "text"),
    ("max-age", (1, 3), "integer"),
    ("path", (1, 3), "text"),
    ("secure", (1, 3), "none"),
    ("sec", (1, 4), "integer"),
    ("mac", (1, 4), "value"),
    ("creation-date", (1, 4), "date"),
    ("modification-date", (1, 4), "date"),
    ("read-date", (1, 4), "date"),
    ("size", (1, 4), "integer"),
    ("name", (1, 4), "value"),
    ("filename", (1, 4), "value"),
    ("start", (1, 4), "value"),
    ("start-info", (1, 4), "value"),
    ("comment", (1, 4), "value"),
    ("domain", (1, 4), "value"),
    ("path", (1, 4), "value"),
)

# Header code page "x-up-1": only read, never written.
UP_FIELDS: dict[int, str] = {
    **dict(
        enumerate(
            (
                "x-up-proxy-push-addr",
                "x-up-proxy-push-accept",
                "x-up-proxy-push-seq",
                "x-up-proxy-notify",
                "x-up-proxy-operator-domain",
                "x-up-proxy-home-page",
                "x-up-devcap-has-color",
                "x-up-devcap-num-softkeys",
                "x-up-devcap-softkey-size",
                "x-up-devcap-screen-chars",
                "x-up-devcap-screen-pixels",
                "x-up-devcap-em-size",
                "x-up-devcap-screen-depth",
                "x-up-devcap-immed-alert",
                "x-up-proxy-net-ask",
                "x-up-proxy-uplink-version",
                "x-up-proxy-tod",
                "x-up-proxy-ba-enable",
                "x-up-proxy-ba-realm",
                "x-up-proxy-redirect-enable",
                "x-up-proxy-request-uri",
                "x-up-proxy-redirect-status",
                "x-up-proxy-trans-charset",
                "x-up-proxy-linger",
                "x-up-proxy-client-id",
                "x-up-proxy-enable-trust",
                "x-up-proxy-trust-old",
            )
        )
    ),
    0x20: "x-up-proxy-trust",
    0x21: "x-up-proxy-bookmark",
    0x22: "x-up-devcap-gui",
}
PAGES: dict[str, dict[int, str]] = {"x-up-1": UP_FIELDS}

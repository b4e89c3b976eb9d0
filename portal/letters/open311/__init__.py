"""Open311 GeoReport v2, both ways: the city's case system is a client of ours, or we are one of its.

- wire      the nouns of GeoReport as frozen data        - xmljson   their two written forms, read and written
- mapping   letters into requests, updates into events
- client    delivery to a case system, and its news      - keys      who may use our own server, and for what
- handlers  `/open311/v2/...`
"""

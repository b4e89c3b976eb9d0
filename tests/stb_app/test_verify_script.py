"""The script on the box, read by a parser that knows nothing newer than ECMAScript 3 of 1999."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from redis.asyncio import Redis
from tornado.httpclient import AsyncHTTPClient

from portal.local_redis import LocalRedis
from remote_nav.profile import PROFILES
from tests import sample
from tests.browser import serving

MODULES = Path("/usr/share/nodejs")
"""Where Debian's node packages stand."""

PARSE = """
const acorn = require('acorn');
const sources = JSON.parse(require('fs').readFileSync(0, 'utf8'));
const found = (node, test) => !node || typeof node !== 'object' ? [] : [
  ...test(node), ...Object.values(node).flatMap(child => found(child, test))];
const used = tree => [
  ...found(tree, node => node.type === 'MemberExpression' && !node.computed ? ['.' + node.property.name] : []),
  ...found(tree, node => node.type === 'Identifier' ? [node.name] : [])];
console.log(JSON.stringify(sources.map(source => {
  try {
    const tree = acorn.parse(source, {ecmaVersion: 3, allowReserved: 'never'});
    return {error: '', names: [...new Set(used(tree))]};
  } catch (error) { return {error: String(error), names: []}; }
})));
"""

NEWER = frozenset(
    [
        ".forEach",
        ".map",
        ".filter",
        ".reduce",
        ".some",
        ".every",
        ".bind",
        ".trim",
        ".keys",
        ".create",
        ".now",
        ".isArray",
        ".assign",
        ".includes",
        ".startsWith",
        ".endsWith",
        ".padStart",
        ".classList",
        ".dataset",
        ".querySelector",
        ".querySelectorAll",
        ".addEventListener",
        "JSON",
        "Promise",
        "Map",
        "Set",
        "Symbol",
        "fetch",
        "localStorage",
        "sessionStorage",
        "requestAnimationFrame",
    ]
)
"""Names that came with ECMAScript 5 or later, or with browsers that iPanel 3 is older than."""


def parsed(sources: list[str]) -> list[dict[str, list[str] | str]]:
    """What acorn says of each source: `error` ("" where there is none) and the `names` in it."""
    node = shutil.which("node")
    assert node, "nodejs is missing: scripts/setup test installs it"
    assert (MODULES / "acorn").is_dir(), "node-acorn is missing: scripts/setup test installs it"
    done = subprocess.run(
        [node, "-e", PARSE], input=json.dumps(sources), capture_output=True, text=True, check=True, timeout=60,
        env={**os.environ, "NODE_PATH": str(MODULES)},
    )  # fmt: skip
    answer: list[dict[str, list[str] | str]] = json.loads(done.stdout)
    return answer


@pytest.mark.parametrize(
    "source",
    ["let a = 1;", "f(x => x);", "var a = {get b() { return 1; }};", "a.default = 1;", "var a = [1, 2,].length; var class = 1;"],
)  # fmt: skip
def test_the_parser_refuses_what_is_newer(source: str) -> None:
    """A property named as a reserved word, a getter, an arrow: none of it is ECMAScript 3."""
    assert parsed([source])[0]["error"]


async def test_every_script_that_a_box_gets_is_ecmascript_3(
    redis_server: LocalRedis, redis_client: Redis
) -> None:
    """The script with its table, of several pages on every profile; at most 4,000 bytes without the table."""
    await sample.publish(redis_client)
    sources: dict[str, str] = {}
    async with serving(redis_server.url, sample.SITE_ID) as (portal, _):
        for profile in PROFILES:
            for path in ("", "c/310/2", "c/411/1/matter01", "n/59"):
                address = f"/tv/{profile}/{path}"
                answer = await AsyncHTTPClient().fetch(portal + address)
                scripts = re.findall(r"<script[^>]*>(.*?)</script>", answer.body.decode(), re.DOTALL)
                assert len(scripts) == 1, address
                sources[address] = scripts[0]
                table, _, script = scripts[0].partition(";\n")
                assert table.lstrip("/<![CDAT\n").startswith("var P={"), address
                assert len(script.encode()) <= 4_000, address
    for address, said in zip(sources, parsed(list(sources.values())), strict=True):
        assert not said["error"], f"{address}: {said['error']}"
        assert not NEWER & set(said["names"]), address

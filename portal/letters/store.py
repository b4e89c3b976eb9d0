"""The letter box: letters in a Redis of their own, on disk before anybody is told that they are.

Every change of a letter is one script: it is there whole or not at all, and Redis answers after its
append-only file was written and synced (`appendfsync always`), and after so many replicas have it as the
settings ask for. A letter is a list that only grows: the letter as it was filed, then one event after
another; its length is its version, and who writes says which version was read. What can be computed out of
the history is not stored; the sets beside the lists are ways to find letters, never the truth about one.

keys, each behind `sgl:{SITE}:`
    letter:NUMBER      list: the letter without its events, then its events, as JSON
    filed              sorted set: number by the second of filing
    live               set: what is owed something or not closed yet
    worded             sorted set: what still has its words, by the second of filing
    unit:UNIT          sorted set: what a unit has or had, by the second of filing
    public             sorted set: what everybody may read, by the day of its answer
    telephone:SUBJECT, box:SUBJECT      sorted sets: what came from there
    publics, remotes   hashes: public id -> number, name in the case system -> number
    outbox:LANE        sorted set: NUMBER:EVENT by the second at which it may be tried
    tries:LANE         hash: NUMBER:EVENT -> attempts, last error, as JSON
    once:SUBJECT       what a token or a message has become: a second one changes nothing
    limit:KIND:SUBJECT sorted set: who has written when, in milliseconds
    wrong:KIND:SUBJECT how many wrong tries
    draft:SUBJECT      a draft           pairing:SUBJECT    the token that a pairing code opens
    view:SUBJECT       the number that a screen may show for minutes
    known:SUBJECT      a letter and an address that has opened it
    typed:SUBJECT      number, code and telephone that are being typed to look a letter up
    seal               tells whether this server's secret is the one that the codes were hashed with
SUBJECT is a keyed hash: no telephone number, address, box or token stands in the name of a key.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as RedisTimeoutError

from portal import codec
from portal.errors import NotFound
from portal.letters import scripts
from portal.letters.errors import Changed, LettersAway, NoDraft, NotStored, TooMany, WeakStorage
from portal.letters.model import Draft, Event, Letter
from portal.letters.tables import Ladder
from portal.store import as_text, wait

ONCE_SECONDS = 90 * 86_400
"""How long a token is remembered: far longer than anybody repeats a request."""

HELD_LETTERS = 20_000
"""Letters that a process keeps decoded; some 2 kB each."""

REPLICA_MILLISECONDS = 2_000

_SILENT = (RedisConnectionError, RedisTimeoutError, OSError)
_ANY = (RedisError, OSError)


@dataclass(frozen=True, slots=True)
class Limited:
    """Whom one letter is counted for: `kind` as `TooMany.subject` names it, a keyed hash, and the ladder."""

    kind: str
    subject: str
    steps: Ladder


@dataclass(frozen=True, slots=True)
class Entry:
    """Something in an outbox: the event at place `index` of a letter's history (0 is the filing)."""

    lane: str
    number: str
    index: int

    @property
    def name(self) -> str:
        """Its name, the same however often it is tried: give it to the other side as idempotency key."""
        return f"{self.number}:{self.index}"


@dataclass(frozen=True, slots=True)
class Tries:
    """How often an entry was tried in vain, and why the last time."""

    attempts: int = 0
    error: str = ""


class LetterBox:
    """Letters in Redis. Every method raises LettersAway where Redis does not answer; what writes a letter
    raises NotStored where it is not certain that the letter is on disk, after which repeating it is safe."""

    def __init__(
        self,
        redis: Redis,
        site_id: str,
        replicas: int = 0,
        wait_ms: int = REPLICA_MILLISECONDS,
        held: int = HELD_LETTERS,
    ) -> None:
        """`replicas`: how many must have a letter within `wait_ms` before it is acknowledged."""
        self.redis = redis
        self.prefix = f"sgl:{{{site_id}}}:"
        self._replicas = replicas
        self._wait_ms = wait_ms
        self._held: OrderedDict[str, Letter] = OrderedDict()
        self._limit = held

    def key(self, *parts: str) -> str:
        """The name of a key of the letter box."""
        return self.prefix + ":".join(parts)

    async def check(self, seal: str, *, trusted: bool = False) -> None:
        """Whether this Redis keeps what it has acknowledged, and knows this server's secret.

        seal      what `Keyed.subject` makes of the secret
        trusted   do not ask Redis how it is configured, where it does not say (managed services)
        raises    WeakStorage
        """
        problems = [] if trusted else await self._weak()
        await self._ask(self.redis.set(self.key("seal"), seal, nx=True))
        if as_text(await self._ask(self.redis.get(self.key("seal")))) != seal:
            problems.append(
                "the codes were hashed with another secret: give every server the same LETTERS_SECRET"
            )
        if problems:
            raise WeakStorage(problems)

    async def _weak(self) -> list[str]:
        wanted = {"appendonly": "yes", "appendfsync": "always", "no-appendfsync-on-rewrite": "no"}
        problems = []
        try:
            for name, value in wanted.items():
                found = (await wait(self.redis.config_get(name))).get(name)
                if found != value:
                    problems.append(f"{name} is {found or 'unknown'}: set it to {value}")
            memory = await wait(self.redis.config_get("maxmemory*"))
        except _SILENT as error:
            raise LettersAway(f"the letter box does not answer: {error}") from error
        except RedisError:
            return [
                "it does not tell its settings (CONFIG is refused): set LETTERS_STORAGE=trusted if you know"
            ]
        if memory.get("maxmemory", "0") != "0" and memory.get("maxmemory-policy") != "noeviction":
            problems.append("maxmemory-policy throws letters away: set it to noeviction")
        return problems

    async def file(
        self,
        letter: Letter,
        token: str,
        *,
        telephone: str,
        box: str,
        limits: Sequence[Limited],
        parcels: Sequence[tuple[str, int]],
    ) -> tuple[str, bool]:
        """Store a letter with its first events. The number it has, and whether this token had filed it
        before.

        token, telephone, box   keyed hashes; `box` "" for none      parcels   lanes and the events that they
                                carry
        returns   ("", False) where the number is taken: draw another
        raises    TooMany, NotStored
        """
        request = {
            "number": letter.number,
            "token": token,
            "keep": ONCE_SECONDS,
            "ms": int(letter.filed.timestamp() * 1000),
            "second": int(letter.filed.timestamp()),
            "telephone": telephone,
            "box": box,
            "unit": letter.unit,
            "limits": [
                {
                    "kind": each.kind,
                    "subject": each.subject,
                    "steps": each.steps,
                    "longest": max(seconds for _, seconds in each.steps),
                }
                for each in limits
                if each.steps
            ],
            "parcels": [(lane, f"{letter.number}:{index}") for lane, index in parcels],
        }
        answer = await self._store(scripts.FILE, request, _rows(letter))
        match answer:
            case ["taken"]:
                return "", False
            case ["many", kind, opens]:
                raise TooMany(kind, datetime.fromtimestamp(int(opens) / 1000, letter.filed.tzinfo))
            case [said, number]:
                return number, said == "again"
            case _:
                raise NotStored(f"the letter box answered {answer!r}")

    async def append(
        self,
        letter: Letter,
        events: Sequence[Event],
        *,
        once: str,
        live: bool,
        parcels: Sequence[tuple[str, int]] = (),
        done: Sequence[Entry] = (),
        public_id: str = "",
        public_day: int = 0,
        remote: str = "",
    ) -> Letter:
        """Write events to a letter as it was read; the letter with them.

        once       a keyed hash: the same one writes nothing twice       live       more may come due after it
        parcels    lanes, and the places of the events that they carry   done       what is taken out of an
        outbox public_id  "" leaves it as it is; `public_day` 0 hides it, else it is shown by that day
        (YYYYMMDD)
        remote     its name in the case system
        raises     Changed, NotStored
        """
        request = {
            "number": letter.number,
            "version": letter.version,
            "once": once,
            "keep": ONCE_SECONDS,
            "live": live,
            "filed": int(letter.filed.timestamp()),
            "second": int(events[-1].at.timestamp()) if events else 0,
            "units": [event.unit for event in events if event.unit],
            "parcels": [(lane, f"{letter.number}:{index}") for lane, index in parcels],
            "done": [(entry.lane, entry.name) for entry in done],
            "public_id": public_id,
            "public_day": public_day,
            "remote": remote,
        }
        answer = await self._store(scripts.APPEND, request, [codec.dump(event) for event in events])
        if answer == ["changed"]:
            self._held.pop(letter.number, None)
            raise Changed(f"somebody else has written to letter {letter.number}: read it again")
        if answer == ["again"]:
            return await self.letter(letter.number)
        changed = replace(letter, events=(*letter.events, *events))
        self._keep(changed)
        return changed

    async def erase(self, letter: Letter, bare: Letter, telephone: str, public_id: str) -> None:
        """Put a letter without its words in the place of one with them. Raises Changed, NotStored."""
        request = {
            "number": letter.number,
            "version": letter.version,
            "telephone": telephone,
            "public_id": public_id,
        }
        if await self._store(scripts.ERASE, request, _rows(bare)) == ["changed"]:
            raise Changed(f"somebody else has written to letter {letter.number}: read it again")
        self._held.pop(letter.number, None)

    async def letter(self, number: str) -> Letter:
        """The letter of a number, as it is now. NotFound."""
        found = await self.letters([number])
        if not found:
            raise NotFound(f"no letter {number}")
        return found[0]

    async def letters(self, numbers: Iterable[str]) -> list[Letter]:
        """The letters of these numbers, as they are now; those that there are not are left out."""
        wanted = list(dict.fromkeys(numbers))
        pipe = self.redis.pipeline(transaction=False)
        for number in wanted:
            pipe.llen(self.key("letter", number))
        lengths = dict(zip(wanted, await self._ask(pipe.execute()), strict=True)) if wanted else {}
        stale = [
            number for number, length in lengths.items() if length and not self._fresh(number, int(length))
        ]
        for number in stale:
            pipe.lrange(self.key("letter", number), 0, -1)
        read: dict[str, Letter] = {}
        if stale:
            for number, rows in zip(stale, await self._ask(pipe.execute()), strict=True):
                if rows:
                    read[number] = _letter(rows)
                    self._keep(read[number])
        found = (read.get(number) or self._held.get(number) for number in wanted if lengths[number])
        return [letter for letter in found if letter is not None]

    async def live_numbers(self) -> list[str]:
        """The numbers of the letters that are owed something, or not closed yet."""
        return sorted(as_text(each) for each in await self._ask(self.redis.smembers(self.key("live"))))

    async def numbers(
        self, index: str = "filed", first: float = float("-inf"), last: float = float("inf")
    ) -> list[str]:
        """Numbers out of one of the sorted sets (`filed`, `public`, `unit:ID`, `box:SUBJECT` ...), newest
        first.
        """
        found = await self._ask(self.redis.zrevrangebyscore(self.key(index), last, first))
        return [as_text(each) for each in found]

    async def named(self, table: str, name: str) -> str:
        """The number of a public id (`publics`) or of a name in the case system (`remotes`). NotFound."""
        found = await self._ask(self.redis.hget(self.key(table), name))
        if found is None:
            raise NotFound(f"no letter '{name}' in {table}")
        return as_text(found)

    async def seen_once(self, once: str) -> str:
        """The number of the letter that a token has become or a message has changed, "" for none."""
        return as_text(await self._ask(self.redis.get(self.key("once", once))) or "")

    async def off_box(self, box: str, number: str) -> None:
        """Take a letter off a household's list."""
        await self._ask(self.redis.zrem(self.key("box", box), number))

    async def claim(self, lane: str, now: datetime, lease: float, count: int) -> list[tuple[Entry, Tries]]:
        """Take what may be tried now, the oldest first; nobody else is given it for `lease` seconds.

        Of one letter the earliest event alone is given out: the other side hears things in their order.
        """
        second = int(now.timestamp())
        names = await self._ask(
            self.redis.eval(
                scripts.CLAIM, 1, self.prefix, lane, str(second), str(second + int(lease)), str(count)
            )
        )
        return await self._with_tries(lane, [as_text(name) for name in names])

    async def _with_tries(self, lane: str, names: Sequence[str]) -> list[tuple[Entry, Tries]]:
        if not names:
            return []
        rows = await self._ask(self.redis.hmget(self.key("tries", lane), list(names)))
        return [
            (_entry(lane, name), codec.load(raw, Tries) if raw else Tries())
            for name, raw in zip(names, rows, strict=True)
        ]

    async def put_off(self, entry: Entry, tries: Tries, again: datetime) -> None:
        """Note that an entry was tried in vain, and when to try it again."""
        pipe = self.redis.pipeline(transaction=True)
        pipe.zadd(self.key("outbox", entry.lane), {entry.name: int(again.timestamp())}, xx=True)
        pipe.hset(self.key("tries", entry.lane), entry.name, codec.dump(tries))
        await self._ask(pipe.execute())

    async def trying(self, entry: Entry, tries: Tries) -> None:
        """Note that an entry is being tried, before it is: whoever finds it later knows."""
        await self._ask(self.redis.hset(self.key("tries", entry.lane), entry.name, codec.dump(tries)))

    async def done(self, entry: Entry) -> None:
        """Take an entry out of its outbox."""
        pipe = self.redis.pipeline(transaction=True)
        pipe.zrem(self.key("outbox", entry.lane), entry.name)
        pipe.hdel(self.key("tries", entry.lane), entry.name)
        await self._ask(pipe.execute())

    async def waiting(self, lane: str) -> list[tuple[Entry, Tries]]:
        """Everything in an outbox, what is next first."""
        names = [
            as_text(each) for each in await self._ask(self.redis.zrange(self.key("outbox", lane), 0, -1))
        ]
        return await self._with_tries(lane, names)

    async def draft(self, token: str) -> Draft:
        """A draft by the keyed hash of its token. NoDraft where it has run out."""
        raw = await self._ask(self.redis.get(self.key("draft", token)))
        if raw is None:
            raise NoDraft("this draft has run out or was filed")
        return codec.load(raw, Draft)

    async def put_draft(self, token: str, before: Draft | None, draft: Draft, seconds: int) -> bool:
        """Keep a draft in the place of `before`; False where somebody else has changed it meanwhile."""
        old = codec.dump(before) if before else ""
        return bool(
            await self._ask(
                self.redis.eval(
                    scripts.DRAFT, 1, self.key("draft", token), old, codec.dump(draft), str(seconds)
                )
            )
        )

    async def drop_draft(self, token: str) -> None:
        """Forget a draft."""
        await self._ask(self.redis.delete(self.key("draft", token)))

    async def keep(self, kind: str, name: str, value: str, seconds: int) -> bool:
        """Remember a value for a while (`pairing`, `view`); False where the name is in use."""
        return bool(await self._ask(self.redis.set(self.key(kind, name), value, ex=seconds, nx=True)))

    async def kept(self, kind: str, name: str, *, take: bool = False, again: int = 0) -> str:
        """What `keep` remembers, "" for nothing; `take` forgets it at the same time, `again` keeps it for so
        many seconds more.
        """
        key = self.key(kind, name)
        if again:
            found = await self._ask(self.redis.getex(key, ex=again))
        else:
            found = await self._ask(self.redis.getdel(key) if take else self.redis.get(key))
        return as_text(found or "")

    async def note(self, kind: str, name: str, value: str, seconds: int) -> None:
        """Remember a value for a while in the place of the one before."""
        await self._ask(self.redis.set(self.key(kind, name), value, ex=seconds))

    async def table(self, name: str) -> dict[str, str]:
        """All rows of a hash that holds no letters: accounts, keys, what was told."""
        found = await self._ask(self.redis.hgetall(self.key(name)))
        return {as_text(field): as_text(value) for field, value in found.items()}

    async def row(self, name: str, field: str) -> str:
        """One row of such a hash, "" for none."""
        return as_text(await self._ask(self.redis.hget(self.key(name), field)) or "")

    async def put_row(self, name: str, field: str, value: str) -> None:
        """Keep a row; "" takes it out."""
        key = self.key(name)
        await self._ask(self.redis.hset(key, field, value) if value else self.redis.hdel(key, field))

    async def log(self, name: str, line: str, most: int = 10_000) -> None:
        """Add a line to a log of the desk, of which about the last `most` are kept."""
        await self._ask(self.redis.xadd(self.key(name), {"line": line}, maxlen=most, approximate=True))

    async def log_lines(self, name: str, count: int) -> list[str]:
        """The last lines of a log, newest first."""
        found = await self._ask(self.redis.xrevrange(self.key(name), count=count))
        return [as_text(fields[b"line"]) for _, fields in found]

    async def tried(self, kind: str, subject: str, seconds: int) -> int:
        """Count a try; how many there were since the first of them, which is forgotten after `seconds`."""
        return int(
            await self._ask(self.redis.eval(scripts.TRY, 1, self.key("wrong", kind, subject), str(seconds)))
        )

    async def tries(self, kind: str, subject: str) -> int:
        """How many tries are counted."""
        return int(await self._ask(self.redis.get(self.key("wrong", kind, subject))) or 0)

    async def take_back(self, kind: str, subject: str) -> None:
        """Count one try less: it was right. Those before it stay, or a right one would pay for any number."""
        await self._ask(self.redis.eval(scripts.TAKE_BACK, 1, self.key("wrong", kind, subject)))

    async def forgive(self, kind: str, subject: str) -> None:
        """Forget the tries."""
        await self._ask(self.redis.delete(self.key("wrong", kind, subject)))

    async def _store(self, script: str, request: Mapping[str, object], rows: Sequence[str]) -> list[str]:
        """Run a script that writes, and wait until the replicas have it. NotStored where that is not
        certain.
        """
        asked = json.dumps(request, ensure_ascii=False)
        pipe = self.redis.pipeline(transaction=False)
        # A pipeline is one connection, and WAIT is about what this connection has written.
        pipe.eval(script, 1, self.prefix, asked, *rows)
        if self._replicas:
            pipe.execute_command("WAIT", self._replicas, self._wait_ms)
        try:
            answers = await wait(pipe.execute())
        except _ANY as error:
            raise NotStored(f"the letter box did not confirm: {error}") from error
        if self._replicas and answers[1] < self._replicas:
            raise NotStored(f"only {answers[1]} of {self._replicas} replicas have it")
        return [as_text(each) for each in answers[0]]

    async def _ask(self, answer: Any) -> Any:
        try:
            return await wait(answer)
        except _ANY as error:
            raise LettersAway(f"the letter box does not answer: {error}") from error

    def _fresh(self, number: str, length: int) -> bool:
        held = self._held.get(number)
        if held is None or held.version + 1 != length:
            return False
        self._held.move_to_end(number)
        return True

    def _keep(self, letter: Letter) -> None:
        self._held[letter.number] = letter
        self._held.move_to_end(letter.number)
        if len(self._held) > self._limit:
            self._held.popitem(last=False)


def _rows(letter: Letter) -> list[str]:
    return [codec.dump(replace(letter, events=())), *(codec.dump(event) for event in letter.events)]


def _letter(rows: Sequence[bytes]) -> Letter:
    letter = codec.load(rows[0], Letter)
    return replace(letter, events=tuple(codec.load(row, Event) for row in rows[1:]))


def _entry(lane: str, name: str) -> Entry:
    number, _, index = name.partition(":")
    return Entry(lane, number, int(index))

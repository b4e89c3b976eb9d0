"""The content of a city portal as typed, frozen data.

Extraction fills these types, the store keeps them, the editions lay them out. No markup of the
origin survives: running text is `Run`s, everything else is one of the Blocks.

Moments are strings in the city's own time, `YYYY-MM-DD` or `YYYY-MM-DD HH:MM`, "" where the origin
states none: portals publish days more often than instants, and both forms sort as text.
Official field names (索引号, 承诺时限) stay in Chinese in `fields`; attributes are English.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Section(StrEnum):
    """The four parts of the portal, in the order in which every edition shows them."""

    NEWS = "news"
    SERVICES = "services"
    DISCLOSURE = "disclosure"
    INTERVIEWS = "interviews"


class Kind(StrEnum):
    """What an item is; also the `kind` that `content_sync extract` prints."""

    ARTICLE = "article"
    DISCLOSURE = "disclosure"
    MATTER = "matter"
    UNIT = "unit"
    FACT = "fact"
    INTERVIEW = "interview"
    NOTICE = "notice"
    CASE = "case"


class Own(StrEnum):
    """The pages that the editions make themselves and a column gives its number and place to."""

    GO = "go"
    CASES = "cases"


class Effect(StrEnum):
    """Whether a disclosed document is in force; UNKNOWN where the origin does not say."""

    VALID = "有效"
    INVALID = "失效"
    REPEALED = "废止"
    UNKNOWN = ""


class InterviewState(StrEnum):
    """Where an interview stands."""

    ANNOUNCED = "announced"
    LIVE = "live"
    ARCHIVED = "archived"


# --- Blocks ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text of one look. `href` is an absolute http(s) address of the origin, or ""."""

    text: str
    strong: bool = False
    href: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside a body; `level` 2 to 4 (1 is the title of the item)."""

    text: str
    level: int = 2


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of running text, without the indent that Chinese pages type into it."""

    runs: tuple[Run, ...]

    @property
    def text(self) -> str:
        """The text without its looks."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class List:
    """A list; its items are plain text."""

    items: tuple[str, ...]
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table of plain cells, every row of the same length; the first `head` rows are its head."""

    rows: tuple[tuple[str, ...], ...]
    head: int = 0
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Image:
    """A picture. `media` names its bytes in the mirror; "" where they could not be had."""

    src: str
    alt: str = ""
    caption: str = ""
    media: str = ""
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file to take along: `format` is its ending in lower case (pdf, doc), `size` in octets or 0."""

    href: str
    name: str
    format: str = ""
    size: int = 0


@dataclass(frozen=True, slots=True)
class Exchange:
    """One question and its answer in an interview; `asker` and `speaker` may be ""."""

    question: str
    answer: str
    asker: str = ""
    speaker: str = ""


Block = Heading | Paragraph | List | Table | Image | Attachment | Exchange


@dataclass(frozen=True, slots=True)
class Field:
    """One labelled value, under the name that the origin's table gives it (索引号, 承诺时限)."""

    name: str
    value: str


# --- Items ----------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Item:
    """What every published thing has.

    id         short and stable: the same through edits, for every address of the same page
    url        the origin address that it was read from
    columns    ids of the columns that list it, the first is the one it is filed under
    dates      every date found, under the origin's label (发布, 成文, 生成, 更新)
    withdrawn  the moment it was taken off, "" while it stands
    """

    id: str
    url: str
    title: str
    columns: tuple[str, ...] = ()
    published: str = ""
    source: str = ""
    summary: str = ""
    fields: tuple[Field, ...] = ()
    dates: tuple[Field, ...] = ()
    blocks: tuple[Block, ...] = ()
    withdrawn: str = ""

    @property
    def images(self) -> tuple[Image, ...]:
        """The pictures of the body that the mirror holds."""
        return tuple(block for block in self.blocks if isinstance(block, Image) and block.media)


@dataclass(frozen=True, kw_only=True)
class Article(Item):
    """News, a report, a policy explained."""


@dataclass(frozen=True, kw_only=True)
class Disclosure(Item):
    """A document that the government publishes on its own account (主动公开)."""

    index_no: str = ""
    doc_no: str = ""
    issuer: str = ""
    made_on: str = ""
    effect: Effect = Effect.UNKNOWN
    topic: str = ""


@dataclass(frozen=True, kw_only=True)
class Matter(Item):
    """A service matter (办事事项): what to bring, where, when, how long, what it costs.

    `title` is the official name without its brackets; the everyday names stood in them.
    `unit` is the unit's name, `unit_id` its item in the mirror or "".
    """

    everyday_names: tuple[str, ...] = ()
    audience: str = ""
    categories: tuple[str, ...] = ()
    identities: tuple[str, ...] = ()
    unit: str = ""
    unit_id: str = ""
    conditions: tuple[str, ...] = ()
    materials: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    legal_limit: str = ""
    promised_limit: str = ""
    fee: str = ""
    place: str = ""
    hours: str = ""
    telephone: str = ""
    complaint_telephone: str = ""
    bus_route: str = ""
    basis: str = ""


@dataclass(frozen=True, kw_only=True)
class Unit(Item):
    """A public body (机构): `title` is its name; `position` is "longitude,latitude" (WGS 84) or ""."""

    level: str = ""
    duties: tuple[str, ...] = ()
    address: str = ""
    telephone: str = ""
    hours: str = ""
    bus_route: str = ""
    position: str = ""


@dataclass(frozen=True, kw_only=True)
class Fact(Item):
    """A small table of things to know (便民查询); its rows are `fields`."""

    checked_on: str = ""
    valid_until: str = ""


@dataclass(frozen=True, kw_only=True)
class Interview(Item):
    """An interview; its questions and answers are Exchange blocks."""

    guests: tuple[str, ...] = ()
    unit: str = ""
    held: str = ""
    state: InterviewState = InterviewState.ARCHIVED

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """The questions and answers, in order."""
        return tuple(block for block in self.blocks if isinstance(block, Exchange))


@dataclass(frozen=True, kw_only=True)
class Notice(Item):
    """An urgent notice: no water tonight, a storm, a road closed."""

    severity: str = ""
    area: str = ""
    valid_from: str = ""
    valid_until: str = ""


@dataclass(frozen=True, kw_only=True)
class Case(Item):
    """The public result of a case (许可事项, 双公示): who applied, for what, how it stands and ended.

    case_no    its number as the origin writes it        applicant  masked, where it is a person
    content    what was applied for or permitted         state      受理, 审查, 办结 ...
    result     准予许可, 不予许可 ..., "" before the end     decided_on  YYYY-MM-DD or ""
    """

    case_no: str = ""
    matter: str = ""
    applicant: str = ""
    content: str = ""
    state: str = ""
    result: str = ""
    unit: str = ""
    decided_on: str = ""
    valid_until: str = ""


AnyItem = Article | Disclosure | Matter | Unit | Fact | Interview | Notice | Case

ITEM_TYPES: dict[Kind, type[AnyItem]] = {
    Kind.ARTICLE: Article,
    Kind.DISCLOSURE: Disclosure,
    Kind.MATTER: Matter,
    Kind.UNIT: Unit,
    Kind.FACT: Fact,
    Kind.INTERVIEW: Interview,
    Kind.NOTICE: Notice,
    Kind.CASE: Case,
}


def kind_of(item: AnyItem) -> Kind:
    """The kind of an item, from its type."""
    return _KINDS[type(item)]


_KINDS = {cls: kind for kind, cls in ITEM_TYPES.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What a list shows of an item, without its body.

    version  names the body's bytes in the store (a hash of the item)
    note     a second line for lists: everyday names of a matter, telephone of a unit, guests
    """

    id: str
    kind: Kind
    title: str
    columns: tuple[str, ...] = ()
    published: str = ""
    note: str = ""
    picture: str = ""
    withdrawn: str = ""
    version: str = ""


# --- The portal's own shape -------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column (栏目) of the portal: a list of items, or a group of other columns.

    id      stable name from the site file            number  its dial number, a string of digits
    parent  id of the column above, "" for the four sections
    words   everyday words that stand on its tile (办证 社保 看病), names of the languages in `names`
    page    what the editions make themselves in place of a list, a value of Own, or ""
    count   items listed                              newest  the newest item's moment
    """

    id: str
    name: str
    section: Section
    number: str
    parent: str = ""
    order: int = 0
    words: str = ""
    kind: Kind = Kind.ARTICLE
    names: tuple[Field, ...] = ()
    page: str = ""
    count: int = 0
    newest: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a life scene: the name of a matter, or of several of which one is done."""

    either: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LifeScene:
    """What happens in a life (生孩子, 开店): the matters that it takes, in order, by their names."""

    id: str
    name: str
    steps: tuple[Step, ...]
    words: str = ""
    names: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The mirrored city: its name, its columns in order, and which generation this is.

    travel      names the facts for people on the go in the store, "" where there are none
    everyday    (what people say, the official name that it stands for), one way and reviewed
    generation  grows by one a publish; 0 never occurs       published  epoch seconds of the publish
    checked     epoch seconds of the last sync that reached the origin
    """

    id: str
    name: str
    columns: tuple[Column, ...]
    home: str = ""
    time_zone: str = "Asia/Shanghai"
    hotline: str = "12345"
    names: tuple[Field, ...] = ()
    everyday: tuple[Field, ...] = ()
    scenes: tuple[LifeScene, ...] = ()
    travel: str = ""
    generation: int = 0
    published: float = 0.0
    checked: float = 0.0

    def column(self, column_id: str) -> Column | None:
        """The column of that id."""
        return next((column for column in self.columns if column.id == column_id), None)

    def by_number(self, number: str) -> Column | None:
        """The column of that dial number."""
        return next((column for column in self.columns if column.number == number), None)

    def own(self, page: Own) -> Column | None:
        """The column whose page the editions make themselves."""
        return next((column for column in self.columns if column.page == page), None)

    def children(self, column_id: str) -> tuple[Column, ...]:
        """The columns right below a column, in order."""
        return tuple(column for column in self.columns if column.parent == column_id)

    def below(self, column_id: str) -> tuple[Column, ...]:
        """The columns without children anywhere below a column, itself where it has none."""
        children = self.children(column_id)
        if not children:
            return tuple(column for column in self.columns if column.id == column_id)
        return tuple(leaf for child in children for leaf in self.below(child.id))

    def sections(self) -> tuple[Column, ...]:
        """The four sections' own columns, in the order of `Section`."""
        top = {column.section: column for column in self.columns if not column.parent}
        return tuple(top[section] for section in Section if section in top)


def name_in(names: tuple[Field, ...], locale: str, default: str) -> str:
    """A name in a language, where `names` holds one: `name_in(column.names, "en", column.name)`."""
    return next((field.value for field in names if field.name == locale), default)

"""Plain words for made-up entries, so that a stored event is about as long as one of the bundled matters' (950 bytes)."""

from random import Random

PUBLISHERS = ("Federal Register", "Reuters", "Financial Times", "The Information", "Bloomberg", "Court Listener", "SEC")
_WORDS = [
    "agency",
    "announced",
    "authority",
    "budget",
    "chips",
    "company",
    "compliance",
    "court",
    "data",
    "deadline",
    "divestiture",
    "domestic",
    "effect",
    "enforcement",
    "export",
    "filing",
    "guidance",
    "imports",
    "investors",
    "letter",
    "licence",
    "limits",
    "market",
    "ministry",
    "order",
    "owner",
    "plan",
    "president",
    "quarter",
    "report",
    "review",
    "rule",
    "sale",
    "servers",
    "spending",
    "statement",
    "supplier",
    "technology",
    "threshold",
    "window",
    "year",
]


def sentence(random: Random, words: int) -> str:
    """A sentence of so many words."""
    return " ".join(random.choices(_WORDS, k=words)).capitalize() + "."


def sources(random: Random, published: str) -> list[dict[str, str]]:
    """One source, or two."""
    return [_source(random, published) for _ in range(random.choice((1, 1, 2)))]


def _source(random: Random, published: str) -> dict[str, str]:
    publisher = random.choice(PUBLISHERS)
    title = sentence(random, 9)
    slug = title[:-1].lower().replace(" ", "-")
    return {
        "publisher": publisher,
        "title": title,
        "url": f"https://www.{publisher.replace(' ', '').lower()}.example/{published.replace('-', '/')}/{slug}",
        "published": published,
    }

"""Made-up figures: budgets with rivals and revisions, shares, and one product's users reported over and over."""

from typing import TYPE_CHECKING, Any

from domain.events import BudgetAllocated, Entry, ProductUsageReported, SupplierShareReported

if TYPE_CHECKING:
    from benchmarks.corpus import Story

RIVALS = 4
"""How many lines a figure gets at most; further reports revise one of them."""


def budget(story: "Story") -> tuple[type[Entry], dict[str, Any]]:
    """A budget of one of three scopes: a rival's line of its own, or a revision."""
    scope = story.random.choice(("china", "overseas", "total"))
    year = story.calendar.today.year + story.random.randint(0, 1)
    money = {"amount": str(story.random.randint(20, 200) * 100_000_000), "currency": story.random.choice(("CNY", "USD"))}
    reported_by = story.random.choice(("Reuters", "Financial Times", "The Information"))
    revises = _line(story, f"budget-{scope}-{year}", BudgetAllocated)
    return BudgetAllocated, {"scope": scope, "year": year, "money": money, "reported_by": reported_by, "revises": revises}


def share(story: "Story") -> tuple[type[Entry], dict[str, Any]]:
    """The share of domestic suppliers."""
    year = story.calendar.today.year
    return SupplierShareReported, {
        "market": "ai-chips",
        "group": "domestic",
        "share": f"0.{story.random.randint(10, 90)}",
        "year": year,
        "suppliers": ["Huawei", "Cambricon"],
        "revises": _line(story, f"share-{year}", SupplierShareReported),
    }


def usage(story: "Story") -> tuple[type[Entry], dict[str, Any]]:
    """Users of the one product: one subject with a long history."""
    return ProductUsageReported, {
        "product": "assistant",
        "users": story.random.randint(1, 500) * 1_000_000,
        "per": "month",
        "qualifier": "about",
        "reported_by": "QuestMobile",
    }


def _line(story: "Story", figure: str, kind: type[Entry]) -> str | None:
    """The key of the line that the next report revises; None where it opens one."""
    lines = story.lines.setdefault(figure, [])
    if len(lines) < RIVALS and (not lines or story.random.random() < 0.3):
        lines.append(f"{kind.__name__.lower()}-{story.numbers.get(kind.__name__, 0) + 1}")
        return None
    return story.random.choice(lines)

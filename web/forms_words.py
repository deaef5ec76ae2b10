"""What the fields of the forms are called, and what is said below them: plain words for people who record."""

import re

from domain.deadlines import RULES

LABELS = {
    "url": "Address",
    "archived_url": "Archived at",
    "seen_at": "Copy seen at",
    "published": "Published on",
    "pinpoint": "Page or section",
    "quote": "Quotation",
    "unread": "Nobody here has read it",
    "occurred": "When it happened",
    "wording": "The source's words for that date",
    "announced": "First known to the public",
    "announced_basis": "Why known from that day",
    "effective": "In effect",
    "effective.from": "From",
    "effective.until": "Through",
    "key": "Short address",
    "summary": "Summary",
    "remarks": "Remarks",
    "claimed": "Standing",
    "sources": "Source",
    "sources.title": "Title of the source",
    "number": "Number of the order",
    "rin": "RIN",
    "due": "Due date",
    "due_is": "The due date is",
    "usd": "In US dollars",
    "text": "What it says",
    "by": "By whom",
    "bill": "Bill",
    "in_what": "In which transaction",
    "rule.length": "How long",
    "rule.start": "Counted from",
    "rule.rule": "Under which rule",
    "rule.before": "Count back from it",
    "rule.counting": "The first day",
    "rule.zone": "Time zone",
    "rule.no_roll": "A closed last day stays where it is",
    "rule.inaccessible": "Clerk’s office inaccessible on",
    "opened_by": "Opened by",
    "legal_basis": "Legal basis",
    "pauses": "Enforcement rests while it runs",
    "comments_close": "Comments close on",
    "compliance": "Compliance from",
    "licences": "Selling a chip to China",
    "slip": "Whose slip it was",
    "what": "What was ordered",
    "where": "Where",
    "order": "Order",
    "per": "Over which kind of period",
}
"""By path, or by the field's own name; any other is its name in words."""

OF_KIND = {
    ("ExportRuleSuspended", "rule"): "Which rule",
    ("WindowOpened", "rule"): "How the date is counted",
    ("WindowExtended", "rule"): "How the date is counted",
    ("OrderPlaced", "order"): "Short name of the order",
    ("OrderRevoked", "order"): "Order revoked",
    ("OrderRevoked", "revoked_by"): "Revoked by",
    ("DivestitureOrdered", "order"): "Short name of the order",
}
"""Labels that only one kind has."""

DATE = "21 March 2025, March 2025, or about March 2025."
"""What is said below every date that has nothing of its own to say."""
HELP_OF_KIND = {
    ("BudgetAllocated", "effective.from"): "Left empty: the day it is reported.",
    ("ExecutiveOrderSigned", "occurred"): f"The day of signing, never that of publication: {DATE}",
    ("ExportRuleSuspended", "effective.until"): "The last day of the suspension.",
    ("LawEnacted", "law"): "A short name, by which the views know it.",
    ("SourcingGuidanceIssued", "replaces"): "An earlier guidance that this one ends.",
    ("WindowExtended", "occurred"): f"It acts from this day: {DATE}",
    ("WindowExtended", "rule"): "As a document counts to it; kept beside the stated due date.",
    ("WindowMet", "evidence"): "What shows that it was done.",
    ("WindowOpened", "due_is"): "Whether it is still open on the due date itself.",
    ("WindowOpened", "due"): "As a document states it; kept beside what is counted.",
    ("WindowOpened", "rule"): "As a document counts to it; kept beside the stated due date.",
    ("WindowOpened", "effective.from"): "It may reach back before the day it was opened.",
    ("WindowSuspended", "effective.until"): "The last day; until further notice if left empty.",
}
"""What only one kind says of its own field."""

HELP = {
    "rule.length": "Such as 75.",
    "rule.start": "21 March 2025; for hours, a moment with its offset.",
    "rule.rule": "",
    "rule.jurisdiction": "Whose holidays count: US, US-MA, DE. The matter’s, if left empty.",
    "rule.zone": "The matter’s, if left empty.",
    "rule.inaccessible": "For federal courts: one day a line, 5 April 2025.",
    "publisher": "Such as Federal Register.",
    "url": "The publisher's own address.",
    "archived_url": "An archive's address of the same page.",
    "seen_at": "Where you read it, if that is not the publisher's own address.",
    "citation": "Such as 90 FR 8611; recognised as you type.",
    "pinpoint": "Where in it: a page, a section, a paragraph.",
    "quote": "A short passage, word for word, where you may quote it.",
    "unread": "Cited for what is generally known of it.",
    "occurred": DATE,
    "announced": "Left empty: when its first source was published.",
    "announced_basis": "Such as: a public act; the day it was disclosed.",
    "wording": "Only where it gives no exact day: “early next year”.",
    "key": "The last part of its address. Left empty, it is made from kind, day and title.",
    "summary": "One or two plain sentences.",
    "remarks": "What is contested, or was not read. Shown with hindsight only.",
    "claimed": "Only where it differs from what its kind says.",
    "effective.until": "The last day; none if left empty.",
    "amount": "40 billion, over $12bn.",
    "currency": "CNY, USD, …",
    "share": "60% or 0.6.",
    "minimum_domestic_share": "60% or 0.6.",
    "due": "As the document states it.",
    "revises": "Only where the same source revises its own figure: the key of that entry.",
    "scope": "Where it is spent: china, overseas, total, or another.",
    "purpose": "ai for chips and models, capex for all capital spending, or another.",
    "number": "Digits only: 14166.",
    "document_number": "Such as 2025-02087.",
    "docket": "Such as BIS-2025-0001.",
    "rin": "Such as 0694-AJ90.",
    "rule": "A short name that later entries use too.",
    "window": "A short name that later entries use too.",
    "law": "A short name that later entries use too.",
    "guidance": "A short name that later entries use too.",
    "opened_by": "Such as EO 14166.",
    "legal_basis": "Such as EO 14258.",
    "pauses": "However the window is moved later.",
    "order": "Such as EO 13942, or a short name.",
    "revoked_by": "Such as EO 14034.",
    "period": "Such as 2025-Q1.",
}
"""By path or name."""

HELP_OF = {
    "lines": "One a line.",
    "day": "One certain day: 5 April 2025.",
    "when": DATE,
    "slug": "A short name: lower-case letters, digits, hyphens.",
    "path": "The dotted path of a value in a view, one a line.",
}
"""By what a field is, where it has no help of its own."""

CHOICES = {
    "last day": "open through that day",
    "effect day": "over from the start of that day",
    "official": "a public act",
    "reported": "somebody's report",
    "ours": "ours",
    "source": "the source's",
    "after": "the day after",
    "from": "that very day",
} | {name: f"{rule.title} ({name})" for name, rule in RULES.items()}
"""What a choice is called, where that differs from its value."""

FOLDED = frozenset(
    (
        "archived_url", "seen_at", "pinpoint", "quote", "unread", "wording", "announced_basis", "effective",
        "key", "remarks", "claimed", "before", "counting", "jurisdiction", "zone", "no_roll", "inaccessible",
    )
)  # fmt: skip
"""Fields of every kind that are folded away until they are wanted."""
WANTED = frozenset((("WindowSuspended", "effective"),))
"""Fields of one kind that are shown, though others fold them away."""
SHOWN = frozenset(
    (
        "purpose", "citation", "legal_basis", "title", "text", "due", "rule", "reported_by", "due_is", "by",
        "minimum_domestic_share", "users",
    )
)  # fmt: skip
"""Fields that are not required and shown all the same; the others of a kind are folded away."""


def label_of(path: str, kind: str = "") -> str:
    """What a field is called: by its last two names, its kind, or its own."""
    last = path.rpartition(".")[2]
    two = ".".join(path.split(".")[-2:])
    return LABELS.get(two) or OF_KIND.get((kind, last)) or LABELS.get(last) or last.replace("_", " ").capitalize()


def help_of(path: str, what: str, kind: str = "") -> str:
    """What is said below a field: by its kind and last two names, those, its kind and own name, its own, or what it is."""
    last = path.rpartition(".")[2]
    two = ".".join(path.split(".")[-2:])
    for name, texts in (((kind, two), HELP_OF_KIND), (two, HELP), ((kind, last), HELP_OF_KIND)):
        if name in texts:
            return texts[name]
    if what == "choice" and last != "claimed":
        return ""
    return HELP.get(last) or HELP_OF.get(what, "")


_PLAINER = (
    (re.compile(r"(“.*”) is not a date(?:\. Write it as .*|: there is no month .*)"), rf"\1 is not a date. Write {DATE}"),
    (re.compile(r"(“.*”) is not one certain day\. .*"), r"\1 is not one certain day. Write 5 April 2025."),
    (re.compile(r"(“.*”) is not an amount: .*"), r"\1 is not an amount. Write 40 billion, 12.5 million or 200.41."),
    (re.compile(r"(“.*”) is not a share: .*"), r"\1 is not a share. Write 60% or 0.6."),
    (re.compile("Give the `due` date that .*"), "Give the due date, or how it is counted."),
    (re.compile("Give the `due` date or the .*"), "Give the due date, or how it is counted, or say in the remarks why there is none."),
)  # fmt: skip
"""What the schema says to a script, and what it says to somebody at a form, who writes as people do."""


def plainer(text: str) -> str:
    """A refusal as somebody at a form is told it."""
    for pattern, words in _PLAINER:
        if pattern.fullmatch(text):
            return pattern.sub(words, text)
    return text


def said(text: str, kind: str = "") -> str:
    """A docstring's or a rule's sentence for people: `due_is` becomes “The due date is”, a `value` a “value”."""
    return re.sub(r"`([^`]*)`", lambda found: f"“{label_of(found[1], kind) if found[1] in LABELS else found[1]}”", text)


def first_sentence(text: str) -> str:
    """What a docstring begins with, as far as it speaks of no field by its name."""
    sentence = re.sub(r" \(`[^)]*\)", "", " ".join(text.split()).partition(". ")[0])
    return re.split(r"; |:? `", sentence)[0].rstrip(".").removesuffix(" in") + "."

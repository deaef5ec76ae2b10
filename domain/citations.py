"""Citations of American law, wherever they stand in a text: what each is, its normal form, and its public address.

An address is given only where its publisher has one fixed rule for it: the Federal Register's own citation, order and
document addresses (1994 on, where its full texts begin), GovInfo's link service for public laws (104th Congress on), the
eCFR, the Office of the Law Revision Counsel, regulations.gov. Of anything else the address is None, never a guess.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Citation:
    """One citation: its kind, the text as typed, its normal form, its address or None, and where in the text it stands."""

    kind: str
    text: str
    normal: str
    url: str | None
    start: int
    end: int


Read = tuple[str, str | None] | None
"""Normal form and address; None where it cannot be one."""
Reader = Callable[[re.Match[str]], Read]

FIRST_VOLUME_ONLINE, FIRST_ORDER_ONLINE, FIRST_CONGRESS_ONLINE = 59, 12890, 104
DOCKETS_OF = frozenset(
    (
        "APHIS", "BIS", "CFPB", "CMS", "COE", "CPSC", "DARS", "DEA", "DHS", "DOC", "DOD", "DOE", "DOI", "DOJ", "DOL", "DOS",
        "DOT", "ED", "EPA", "FAA", "FAR", "FCC", "FDA", "FEMA", "FERC", "FHWA", "FMCSA", "FRA", "FTC", "FWS", "GSA", "HHS", "HUD",
        "IRS", "ITA", "NASA", "NHTSA", "NIST", "NOAA", "NRC", "NSF", "NTIA", "OFAC", "OMB", "OPM", "OSHA", "PTO", "SBA", "SEC",
        "SSA", "TREAS", "TSA", "TTB", "USCBP", "USCIS", "USDA", "USTR", "VA",
    )
)  # fmt: skip
"""Whose docket numbers are known without the word “docket” before them: others (`CVE-2025-0001`) are something else."""

_ = r"[\s\u00a0]{0,3}"  # a few blanks, also unbreakable ones
_HYPHEN = r"[-\u2010-\u2013]"
_BEFORE, _AFTER = r"(?<![\w.,§$€£-])", r"(?![\w])"
_NUMBER = r"\d{1,3}(?:,\d{3}){1,2}|\d{1,6}"
_SECTION_SIGN = rf"(?:§§?|sections?|secs?\.)?{_}"
_FR_NUMBER = rf"(?:(?:19|20)\d\d|[A-Z]\d|\d\d){_HYPHEN}\d{{1,5}}"
_RULES: list[tuple[str, re.Pattern[str], Reader]] = []


def recognised(text: str) -> list[Citation]:
    """The citations in a text, in their order, none overlapping another; in time linear in its length."""
    found = [citation for kind, pattern, reader in _RULES for citation in _found(kind, pattern, reader, text)]
    kept: list[Citation] = []
    for citation in sorted(found, key=lambda one: (one.start, -one.end)):
        if not kept or citation.start >= kept[-1].end:
            kept.append(citation)
    return kept


_NAMED_BY_FIELD = {"document_number": "FR Doc. ", "rin": "RIN ", "docket": "Docket No. "}


def recognised_in(field: str, text: str) -> list[Citation]:
    """The citations in the value of a field: one named `rin`, `docket` or `document_number` needs no such word before it."""
    plain = recognised(text)
    word = _NAMED_BY_FIELD.get(field)
    if plain or not word:
        return plain
    return [
        Citation(one.kind, text, one.normal, one.url, 0, len(text))
        for one in recognised(word + text.strip())
        if one.end == len(word + text.strip())
    ]


def _found(kind: str, pattern: re.Pattern[str], reader: Reader, text: str) -> list[Citation]:
    read = ((match, reader(match)) for match in pattern.finditer(text))
    return [Citation(kind, match[0], *its, match.start(), match.end()) for match, its in read if its]


def _rule(kind: str, pattern: str, flags: int = 0) -> Callable[[Reader], Reader]:
    def register(reader: Reader) -> Reader:
        _RULES.append((kind, re.compile(_BEFORE + pattern + _AFTER, flags), reader))
        return reader

    return register


def _number(text: str) -> int:
    return int(text.replace(",", ""))


@_rule("Federal Register", rf"(?P<volume>\d{{1,3}}){_}(?:F\.?{_}R\.?|Fed\.?{_}Reg\.?),?{_}(?:at{_})?(?P<page>{_NUMBER})")
def _federal_register(found: re.Match[str]) -> Read:
    """`90 FR 8611`: volume and page, both from 1 on."""
    volume, page = int(found["volume"]), _number(found["page"])
    if not volume or not page or volume > 299:
        return None
    online = volume >= FIRST_VOLUME_ONLINE
    return f"{volume} FR {page}", f"https://www.federalregister.gov/citation/{volume}-FR-{page}" if online else None


@_rule(
    "executive order",
    rf"(?:E\.?{_}O\.?|Exec(?:utive|\.)?{_}Order){_}(?:Nos?\.?|Number|\#)?{_}(?P<number>\d{{1,2}},\d{{3}}|\d{{1,5}})(?!,?\d)",
    re.IGNORECASE,
)
def _executive_order(found: re.Match[str]) -> Read:
    """`EO 14166`: at most five digits."""
    if found[0][0].islower() and not found[0].lower().startswith("exec"):
        return None
    number = _number(found["number"])
    if not number:
        return None
    online = number >= FIRST_ORDER_ONLINE
    return f"EO {number}", f"https://www.federalregister.gov/executive-order/{number}" if online else None


@_rule(
    "public law",
    rf"(?:Pub(?:lic|\.)?{_}L(?:aw|\.)?|P\.{_}L\.){_}(?:Nos?\.?|Number)?{_}(?P<congress>\d{{1,3}}){_HYPHEN}(?P<law>\d{{1,4}})",
    re.IGNORECASE,
)
def _public_law(found: re.Match[str]) -> Read:
    """`Pub. L. 118-50`: the Congress and the number of the law in it."""
    congress, law = int(found["congress"]), int(found["law"])
    if not law or not 57 <= congress <= 250:
        return None
    online = congress >= FIRST_CONGRESS_ONLINE
    return f"Pub. L. {congress}-{law}", f"https://www.govinfo.gov/link/plaw/{congress}/public/{law}" if online else None


@_rule("statutes at large", rf"(?P<volume>\d{{1,3}}){_}Stat\.{_}(?P<page>{_NUMBER})")
def _statutes(found: re.Match[str]) -> Read:
    """`138 Stat. 955`."""
    volume, page = int(found["volume"]), _number(found["page"])
    return (f"{volume} Stat. {page}", None) if volume and page else None


@_rule("RIN", rf"RIN:?{_}(?:No\.?{_})?(?P<rin>\d{{4}}{_HYPHEN}[A-Za-z]{{2}}\d{{2}})")
def _rin(found: re.Match[str]) -> Read:
    """`RIN 0694-AJ90`: its documents in the Federal Register."""
    rin = _hyphened(found["rin"]).upper()
    address = f"https://www.federalregister.gov/documents/search?conditions%5Bregulation_id_number%5D={rin}"
    return f"RIN {rin}", address


def _hyphened(text: str) -> str:
    return re.sub(_HYPHEN, "-", text)


_AGENCY_DOCKET = rf"(?P<agency>[A-Z]{{2,10}})(?P<rest>(?:{_HYPHEN}[A-Z0-9]{{1,10}}){{0,3}}{_HYPHEN}(?:19|20)\d\d{_HYPHEN}\d{{4}})"


@_rule("docket", rf"(?P<word>Dockets?:?{_}(?:ID|Nos?\.?|Number)?:?{_})?{_AGENCY_DOCKET}(?P<document>{_HYPHEN}\d{{4,5}})?(?!-\d)")
def _agency_docket(found: re.Match[str]) -> Read:
    """`BIS-2025-0001` at regulations.gov; with a further number, a document of it."""
    if not found["word"] and found["agency"] not in DOCKETS_OF:
        return None
    docket = _hyphened(found["agency"] + found["rest"])
    if not found["document"]:
        return docket, f"https://www.regulations.gov/docket/{docket}"
    document = docket + _hyphened(found["document"])
    return document, f"https://www.regulations.gov/document/{document}"


@_rule(
    "docket",
    rf"Docket{_}(?:Nos?\.?|Number|\#):?{_}(?P<number>\d{{6}}{_HYPHEN}\d{{4}}|(?:\d:)?\d\d{_HYPHEN}(?:cv{_HYPHEN})?\d{{1,5}})",
)
def _numbered_docket(found: re.Match[str]) -> Read:
    """`Docket No. 250108-0005`, or a court's `Docket No. 24-656`: no public address without knowing whose."""
    return f"Docket No. {_hyphened(found['number'])}", None


@_rule(
    "Federal Register document", rf"(?:FR{_}Doc\.?|(?:FR{_})?Document{_}(?:No\.?|Number)):?{_}(?:No\.?{_})?(?P<number>{_FR_NUMBER})"
)
def _document(found: re.Match[str]) -> Read:
    """`FR Doc. 2025-00711`: only where it is called so."""
    number = _hyphened(found["number"])
    return f"FR Doc. {number}", f"https://www.federalregister.gov/d/{number}"


_CFR_PLACE = (
    rf"(?P<part>\d{{1,4}})(?:\.(?P<section>\d{{1,4}}[a-z]?(?:{_HYPHEN}\d{{1,4}})?))?(?P<within>(?:\([A-Za-z0-9]{{1,5}}\)){{0,6}})"
)


@_rule("CFR", rf"(?P<title>\d{{1,2}}){_}C\.?{_}F\.?{_}R\.?{_}(?:(?P<word>[Pp]arts?){_}|{_SECTION_SIGN})?{_CFR_PLACE}")
def _cfr(found: re.Match[str]) -> Read:
    """`15 CFR 744.23`, `15 CFR part 744`."""
    title, part, section = int(found["title"]), int(found["part"]), found["section"]
    if not 1 <= title <= 50 or not part or (found["word"] and section):
        return None
    base = f"https://www.ecfr.gov/current/title-{title}"
    if not section:
        return f"{title} CFR part {part}", f"{base}/part-{part}"
    place = f"{part}.{_hyphened(section)}"
    return f"{title} CFR {place}{found['within']}", f"{base}/section-{place}"


_USC_SECTION = rf"(?P<section>\d{{1,5}}[a-z]{{0,2}}(?:{_HYPHEN}\d{{1,2}}[a-z]?)?)(?P<within>(?:\([A-Za-z0-9]{{1,5}}\)){{0,6}})"


@_rule("US Code", rf"(?P<title>\d{{1,2}}){_}U\.?{_}S\.?{_}C\.?{_}(?:A\.{_})?{_SECTION_SIGN}{_USC_SECTION}")
def _us_code(found: re.Match[str]) -> Read:
    """`50 U.S.C. 1701`."""
    title, section = int(found["title"]), _hyphened(found["section"])
    if not 1 <= title <= 54 or section.startswith("0"):
        return None
    address = f"https://uscode.house.gov/view.xhtml?req=granuleid:USC-prelim-title{title}-section{section}&num=0&edition=prelim"
    return f"{title} U.S.C. {section}{found['within']}", address


@_rule("court", rf"(?P<volume>\d{{1,3}}){_}(?P<reporter>U\.{_}S\.|F\.{_}(?:2d|3d|4th)|S\.{_}Ct\.){_}(?P<page>{_NUMBER})")
def _court(found: re.Match[str]) -> Read:
    """`122 F.4th 930`: a reporter's volume and page; these have no one public address."""
    volume, page = int(found["volume"]), _number(found["page"])
    reporter = re.sub(r"\s", "", found["reporter"]).replace("S.Ct.", "S. Ct.")
    return (f"{volume} {reporter} {page}", None) if volume and page else None

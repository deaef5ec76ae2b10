"""Citations anywhere in a text: recognised, in their normal form, with an address only where there is a rule for it."""

import re
import time
from pathlib import Path

import pytest
import yaml

from domain.citations import recognised, recognised_in

MATTERS = Path(__file__).resolve().parents[2] / "matters"
FR, ECFR = "https://www.federalregister.gov/", "https://www.ecfr.gov/current/"


def usc(title: int, section: str) -> str:
    return f"https://uscode.house.gov/view.xhtml?req=granuleid:USC-prelim-title{title}-section{section}&num=0&edition=prelim"


CASES = [
    ("90 FR 8611", "90 FR 8611", FR + "citation/90-FR-8611"),
    ("90 Fed. Reg. 8611", "90 FR 8611", FR + "citation/90-FR-8611"),
    ("90 Fed.Reg. 8,611", "90 FR 8611", FR + "citation/90-FR-8611"),
    ("90 F.R. 8,611", "90 FR 8611", FR + "citation/90-FR-8611"),
    ("88 FR 73,458", "88 FR 73458", FR + "citation/88-FR-73458"),
    ("89\u00a0FR\u00a0106064", "89 FR 106064", FR + "citation/89-FR-106064"),
    ("12 FR 1023", "12 FR 1023", None),
    ("EO 14166", "EO 14166", FR + "executive-order/14166"),
    ("E.O. 14166", "EO 14166", FR + "executive-order/14166"),
    ("E. O. 14166", "EO 14166", FR + "executive-order/14166"),
    ("Executive Order 14,166", "EO 14166", FR + "executive-order/14166"),
    ("Executive Order No. 14166", "EO 14166", FR + "executive-order/14166"),
    ("executive order 13942", "EO 13942", FR + "executive-order/13942"),
    ("Exec. Order No. 11582", "EO 11582", None),
    ("Pub. L. 118-50", "Pub. L. 118-50", "https://www.govinfo.gov/link/plaw/118/public/50"),
    ("Pub. L. No. 118-50", "Pub. L. 118-50", "https://www.govinfo.gov/link/plaw/118/public/50"),
    ("P.L. 118–50", "Pub. L. 118-50", "https://www.govinfo.gov/link/plaw/118/public/50"),
    ("Public Law 118-50", "Pub. L. 118-50", "https://www.govinfo.gov/link/plaw/118/public/50"),
    ("Pub. L. 95-223", "Pub. L. 95-223", None),
    ("138 Stat. 955", "138 Stat. 955", None),
    ("RIN 0694-AJ90", "RIN 0694-AJ90", FR + "documents/search?conditions%5Bregulation_id_number%5D=0694-AJ90"),
    ("RIN: 0694-aj90", "RIN 0694-AJ90", FR + "documents/search?conditions%5Bregulation_id_number%5D=0694-AJ90"),
    ("BIS-2025-0001", "BIS-2025-0001", "https://www.regulations.gov/docket/BIS-2025-0001"),
    ("Docket ID EPA-HQ-OAR-2025-0194", "EPA-HQ-OAR-2025-0194", "https://www.regulations.gov/docket/EPA-HQ-OAR-2025-0194"),
    ("BIS-2025-0001-0004", "BIS-2025-0001-0004", "https://www.regulations.gov/document/BIS-2025-0001-0004"),
    ("Docket No. 250108-0005", "Docket No. 250108-0005", None),
    ("Docket No. 24-656", "Docket No. 24-656", None),
    ("FR Doc. 2025-00711", "FR Doc. 2025-00711", FR + "d/2025-00711"),
    ("Document No. 2025-01636", "FR Doc. 2025-01636", FR + "d/2025-01636"),
    ("FR Document Number: E9-27885", "FR Doc. E9-27885", FR + "d/E9-27885"),
    ("15 CFR 744.23", "15 CFR 744.23", ECFR + "title-15/section-744.23"),
    ("15 C.F.R. § 744.23(a)(1)", "15 CFR 744.23(a)(1)", ECFR + "title-15/section-744.23"),
    ("15 CFR part 744", "15 CFR part 744", ECFR + "title-15/part-744"),
    ("1 CFR 18.17", "1 CFR 18.17", ECFR + "title-1/section-18.17"),
    ("50 U.S.C. 1701", "50 U.S.C. 1701", usc(50, "1701")),
    ("50 USC 1701", "50 U.S.C. 1701", usc(50, "1701")),
    ("16 U.S.C. § 668dd(c)", "16 U.S.C. 668dd(c)", usc(16, "668dd")),
    ("15 U.S.C. 78dd-1", "15 U.S.C. 78dd-1", usc(15, "78dd-1")),
    ("122 F.4th 930", "122 F.4th 930", None),
    ("604 U.S. 1", "604 U.S. 1", None),
]


@pytest.mark.parametrize(("typed", "normal", "url"), CASES, ids=[case[0] for case in CASES])
@pytest.mark.parametrize("around", ["{}", "As told in {}, last week.", "({})", "“{}”;", "Nach {}: 5\n{}"], ids=range(5))
def test_a_citation_is_recognised_wherever_it_stands(typed, normal, url, around):
    text = around.replace("{}", typed)
    found = recognised(text)
    assert [(one.normal, one.url) for one in found] == [(normal, url)] * around.count("{}")
    assert {text[one.start : one.end] for one in found} == {typed} == {one.text for one in found}


@pytest.mark.parametrize(("typed", "normal", "url"), CASES, ids=[case[0] for case in CASES])
def test_a_normal_form_is_its_own_normal_form(typed, normal, url):
    assert [(one.normal, one.url) for one in recognised(normal)] == [(normal, url)]


@pytest.mark.parametrize(
    "text",
    [
        "0 FR 8611", "90 FR 0", "999 FR 8611", "90 FR", "190.90 FR 8611", "$90 FR 8611", "1,290 FR 8611", "90 FRANCS 8611",
        "EO 0", "EO 141660000", "EO 1416600", "EO 14,166,000", "eo 14166x", "VIDEO 14166", "LEO 14166", "eo 14166", "EO",
        "Pub. L. 118", "Pub. L. 0-50", "Pub. L. 118-0", "Pub. L. 999-50", "Public Lane 118-50",
        "RIN 0694", "0694-AJ90", "RIN 694-AJ90", "2025-01636", "250108-0005", "24-656", "CVE-2025-0001", "ISO-2025-0001",
        "51 CFR 1.1", "0 CFR 1.1", "15 CFR 0.1", "15 CFR part 744.23", "55 U.S.C. 1701", "50 U.S.C. 0", "604 U.S. ___ (2025)",
        "0 F.3d 12", "Docket", "Document No. 5", "a 10 U.S. company", "", " ",
    ],
)  # fmt: skip
def test_what_cannot_be_one_is_not_recognised(text):
    assert recognised(text) == []


def test_the_citations_of_a_text_come_in_order_and_do_not_overlap():
    text = "Pub. L. 118-50, div. H, 138 Stat. 955; EO 14166 (90 FR 8611), 15 CFR 744.23 and 90 FR 9604, RIN 0694-AJ98"
    assert [one.normal for one in recognised(text)] == [
        "Pub. L. 118-50", "138 Stat. 955", "EO 14166", "90 FR 8611", "15 CFR 744.23", "90 FR 9604", "RIN 0694-AJ98",
    ]  # fmt: skip


def test_a_field_that_says_what_it_holds_needs_no_word_before_it():
    assert [one.url for one in recognised_in("document_number", "2025-02087")] == [FR + "d/2025-02087"]
    assert [one.normal for one in recognised_in("rin", "0694-AJ98")] == ["RIN 0694-AJ98"]
    assert [one.normal for one in recognised_in("docket", "250207-0014")] == ["Docket No. 250207-0014"]
    assert recognised_in("title", "2025-02087") == []
    assert recognised_in("document_number", "2025-02087 and more") == []


def test_every_citation_of_the_bundled_matters_is_recognised_or_is_none_of_ours():
    typed = {
        (name, str(values[name])): recognised_in(name, str(values[name]))
        for path in MATTERS.glob("*.yaml")
        for entry in yaml.safe_load(path.read_text(encoding="utf-8"))["events"]
        for values in (entry.get("details") or {}, *entry["sources"])
        for name in FIELDS
        if values.get(name)
    }
    unknown = {text for (_, text), found in typed.items() if not found}
    assert len(typed) > 60
    assert {
        text for text in unknown if not re.match(r"Form 8-K|Post of|PAFACA|Generally known|No\. 24|604 U\.S\. ___", text)
    } == set()


FIELDS = ("citation", "document_number", "rin", "docket", "legal_basis")

ATTACKS = {
    "digits": "9" * 100_000,
    "digits and commas": "9,999" * 20_000,
    "blanks": "90 " + " " * 100_000 + "FR 1",
    "volumes": "90 FR " * 20_000,
    "hyphens": "EPA" + "-A" * 50_000,
    "agencies": "ABCDEFGHIJ-" * 10_000,
    "brackets": "15 CFR 744.23" + "(a)" * 33_000,
    "orders": "Executive Order " * 6_000,
    "sections": "50 U.S.C. §§ " * 8_000,
    "dots": "." * 100_000,
    "letters": "E.O." * 25_000,
    "laws": "Pub. L. No. 118" * 7_000,
    "dockets": "Docket No. " * 9_000,
}


@pytest.mark.parametrize("text", ATTACKS.values(), ids=ATTACKS)
def test_a_hundred_kilobytes_made_to_be_slow_are_read_at_once(text):
    began = time.perf_counter()
    recognised(text)
    assert time.perf_counter() - began < 2


@pytest.mark.parametrize("text", ["90 FR 8611 " * 9_000, "EO 14166, " * 10_000])
def test_ten_thousand_citations_are_all_found(text):
    began = time.perf_counter()
    assert len(recognised(text)) in (9_000, 10_000)
    assert time.perf_counter() - began < 2

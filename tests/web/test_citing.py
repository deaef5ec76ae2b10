"""Citations as links on pages, and nothing else of a text as anything but text."""

import pytest
from markupsafe import Markup

from web.citing import cited

LINK = (
    '<a class="cite" href="https://www.federalregister.gov/citation/90-FR-8611" rel="noopener noreferrer nofollow">90 FR 8611</a>'
)


def test_a_citation_is_linked_and_the_rest_is_escaped():
    assert cited("<b>see</b> 90 FR 8611 & more") == Markup(f"&lt;b&gt;see&lt;/b&gt; {LINK} &amp; more")


def test_a_citation_without_an_address_stays_as_typed():
    assert cited("122 F.4th 930") == "122 F.4th 930"


def test_a_field_says_what_a_bare_number_is():
    assert 'href="https://www.federalregister.gov/d/2025-02087"' in cited("2025-02087", "document_number")
    assert cited("2025-02087") == "2025-02087"


@pytest.mark.parametrize("value", [None, 7, ["90 FR 8611"]])
def test_what_is_no_text_stays_as_it_is(value):
    assert cited(value) == value


@pytest.mark.parametrize(
    ("address", "url"),
    [
        ("/events/tiktok-divestiture.eo-14166", "https://www.federalregister.gov/citation/90-FR-8611"),
        ("/events/tiktok-divestiture.pause-1-opened", "https://www.federalregister.gov/executive-order/14166"),
        ("/views/export-controls", "https://www.federalregister.gov/citation/90-FR-4544"),
        ("/views/tiktok-status?as_of=2025-06-01", "https://www.federalregister.gov/executive-order/14258"),
        ("/events/us-chip-export-controls.foundry-due-diligence-issued", "https://www.federalregister.gov/documents/search?conditions%5Bregulation_id_number%5D=0694-AJ98"),
    ],
)  # fmt: skip
def test_a_citation_is_linked_where_it_stands(api, address, url):
    assert f'<a class="cite" href="{url}"' in api.get(address).text

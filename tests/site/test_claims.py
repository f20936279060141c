"""The list of claims can be shortened to what a reader looks for, by keyboard and in words."""

from collections.abc import Callable

import browser as harness
from visits import ALL, axe, violations

Visit = Callable[..., harness.Visit]
PAGE = "chapters/appendix/claims"
ROWS = """() => [...document.querySelectorAll('table.ledger-table tbody tr')].filter(row => row.checkVisibility())
    .map(row => row.closest('table').className + ' ' + row.textContent.toLowerCase())"""


def test_the_list_is_shortened_by_kind_page_and_words(visit: Visit) -> None:
    page = visit(PAGE, size=harness.PHONE).page
    status = page.get_by_role("status")
    every = page.evaluate(ROWS)
    assert len(every) > 500 and status.inner_text() == f"All {len(every)} rows are shown."
    page.get_by_label("Show", exact=True).select_option("claims")
    claims = page.evaluate(ROWS)
    assert 100 < len(claims) < len(every) and all("ledger-claims" in row for row in claims)
    page.get_by_label("Page", exact=True).select_option(index=2)
    of_one = page.evaluate(ROWS)
    assert 0 < len(of_one) < len(claims)
    headings = page.locator("p.claims-chapter:visible").all_inner_texts()
    assert headings == [page.get_by_label("Page", exact=True).evaluate("select => select.value")]
    page.get_by_label("Page", exact=True).select_option("")
    page.get_by_label("Words", exact=True).press_sequentially("lead spread")
    found = page.evaluate(ROWS)
    assert all("lead" in row and "spread" in row for row in found)
    assert status.inner_text() == f"{len(found)} of {len(every)} rows are shown."
    page.get_by_label("Words", exact=True).fill("no row says this")
    assert page.evaluate(ROWS) == [] and page.locator("p.claims-chapter:visible").count() == 0
    page.get_by_label("Words", exact=True).press("Enter")  # reloads nothing
    assert status.inner_text() == f"0 of {len(every)} rows are shown."
    assert violations(axe(page, ALL, part="document.querySelector('.claims-filter')")) == []


def test_openings_name_their_page_in_each_row(visit: Visit) -> None:
    page = visit(PAGE).page
    page.get_by_label("Show", exact=True).select_option("openings")
    page.get_by_label("Page", exact=True).select_option(index=1)
    shown = page.evaluate(ROWS)
    wanted = page.get_by_label("Page", exact=True).evaluate("select => select.value").lower()
    assert shown and all("ledger-openings" in row and wanted in row for row in shown)


def test_without_scripts_the_whole_list_is_there(visit: Visit) -> None:
    page = visit(PAGE, java_script_enabled=False).page
    assert page.locator("table.ledger-table").count() > 50 and page.locator(".claims-filter").count() == 0

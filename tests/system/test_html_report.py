"""The page of a comparison in a real browser."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from apiver.compare import diff
from apiver.compare.change import (
    Change,
    Comparison,
    Effect,
    Exchange,
    NotCompared,
    OperationRef,
    Part,
    SideSummary,
    Witness,
)
from apiver.contract.document import Place
from apiver.contract.reader import read
from apiver.report.html import html

CHROMIUM = Path("/usr/bin/chromium")
ORDERS = Path(__file__).parents[2] / "fixtures" / "contracts" / "orders"
# What a browser needs to run as root in a container, and what keeps it from calling home.
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
FLAGS += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if not CHROMIUM.exists():
        if os.environ.get("CI"):
            pytest.fail(f"{CHROMIUM} is missing; .ci/run installs it")
        pytest.skip(f"needs {CHROMIUM}: apt install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--headless", *FLAGS])
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def orders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of the two contracts of the order desk."""
    path = tmp_path_factory.mktemp("page") / "orders.html"
    path.write_text(
        html(diff(read(str(ORDERS / "v1.yaml")), read(str(ORDERS / "v2.yaml")))), encoding="utf-8"
    )
    return path


def opened(browser: Any, path: Path, **settings: Any) -> Any:
    """The page, shown; whatever it asks the network for, or complains of, is kept on it."""
    context = browser.new_context(**{"viewport": {"width": 1200, "height": 900}, **settings})
    page = context.new_page()
    page.asked, page.complaints = [], []
    page.on("request", lambda request: page.asked.append(request.url))
    page.on("console", lambda message: page.complaints.append(message.text))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on("dialog", lambda dialog: (page.complaints.append(dialog.message), dialog.dismiss()))
    page.goto(path.as_uri())
    return page


def titles(page: Any) -> list[str]:
    found: list[str] = page.locator("article:visible h3").all_inner_texts()
    return found


def counts(page: Any, said: str) -> None:
    """Waits until the page says how many changes it shows."""
    from playwright.sync_api import expect

    expect(page.locator("#shown")).to_have_text(said, timeout=30_000)


LIMIT = "?limit: max went from 200 to 100"
GONE = "the operation is gone"
CURRENCY = "body.currency is new and required"
HELD = 'Order.state may now be "held"'
DEFAULT = "the default of ?limit went from 50 to 20"
SORT, STATE = "?sort is new and optional", '?state may now be "held"'


def test_it_needs_no_network_and_complains_of_nothing(browser: Any, orders: Path) -> None:
    page = opened(browser, orders)
    assert titles(page) == [HELD, LIMIT, CURRENCY, GONE, DEFAULT, SORT, STATE]
    assert page.locator("#shown").inner_text() == "7 changes"
    assert [url for url in page.asked if not url.startswith(("file:", "data:"))] == []
    assert page.complaints == []


def test_it_is_filtered_by_effect_operation_and_text(browser: Any, orders: Path) -> None:
    page = opened(browser, orders)
    page.get_by_role("checkbox", name="breaking").uncheck()
    counts(page, "3 of 7 changes shown")
    assert titles(page) == [DEFAULT, SORT, STATE]
    assert page.locator("section:visible h2").all_inner_texts() == ["Risky\n1", "Compatible\n2"]
    page.get_by_role("checkbox", name="breaking").check()
    page.get_by_label("Operation", exact=True).select_option("GET /orders")
    counts(page, "5 of 7 changes shown")
    assert titles(page) == [HELD, LIMIT, DEFAULT, SORT, STATE]
    page.get_by_label("Text", exact=True).fill("LIMIT max")
    counts(page, "1 of 7 changes shown")
    assert titles(page) == [LIMIT]
    page.get_by_label("Text", exact=True).fill("no such thing")
    page.get_by_text("No change matches the filter.").wait_for(state="visible")
    page.get_by_role("button", name="Clear the filter").click()
    counts(page, "7 changes")
    assert len(titles(page)) == 7


def test_the_count_is_announced(browser: Any, orders: Path) -> None:
    output = opened(browser, orders).locator("#shown")
    assert output.get_attribute("aria-live") == "polite"


def test_proofs_open_and_close(browser: Any, orders: Path) -> None:
    page = opened(browser, orders)
    message = page.locator("article", has_text=CURRENCY).locator("details.proof code").first
    assert message.inner_text().splitlines()[0] == "POST /api/v1/orders HTTP/1.1"
    page.get_by_role("button", name="Close all proofs").click()
    assert not message.is_visible()
    page.get_by_role("button", name="Open all proofs").click()
    assert message.is_visible()


def test_it_works_by_keyboard_with_the_focus_in_sight(browser: Any, orders: Path) -> None:
    page = opened(browser, orders)
    reached = []
    for _ in range(14):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate(
                """() => {
                    const now = document.activeElement;
                    const { outlineStyle, outlineWidth } = getComputedStyle(now);
                    return [now.name || now.id || now.className || now.tagName,
                            outlineStyle !== "none" && parseFloat(outlineWidth) >= 2];
                }"""
            )
        )
    names = [name for name, _ in reached]
    assert names[0] == "skip"
    assert names[4:9] == ["effect", "effect", "effect", "operation", "text"]
    assert "proofs" in names
    assert all(in_sight for _, in_sight in reached)
    page.get_by_role("checkbox", name="risky").focus()
    page.keyboard.press("Space")
    counts(page, "6 of 7 changes shown")
    assert DEFAULT not in titles(page)


def test_only_what_scrolls_is_a_stop_for_the_keyboard(browser: Any, orders: Path) -> None:
    from playwright.sync_api import expect

    stops = "article.change:nth-of-type(2) .proof pre"
    wide = opened(browser, orders)
    assert wide.locator(stops).first.inner_text().startswith("GET /api/v1/orders?limit=101")
    wide.wait_for_timeout(200)
    assert wide.locator("pre[tabindex]").count() == 0
    narrow = opened(browser, orders, viewport={"width": 240, "height": 740})
    narrow.locator(stops).first.scroll_into_view_if_needed()
    expect(narrow.locator(stops).first).to_have_attribute("tabindex", "0", timeout=30_000)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_a_phone(browser: Any, orders: Path, scheme: str) -> None:
    page = opened(browser, orders, viewport={"width": 360, "height": 740}, color_scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    for kind in ("input[type=search]", "select", "button", ".filter label:has(input)"):
        for box in (found.bounding_box() for found in page.locator(kind).all()):
            assert box["height"] >= 24  # WCAG 2.2, 2.5.8
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= 360
    old, new = (page.locator("article .side").nth(number).bounding_box() for number in (0, 1))
    assert new["y"] >= old["y"] + old["height"]


def test_on_a_screen_both_sides_stand_side_by_side(browser: Any, orders: Path) -> None:
    page = opened(browser, orders)
    old, new = (page.locator("article .side").nth(number).bounding_box() for number in (0, 1))
    assert old["y"] == new["y"]
    assert new["x"] >= old["x"] + old["width"]


# The contrast of every text with what is behind it, by WCAG 2.2 (1.4.3); the worst comes first.
CONTRAST = """() => {
    const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    const layers = (colors) => {
        canvas.clearRect(0, 0, 1, 1);
        for (const color of colors) { canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1); }
        return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3).map((part) => {
            const share = part / 255;
            return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
        });
    };
    const light = ([red, green, blue]) => 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    const found = [];
    for (const element of document.querySelectorAll("body *:not(script):not(style):not(option)")) {
        if (![...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim())) continue;
        if (!element.checkVisibility()) continue;
        const behind = [];
        for (let each = element; each; each = each.parentElement) {
            behind.unshift(getComputedStyle(each).backgroundColor);
        }
        const ground = light(layers(behind));
        const ink = light(layers([...behind, getComputedStyle(element).color]));
        const contrast = (Math.max(ink, ground) + 0.05) / (Math.min(ink, ground) + 0.05);
        found.push([contrast, element.textContent.trim().slice(0, 40)]);
    }
    return found.sort((a, b) => a[0] - b[0]);
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_stands_out_from_its_ground(browser: Any, orders: Path, scheme: str) -> None:
    found = opened(browser, orders, color_scheme=scheme).evaluate(CONTRAST)
    assert len(found) > 100
    assert found[0][0] >= 4.5, found[:5]


def test_dark_mode_is_dark(browser: Any, orders: Path) -> None:
    grounds = []
    for scheme in ("light", "dark"):
        page = opened(browser, orders, color_scheme=scheme)
        said = page.evaluate("getComputedStyle(document.body).backgroundColor")
        grounds.append(sum(int(part) for part in said.removeprefix("rgb(").removesuffix(")").split(",")))
    light, dark = grounds
    assert light > 600
    assert dark < 150


def test_without_a_script_everything_is_shown(browser: Any, orders: Path) -> None:
    page = opened(browser, orders, java_script_enabled=False)
    assert titles(page) == [HELD, LIMIT, CURRENCY, GONE, DEFAULT, SORT, STATE]
    assert not page.locator("#filter").is_visible()
    assert page.locator("details.proof code").first.is_visible()


def test_a_link_leads_to_its_change_whatever_is_filtered(browser: Any, orders: Path) -> None:
    page = opened(browser, orders)
    article = page.locator("article", has_text=SORT)
    page.get_by_label("Text", exact=True).fill("currency")
    counts(page, "1 of 7 changes shown")
    assert not article.is_visible()
    page.evaluate("(id) => { location.hash = id; }", article.get_attribute("id"))
    article.wait_for(state="visible")
    assert len(titles(page)) == 7


HOSTILE = [
    "</script><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onfocus='alert(1)' autofocus='",
    "<svg onload=alert(1)>",
    "javascript:alert(1)",
    "</title></style><script>alert(1)</script>",
]


@pytest.mark.parametrize("said", HOSTILE)
def test_hostile_strings_do_nothing(browser: Any, tmp_path: Path, said: str) -> None:
    part = Part(f"/{said}", {said: said}, Place(f"{said}.yaml", 3, 4))
    exchange = Exchange("GET", f"/{said}", 200, ((said, said),), {said: said})
    change = Change(
        rule="response-property-enum-value-added",
        effect=Effect.BREAKING,
        direction="response",
        subject=said,
        title=said,
        operations=(OperationRef("GET", said),),
        old=part,
        new=part,
        witness=Witness("response", exchange, exchange, "new", "old", said),
        fingerprint="0123456789ab",
    )
    side = SideSummary(said, said, said, 1)
    path = tmp_path / "hostile.html"
    path.write_text(
        html(Comparison(side, side, (change,), (NotCompared("old", said, said),))), encoding="utf-8"
    )
    page = opened(browser, path)
    assert titles(page) == [said]
    page.get_by_label("Operation", exact=True).select_option(index=1)
    page.get_by_label("Text", exact=True).fill(said.split()[0])
    counts(page, "1 change")
    assert titles(page) == [said]
    assert (
        page.evaluate("document.scripts.length + document.images.length + document.styleSheets.length") == 2
    )
    assert page.complaints == []
    assert [url for url in page.asked if not url.startswith(("file:", "data:"))] == []


def test_a_script_of_another_is_refused(browser: Any, orders: Path, tmp_path: Path) -> None:
    """The policy is the second wall: it holds even where something gets through the first."""
    spoiled = tmp_path / "spoiled.html"
    text = orders.read_text(encoding="utf-8")
    spoiled.write_text(
        text.replace("</main>", "<script>alert(1)</script><img src=x onerror=alert(1)></main>")
    )
    page = opened(browser, spoiled)
    assert titles(page)[0] == HELD
    assert all("Content Security Policy" in complaint for complaint in page.complaints)
    assert len(page.complaints) >= 2

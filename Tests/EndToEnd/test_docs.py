"""The page on which people try the API, in a browser."""

import shutil

import pytest
from playwright.sync_api import expect, sync_playwright

SIZES = {"desktop": (1280, 900), "phone": (390, 844)}


@pytest.fixture(scope="module")
def browser():
    program = shutil.which("chromium") or shutil.which("google-chrome")
    assert program, "Chromium is missing; run scripts/install-dependencies"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(params=SIZES)
def size(request):
    return dict(zip(("width", "height"), SIZES[request.param]))


@pytest.fixture
def page(browser, stack, size):
    """The page, which has to come without an error and without asking another host."""
    page = browser.new_page(viewport=size)
    page.errors, page.hosts = [], set()
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    page.on("console", lambda message: page.errors.append(message.text) if "Content Security Policy" in message.text else None)
    page.on("request", lambda request: page.hosts.add(request.url.split("/")[2]))
    page.goto(f"http://127.0.0.1:{stack.first.port}/docs")
    expect(page.locator("#operations")).not_to_have_attribute("aria-busy", "true")
    yield page
    assert page.errors == [] and page.hosts == {f"127.0.0.1:{stack.first.port}"}
    page.close()


def test_the_page_may_load_nothing_from_elsewhere(api):
    for path in ("/docs", "/docs/style.css", "/docs/script.js"):
        answer = api.get(path)
        policy = answer.header("Content-Security-Policy")
        assert answer.status == 200 and policy.startswith("default-src 'none';") and "unsafe" not in policy
        assert answer.header("X-Content-Type-Options") == "nosniff"
        assert b"://" not in answer.body
        assert api.get(path, headers={"If-None-Match": answer.etag}).status == 304


def test_every_operation_is_there_and_fits_the_page(page, api):
    described = [
        path[method]["operationId"] for path in api.get("/openapi.json").json()["paths"].values()
        for method in path.keys() - {"parameters"}]
    shown = page.locator("main > section > details").evaluate_all("all => all.map(one => one.id)")
    assert sorted(shown) == sorted(described)
    page.evaluate("document.querySelectorAll('main > section > details').forEach(one => { one.open = true })")
    expect(page.locator("main form")).to_have_count(len(described))
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page is wider than the window"


def test_operations_can_be_tried(page):
    name = f"Category {page.viewport_size['width']}"
    create = page.locator("#createCategory")
    create.locator("summary").first.click()
    create.get_by_label("Body", exact=True).fill('{"name": "%s"}' % name)
    create.get_by_role("button", name="Send").click()
    expect(create.locator(".result .status")).to_have_text("201 Created")
    expect(create.locator(".headers")).to_contain_text("location: /v1/categories/")
    expect(create.locator(".result .body")).to_contain_text(f'"name": "{name}"')
    expect(create.locator(".result")).to_contain_text(" ms, ")

    find = page.locator("#listCategories")
    find.locator("summary").first.click()
    find.locator("form > details > summary").click()
    find.locator("[id='listCategories-query-name']").fill(name)
    find.get_by_role("button", name="Send").click()
    expect(find.locator(".result .status")).to_have_text("200 OK")
    expect(find.locator(".result .body")).to_contain_text(f'"name": "{name}"')


def test_the_keyboard_is_enough(page):
    page.keyboard.press("/")
    page.keyboard.type("post orders")
    expect(page.locator("main > section > details:visible")).to_have_count(1)
    summary = page.locator("#createOrder > summary")
    summary.focus()
    page.keyboard.press("Enter")
    page.locator("#createOrder textarea").focus()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#createOrder .result .status")).to_have_text("409 Conflict")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read_in_light_and_in_dark(page, scheme):
    page.emulate_media(color_scheme=scheme)
    contrast = page.evaluate("""() => {
        const luminance = color => color.match(/[\\d.]+/g).slice(0, 3).map(Number).map(part => part / 255)
            .map(part => part <= .04045 ? part / 12.92 : ((part + .055) / 1.055) ** 2.4)
            .reduce((sum, part, index) => sum + part * [.2126, .7152, .0722][index], 0);
        const paper = luminance(getComputedStyle(document.querySelector('main details')).backgroundColor);
        return [...document.querySelectorAll('main summary span')].map(span => {
            const ink = luminance(getComputedStyle(span).color);
            return (Math.max(ink, paper) + .05) / (Math.min(ink, paper) + .05);
        });
    }""")
    assert min(contrast) >= 4.5

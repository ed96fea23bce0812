"""The page on which people try the API, in a browser."""

import re
import shutil

import pytest
from playwright.sync_api import expect, sync_playwright

from support.stack import wait_for_hit

SIZES = {"desktop": (1280, 900), "phone": (390, 844)}


@pytest.fixture(scope="module")
def browser():
    program = shutil.which("chromium") or shutil.which("google-chrome")
    assert program, "Chromium is missing; run scripts/install-dependencies"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def size(request):
    return dict(zip(("width", "height"), SIZES[getattr(request, "param", "desktop")]))


in_every_size = pytest.mark.parametrize("size", SIZES, indirect=True)


@pytest.fixture
def page(browser, stack, size):
    """The page, which has to come without an error and without asking another host."""
    page = browser.new_page(viewport=size)
    page.errors, page.hosts = [], set()
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    # What is tried may be answered by an error, which the browser tells, too.
    page.on("console", lambda message: page.errors.append(message.text)
            if message.type == "error" and "the server responded with a status of" not in message.text else None)
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


def described(api):
    """All operations by their ids, with the parameters of their paths."""
    document = api.get("/openapi.json").json()
    for path in document["paths"].values():
        for method in path.keys() - {"parameters"}:
            parameters = path[method].get("parameters", []) + path["parameters"]
            names = [part["$ref"].split("/")[-1] if "$ref" in part else part["name"] for part in parameters]
            components = document["components"]["parameters"]
            yield path[method]["operationId"], [components.get(name, {"name": name})["name"] for name in names]


@in_every_size
def test_every_operation_is_there_and_fits_the_page(page, api):
    operations = dict(described(api))
    shown = page.locator("main > section > details").evaluate_all("all => all.map(one => one.id)")
    assert sorted(shown) == sorted(operations)
    page.evaluate("document.querySelectorAll('main details').forEach(one => { one.open = true })")
    expect(page.locator("main form")).to_have_count(len(operations))
    page.evaluate("document.querySelectorAll('main details').forEach(one => { one.open = true })")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page is wider than the window"


def test_every_parameter_can_be_given(page, api):
    page.evaluate("document.querySelectorAll('main > section > details').forEach(one => { one.open = true })")
    operations = dict(described(api))
    expect(page.locator("main form")).to_have_count(len(operations))
    inputs = page.locator("main > section > details").evaluate_all(
        "all => all.map(one => [one.id, [...one.querySelectorAll('.grid label')].map(label => label.control && label.textContent)])")
    for operation, names in inputs:
        # Browsers choose the coding of answers themselves.
        assert sorted(name.removesuffix(" *") for name in names) == sorted(set(operations[operation]) - {"Accept-Encoding"})


@in_every_size
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
    find.locator("form > details > summary", has_text="Filters").click()
    find.locator("[id='listCategories-query-name']").fill(name)
    find.get_by_role("button", name="Send").click()
    expect(find.locator(".result .status")).to_have_text("200 OK")
    expect(find.locator(".result .body")).to_contain_text(f'"name": "{name}"')


def test_the_keyboard_is_enough(page):
    page.keyboard.press("/")
    page.keyboard.type("create an order")
    expect(page.locator("main > section > details:visible")).to_have_count(1)
    summary = page.locator("#createOrder > summary")
    summary.focus()
    page.keyboard.press("Enter")
    page.locator("#createOrder textarea").focus()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#createOrder .result .status")).to_have_text("409 Conflict")


def test_headers_can_be_sent(page):
    create = page.locator("#createCategory")
    create.locator("summary").first.click()
    create.locator("form > details > summary").click()
    name = "Category by key"
    create.get_by_label("Body", exact=True).fill('{"name": "%s"}' % name)
    create.get_by_label("Idempotency-Key").fill(name.replace(" ", "-"))
    create.get_by_label("Prefer").fill("return=minimal")
    for replayed in False, True:
        create.get_by_role("button", name="Send").click()
        expect(create.locator(".result .status")).to_have_text("201 Created")
        expect(create.locator(".headers")).to_contain_text("preference-applied: return=minimal")
        shown = create.locator(".headers").inner_text()
        assert ("idempotency-replayed: true" in shown) == replayed
        expect(create.locator(".result .body")).to_have_count(0)


def test_what_means_something_each_is_offered(page):
    page.locator("#listCategories > summary").click()
    field = page.locator("[id='listCategories-header-Cache-Control']")
    offered = field.evaluate("field => [...field.list.options].map(option => option.value)")
    assert offered == ["no-cache", "no-store", "only-if-cached", "max-stale=5", "max-age=0"]


def test_reads_come_from_the_cache_unless_asked_otherwise(page, api):
    wait_for_hit(api, "/v1/categories/count")
    count = page.locator("#countCategories")
    count.locator("summary").first.click()
    count.get_by_role("button", name="Send").click()
    expect(count.locator(".headers")).to_contain_text("cache-status: larder; hit; ttl=")
    count.locator("form > details > summary", has_text="Headers").click()
    count.get_by_label("Cache-Control").fill("no-cache")
    count.get_by_role("button", name="Send").click()
    expect(count.locator(".headers")).to_contain_text("cache-status: larder; fwd=request")


def test_answers_are_listed_with_what_is_in_their_heads(page):
    page.locator("#createOrder > summary").click()
    page.locator("#createOrder .answers summary").click()
    answers = page.locator("#createOrder dl.answers")
    statuses = answers.locator("dt").all_inner_texts()
    assert statuses[0] == "201" and {"409", "422", "503"} < set(statuses) and statuses[-1] == "all"
    expect(answers.locator("dd").first).to_contain_text("Location, Preference-Applied, Idempotency-Replayed")
    expect(answers.locator("dd").last).to_contain_text("X-Request-Id")


def test_an_operation_has_an_address(page):
    page.locator("#findOrder > summary").click()
    expect(page).to_have_url(re.compile("#findOrder$"))
    page.reload()
    expect(page.locator("#findOrder form")).to_be_visible()


def test_what_comes_back_is_text_and_no_markup(page, api):
    name = "<b id=bold>Games</b>"
    path = api.post("/v1/categories", {"name": name}).header("Location")
    page.locator("#findCategory > summary").click()
    page.locator("#findCategory").get_by_label("id *").fill(path.split("/")[-1])
    page.locator("#findCategory").get_by_role("button", name="Send").click()
    expect(page.locator("#findCategory .result .body")).to_contain_text(name)
    expect(page.locator("#bold")).to_have_count(0)


def test_a_description_that_cannot_be_read_is_told(browser, stack):
    page = browser.new_page()
    page.route("**/openapi.json", lambda route: route.abort())
    page.goto(f"http://127.0.0.1:{stack.first.port}/docs")
    expect(page.get_by_role("status")).to_contain_text("The description cannot be read")
    page.close()


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

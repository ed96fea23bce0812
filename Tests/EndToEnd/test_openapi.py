"""The description of the API, as programs read it: it is true, and nothing is missing."""

import json
import re

import openapi_schema_validator
import openapi_spec_validator
import pytest

from support import larder, shapes

# What belongs to the message rather than to what it says, and has no place in a description.
FRAMING = {"Date", "Content-Length", "Content-Type", "Connection"}
# Answers that belong to no operation, because nobody who keeps to the description gets them.
OF_NO_OPERATION = {
    403: "Forbidden", 405: "MethodNotAllowed", 417: "ExpectationFailed", 421: "MisdirectedRequest", 501: "NotImplemented",
}


class Description:
    def __init__(self, document):
        self.document = document

    def resolve(self, part):
        while "$ref" in part:
            names = part["$ref"].removeprefix("#/").split("/")
            part = self.document
            for name in names:
                part = part[name]
        return part

    def errors(self, value, schema):
        """What is wrong with a value, by its schema, in which references are those of the document."""
        validator = openapi_schema_validator.OAS31Validator(
            schema | {"components": self.document["components"]},
            format_checker=openapi_schema_validator.oas31_format_checker)
        return [error.message for error in validator.iter_errors(value)]

    def operations(self):
        for path, item in self.document["paths"].items():
            for method in item.keys() - {"parameters"}:
                yield method, path, item[method]

    def answer(self, method, path, status):
        """What is said of an answer; None if it is not described."""
        responses = self.document["components"]["responses"]
        if method == "OPTIONS" or status in OF_NO_OPERATION:
            return responses["Options" if method == "OPTIONS" else OF_NO_OPERATION[status]]
        fits = [known for known in self.document["paths"] if re.fullmatch(known.replace("{id}", "[^/]+"), path)]
        if not fits:
            return responses["NotFound"]
        # A path without a parameter is the one that is meant.
        operation = self.document["paths"][min(fits, key=lambda path: "{" in path)].get(method.lower().replace("head", "get"))
        found = operation and operation["responses"].get(str(status))
        return found and self.resolve(found)

    def parts(self):
        """All that has a schema and ought to have an example, with its place."""
        components = self.document["components"]
        for kind in "parameters", "headers":
            for name, part in components[kind].items():
                yield f"{kind} {name}", part
        for method, path, operation in self.operations():
            for part in operation.get("parameters", []):
                if "$ref" not in part:
                    yield f"{method} {path}: {part['name']}", part
            for media, part in operation.get("requestBody", {}).get("content", {}).items():
                yield f"{method} {path}: body, {media}", part
            for status, answer in operation["responses"].items():
                for media, part in answer.get("content", {}).items():
                    yield f"{method} {path}: {status}, {media}", part
        for name, answer in components["responses"].items():
            for media, part in answer.get("content", {}).items():
                yield f"response {name}, {media}", part


@pytest.fixture(scope="module")
def description(api):
    return Description(api.get("/openapi.json").json())


def test_the_description_is_valid_openapi(api):
    answer = api.get("/openapi.json")
    assert answer.status == 200 and answer.header("Content-Type") == "application/json"
    document = answer.json()
    assert document["openapi"].startswith("3.1.")
    openapi_spec_validator.validate(document)


def test_the_description_is_revalidated(api):
    answer = api.get("/openapi.json")
    assert answer.header("Cache-Control") == "private, no-cache"
    again = api.get("/openapi.json", headers={"If-None-Match": answer.etag})
    assert (again.status, again.body) == (304, b"")
    head = api.request("HEAD", "/openapi.json")
    assert (head.status, head.etag, head.body) == (200, answer.etag, b"")
    assert int(head.header("Content-Length")) == len(answer.body)


def test_the_command_writes_what_is_served(api):
    written = larder.run("openapi")
    assert written.status == 0 and written.stderr == ""
    assert json.loads(written.stdout) == api.get("/openapi.json").json()


def test_each_route_is_described(description):
    described = {(method.upper(), path) for method, path, _ in description.operations()}
    assert described == {tuple(line.split()) for line in larder.run("routes").stdout.splitlines()}


def test_everything_has_an_example_that_its_schema_allows(description):
    wrong = {}
    for place, part in description.parts():
        examples = [example["value"] for example in part.get("examples", {}).values()]
        if "example" in part:
            examples.append(part["example"])
        if not examples:
            wrong[place] = "has no example"
        for example in examples:
            errors = description.errors(example, part["schema"])
            if errors:
                wrong[place] = errors
    assert wrong == {}


def test_every_part_is_used(description):
    document = description.document
    used = set(re.findall(r'"#/components/(\w+/[^"]+)"', json.dumps(document)))
    # What belongs to no operation is named in words.
    used |= {f"responses/{name}" for name in re.findall(r"\w+", document["info"]["description"])}
    defined = {f"{kind}/{name}" for kind, parts in document["components"].items() for name in parts}
    assert defined - used == set()


def test_what_is_answered_is_described_and_what_is_described_is_answered(stack, description):
    seen, wrong = {"headers": set(), "statuses": set()}, {}
    with stack.service(**shapes.SETTINGS).client() as client:
        shapes.prepare(client)
        for name, shape in shapes.OF_API.items():
            _, answer = shapes.send(client, shape)
            said = description.answer(shape.method, shape.path, shape.status)
            if said is None:
                wrong[name] = f"{shape.status} is not described"
                continue
            headers = {header.lower(): description.resolve(part) for header, part in said["headers"].items()}
            given = {header.lower(): answer.header(header) for header, _ in answer.headers if header not in FRAMING}
            found = [f"{header} is not described" for header in given.keys() - headers.keys()]
            found += [f"{header} is missing" for header, part in headers.items() if part["required"] and header not in given]
            for header in given.keys() & headers.keys():
                found += description.errors(given[header], headers[header]["schema"] | {"type": "string"})
            if answer.body or shape.method != "HEAD" and said.get("content"):
                media = said.get("content", {}).get((answer.header("Content-Type") or "").split(";")[0])
                if media is None:
                    found.append(f"{answer.header('Content-Type')} is not described")
                elif not answer.body:
                    found += description.errors("", media["schema"])
                elif "json" in answer.header("Content-Type") and answer.header("Content-Encoding") is None:
                    found += description.errors(answer.json(), media["schema"])
            if found:
                wrong[name] = found
            seen["headers"] |= given.keys()
            seen["statuses"].add(str(shape.status))
    assert wrong == {}
    described = {
        "headers": {name.lower() for _, _, operation in description.operations() for answer in operation["responses"].values()
                    for name in description.resolve(answer)["headers"]},
        "statuses": {status for _, _, operation in description.operations() for status in operation["responses"]},
    }
    # Only what comes of an outage, of slowness or of bare sockets is left to other tests.
    assert described["headers"] - seen["headers"] == {"retry-after"}
    assert described["statuses"] - seen["statuses"] == {"408", "411", "500", "503"}

"""A dictionary does what two instances over one database and one cache do: whatever is asked of whichever, in any order.

An example is a sequence of requests; all of it happens under an owner of its own, so that examples share a database."""

import itertools
import os
import urllib.parse

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from support import rows
from support.stack import wait_for_hit

# Always the same sequences. Another seed finds others.
SEED = int(os.environ.get("LARDER_MODEL_SEED", "1"))
EXAMPLES = int(os.environ.get("LARDER_MODEL_EXAMPLES", "25"))

GIVEN = ["name", "repository_url", "owner", "status"]
names = st.sampled_from(["a", "b", "c", "ä", "a b", "%", '"'])
urls = st.sampled_from([None, "https://example.org/a", "https://example.org/b"])
statuses = st.sampled_from(["active", "archived"])
instances = st.sampled_from([0, 1])
picks = st.integers(0, 5)

owners = itertools.count(1)


class Applications(RuleBasedStateMachine):
    clients = []
    # The highest id of all examples.
    highest = 0

    @initialize()
    def begin(self):
        self.owner = f"{rows.unique('owner')}-{next(owners)}"
        # By id: the row as it is, and its ETag once it was seen.
        self.rows = {}
        self.etags = {}
        self.gone = []

    # What is asked, of either instance.

    def ask(self, instance, method, path, body=None, headers=None):
        return self.clients[instance].request(method, f"/v1/applications{path}", body, headers)

    def name(self, name):
        return f"{self.owner} {name}"

    def pick(self, number):
        ids = sorted(self.rows)
        return ids[number % len(ids)] if ids else None

    def is_taken(self, name, by_another_than=None):
        return any(row["name"] == name for id, row in self.rows.items() if id != by_another_than)

    def same(self, answer, id):
        """The answer is the row of the model, and its ETag changed exactly if the row did."""
        assert answer.json() == self.rows[id], (answer, self.rows[id])
        known = self.etags.setdefault(id, answer.etag)
        assert answer.etag == known, (answer, known)

    def replace(self, id, answer, fields):
        """A change was answered: the row has these fields, one version more if they differ, and times of the service's."""
        before = self.rows[id]
        assert answer.status == 200, answer
        row = answer.json()
        changed = any(before[name] != fields[name] for name in GIVEN)
        assert {name: row[name] for name in GIVEN} == fields
        assert row["version"] == before["version"] + (1 if changed else 0)
        assert (row["id"], row["created_at"]) == (id, before["created_at"])
        if changed:
            assert row["updated_at"] >= before["updated_at"]
            assert answer.etag != self.etags.get(id)
            self.etags[id] = answer.etag
        self.rows[id] = row
        self.same(answer, id)

    # Writing.

    @rule(instance=instances, name=names, url=urls, status=statuses)
    def create(self, instance, name, url, status):
        fields = {"name": self.name(name), "repository_url": url, "owner": self.owner, "status": status}
        answer = self.ask(instance, "POST", "", fields)
        if self.is_taken(fields["name"]):
            assert answer.status == 409, answer
            return
        assert answer.status == 201, answer
        row = answer.json()
        assert row | fields == row and row["version"] == 1 and row["created_at"] == row["updated_at"]
        assert answer.header("Location") == f"/v1/applications/{row['id']}"
        assert row["id"] > Applications.highest
        Applications.highest = row["id"]
        self.rows[row["id"]] = row
        self.etags[row["id"]] = answer.etag

    @rule(instance=instances, pick=picks, name=names, url=urls, status=statuses)
    def put(self, instance, pick, name, url, status):
        id = self.pick(pick)
        if id is None:
            return
        fields = {"name": self.name(name), "repository_url": url, "owner": self.owner, "status": status}
        answer = self.ask(instance, "PUT", f"/{id}", fields)
        if self.is_taken(fields["name"], by_another_than=id):
            assert answer.status == 409, answer
        else:
            self.replace(id, answer, fields)

    @rule(instance=instances, pick=picks, patch=st.fixed_dictionaries(
        {}, optional={"name": names, "repository_url": urls, "status": statuses}))
    def patch(self, instance, pick, patch):
        id = self.pick(pick)
        if id is None:
            return
        if "name" in patch:
            patch = patch | {"name": self.name(patch["name"])}
        answer = self.ask(instance, "PATCH", f"/{id}", patch)
        if "name" in patch and self.is_taken(patch["name"], by_another_than=id):
            assert answer.status == 409, answer
        else:
            self.replace(id, answer, {name: self.rows[id][name] for name in GIVEN} | patch)

    @rule(instance=instances, pick=picks, status=statuses, is_current=st.booleans())
    def patch_if_match(self, instance, pick, status, is_current):
        id = self.pick(pick)
        if id is None or id not in self.etags:
            return
        etag = self.etags[id] if is_current else '"00000000000000000000000000000000"'
        answer = self.ask(instance, "PATCH", f"/{id}", {"status": status}, {"If-Match": etag})
        if is_current:
            self.replace(id, answer, {name: self.rows[id][name] for name in GIVEN} | {"status": status})
        else:
            assert answer.status == 412, answer

    @rule(instance=instances, pick=picks)
    def delete(self, instance, pick):
        id = self.pick(pick)
        if id is None:
            return
        assert self.ask(instance, "DELETE", f"/{id}").status == 204
        del self.rows[id]
        self.etags.pop(id, None)
        self.gone.append(id)

    # Reading.

    @rule(instance=instances, pick=picks)
    def get(self, instance, pick):
        id = self.pick(pick)
        if id is not None:
            answer = self.ask(instance, "GET", f"/{id}")
            assert answer.status == 200, answer
            self.same(answer, id)

    @rule(instance=instances, pick=picks)
    def get_if_none_match(self, instance, pick):
        id = self.pick(pick)
        if id is not None and id in self.etags:
            answer = self.ask(instance, "GET", f"/{id}", headers={"If-None-Match": self.etags[id]})
            assert (answer.status, answer.body, answer.etag) == (304, b"", self.etags[id]), answer

    @rule(instance=instances, pick=picks)
    def get_what_is_gone(self, instance, pick):
        if self.gone:
            assert self.ask(instance, "GET", f"/{self.gone[pick % len(self.gone)]}").status == 404

    @rule(instance=instances, ahead=st.integers(1, 3), what=st.sampled_from(["", "?fields=id", "/status"]))
    def get_what_is_not_there_yet(self, instance, ahead, what):
        answer = self.ask(instance, "GET", f"/{Applications.highest + ahead}{what}")
        assert answer.status == 404, answer

    @rule(instance=instances, pick=picks)
    def get_status(self, instance, pick):
        id = self.pick(pick)
        if id is not None:
            answer = self.ask(instance, "GET", f"/{id}/status")
            assert answer.status == 200 and answer.json() == {"application_id": id, "environments": []}, answer

    def selected(self, filters):
        return [row for id, row in sorted(self.rows.items()) if all(row[name] == value for name, value in filters.items())]

    def query(self, filters, **parameters):
        return "?" + urllib.parse.urlencode({"owner": self.owner} | filters | parameters)

    @rule(instance=instances, filters=st.fixed_dictionaries({}, optional={"status": statuses}),
          is_descending=st.booleans(), limit=st.integers(1, 3))
    def pages(self, instance, filters, is_descending, limit):
        expected = self.selected(filters)[::-1 if is_descending else 1]
        seen, cursor = [], None
        while True:
            parameters = {"sort": "-id" if is_descending else "id", "limit": limit} | ({"cursor": cursor} if cursor else {})
            page = self.ask(instance, "GET", self.query(filters, **parameters)).json()
            seen += page["items"]
            cursor = page["next"]
            if cursor is None:
                break
            assert len(page["items"]) == limit
        assert seen == expected

    @rule(instance=instances, filters=st.fixed_dictionaries({}, optional={"status": statuses}))
    def count(self, instance, filters):
        answer = self.ask(instance, "GET", "/count" + self.query(filters))
        assert answer.json() == {"count": len(self.selected(filters))}, answer

    @invariant()
    def both_instances_know_every_row(self):
        for id in {pick(self.rows) for pick in (min, max) if self.rows}:
            for instance in (0, 1):
                self.same(self.ask(instance, "GET", f"/{id}"), id)


def test_two_instances_are_one_dictionary(new_stack):
    stack = new_stack()
    Applications.clients = [stack.client(stack.first), stack.client(stack.second)]
    for client in Applications.clients:
        wait_for_hit(client, "/v1/applications/count")
    run_state_machine_as_test(
        seed(SEED)(Applications),
        settings=settings(
            max_examples=EXAMPLES, stateful_step_count=40, deadline=None, database=None, print_blob=False,
            phases=[Phase.generate, Phase.shrink], suppress_health_check=list(HealthCheck)))

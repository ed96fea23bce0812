"""The checker of the torture test finds what is wrong in made-up histories, and nothing in right ones."""

import random

import pytest

from support.history import Operation, check


def read(version, invoked, answered, product=1, stock=None):
    return Operation("read", product, invoked, answered, version, version if stock is None else stock)


def write(version, invoked, answered, product=1, stock=None):
    return Operation("write", product, invoked, answered, version, version if stock is None else stock)


RIGHT = {
    "nothing": [],
    "one after the other": [write(2, 0, 10), read(2, 20, 30), write(3, 40, 50), read(3, 60, 70)],
    "a read beside a write may see either": [read(1, 0, 5), write(2, 10, 30), read(1, 12, 20), read(2, 14, 29)],
    "reads that overlap may disagree": [write(2, 0, 50), read(2, 10, 30), read(1, 20, 40)],
    "a failed write may have happened": [Operation("write", 1, 0, 10, None), read(2, 20, 30), read(2, 40, 50)],
    "a failed write may happen later": [read(1, 0, 5), Operation("write", 1, 6, 10, None), read(1, 20, 30), read(2, 40, 50)],
    "products have nothing to do with each other": [write(9, 0, 10, product=1), read(2, 20, 30, product=2)],
    "answered in the instant of the question": [write(2, 0, 20), read(1, 20, 30)],
}

WRONG = {
    "a read older than an acknowledged write": [write(2, 0, 10), read(1, 20, 30)],
    "a read older than another read": [Operation("write", 1, 0, 100, None), read(2, 10, 20), read(1, 30, 40)],
    "a read older than one long ago": [write(5, 0, 10), *(read(5, 20 + i, 21 + i) for i in range(50)), read(4, 200, 210)],
    "two acknowledged writes of one version": [write(2, 0, 10, stock=7), write(2, 5, 15, stock=7)],
    "a write that lost an earlier one": [write(3, 0, 10), write(2, 20, 30)],
    "a write of the version that was already read": [read(2, 0, 10), write(2, 20, 30)],
    "a read of what nobody had written yet": [read(2, 0, 10), write(2, 20, 30)],
    "one version with two contents": [write(2, 0, 50, stock=7), read(2, 10, 20, stock=8)],
}


@pytest.mark.parametrize("what", RIGHT)
def test_a_right_history_is_accepted(what):
    assert check(RIGHT[what]) == []


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_history_is_caught_and_explained(what):
    history = WRONG[what]
    violations = check(history)
    assert violations
    assert "product 1" in violations[0].explain(history)


@pytest.mark.parametrize("seed", range(20))
def test_a_single_stale_read_among_thousands_is_caught(seed):
    chance = random.Random(seed)
    history, version, time = [], 1, 0
    for _ in range(3000):
        begin, time = time, time + chance.randrange(1, 9)
        if chance.random() < 0.1:
            version += 1
            history.append(write(version, begin, time))
        else:
            history.append(read(version, begin, time))
        time += 1
    assert check(history) == []
    at = chance.randrange(1000, 3000)
    stale = history[at]
    history[at] = read(stale.version - 1, stale.invoked, stale.answered)
    expected = any(one.answered < stale.invoked and one.version >= stale.version for one in history[:at])
    assert bool(check(history)) == expected
    chance.shuffle(history)
    assert bool(check(history)) == expected

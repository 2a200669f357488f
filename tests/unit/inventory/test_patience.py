"""How long the next try waits."""

from helmpanel.inventory.patience import ASKED_S, LONGEST_S, Patience


def test_waits_grow_to_half_a_minute_and_begin_anew_after_a_success():
    patience = Patience(lambda: 1.0)
    waits = [patience.wait_s() for _ in range(9)]
    assert waits == [0.0, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, LONGEST_S, LONGEST_S]
    patience.succeeded()
    assert patience.wait_s() == 0.0
    assert Patience(lambda: 0.0).wait_s(5.0) == 5.0
    assert Patience().wait_s(1e9) == ASKED_S


def test_waits_are_spread():
    """Many clients must not come back in step."""
    early, late = Patience(lambda: 0.0), Patience(lambda: 1.0)
    early.wait_s(), late.wait_s()
    assert early.wait_s() < late.wait_s()

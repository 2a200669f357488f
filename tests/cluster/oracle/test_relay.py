"""The network of the oracle breaks as it says, and works again afterwards."""

from __future__ import annotations

import http.client
import threading

import pytest

from tests.cluster.oracle.faults import Line
from tests.cluster.sandbox.conftest import Client


@pytest.fixture
def client(line: Line) -> Client:
    """Goes through the relay, as helmpanel does."""
    return Client(line.kubeconfig)


def test_what_is_cut_breaks_in_the_middle_and_can_be_asked_again(line: Line, client: Client):
    with client.open("GET", "/api/v1/secrets?watch=true&sendInitialEvents=true") as answer:
        assert b"BOOKMARK" in answer.readline()
        line.relay.cut()
        with pytest.raises((http.client.IncompleteRead, ConnectionResetError)):
            answer.read()
    assert client.ask("GET", "/api/v1/secrets")[0] == 200


def test_while_it_is_away_connections_are_refused(line: Line, client: Client):
    with line.relay.away(), pytest.raises(ConnectionRefusedError), client.open("GET", "/version"):
        pass
    assert client.ask("GET", "/version")[0] == 200


def test_while_it_resets_connections_break_as_soon_as_they_are_made(line: Line, client: Client):
    with line.relay.resetting(), pytest.raises(ConnectionResetError), client.open("GET", "/version"):
        pass
    assert client.ask("GET", "/version")[0] == 200


def test_what_is_held_up_arrives_afterwards(line: Line, client: Client):
    told: list[bytes] = []
    with client.open("GET", "/api/v1/configmaps?watch=true&resourceVersion=1000&labelSelector=is=late") as answer:
        reading = threading.Thread(target=lambda: told.append(answer.readline()))
        with line.relay.held():
            reading.start()
            line.box.put({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "late", "namespace": "default", "labels": {"is": "late"}}})
            reading.join(0.3)
            assert not told
        reading.join(20)
    assert b"late" in told[0]

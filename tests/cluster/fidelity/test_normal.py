"""The normaliser takes out what no two runs can share, and nothing else."""

from __future__ import annotations

import json

import pytest

from .normal import RULES, normal


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('"updated":"2026-11-22T21:41:13.002135952Z"', '"updated":"2027-01-02T03:04:05Z"'),
        ('"updated":"2026-11-23T07:11:15.115781835+09:00"', '"updated":"2026-11-24T08:12:16.1+09:00"'),
        ("2026-11-22 21:41:13.002135952 +0000 UTC", "2026-11-23 01:02:03.4 +0000 UTC"),
        ("LAST DEPLOYED: Sun Nov 22 21:41:31 2026", "LAST DEPLOYED: Mon Nov  2 01:01:01 2026"),
        ('{"modifiedAt":"1795385592","name":"tz"}', '{"modifiedAt":"1895385592","name":"tz"}'),
        ("web-demo   24s\n", "web-demo   1s\n"),
        ('"uid":"1ecf5fab-b5a8-4eb8-9e5c-63d3ead7f7cd"', '"uid":"00000000-b5a8-4eb8-9e5c-63d3ead7f7cd"'),
        ('"resourceVersion":"3500"', '"resourceVersion":"7"'),
        ("NAME: cm-1795383672", "NAME: cm-1895383672"),
        ("web-demo-5dd6884dbd-d5txx   1/1", "web-demo-f4b9c8d7f6-x2zzq   1/1"),
        ("http://127.0.0.1:18090/index.yaml", "http://127.0.0.1:41235/index.yaml"),
        ("ClusterIP   10.0.0.118   <none>", "ClusterIP   10.96.212.7   <none>"),
        ("NAME\tUPDATED                                \tSTATUS", "NAME\tUPDATED                               \tSTATUS"),
        ("TYPE        CLUSTER-IP   PORT", "TYPE        CLUSTER-IP    PORT"),
        (
            'E1122 21:45:12.622234   27970 request.go:1198] "Unexpected error when reading response body" err="context canceled"\nError: late\n',
            "Error: late\n",
        ),
        ('I1123 00:27:35.194847   21737 warnings.go:110] "Warning: x"', 'I0101 10:27:35.1   7 warnings.go:70] "Warning: x"'),
        (
            "- at '/service': validation failed\n  - at '/service/port': got string\n  - at '/service/type': bad\n",
            "- at '/service': validation failed\n  - at '/service/type': bad\n  - at '/service/port': got string\n",
        ),
    ],
)
def test_readings_of_two_runs_become_the_same(one: str, other: str):
    assert normal(one) == normal(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("STATUS: deployed", "STATUS: failed"),
        ('"revision":"3"', '"revision":"4"'),
        ('"version":3', '"version":4'),
        ('"updated":"2026-11-22T21:41:13Z"', '"updated":"2026-11-22T21:41:13+09:00"'),
        ('"updated":"2026-11-22T21:41:13Z"', '"updated":""'),
        ('"updated":"2026-11-22T21:41:13Z"', '"updated":"0001-01-01T00:00:00Z"'),
        ("2026-11-22 21:41:13 +0000 UTC", "2026-11-22 21:41:13 +0900 JST"),
        ("2026-11-22 21:41:13 +0000 UTC", "2026-11-22T21:41:13Z"),
        ("replicas: 1", "replicas: 2"),
        ("    replicas: 1", "  replicas: 1"),
        (r'"manifest":"spec:\n    replicas: 1\n"', r'"manifest":"spec:\n     replicas: 1\n"'),
        ("port: 8080", "port: 80"),
        ("spec.ports[0].port: Invalid value: 99999", "spec.ports[0].port: Invalid value: 99998"),
        ("release-name", "release-namespace"),
        ("chart cm-0.1.0", "chart cm-0.2.0"),
        ("web-demo", "web-test"),
        ("1/1     Running", "0/1     Running"),
        ('E1122 21:45:12.622234 1 request.go:1] "Another error" err="context canceled"\n', ""),
        ('W1123 00:27:35.1   21737 warnings.go:110] "Warning: x"', 'W1123 00:27:35.1   21737 warnings.go:110] "Warning: y"'),
        ("Error: a\nError: b\n", "Error: b\nError: a\n"),
        ("Error: a", "Error: a\n"),
        ("--timeout 6 seconds", "--timeout 7 seconds"),
        ("kubeVersion: >=1.99.0 v1.36.2", "kubeVersion: >=1.99.0 v1.36.3"),
        ("- at '/a': minimum: got 0, want 1\n", "- at '/a': minimum: got 0, want 2\n"),
    ],
)
def test_what_differs_for_another_reason_stays_different(one: str, other: str):
    assert normal(one) != normal(other)


def _listed(*releases: tuple[str, str, str]) -> str:
    """`helm list -o json` of (name, namespace, updated)."""
    return json.dumps([{"name": name, "namespace": namespace, "revision": "1", "updated": updated} for name, namespace, updated in releases]) + "\n"


def test_releases_of_one_name_are_put_in_the_order_of_their_namespaces():
    one = _listed(("a", "n2", "1 +0000 UTC"), ("a", "n1", "2 +0000 UTC"), ("b", "n1", "3 +0000 UTC"))
    other = _listed(("a", "n1", "2 +0000 UTC"), ("a", "n2", "1 +0000 UTC"), ("b", "n1", "3 +0000 UTC"))
    assert normal(one) == normal(other)


def test_releases_of_one_second_are_put_in_the_order_of_their_names():
    one = _listed(("b", "n", "2026-11-22 21:41:13.9 +0000 UTC"), ("a", "n", "2026-11-22 21:41:13.1 +0000 UTC"))
    other = _listed(("a", "n", "2026-11-22 21:41:13.1 +0000 UTC"), ("b", "n", "2026-11-22 21:41:13.9 +0000 UTC"))
    assert normal(one) == normal(other)


def test_the_order_of_names_and_of_seconds_stays_a_difference():
    one = _listed(("a", "n", "2026-11-22 21:41:13 +0000 UTC"), ("b", "n", "2026-11-22 21:41:14 +0000 UTC"))
    other = _listed(("b", "n", "2026-11-22 21:41:14 +0000 UTC"), ("a", "n", "2026-11-22 21:41:13 +0000 UTC"))
    assert normal(one) != normal(other)


def test_a_table_of_releases_keeps_its_order_but_for_ties():
    head = "NAME\tNAMESPACE\tREVISION\n"
    assert normal(head + "a\tn2\t1\na\tn1\t1\n") == normal(head + "a\tn1\t1\na\tn2\t1\n")
    assert normal(head + "a\tn1\t1\nb\tn1\t1\n") != normal(head + "b\tn1\t1\na\tn1\t1\n")


def test_the_tables_of_resources_in_a_status_are_put_in_one_order():
    service, pod = "==> v1/Service\nNAME   AGE\nweb    1s\n\n", "==> v1/Pod(related)\nNAME   AGE\nweb-1  1s\n\n"
    assert normal(f"RESOURCES:\n{service}{pod}\nNOTES:\n") == normal(f"RESOURCES:\n{pod}{service}\nNOTES:\n")
    assert normal(f"RESOURCES:\n{service}{pod}\nNOTES:\n") != normal(f"RESOURCES:\n{service}\nNOTES:\n")


def test_a_history_keeps_its_order():
    assert normal('[{"revision":1},{"revision":2}]') != normal('[{"revision":2},{"revision":1}]')


def test_paths_become_the_placeholders_of_the_recording():
    assert normal("open /tmp/x/charts/none.yaml", {"/tmp/x/charts": "<charts>"}) == "open <charts>/none.yaml"


def test_normal_text_stays_as_it_is():
    """Normalising twice changes nothing: what the rules write, no rule reads again."""
    text = 'x 2026-11-22T21:41:13Z cm-1795383672 127.0.0.1:8080 a-5dd6884dbd-d5txx 24s\n{"resourceVersion":"3"}'
    assert normal(normal(text)) == normal(text)


def test_the_rules_are_few():
    assert len(RULES) <= 16

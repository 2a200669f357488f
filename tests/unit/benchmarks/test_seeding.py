"""What the benchmarks seed is what Helm stores, in the sizes that real clusters have."""

from __future__ import annotations

import base64
import gzip
import json
import statistics

from benchmarks.seeding import MEAN_GZIP, Seeds
from helmpanel.inventory import storage


def packed(secret: dict) -> bytes:
    return base64.b64decode(base64.b64decode(secret["data"]["release"]))


def test_payloads_have_the_mean_size_and_compress_no_further():
    raw = [packed(each) for each in Seeds(48, 3).secrets()]
    assert abs(statistics.mean(map(len, raw)) / MEAN_GZIP - 1) < 0.01
    assert all(len(gzip.compress(each, 9)) > 0.98 * len(each) for each in raw[:10])
    assert all(len(gzip.compress(gzip.decompress(each), 9)) > 0.97 * len(each) for each in raw[:10])


def test_a_payload_is_one_gzip_of_json_with_the_head_first():
    secret = Seeds(4, 3).secret(2, 3, "deployed")
    text = gzip.decompress(packed(secret))
    release = json.loads(text)
    assert list(release) == ["name", "info", "chart", "config", "manifest", "version", "namespace"]
    assert next(iter(release["chart"])) == "metadata"
    assert text.index(b'"appVersion"') < 2_000
    assert len(release["chart"]["templates"][0]["data"]) > 10_000
    assert storage.stored_release(secret)["version"] == 3


def test_a_head_is_read_from_it_as_from_helms_own():
    head = storage.head(Seeds(40, 3).secret(31, 2, "deployed"))
    assert head is not None
    assert (head.unreadable, head.namespace, head.name, head.revision, head.status) == ("", "team-31", "cert-manager-00031", 2, "deployed")
    assert (head.chart, head.version, head.app_version, head.description) == ("cert-manager", "1.1.2", "2.2", "Upgrade complete")


def test_a_thousand_releases_have_1077_revisions_that_are_not_superseded():
    seeds = Seeds(1_000, 5, blobs=[])
    statuses = [[seeds.status(number, revision) for revision in range(1, 6)] for number in range(1_000)]
    assert sum(status != "superseded" for each in statuses for status in each) == 1_077
    assert all(each.count("deployed") == 1 for each in statuses)
    assert {each[-1] for each in statuses} == {"deployed", "failed", "pending-upgrade"}


def test_with_one_revision_each_all_are_deployed():
    assert {Seeds(100, 1, blobs=[]).status(number, 1) for number in range(100)} == {"deployed"}


def test_releases_are_spread_over_namespaces_and_named_once():
    names = {Seeds(200, 1, blobs=[]).name(number) for number in range(200)}
    assert len(names) == 200
    assert len({namespace for namespace, _ in names}) == 40


def test_helm_owns_the_fields():
    (entry,) = Seeds(1, 1).secret(0, 1, "deployed")["metadata"]["managedFields"]
    assert (entry["manager"], entry["operation"]) == ("helm", "Update")
    assert set(entry["fieldsV1"]["f:metadata"]["f:labels"]) == {".", "f:modifiedAt", "f:name", "f:owner", "f:status", "f:version"}

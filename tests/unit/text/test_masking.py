"""Masking of values and manifests: no secret survives, no line is lost, nothing raises."""

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from helmpanel.text import DOTS, mask_manifest, mask_values

SECRET_KEYS = [
    "password",
    "adminPassword",
    "DB_PASS",
    "apiKey",
    "clientSecret",
    "accessToken",
    "tls.key",
    "privateKey",
    "secrets",
    "credentials",
    "connectionString",
    "fernetKey",
]
PLAIN_KEYS = ["replicas", "image", "host", "resources", "ingress"]
SECRET = "s3cr3t"

# Each secret carries a mark that nothing else carries, so that finding it anywhere in the result means a leak.
secret_texts = st.text(alphabet="abc🙂\ufeff\u2028\x85 \t:#-'\"{}[],&*|>%@`!/\\é•\n", max_size=12).map(lambda t: f"{t}{SECRET}{t}")
plain = st.one_of(st.integers(0, 9), st.booleans(), st.none(), st.sampled_from(["nginx", "a: b", "multi\nline", ""]))


@st.composite
def values_with_secrets(draw, depth=3):
    tree = {}
    for key in draw(st.lists(st.sampled_from(PLAIN_KEYS), unique=True, max_size=3)):
        tree[key] = draw(values_with_secrets(depth=depth - 1)) if depth and draw(st.booleans()) else draw(plain)
    for key in draw(st.lists(st.sampled_from(SECRET_KEYS), unique=True, max_size=3)):
        shape = draw(st.sampled_from(["text", "text", "list", "mapping"]))
        value = draw(secret_texts)
        tree[key] = {"text": value, "list": [value, value], "mapping": {"one": value, "two": [{"three": value}]}}[shape]
    return tree


@given(values_with_secrets(), st.sampled_from([None, True, False]), st.integers(2, 4), st.sampled_from([None, "'", '"', "|", ">"]))
def test_no_secret_of_a_masked_key_survives(tree, flow, indent, style):
    text = yaml.safe_dump(tree, default_flow_style=flow, indent=indent, default_style=style, allow_unicode=True)
    masked = mask_values(text)
    assert SECRET not in masked
    assert masked.count("\n") == text.count("\n")
    assert mask_values(masked) == masked


@given(values_with_secrets(), st.sampled_from(["\nbroken: [", "\n\tx: y", "\na: b: c", '\nq: "open', "\n- x\ny: 1"]), st.booleans())
def test_broken_yaml_is_masked_by_lines(tree, tail, before):
    text = yaml.safe_dump(tree, default_flow_style=False, allow_unicode=True)
    text = tail.lstrip("\n") + "\n" + text if before else text + tail
    masked = mask_values(text)
    assert SECRET not in masked
    assert masked.count("\n") == text.count("\n")


@pytest.mark.parametrize("value", ['"#s3cr3t"', "'#s3cr3t'", '"# s3cr3t" # more'])
def test_a_quote_that_is_not_closed_makes_no_comment_of_a_secret(value):
    """The quote ends where the secret's begins, and YAML reads on behind it without complaint."""
    text = f"image: {value[0]}open\npassword: {value}\nreplicas: 2\n"
    assert yaml.safe_load(text)["replicas"] == 2
    masked = mask_values(text)
    assert SECRET not in masked
    assert masked.split("\n")[1] == f"password: {DOTS}"
    assert masked.count("\n") == text.count("\n")
    assert mask_values(masked) == masked


def test_a_bracket_inside_quotes_hides_no_key_of_a_text_that_is_broken():
    """By lines, the bracket seems to be open still where the next key stands."""
    text = "image:\n    password: '''{s3cr3t''{'\nreplicas:\n  password:\n  - ':s3cr3t:'\n  - ':s3cr3t:'\nbroken: ["
    assert SECRET not in mask_values(text)


PIECES = [
    *"ab:-#'\"{}[],&*|>%@!\n \t\r\\/=•",
    "password: ",
    "token=",
    "kind: Secret\n",
    "data:\n",
    "\n  ",
    "--- \n",
    "k: v\n",
    "\x85",
    "\u2028",
    "\ud800",
    "\x00",
    "\ufeff",
]
scraps = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)


@settings(max_examples=2 * settings.default.max_examples)
@given(scraps)
def test_any_text_keeps_its_lines_and_never_raises(text):
    for mask in (mask_values, mask_manifest):
        assert mask(text).count("\n") == text.count("\n")


@settings(max_examples=2 * settings.default.max_examples)
@given(scraps)
def test_masking_twice_is_masking_once(text):
    once = mask_values(text)
    assert mask_values(once) == once


@given(
    st.dictionaries(st.sampled_from(["a", "b.properties", "replicas"]), secret_texts, min_size=1),
    st.sampled_from(["data", "stringData"]),
    st.booleans(),
    st.sampled_from([None, True, False]),
    st.booleans(),
)
def test_no_field_of_a_secret_object_survives(fields, where, in_list, flow, sort):
    secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "web"}, where: fields}
    document = {"apiVersion": "v1", "kind": "List", "items": [{"kind": "ConfigMap", "data": {"a": "readable"}}, secret]} if in_list else secret
    text = (
        "---\n# Source: web/templates/a.yaml\n"
        + yaml.safe_dump(document, default_flow_style=flow, sort_keys=sort, allow_unicode=True)
        + "---\nkind: ConfigMap\ndata:\n  b: open\n"
    )
    masked = mask_manifest(text)
    assert SECRET not in masked
    assert "b: open" in masked
    assert masked.count("\n") == text.count("\n")
    assert mask_manifest(masked) == masked


def test_structure_comments_and_line_numbers_stay():
    text = "# Hub\nhub:\n  password: hunter2  # of the hub\n  replicas: 2\n  db: {user: a, password: 'p, w'}\n"
    assert mask_values(text) == f"# Hub\nhub:\n  password: {DOTS}  # of the hub\n  replicas: 2\n  db: {{user: a, password: '{DOTS}'}}\n"


def test_length_says_nothing():
    assert mask_values("password: a\n") == mask_values(f"password: {'a' * 500}\n")


@pytest.mark.parametrize(
    "line",
    [
        "existingSecret: web",
        "secretName: web-tls",
        "tokenTTL: 3600",
        "passwordPolicy: strict",
        "imagePullSecrets: [regcred]",
        "auth: {enabled: true}",
        "password: ''",
        "automountServiceAccountToken: false",
        "maxTokens: 4096",
    ],
)
def test_what_only_names_or_describes_a_secret_stays_readable(line):
    assert mask_values(line) == line


@pytest.mark.parametrize(
    "text",
    [
        "env:\n- name: DB_PASSWORD\n  value: s3cr3t\n",
        "env:\n- value: s3cr3t\n  name: DB_PASSWORD\n",
        "url: postgres://app:s3cr3t@db/x\n",
        "args: ['--password=s3cr3t', --token, s3cr3t]\n",
        "a: &pw s3cr3t\npassword: *pw\n",
        "# password: s3cr3t\na: 1\n",
        "config: |\n  [db]\n  password = s3cr3t\n",
        'config: |\n  {"db": {"password": "s3cr3t"}}\n',
        'config: "{\\"db\\": {\\"password\\": \\"s3cr3t\\"}}"\n',
        "pem: |\n  -----BEGIN PRIVATE KEY-----\n  s3cr3t\n  -----END PRIVATE KEY-----\n",
        "header: 'Authorization: Bearer s3cr3ts3cr3t'\n",
        "htpasswdFile: |\n  admin:s3cr3t\n",
        "password: !!str s3cr3t\n",
        "? password\n: s3cr3t\n",
        "password: |2-\n   s3cr3t\n  s3cr3t\n",
        "password: s3cr3t\r\nreplicas: 1\r\n",
        "password: s3cr3t\rreplicas: 1",
    ],
)
def test_secrets_in_odd_places_are_found(text):
    masked = mask_values(text)
    assert SECRET not in masked
    assert mask_values(masked) == masked


def test_a_manifest_without_a_secret_keeps_its_data():
    text = "kind: ConfigMap\ndata:\n  a: open\n"
    assert mask_manifest(text) == text
    assert mask_values("kind: Secret\ndata:\n  a: open\n") == "kind: Secret\ndata:\n  a: open\n"


def test_the_copy_kubectl_keeps_in_an_annotation_is_masked():
    text = 'kind: Secret\nmetadata:\n  annotations:\n    kubectl.kubernetes.io/last-applied-configuration: \'{"data":{"a":"s3cr3t"}}\'\n'
    assert SECRET not in mask_manifest(text)


def test_nesting_far_beyond_the_recursion_limit_survives():
    text = "[" * 3_000 + "\npassword: s3cr3t"
    assert SECRET not in mask_values(text)

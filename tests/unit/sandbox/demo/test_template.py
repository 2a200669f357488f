"""The part of Helm's template language that the believable charts use; tests/cluster/sandbox holds it against the real helm."""

import pytest

from helmpanel.sandbox.demo.template import rendered

SCOPE = {"Release": {"Name": "web"}, "Chart": {"AppVersion": "1.25"}, "Values": {"on": True, "off": False, "tag": "", "none": {}, "deep": {"b": 2, "a": "x"}}}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: {{ .Release.Name }}-x", "a: web-x\n"),
        ("a: {{ .Values.on }} {{ .Values.missing.key }}.", "a: true .\n"),
        ('a: "{{ .Values.tag | default .Chart.AppVersion }}"', 'a: "1.25"\n'),
        ("a: {{ .Chart.AppVersion | quote }}", 'a: "1.25"\n'),
        ("a: {{ .Release.Name | b64enc | quote }}", 'a: "d2Vi"\n'),
        ("a:\n  {{- toYaml .Values.deep | nindent 2 }}\nb: 1", "a:\n  a: x\n  b: 2\nb: 1\n"),
        ("a: 1\n{{- if .Values.off }}\nb: 2\n{{- if .Values.on }}\nc: 3\n{{- end }}\n{{- end }}\nd: 4", "a: 1\nd: 4\n"),
        ("a: 1\n{{- if .Values.on }}\nb: 2\n{{- end }}", "a: 1\nb: 2\n"),
        ("{{- if .Values.none }}\nb: 2\n{{- end }}\nc: 3", "c: 3\n"),
    ],
)
def test_known_parts_are_filled_in(text: str, expected: str):
    assert rendered(text, SCOPE) == expected


@pytest.mark.parametrize("text", ["{{- range .Values.list }}", '{{- include "x" . }}', "a: {{ .Release.Name | upper }}"])
def test_what_is_not_known_raises(text: str):
    with pytest.raises(ValueError, match=r"not in the known part|unknown filter"):
        rendered(text, SCOPE)

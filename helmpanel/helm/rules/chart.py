"""Getting a chart, giving it values, and what it makes of them."""

from __future__ import annotations

from helmpanel.errors import FailureKind as K
from helmpanel.helm.rules.rule import NO_ANSWER, REFUSED, rule

_SOURCE = "Check the chart reference and the version, refresh the repositories, and log in to the registry if it asks for that."

SOURCES = (
    rule(
        K.CHART_NOT_FOUND,
        r"chart (?P<name>\S+) (?:matching|version) (?P<version>\S*) ?(?:was )?not found.*no chart version found",
        says="chart {name} has no version {version}",
        advice="Choose another version, or refresh the repositories.",
    ),
    rule(
        K.CHART_NOT_FOUND,
        r"no chart (?:name|version) found|chart \S+ (?:matching|version) .*not found|chart not found in |\brepo(?:sitory)? \S+ not found",
        r"no cached repo|no repositor(?:y|ies) |\bpath \S+ not found|non-absolute URLs should be|is not a valid chart repository",
        r"failed to (?:fetch|download|pull|authorize|resolve reference)|could not (?:download|find protocol handler)|scheme \S+ not supported",
        r" on source: |unable to locate any tags|improper constraint|invalid_reference|invalid reference|invalid chart URL",
        says="{what} could not be had: {said}",
        advice=_SOURCE,
    ),
    rule(K.CHART_NOT_FOUND, rf"chart:https?://.{{0,500}}?(?:{NO_ANSWER}|{REFUSED})", says="{what} could not be had: {said}", advice=_SOURCE),
)

VALUES = (
    rule(
        K.SCHEMA_INVALID,
        r"don.t meet the specifications of the schema\(?s?\)? in the following chart\(?s?\)?: ?(?P<why>.*)",
        r"values\.schema\.json.*(?:fail|invalid)",
        says="the values do not fit the chart's schema: {why}",
        advice="Correct the values named, then upgrade again.",
    ),
    rule(
        K.VALUES_INVALID,
        r"failed to parse \S+: (?:cannot unmarshal yaml document: )?(?P<why>(?:error|yaml|json|invalid).*)",
        says="the values cannot be read: {why}",
        advice="Correct the YAML; at the top it must be keys and values.",
    ),
    rule(
        K.VALUES_INVALID, r"failed parsing --set\S* (?:data|value)", says="a --set value cannot be read: {said}", advice="Correct it, or use the values text."
    ),
    rule(
        K.VALUES_INVALID,
        r"^open (?P<file>\S+): (?:no such file or directory|permission denied)",
        says="the values file {file} cannot be read",
        advice="Check its path, and that you may read it.",
    ),
)

RENDERING = (
    rule(
        K.CHART_INVALID,
        r"chart requires kubeVersion: (?P<wanted>.+?) which is incompatible with Kubernetes (?P<found>\S+)",
        says="the chart wants Kubernetes {wanted}, and this cluster is {found}",
        advice="Choose a version of the chart for this cluster.",
    ),
    rule(K.CHART_INVALID, r"library charts are not installable", says="it is a library chart", advice="Choose a chart that uses it."),
    rule(
        K.CHART_INVALID,
        r"missing in charts/ directory: (?P<names>.*)",
        r"dependencies (?:are )?out of sync|lock file .* out of sync",
        says="charts it depends on are missing: {names}",
        advice="Run `helm dependency build` in the chart, or take a packaged version.",
    ),
    rule(
        K.CHART_INVALID,
        r"execution error at \((?P<at>[^)]*)\): (?P<why>.*)",
        says="the chart refuses the values: {why} ({at})",
        advice="Set what it asks for in the values.",
    ),
    rule(
        K.CHART_INVALID,
        r"no matches for kind (?P<name>\S+) in version (?P<version>[^\s:;,]+)",
        says="the cluster does not know {name} ({version})",
        advice="Install the CRDs the chart needs, or choose a version of the chart for this cluster.",
    ),
    rule(
        K.CHART_INVALID,
        r"too long: (?:must have|may not be more than) ",
        r"request (?:entity )?(?:is )?too large|trying to send message larger than max",
        says="chart and values together are too large to be stored as a release",
        advice="Make them smaller: fewer files in the chart, no large texts in the values.",
    ),
    rule(
        K.CHART_INVALID,
        # text/template and helm's engine
        r"YAML parse error|parse error at \(|\btemplate: \S+:\d+|nil pointer evaluating|can.t evaluate field|error calling \w+",
        r"executing \S+ at <|function \S+ not defined|wrong (?:number|type) of (?:args|value)",
        r"error unmarshaling JSON|error converting YAML to JSON",
        # objects the API server, or helm on its way there, does not take
        r"unable to build kubernetes objects?|resource mapping not found|ensure CRDs are installed|no kind match|could not find the requested resource",
        r"unknown field|error validating|validation error|strict decoding error|invalid value: |unsupported value: |required value|is invalid: ",
        r"object .kind. is missing|apiVersion (?:is )?not set|unable to decode|does not match the namespace|no objects? (?:passed|visited)",
        # the chart's own files
        r"does not appear to be a gzipped archive|exceeds? (?:the )?maximum|larger than the maximum|Chart\.yaml|chart metadata|chart\.metadata|validation: ",
        r"chart\(s\) failed|cannot load |illegally|invalid chart",
        says="the chart does not give valid objects: {said}",
        advice="Check the values it is given. Try another version of the chart, or tell the chart's authors.",
    ),
)

"""Template texts that the believable charts are put together from.

They use a small part of Helm's template language on purpose: `helmpanel.sandbox.template` renders the same text without helm, and a
test holds both renderings equal. `@name@` and `@key@` are replaced by a component's name and by its key in the values.
"""

from __future__ import annotations

LABELS = """\
    app.kubernetes.io/name: {{ .Chart.Name }}
    app.kubernetes.io/instance: {{ .Release.Name }}
    app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
    app.kubernetes.io/managed-by: {{ .Release.Service }}
    helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
"""

_SELECTOR = """\
      app.kubernetes.io/name: {{ .Chart.Name }}
      app.kubernetes.io/instance: {{ .Release.Name }}
      app.kubernetes.io/component: @name@
"""

_POD = """\
  template:
    metadata:
      labels:
        app.kubernetes.io/name: {{ .Chart.Name }}
        app.kubernetes.io/instance: {{ .Release.Name }}
        app.kubernetes.io/component: @name@
      {{- if .Values.podAnnotations }}
      annotations:
        {{- toYaml .Values.podAnnotations | nindent 8 }}
      {{- end }}
    spec:
      serviceAccountName: {{ .Release.Name }}
      containers:
        - name: @name@
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"
          imagePullPolicy: {{ .Values.image.pullPolicy }}
          envFrom:
            - configMapRef:
                name: {{ .Release.Name }}-config
            - secretRef:
                name: {{ .Release.Name }}-credentials
          ports:
            - name: http
              containerPort: @port@
          resources:
            {{- toYaml .Values.@key@.resources | nindent 12 }}
"""

DEPLOYMENT = f"""\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{{{ .Release.Name }}}}-@name@
  labels:
{LABELS}spec:
  replicas: {{{{ .Values.@key@.replicas }}}}
  selector:
    matchLabels:
{_SELECTOR}{_POD}"""

STATEFULSET = f"""\
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: {{{{ .Release.Name }}}}-@name@
  labels:
{LABELS}spec:
  serviceName: {{{{ .Release.Name }}}}-@name@
  replicas: {{{{ .Values.@key@.replicas }}}}
  selector:
    matchLabels:
{_SELECTOR}{_POD}          volumeMounts:
            - name: data
              mountPath: /data
  volumeClaimTemplates:
    - metadata:
        name: data
      spec:
        accessModes: ["ReadWriteOnce"]
        resources:
          requests:
            storage: {{{{ .Values.persistence.size }}}}
"""

SERVICE = f"""\
apiVersion: v1
kind: Service
metadata:
  name: {{{{ .Release.Name }}}}-@name@
  labels:
{LABELS}spec:
  type: {{{{ .Values.service.type }}}}
  ports:
    - name: http
      port: @port@
      targetPort: http
  selector:
{_SELECTOR.replace("      ", "    ")}"""

SERVICE_ACCOUNT = f"""\
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{{{ .Release.Name }}}}
  labels:
{LABELS}"""

CONFIG = f"""\
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{{{ .Release.Name }}}}-config
  labels:
{LABELS}data:
  LOG_LEVEL: {{{{ .Values.config.logLevel | quote }}}}
  application.yaml: |
    {{{{- toYaml .Values.config | nindent 4 }}}}
"""

CREDENTIALS = f"""\
apiVersion: v1
kind: Secret
metadata:
  name: {{{{ .Release.Name }}}}-credentials
  labels:
{LABELS}type: Opaque
data:
  username: {{{{ .Values.auth.username | b64enc | quote }}}}
  password: {{{{ .Values.auth.password | b64enc | quote }}}}
"""

METRICS = f"""\
{{{{- if .Values.metrics.enabled }}}}
apiVersion: v1
kind: Service
metadata:
  name: {{{{ .Release.Name }}}}-metrics
  labels:
{LABELS}spec:
  type: ClusterIP
  ports:
    - name: metrics
      port: {{{{ .Values.metrics.port }}}}
      targetPort: http
  selector:
    app.kubernetes.io/name: {{{{ .Chart.Name }}}}
    app.kubernetes.io/instance: {{{{ .Release.Name }}}}
{{{{- end }}}}
"""

KEPT_CLAIM = f"""\
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: {{{{ .Release.Name }}}}-shared
  labels:
{LABELS}  annotations:
    helm.sh/resource-policy: keep
spec:
  accessModes: ["ReadWriteMany"]
  resources:
    requests:
      storage: {{{{ .Values.persistence.size }}}}
"""

MIGRATION = f"""\
apiVersion: batch/v1
kind: Job
metadata:
  name: {{{{ .Release.Name }}}}-run-migrations
  labels:
{LABELS}  annotations:
    helm.sh/hook: pre-upgrade
    helm.sh/hook-weight: "1"
    helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
spec:
  backoffLimit: 1
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: run-migrations
          image: "{{{{ .Values.image.repository }}}}:{{{{ .Values.image.tag | default .Chart.AppVersion }}}}"
          args: ["db", "migrate"]
"""

NOTES = """\
{{ .Chart.Name }} {{ .Chart.AppVersion }} runs in {{ .Release.Namespace }} as {{ .Release.Name }}.

Reach it from this machine with
  kubectl --namespace {{ .Release.Namespace }} port-forward service/{{ .Release.Name }}-@name@ 8080:@port@
and read the password of {{ .Values.auth.username }} with
  kubectl --namespace {{ .Release.Namespace }} get secret {{ .Release.Name }}-credentials -o jsonpath='{.data.password}' | base64 -d
"""

SCHEMA: dict[str, object] = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    "type": "object",
    "properties": {
        "image": {
            "type": "object",
            "properties": {"repository": {"type": "string"}, "tag": {"type": "string"}, "pullPolicy": {"enum": ["Always", "IfNotPresent", "Never"]}},
        },
        "service": {"type": "object", "properties": {"type": {"enum": ["ClusterIP", "NodePort", "LoadBalancer"]}}},
        "config": {"type": "object", "properties": {"logLevel": {"enum": ["debug", "info", "warning", "error"]}}, "required": ["logLevel"]},
    },
}

CRD = """\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: @plural@.@group@
spec:
  group: @group@
  scope: Namespaced
  names:
    kind: @kind@
    plural: @plural@
    singular: @singular@
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          x-kubernetes-preserve-unknown-fields: true
"""

{{/*
One of our services: its account, its Deployment, and how many of its pods may be missing at once.
(dict "root" $ "name" <service> "env" <map> "ports" <list> "volumes" <map of name to path and volume>)
*/}}
{{- define "fingerpost.service" -}}
{{- $root := .root -}}
{{- $values := index .root.Values .name -}}
{{- $autoscaled := dig "autoscaling" "enabled" false $values -}}
{{- $env := mergeOverwrite (include "fingerpost.commonEnv" . | fromYaml) .env $root.Values.env $values.env -}}
apiVersion: v1
kind: ServiceAccount
metadata:
  name: fingerpost-{{ .name }}
  labels: {{- include "fingerpost.labels" . | nindent 4 }}
automountServiceAccountToken: false
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: fingerpost-{{ .name }}
  labels: {{- include "fingerpost.labels" . | nindent 4 }}
spec:
  maxUnavailable: 1
  selector:
    matchLabels: {{- include "fingerpost.selector" . | nindent 6 }}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: fingerpost-{{ .name }}
  labels: {{- include "fingerpost.labels" . | nindent 4 }}
spec:
  {{- if not $autoscaled }}
  replicas: {{ $values.replicas }}
  {{- end }}
  strategy:
    rollingUpdate: { maxSurge: 1, maxUnavailable: 0 }
  selector:
    matchLabels: {{- include "fingerpost.selector" . | nindent 6 }}
  template:
    metadata:
      labels: {{- include "fingerpost.labels" . | nindent 8 }}
      {{- with $values.podAnnotations }}
      annotations: {{- toYaml . | nindent 8 }}
      {{- end }}
    spec:
      serviceAccountName: fingerpost-{{ .name }}
      automountServiceAccountToken: false
      enableServiceLinks: {{ and (eq .name "runner") $root.Values.nats.bundled }}
      {{- with include "fingerpost.pullSecrets" $root }}{{ . | nindent 6 }}{{ end }}
      {{- with $values.runtimeClassName }}
      runtimeClassName: {{ . }}
      {{- end }}
      securityContext: {{- include "fingerpost.restrictedPod" (dict "seccompProfile" (dig "walls" "seccompProfile" "" $values)) | nindent 8 }}
      {{- if eq .name "runner" }}
      # It asks nobody for addresses: names would be a way out.
      dnsPolicy: None
      dnsConfig: { nameservers: [127.0.0.1] }
      {{- end }}
      terminationGracePeriodSeconds: 45
      topologySpreadConstraints:
        {{- range list "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
        - topologyKey: {{ . }}
          maxSkew: 1
          whenUnsatisfiable: ScheduleAnyway
          labelSelector:
            matchLabels: {{- include "fingerpost.selector" $ | nindent 14 }}
        {{- end }}
      {{- with $values.nodeSelector }}
      nodeSelector: {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with $values.tolerations }}
      tolerations: {{- toYaml . | nindent 8 }}
      {{- end }}
      containers:
        - name: {{ .name }}
          image: {{ include "fingerpost.image" . }}
          imagePullPolicy: {{ $root.Values.image.pullPolicy }}
          env:
            {{- range $variable, $value := $env }}
            - { name: {{ $variable }}, value: {{ $value | toString | quote }} }
            {{- end }}
          ports:
            {{- range .ports }}
            - {{ toYaml . | nindent 14 | trim }}
            {{- end }}
            - { name: health, containerPort: 8081 }
          # Waiting for an engine is no illness: alive is whoever answers, ready is whoever can serve.
          startupProbe:
            httpGet: { path: /health/live, port: health }
            periodSeconds: 2
            failureThreshold: 30
          livenessProbe:
            httpGet: { path: /health/live, port: health }
            periodSeconds: 10
            timeoutSeconds: 3
          readinessProbe:
            httpGet: { path: /health/ready, port: {{ .readyAt | default "health" }} }
            periodSeconds: 5
            timeoutSeconds: 3
          lifecycle:
            preStop: { sleep: { seconds: 5 } } # until nobody is sent here any more
          resources: {{- toYaml $values.resources | nindent 12 }}
          securityContext: {{- include "fingerpost.restrictedContainer" . | nindent 12 }}
          volumeMounts:
            - { name: told, mountPath: /run/secrets, readOnly: true }
            - { name: tmp, mountPath: /tmp }
            {{- range $volume, $is := .volumes }}
            - { name: {{ $volume }}, mountPath: {{ $is.path }}, readOnly: {{ $is.readOnly | default false }} }
            {{- end }}
      volumes:
        - {{ include "fingerpost.told" (dict "secret" $values.existingSecret "configMaps" .configMaps) | nindent 10 | trim }}
        - { name: tmp, emptyDir: { sizeLimit: 256Mi } }
        {{- range $volume, $is := .volumes }}
        - {{ merge (dict "name" $volume) $is.volume | toYaml | nindent 10 | trim }}
        {{- end }}
{{- end }}

{{/* What every service is told. */}}
{{- define "fingerpost.commonEnv" -}}
{{- $nats := .root.Values.nats -}}
HEALTH_PORT: 8081
LOG_FORMAT: json
NATS_CREDS: /run/secrets/nats_creds
{{- if not $nats.bundled }}
NATS_URL: {{ $nats.url }}
{{- else if eq .name "runner" }}
# By its address, which Kubernetes tells pods of the namespace.
NATS_URL: tls://$(NATS_SERVICE_HOST):4222
NATS_SERVER_NAME: nats
{{- else }}
NATS_URL: tls://nats:4222
{{- end }}
{{- if and (not $nats.bundled) $nats.serverName }}
NATS_SERVER_NAME: {{ $nats.serverName }}
{{- end }}
{{- with $nats.ca }}
NATS_CA: /run/secrets/{{ . }}
{{- end }}
{{- if ne .name "secrets" }}
FINGERPOST_ROOT_KEY: /run/secrets/root.json
{{- end }}
NODE_OPTIONS: --max-old-space-size={{ (index .root.Values .name).heapMb }}
{{- end }}

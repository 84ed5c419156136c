{{/* What several templates need. Called with (dict "root" $ "name" <component>). */}}

{{- define "fingerpost.selector" -}}
app.kubernetes.io/name: fingerpost
app.kubernetes.io/component: {{ .name }}
{{- end }}

{{- define "fingerpost.labels" -}}
{{ include "fingerpost.selector" . }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ .root.Chart.Name }}-{{ .root.Chart.Version }}
{{- end }}

{{/* The image of one of our services. */}}
{{- define "fingerpost.image" -}}
{{- $image := .root.Values.image -}}
{{- (index .root.Values .name).image | default (printf "%s/%s:%s" $image.repository .name ($image.tag | default .root.Chart.AppVersion)) -}}
{{- end }}

{{/* What Kubernetes calls "restricted", for a pod; `user` if it is not the images' own. */}}
{{- define "fingerpost.restrictedPod" -}}
{{- $user := .user | default 65532 -}}
runAsNonRoot: true
runAsUser: {{ $user }}
runAsGroup: {{ $user }}
fsGroup: {{ $user }}
fsGroupChangePolicy: OnRootMismatch
seccompProfile:
  {{- if .seccompProfile }}
  type: Localhost
  localhostProfile: {{ .seccompProfile }}
  {{- else }}
  type: RuntimeDefault
  {{- end }}
{{- end }}

{{/* The same for a container. */}}
{{- define "fingerpost.restrictedContainer" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end }}

{{/* All that a pod is told in confidence, and who vouches for others: files in /run/secrets. */}}
{{- define "fingerpost.told" -}}
name: told
projected:
  defaultMode: 0440
  sources:
    - secret: { name: {{ .secret }} }
    {{- range compact (.configMaps | default list) }}
    - configMap: { name: {{ . }} }
    {{- end }}
{{- end }}

{{- define "fingerpost.pullSecrets" -}}
{{- with .Values.image.pullSecrets -}}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- end }}

{{/* A volume that outlives the pod. */}}
{{- define "fingerpost.kept" -}}
metadata:
  name: data
spec:
  accessModes: [ReadWriteOnce]
  {{- with .className }}
  storageClassName: {{ . }}
  {{- end }}
  resources: { requests: { storage: {{ .size }} } }
{{- end }}

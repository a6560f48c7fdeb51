{{- define "tam.name" -}}
{{- if contains "tam" .Release.Name }}{{ .Release.Name | trunc 40 | trimSuffix "-" }}{{ else }}{{ printf "%s-tam" .Release.Name | trunc 40 | trimSuffix "-" }}{{ end }}
{{- end }}

{{/* Labels that select the pods of one part: (dict "root" $ "part" "chat") */}}
{{- define "tam.selector" -}}
app.kubernetes.io/name: tam
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .part }}
{{- end }}

{{- define "tam.labels" -}}
{{ include "tam.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end }}

{{- define "tam.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{- define "tam.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end }}

{{/* What every server is told, whatever its role. */}}
{{- define "tam.env" -}}
- { name: TAM_PUBLIC_URL, value: {{ .Values.publicUrl | quote }} }
- { name: TAM_REGISTRATION, value: {{ .Values.registration | quote }} }
- { name: TAM_LOG_LEVEL, value: {{ .Values.logLevel | quote }} }
- { name: TAM_TRUSTED_PROXIES, value: {{ .Values.trustedProxies | quote }} }
- name: TAM_KV_URL
  valueFrom: { secretKeyRef: { name: {{ .Values.existingSecret }}, key: kv-url } }
- name: TAM_REDIS_URL
  valueFrom: { secretKeyRef: { name: {{ .Values.existingSecret }}, key: redis-url } }
{{- if .Values.uploads.existingClaim }}
- { name: TAM_BLOBS_URL, value: 'file:///data/uploads' }
{{- else }}
- name: TAM_BLOBS_URL
  valueFrom: { secretKeyRef: { name: {{ .Values.existingSecret }}, key: blobs-url } }
{{- end }}
# The balancer asks every second and believes the second answer.
- { name: TAM_DRAIN_DELAY, value: '3' }
- { name: TAM_ADMIN_HOST, value: 0.0.0.0 }
- { name: TAM_ADMIN_PORT, value: '9090' }
{{- range $name, $value := .Values.env }}
- { name: {{ $name }}, value: {{ $value | quote }} }
{{- end }}
{{- end }}

{{/* What every pod of a server has in common: (dict "root" $ "part" "chat"). Uploads go through the API servers alone. */}}
{{- define "tam.podBase" -}}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  fsGroup: 10001
  seccompProfile: { type: RuntimeDefault }
{{- with .root.Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- include "tam.placement" .root }}
volumes:
  - name: data
    {{- if and (eq .part "api") .root.Values.uploads.existingClaim }}
    persistentVolumeClaim: { claimName: {{ .root.Values.uploads.existingClaim }} }
    {{- else }}
    emptyDir: {}
    {{- end }}
  - name: tmp
    emptyDir: {}
{{- end }}

{{- define "tam.placement" -}}
{{- with .Values.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.affinity }}
affinity: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* Pods of one part on different machines where that can be had. */}}
{{- define "tam.spread" -}}
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: kubernetes.io/hostname
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels: {{- include "tam.selector" . | nindent 8 }}
{{- end }}

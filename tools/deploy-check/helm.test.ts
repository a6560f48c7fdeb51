import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseConfig } from '../../packages/server/src/config/config.ts'
import { Settings } from '../../packages/server/src/config/settings.ts'
import { CONNECT_DEADLINE_MS } from '../../packages/server/src/ports/kv/kv.cassandra.connect.ts'
import { PATIENCE_MS } from '../../packages/server/src/roles/patience.ts'
import { root, run } from '../run.ts'
import { findHelm, findKubernetesValidate } from './find-tools.ts'

const CHART = join(root, 'deploy/helm/tam')
const haproxy = readFileSync(join(root, 'deploy/haproxy.cfg'), 'utf8')
const ROLES = ['api', 'chat', 'presence', 'notify']
/** Milliseconds of a start beside its waits: each ends with the attempt that is under way, and is told. */
const SLACK_MS = 30_000
const LEAST = { publicUrl: 'https://chat.example.org', existingSecret: 'tam-addresses' }
const EVERYTHING = {
  ...LEAST,
  image: { repository: 'registry.example.org/tam', pullSecrets: ['pull'] },
  uploads: { existingClaim: 'uploads' },
  env: { TAM_RATE_LIMIT_SCALE: '2' },
  api: { autoscaling: { enabled: true } },
  chat: { autoscaling: { enabled: true, connections: 50_000 } },
  balancer: { tlsSecret: 'tls', trusted: '10.0.0.0/8 203.0.113.7', service: { annotations: { a: 'b' } } },
  ingress: { enabled: true, className: 'nginx', host: 'chat.example.org', tlsSecret: 'ingress-tls' },
  networkPolicy: { metricsFrom: [{ namespaceSelector: { matchLabels: { name: 'monitoring' } } }] },
  nodeSelector: { pool: 'chat' },
  tolerations: [{ key: 'chat', operator: 'Exists' }],
  podAnnotations: { team: 'tam' },
}

interface Container {
  readonly env: {
    name: string
    value?: string
    valueFrom?: { secretKeyRef: { name: string; key: string } }
  }[]
  readonly lifecycle?: { preStop: { exec: { command: string[] } } }
  readonly startupProbe: { periodSeconds: number; failureThreshold: number }
  readonly livenessProbe: { httpGet: { path: string } }
  readonly readinessProbe: { httpGet: { path: string } }
}

interface Resource {
  readonly kind: string
  readonly metadata: { name: string }
  readonly data?: Record<string, string>
  readonly spec: {
    replicas?: number
    clusterIP?: string
    metrics?: unknown[]
    minReadySeconds?: number
    template: { spec: { containers: Container[]; terminationGracePeriodSeconds: number } }
  }
}

// It installs programs: `npm test` sets this.
if (process.env.TAM_TEST_DEPLOY === '1') {
  setDefaultTimeout(30_000)
  describe('the Helm chart', () => {
    const folder = mkdtempSync(join(tmpdir(), 'tam-helm-'))
    let helm: string
    let validate: string
    beforeAll(async () => {
      helm = await findHelm()
      validate = await findKubernetesValidate()
    }, 900_000)
    afterAll(() => rmSync(folder, { recursive: true }))

    const render = async (values: object) => {
      const file = join(folder, 'values.json')
      writeFileSync(file, JSON.stringify(values))
      const command = [helm, 'template', 'tam', CHART, '--kube-version', '1.33.0', '--values', file]
      const { code, output } = await run(command)
      const text = output.replace(/^walk\.go.*\n/gm, '')
      return { code, text }
    }
    const resources = async (values: object) => {
      const { code, text } = await render(values)
      expect([code, code === 0 ? '' : text]).toEqual([0, ''])
      return (Bun.YAML.parse(text) as (Resource | null)[]).filter((resource) => resource !== null)
    }

    test.each([
      ['with the least values', LEAST, 19],
      ['with everything', EVERYTHING, 22],
    ])('%s it is what Kubernetes takes', async (_name, values, count) => {
      const rendered = join(folder, 'rendered.yaml')
      writeFileSync(rendered, (await render(values)).text)
      const { code, output } = await run([validate, '--strict', rendered])
      expect([code, output.match(/ passed /g)?.length, output.match(/ failed /g)]).toEqual([0, count, null])
    })

    test('every role has servers, a name of its own, probes and addresses from the secret', async () => {
      const all = await resources(LEAST)
      for (const role of ROLES) {
        const { spec } = all.find(
          ({ kind, metadata }) => kind === 'Deployment' && metadata.name === `tam-${role}`,
        )!
        const [container] = spec.template.spec.containers
        const env = container!.env
        expect(env.find(({ name }) => name === 'TAM_ROLES')?.value).toBe(role)
        const unknown = env.filter(({ name }) => !Object.keys(Settings.shape).includes(name))
        expect(unknown).toEqual([])
        const secrets = env.flatMap(({ valueFrom }) =>
          valueFrom === undefined ? [] : [valueFrom.secretKeyRef],
        )
        expect(secrets).toEqual(
          ['kv-url', 'redis-url', 'blobs-url'].map((key) => ({ name: 'tam-addresses', key })),
        )
        const { livenessProbe, readinessProbe } = container!
        expect([livenessProbe.httpGet.path, readinessProbe.httpGet.path]).toEqual(['/healthz', '/readyz'])
        const service = all.find(
          ({ kind, metadata }) => kind === 'Service' && metadata.name === `tam-${role}`,
        )
        expect(service?.spec.clusterIP).toBe('None')
        expect(all.some((r) => r.kind === 'PodDisruptionBudget' && r.metadata.name === `tam-${role}`)).toBe(
          true,
        )
      }
    })

    test('no start is killed while it waits for its store, then for its bucket', async () => {
      const all = await resources(LEAST)
      for (const role of ROLES) {
        const { spec } = all.find((r) => r.kind === 'Deployment' && r.metadata.name === `tam-${role}`)!
        const { periodSeconds, failureThreshold } = spec.template.spec.containers[0]!.startupProbe
        expect(periodSeconds * failureThreshold * 1_000).toBeGreaterThan(
          CONNECT_DEADLINE_MS + PATIENCE_MS + SLACK_MS,
        )
      }
    })

    test.each([LEAST, EVERYTHING])('every role starts from the settings it is given', async (values) => {
      const secrets: Record<string, string> = {
        'kv-url': 'cassandra://user:password@a,b,c/tam?tls=1',
        'redis-url': 'redis://:password@redis:6379',
        'blobs-url': 's3://key:secret@s3.example.org/uploads',
      }
      const all = await resources(values)
      for (const role of ROLES) {
        const { spec } = all.find((r) => r.kind === 'Deployment' && r.metadata.name === `tam-${role}`)!
        const env = spec.template.spec.containers[0]!.env.map(({ name, value, valueFrom }) => [
          name,
          value ?? secrets[valueFrom!.secretKeyRef.key]!,
        ])
        expect(String(parseConfig(Object.fromEntries(env)).roles)).toBe(role)
      }
    })

    test('autoscaling follows connections and takes over the number of servers', async () => {
      const all = await resources(EVERYTHING)
      const scaler = all.find((r) => r.kind === 'HorizontalPodAutoscaler' && r.metadata.name === 'tam-chat')
      expect(JSON.stringify(scaler?.spec.metrics)).toContain(
        '"tam_connections"},"target":{"type":"AverageValue","averageValue":"50000"',
      )
      const chat = all.find((r) => r.kind === 'Deployment' && r.metadata.name === 'tam-chat')
      expect(chat?.spec.replicas).toBeUndefined()
    })

    test('a balancer that leaves takes newcomers until nobody sends it any, and ends its requests', async () => {
      const all = await resources(LEAST)
      const { spec } = all.find((r) => r.kind === 'Deployment' && r.metadata.name === 'tam-balancer')!
      const { containers, terminationGracePeriodSeconds } = spec.template.spec
      const [program, seconds] = containers[0]!.lifecycle?.preStop.exec.command ?? []
      expect(program).toBe('sleep')
      expect(Number(seconds)).toBeGreaterThanOrEqual(10)
      const requestSeconds = Number(/^ *timeout server (\d+)s$/m.exec(haproxy)?.[1])
      expect(terminationGracePeriodSeconds).toBeGreaterThan(Number(seconds) + requestSeconds)
      expect(spec.minReadySeconds).toBeGreaterThanOrEqual(10)
    })

    test("the balancer's configuration is deploy/haproxy.cfg", async () => {
      const config = (await resources(LEAST)).find(({ kind }) => kind === 'ConfigMap')
      expect(config?.data?.['haproxy.cfg']?.trimEnd()).toBe(haproxy.trimEnd())
    })

    test.each([
      ['no public URL', { ...LEAST, publicUrl: '' }, 'publicUrl'],
      ['a path in the public URL', { ...LEAST, publicUrl: 'https://x/y' }, 'publicUrl'],
      ['no secret', { publicUrl: LEAST.publicUrl }, 'existingSecret'],
      ['a name that does not exist', { ...LEAST, chta: {} }, 'chta'],
      ['no replicas', { ...LEAST, chat: { replicas: 0 } }, 'replicas'],
      ['a setting that is none of Tám', { ...LEAST, env: { PATH: '/' } }, 'PATH'],
      ['an ingress without a host', { ...LEAST, ingress: { enabled: true } }, 'host'],
    ])('%s is refused by name', async (_name, values, word) => {
      const { code, text } = await render(values)
      expect(code).not.toBe(0)
      expect(text).toContain(word)
    })
  })
}

import { setDefaultTimeout } from 'bun:test'
import { run } from '../../run.ts'
import { debianProgram } from '../debian-package.ts'
import { HAPROXY_CONFIG, startHaproxy } from '../haproxy/server.ts'
import type { BalancerKind } from './balancer.ts'
import { describeBalancer } from './balancer.contract.ts'
import { checkCaddy, startCaddy } from './caddy.ts'
import { checkNginx, startNginx } from './nginx.ts'
import { describeWithTam } from './tam.contract.ts'

const kinds: readonly BalancerKind[] = [
  {
    name: 'HAProxy',
    asksReadiness: true,
    movesRefused: true,
    check: async () => run([await debianProgram('haproxy'), '-c', '-f', HAPROXY_CONFIG]),
    start: (servers) => startHaproxy({ ...servers, logs: true }),
  },
  { name: 'nginx', asksReadiness: false, movesRefused: true, check: checkNginx, start: startNginx },
  { name: 'Caddy', asksReadiness: true, movesRefused: false, check: checkCaddy, start: startCaddy },
]

// They need programs of Debian packages: `npm test` sets this.
if (process.env.TAM_TEST_BALANCERS === '1') {
  setDefaultTimeout(20_000)
  for (const kind of kinds) {
    describeBalancer(kind)
    describeWithTam(kind)
  }
}

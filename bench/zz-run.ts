import { presence } from './workloads/presence.ts'
import { printRows } from './lib/report.ts'
const { rows } = await presence.run(console.log); printRows(rows); process.exit(0)

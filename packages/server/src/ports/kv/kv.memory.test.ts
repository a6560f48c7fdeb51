import { kvContract } from './kv.contract.ts'
import { MemoryKv } from './kv.memory.ts'

kvContract('memory', async (clock) => new MemoryKv(clock))

import { test } from 'bun:test'
import { accountStorageContract } from './account-storage.contract.ts'
import { memoryStorage } from './account-storage.memory.ts'

for (const [name, run] of Object.entries(accountStorageContract)) {
  test(`memory: ${name}`, () => run(memoryStorage()))
}

import { openDB, type DBSchema, type IDBPDatabase } from 'idb'
import type { Device, DeviceStore } from './device-store.ts'

interface DeviceSchema extends DBSchema {
  device: { key: 'this'; value: Device }
}

/** One record per browser profile. */
export function indexedDbDeviceStore(): DeviceStore {
  let opening: Promise<IDBPDatabase<DeviceSchema>> | undefined
  const open = () =>
    (opening ??= openDB<DeviceSchema>('tam', 1, {
      upgrade: (created) => void created.createObjectStore('device'),
    }))
  return {
    load: async () => (await open()).get('device', 'this'),
    async save(device) {
      await (await open()).put('device', device, 'this')
    },
  }
}

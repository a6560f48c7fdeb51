import type { DBSchema, IDBPDatabase } from 'idb'
import { openDatabase } from '../storage/open-database.ts'
import type { Device, DeviceStore } from './device-store.ts'

interface DeviceSchema extends DBSchema {
  device: { key: 'this'; value: Device }
}

/** One record per browser profile. */
export function indexedDbDeviceStore(): DeviceStore {
  let opening: Promise<IDBPDatabase<DeviceSchema>> | undefined
  const open = () =>
    (opening ??= openDatabase<DeviceSchema>('tam', {
      upgrade: (created) => void created.createObjectStore('device'),
    }))
  return {
    load: async () => (await open()).get('device', 'this'),
    async save(device) {
      await (await open()).put('device', device, 'this')
    },
  }
}

import type { Device, DeviceStore } from './device-store.ts'

/** Forgets with the process. */
export function memoryDeviceStore(): DeviceStore {
  let saved: Device | undefined
  return {
    load: () => Promise.resolve(saved),
    save(device) {
      saved = device
      return Promise.resolve()
    },
  }
}

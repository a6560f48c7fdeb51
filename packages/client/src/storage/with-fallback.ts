import type { OpenAccountStorage } from './account-storage.ts'

/** Opens `second` where `first` cannot be opened: a private window, a full disk, a policy. */
export function withFallback(first: OpenAccountStorage, second: OpenAccountStorage): OpenAccountStorage {
  return (user) => first(user).catch(() => second(user))
}

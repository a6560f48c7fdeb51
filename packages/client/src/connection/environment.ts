/** What the surroundings of the program say about network and screen. */
export interface Environment {
  /** False only when the device is sure to be offline. */
  online(): boolean
  /** True while a person can see the client. */
  visible(): boolean
  onChange(listener: (change: EnvironmentChange) => void): () => void
}

export type EnvironmentChange = 'online' | 'offline' | 'visible' | 'hidden'

/** A program without a screen: always online, always visible. */
export const steadyEnvironment: Environment = {
  online: () => true,
  visible: () => true,
  onChange: () => () => undefined,
}

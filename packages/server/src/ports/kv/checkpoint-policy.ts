/** Frames (pages of 4 KiB) in the WAL at which a checkpoint starts beside the commits: 32 MiB. */
export const CHECKPOINT_FRAMES = 8_192
/** Frames at which commits wait for the checkpoint: 128 MiB. */
export const WAL_FRAMES_MAX = 32_768
/** Frames left over by a pass that are few enough to hold commits for. */
const REST_FRAMES = 1_024

/**
 * - `none`: nothing to do
 * - `pass`: start a pass beside the commits
 * - `hold`: send no commits until the running pass ends
 * - `last-pass`: send no commits; when those under way are done, start a pass
 */
export type CheckpointStep = 'none' | 'pass' | 'hold' | 'last-pass'

/**
 * Decides when to checkpoint. Under constant writing a checkpoint never catches up with the WAL, and only a WAL that
 * is wholly in the database starts over, in place, which is much faster than a growing file. So passes run beside
 * the commits until little is left; then the commits wait for a last, short pass.
 */
export class CheckpointPolicy {
  readonly #startFrames: number
  readonly #maxFrames: number
  #startAt: number
  #running: 'pass' | 'last-pass' | undefined

  constructor({ startFrames = CHECKPOINT_FRAMES, maxFrames = WAL_FRAMES_MAX } = {}) {
    this.#startFrames = startFrames
    this.#maxFrames = maxFrames
    this.#startAt = startFrames
  }

  /** After a batch. `walFrames`: frames in the WAL. */
  committed(walFrames: number): CheckpointStep {
    if (this.#running !== undefined) {
      return this.#running === 'pass' && walFrames >= this.#maxFrames ? 'hold' : 'none'
    }
    if (walFrames < this.#startAt) {
      return 'none'
    }
    this.#running = 'pass'
    return 'pass'
  }

  /** After a pass: what to do next. `done` of the `frames` are in the database; `frames` is 0 when it failed. */
  checkpointed(frames: number, done: number): CheckpointStep {
    if (this.#running === 'pass' && frames > 0) {
      this.#running = frames - done <= REST_FRAMES || frames >= this.#maxFrames ? 'last-pass' : 'pass'
      return this.#running
    }
    // A reader in another process, or a full disk, can keep the WAL from starting over: ask again much later.
    this.#startAt = done === frames && frames > 0 ? this.#startFrames : frames + this.#startFrames
    this.#running = undefined
    return 'none'
  }
}

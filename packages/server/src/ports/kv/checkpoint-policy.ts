/** Frames (pages of 4 KiB) in the WAL at which a checkpoint starts beside the commits: 32 MiB. */
export const CHECKPOINT_FRAMES = 8_192
/** Frames at which commits wait for the checkpoint: 128 MiB. */
export const WAL_FRAMES_MAX = 32_768

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
  /** Frames in the WAL: told by the last pass, estimated since. */
  #frames = 0
  #sincePassStarted = 0
  #running: 'pass' | 'last-pass' | undefined

  constructor({ startFrames = CHECKPOINT_FRAMES, maxFrames = WAL_FRAMES_MAX } = {}) {
    this.#startFrames = startFrames
    this.#maxFrames = maxFrames
    this.#startAt = startFrames
  }

  /** After a batch. `pages`: about how many it added to the WAL. */
  committed(pages: number): CheckpointStep {
    this.#frames += pages
    this.#sincePassStarted += pages
    if (this.#running !== undefined) {
      return this.#running === 'pass' && this.#frames >= this.#maxFrames ? 'hold' : 'none'
    }
    return this.#frames < this.#startAt ? 'none' : this.#start('pass')
  }

  /** After a pass: what to do next. `done` of the `frames` are in the database; `frames` is 0 when it failed. */
  checkpointed(frames: number, done: number): CheckpointStep {
    const whole = done === frames && frames > 0
    const wasLast = this.#running === 'last-pass'
    this.#frames = (whole && wasLast ? 0 : frames) + this.#sincePassStarted
    if (!wasLast && frames > 0) {
      const little = this.#frames - done <= this.#startFrames / 8 || this.#frames >= this.#maxFrames
      return this.#start(little ? 'last-pass' : 'pass')
    }
    // A reader in another process, or a full disk, can keep the WAL from starting over: ask again much later.
    this.#startAt = whole ? this.#startFrames : this.#frames + this.#startFrames
    this.#running = undefined
    return 'none'
  }

  #start(step: 'pass' | 'last-pass'): CheckpointStep {
    this.#running = step
    this.#sincePassStarted = 0
    return step
  }
}

/** Frames (pages of 4 KiB) in the WAL at which a checkpoint starts beside the commits. */
export const CHECKPOINT_FRAMES = 12_288
/** Frames at which commits are held for the last pass, so that the WAL starts over: 64 MiB. */
export const WAL_FRAMES_MAX = 16_384
/** Frames left over by a pass that are few enough to hold commits for. */
const REST_FRAMES = 1_024

export type CheckpointStep = 'none' | 'checkpoint' | 'hold-and-checkpoint'

/**
 * Decides when to checkpoint. Under constant writing a checkpoint never catches up with the WAL, and only a WAL that
 * is wholly in the database starts over, in place, which is much faster than a growing file. So passes run beside
 * the commits until little is left; then the commits wait for a last, short pass.
 */
export class CheckpointPolicy {
  #startAt = CHECKPOINT_FRAMES
  #step: CheckpointStep = 'none'

  /** After a batch. `walFrames`: frames in the WAL. */
  committed(walFrames: number): CheckpointStep {
    if (this.#step !== 'none' || walFrames < this.#startAt) {
      return 'none'
    }
    this.#step = 'checkpoint'
    return this.#step
  }

  /** After a pass: what to do next. */
  checkpointed(frames: number, done: number): CheckpointStep {
    if (this.#step === 'hold-and-checkpoint' || frames === 0) {
      // A reader in another process, or a full disk, can keep the WAL from starting over: ask again much later.
      this.#startAt = done === frames && frames > 0 ? CHECKPOINT_FRAMES : frames + CHECKPOINT_FRAMES
      this.#step = 'none'
    } else {
      this.#step =
        frames - done <= REST_FRAMES || frames >= WAL_FRAMES_MAX ? 'hold-and-checkpoint' : 'checkpoint'
    }
    return this.#step
  }
}

/**
 * Keeps the keyboard focus in the timeline while rows come and go: a focused row that leaves the DOM hands the focus
 * to the list, and takes it back when it is drawn again.
 */
export class RowFocus {
  #content: HTMLElement
  #focused: string | undefined
  #lost: string | undefined

  constructor(content: HTMLElement) {
    this.#content = content
  }

  /** Call before rows change. */
  before(): void {
    const row = this.#content.ownerDocument.activeElement?.closest<HTMLElement>('[data-key]')
    this.#focused =
      row !== null && row !== undefined && this.#content.contains(row) ? row.dataset['key'] : undefined
  }

  /** Call after rows changed. */
  after(rowOf: (key: string) => HTMLElement | null): void {
    if (this.#focused !== undefined && rowOf(this.#focused) === null) {
      this.#lost = this.#focused
      this.#content.focus({ preventScroll: true })
    }
    this.#focused = undefined
    if (this.#lost !== undefined && this.#content.ownerDocument.activeElement !== this.#content) {
      this.#lost = undefined
    }
    const back = this.#lost === undefined ? null : rowOf(this.#lost)
    if (back !== null) {
      this.#lost = undefined
      back.focus({ preventScroll: true })
    }
  }
}

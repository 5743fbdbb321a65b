import type { Count } from './system.ts'
import { wallMs } from './timing.ts'

/**
 * Notes what really ran: each entry must be made exactly once. The harness believes this book and the
 * system's own store, never a system's word that it is done.
 */
export class Book {
  /** Resolves when every entry has been made at least once. */
  readonly full: Promise<void>
  readonly #firstAt: Float64Array
  readonly #waiting = new Map<number, (at: number) => void>()
  #made = 0
  #distinct = 0
  #resolveFull: () => void

  constructor(size: number) {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.full = promise
    this.#resolveFull = resolve
    this.#firstAt = new Float64Array(size)
  }

  mark(entry: number): void {
    const at = wallMs()
    this.#made++
    if (this.#firstAt[entry] !== 0) return // doubled, or outside the book: `made` tells
    this.#firstAt[entry] = at
    this.#distinct++
    this.#waiting.get(entry)?.(at)
    this.#waiting.delete(entry)
    if (this.#distinct === this.#firstAt.length) this.#resolveFull()
  }

  /** When the entry was first made, as soon as it is. */
  async made(entry: number): Promise<number> {
    const at = this.#firstAt[entry]
    if (at) return at
    return new Promise((resolve) => this.#waiting.set(entry, resolve))
  }

  /** How late each entry was made against one due time, from entry `from` on. */
  latenessMs(due: number, from = 0): number[] {
    return Array.from(this.#firstAt.subarray(from), (at) => at - due)
  }

  counts(of: string, expected = this.#firstAt.length): Count[] {
    return [
      { of: `${of}, distinct`, expected, found: this.#distinct },
      { of: `${of}, in all`, expected, found: this.#made },
    ]
  }
}

/**
 * Turns many single writes into few batched ones without ever waiting to fill a batch: while one is under
 * way the next gathers. A peer whose library offers only batched adds gets its fair chance through this.
 */
export class Gather<T> {
  readonly #write: (items: T[]) => Promise<unknown>
  readonly #most: number
  readonly #lanes: number
  #waiting: { item: T; done: () => void; failed: (cause: unknown) => void }[] = []
  #underWay = 0

  constructor(most: number, lanes: number, write: (items: T[]) => Promise<unknown>) {
    this.#most = most
    this.#lanes = lanes
    this.#write = write
  }

  /** Resolves when the item has been written. */
  add(item: T): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.#waiting.push({ item, done: resolve, failed: reject })
    // The next turn of the event loop: whoever is already running may still join this batch.
    setImmediate(() => void this.#flush())
    return promise
  }

  async #flush(): Promise<void> {
    if (this.#underWay >= this.#lanes || this.#waiting.length === 0) return
    const batch = this.#waiting.splice(0, this.#most)
    this.#underWay++
    try {
      await this.#write(batch.map(({ item }) => item))
      for (const { done } of batch) done()
    } catch (cause) {
      for (const { failed } of batch) failed(cause)
    } finally {
      this.#underWay--
      setImmediate(() => void this.#flush())
    }
  }
}

/**
 * Unwrapped keys, the least used forgotten first. A key that is being fetched is fetched once; a failed fetch is
 * not remembered.
 */
export class KeyRing<Key extends object> {
  readonly #limits: { readonly max: number; readonly keptMs: number }
  readonly #now: () => number
  readonly #kept = new Map<string, { readonly key: Key | Promise<Key>; readonly until: number }>()

  constructor(limits: { readonly max: number; readonly keptMs: number }, monotonicMs: () => number) {
    this.#limits = limits
    this.#now = monotonicMs
  }

  get(name: string, fetch: () => Promise<Key>): Key | Promise<Key> {
    const now = this.#now()
    const found = this.#kept.get(name)
    if (found && found.until > now) {
      this.#keep(name, found)
      return found.key
    }
    const until = now + this.#limits.keptMs
    const pending = fetch().then(
      (key) => {
        // Forgotten or fetched anew meanwhile: this answer is used once and not kept.
        if (this.#kept.get(name)?.key === pending) this.#keep(name, { key, until })
        return key
      },
      (error: unknown) => {
        if (this.#kept.get(name)?.key === pending) this.#kept.delete(name)
        throw error
      },
    )
    this.#keep(name, { key: pending, until })
    return pending
  }

  forget(name: string): void {
    this.#kept.delete(name)
  }

  #keep(name: string, entry: { readonly key: Key | Promise<Key>; readonly until: number }): void {
    this.#kept.delete(name)
    this.#kept.set(name, entry)
    if (this.#kept.size <= this.#limits.max) return
    const [oldest] = this.#kept.keys()
    if (oldest !== undefined) this.#kept.delete(oldest)
  }
}

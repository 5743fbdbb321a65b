import type { NodeId } from '../../../core/ids.ts'
import type { Journey } from '../../../core/journey/graph.ts'
import { begun, chosen, type Edit, edited, type History, redone, undone } from './history.ts'

/**
 * Keeps one draft: what is drawn, what the server has of it, and who else wrote meanwhile. Owns the order of saving:
 * one save at a time, always of the newest drawing, always under the state that was read (If-Match).
 *
 *  K1 Nothing drawn is lost: a save that fails is tried again, and the newest drawing goes out last.
 *  K2 Nobody is overwritten unasked: when another hand was on the draft, saving stops until a person decides.
 *  K3 Taking theirs is an edit like any other: undo leads back to one's own.
 */
export type ServerDraft = {
  readonly document: Journey
  readonly etag: string
  readonly by: string | null
  readonly at: string | null
}
export type Saving =
  | { readonly is: 'saved'; readonly at: string | null }
  | { readonly is: 'unsaved' }
  | { readonly is: 'saving' }
  | { readonly is: 'failed'; readonly why: unknown }
  | { readonly is: 'overtaken'; readonly theirs: ServerDraft }
export type Kept = { readonly history: History; readonly saving: Saving }

export type Ports = {
  /** `null` when the draft is no longer the one that `etag` names. */
  readonly save: (document: Journey, etag: string) => Promise<ServerDraft | null>
  readonly read: () => Promise<ServerDraft>
  readonly now: () => number
  /** Runs it once after a while; the answer forgets it. */
  readonly later: (work: () => void, ms: number) => () => void
}

export const SAVE_AFTER_MS = 600
const AGAIN_AFTER_MS = 5_000

export class DraftKeeper {
  readonly #ports: Ports
  readonly #listeners = new Set<() => void>()
  #kept: Kept
  #etag: string
  /** The drawing the server has. */
  #known: Journey
  #forget: (() => void) | null = null
  #flight: Promise<void> | null = null

  constructor(first: ServerDraft, ports: Ports) {
    this.#ports = ports
    this.#etag = first.etag
    this.#known = first.document
    this.#kept = { history: begun(first.document), saving: { is: 'saved', at: first.at } }
  }

  readonly kept = (): Kept => this.#kept
  readonly subscribe = (tell: () => void): (() => void) => {
    this.#listeners.add(tell)
    return () => this.#listeners.delete(tell)
  }

  edit(edit: Edit): void {
    this.#draw(edited(this.#kept.history, edit, this.#ports.now()))
  }
  choose(step: NodeId | null): void {
    if (step !== this.#kept.history.now.step) this.#set({ history: chosen(this.#kept.history, step) })
  }
  undo(): void {
    this.#draw(undone(this.#kept.history))
  }
  redo(): void {
    this.#draw(redone(this.#kept.history))
  }

  /** Everything drawn is on the server; the answer names that state. Refuses while somebody else's is there. */
  async save(): Promise<string> {
    this.#forget?.()
    this.#forget = null
    while (this.#isAhead() || this.#flight) {
      await (this.#flight ?? this.#fly())
      const { saving } = this.#kept
      if (saving.is === 'failed') throw saving.why
      if (saving.is === 'overtaken') throw new Error('Somebody else has changed this draft.')
    }
    return this.#etag
  }

  /** What the server says now: another hand's drawing is shown at once where nothing of one's own is open. */
  hear(theirs: ServerDraft): boolean {
    if (theirs.etag === this.#etag || this.#flight || this.#kept.saving.is === 'overtaken') return false
    if (this.#isAhead()) {
      this.#set({ saving: { is: 'overtaken', theirs } })
      return true
    }
    this.#adopt(theirs, 'What was changed elsewhere')
    return true
  }

  takeTheirs(): void {
    if (this.#kept.saving.is === 'overtaken') this.#adopt(this.#kept.saving.theirs, 'Taking theirs')
  }

  /** Mine over theirs: decided by a person who was shown both. */
  keepMine(): void {
    if (this.#kept.saving.is !== 'overtaken') return
    const { theirs } = this.#kept.saving
    this.#etag = theirs.etag
    this.#known = theirs.document
    this.#set({ saving: { is: 'unsaved' } })
    this.#saveSoon(0)
  }

  #draw(history: History): void {
    if (history === this.#kept.history) return
    const changed = history.now.document !== this.#kept.history.now.document
    this.#set({ history })
    if (!changed || this.#kept.saving.is === 'overtaken') return
    if (this.#isAhead()) {
      if (!this.#flight) this.#set({ saving: { is: 'unsaved' } })
      this.#saveSoon(SAVE_AFTER_MS)
    }
  }

  #adopt(theirs: ServerDraft, label: string): void {
    this.#forget?.()
    this.#etag = theirs.etag
    this.#known = theirs.document
    const { step } = this.#kept.history.now
    const kept = theirs.document.nodes.some((node) => node.id === step) ? step : null
    this.#set({
      history: edited(
        this.#kept.history,
        { document: theirs.document, step: kept, label },
        this.#ports.now(),
      ),
      saving: { is: 'saved', at: theirs.at },
    })
  }

  #isAhead(): boolean {
    return this.#kept.history.now.document !== this.#known
  }

  #saveSoon(ms: number): void {
    this.#forget?.()
    this.#forget = this.#ports.later(() => {
      this.#forget = null
      if (!this.#flight && this.#isAhead() && this.#kept.saving.is !== 'overtaken') void this.#fly()
    }, ms)
  }

  #fly(): Promise<void> {
    const flight = this.#saveOnce().finally(() => {
      this.#flight = null
      if (this.#kept.saving.is === 'saved' && this.#isAhead()) {
        this.#set({ saving: { is: 'unsaved' } })
        this.#saveSoon(SAVE_AFTER_MS)
      } else if (this.#kept.saving.is === 'failed') this.#saveSoon(AGAIN_AFTER_MS)
    })
    this.#flight = flight
    return flight
  }

  async #saveOnce(): Promise<void> {
    const { document } = this.#kept.history.now
    this.#set({ saving: { is: 'saving' } })
    try {
      const answer = await this.#ports.save(document, this.#etag)
      if (answer === null) {
        this.#set({ saving: { is: 'overtaken', theirs: await this.#ports.read() } })
        return
      }
      this.#etag = answer.etag
      this.#known = document
      this.#set({ saving: { is: 'saved', at: answer.at } })
    } catch (why) {
      this.#set({ saving: { is: 'failed', why } })
    }
  }

  #set(next: Partial<Kept>): void {
    this.#kept = { ...this.#kept, ...next }
    for (const tell of this.#listeners) tell()
  }
}

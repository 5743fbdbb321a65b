import { createContext, use, useSyncExternalStore } from 'react'
import type { NodeId } from '../../../core/ids.ts'
import type { DraftKeeper } from './draft-keeper.ts'

/**
 * Which step is chosen and which are marked with it, beside the drawing: walking from one step to the next draws those
 * two again and none of the other two hundred.
 */
export class Choice {
  readonly #keeper: DraftKeeper
  readonly #listeners = new Set<() => void>()
  #marked: ReadonlySet<NodeId> = new Set()
  #first: NodeId | null = null

  constructor(keeper: DraftKeeper) {
    this.#keeper = keeper
  }

  readonly subscribe = (tell: () => void): (() => void) => {
    this.#listeners.add(tell)
    const leave = this.#keeper.subscribe(tell)
    return () => {
      this.#listeners.delete(tell)
      leave()
    }
  }
  readonly marked = (): ReadonlySet<NodeId> => this.#marked

  mark(marked: ReadonlySet<NodeId>): void {
    if (marked.size === 0 && this.#marked.size === 0) return
    this.#marked = marked
    for (const tell of this.#listeners) tell()
  }
  /** Where Tab leads while nothing is chosen. */
  beginAt(first: NodeId | null): void {
    this.#first = first
  }

  isChosen(id: NodeId): boolean {
    return this.#keeper.kept().history.now.step === id
  }
  isEntry(id: NodeId): boolean {
    return (this.#keeper.kept().history.now.step ?? this.#first) === id
  }
}

export const ChoiceContext = createContext<Choice | null>(null)

export function useChoiceOf(id: NodeId): { chosen: boolean; marked: boolean; entry: boolean } {
  const choice = use(ChoiceContext)
  if (!choice) throw new Error('This step stands outside the designer.')
  const now = useSyncExternalStore(
    choice.subscribe,
    () =>
      (choice.isChosen(id) ? CHOSEN : 0) |
      (choice.marked().has(id) ? MARKED : 0) |
      (choice.isEntry(id) ? ENTRY : 0),
  )
  return { chosen: (now & CHOSEN) !== 0, marked: (now & MARKED) !== 0, entry: (now & ENTRY) !== 0 }
}
const CHOSEN = 1
const MARKED = 2
const ENTRY = 4

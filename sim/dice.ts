import type { Rng } from '../src/ports.ts'
import { seededRng } from './house.ts'

/** Draws of one world, all from its seed. The engine's processes get dice of their own, thrown from these. */
export type Dice = {
  readonly rng: Rng
  /** True with this probability. */
  chance(share: number): boolean
  /** From `min` to `max`, both included. */
  int(min: number, max: number): number
  /** From 0 to below 1. */
  share(): number
  pick<Item>(items: readonly Item[]): Item
  fork(): Dice
}

export function diceOf(seed: number): Dice {
  const rng = seededRng(seed)
  const share = (): number => rng.u32() / 2 ** 32
  const int = (min: number, max: number): number => min + Math.floor(share() * (max - min + 1))
  return {
    rng,
    share,
    int,
    chance: (wanted) => share() < wanted,
    pick: (items) => {
      const item = items[int(0, items.length - 1)]
      if (item === undefined) throw new Error('there is nothing to pick from')
      return item
    },
    fork: () => diceOf(rng.u32()),
  }
}

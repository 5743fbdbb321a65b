/** Everything that is left to chance in a storm is drawn here, so that one seed draws the same weather again. */
export type Dice = {
  /** From 0 to below 1. */
  next(): number
  between(from: number, to: number): number
  whole(from: number, to: number): number
  oneOf<T>(items: readonly T[]): T
  chance(share: number): boolean
  /** Dice of its own for a part of the storm, so that parts that run side by side do not disturb each other. */
  fork(name: string): Dice
}

/** mulberry32: 32 bits of state are plenty for weather. */
export function diceOf(seed: number): Dice {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const whole = (from: number, to: number): number => from + Math.floor(next() * (to - from + 1))
  return {
    next,
    between: (from, to) => from + next() * (to - from),
    whole,
    oneOf: <T>(items: readonly T[]) => items[whole(0, items.length - 1)] as T,
    chance: (share) => next() < share,
    fork: (name) =>
      diceOf([...name].reduce((mixed, letter) => Math.imul(mixed, 31) + letter.charCodeAt(0), seed)),
  }
}

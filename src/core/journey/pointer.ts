/** JSON pointers (RFC 6901): how a problem says where it is and a fix says what it changes. */
export type Step = string | number

export const pointerTo = (...steps: readonly Step[]): string =>
  steps.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')

export const stepsOf = (pointer: string): string[] =>
  pointer === ''
    ? []
    : pointer
        .slice(1)
        .split('/')
        .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))

/** What lies there; own entries only, so that no pointer reaches into a prototype or the length of a list. */
export function valueAt(value: unknown, steps: readonly Step[]): unknown {
  let here = value
  for (const step of steps) {
    if (typeof here !== 'object' || here === null || !isEntry.call(here, step)) return undefined
    here = (here as Record<Step, unknown>)[step]
  }
  return here
}

const isEntry = Object.prototype.propertyIsEnumerable

import { type ComponentType, type ReactNode, use, useSyncExternalStore } from 'react'
import { onItsWay } from './shell/after-first-paint.ts'
import { askNow, isLost, onConnection } from './shell/connection.ts'
import { type MissingPart, PartMissing } from './shell/PartMissing.tsx'

type Part<Props> =
  | { readonly is: 'unasked' }
  | { readonly is: 'coming'; readonly settled: Promise<void> }
  | { readonly is: 'there'; readonly Part: ComponentType<Props> }
  | ({ readonly is: 'missing' } & Omit<MissingPart, 'again'>)
  | { readonly is: 'broken'; readonly error: unknown }
type Lazily<Props> = ((props: Props) => ReactNode) & {
  /** Fetched before it is wanted; should that fail, it is asked for again when it is. */
  preload(): Promise<void>
}

/** What browsers say when a part cannot be fetched; anything else is a fault within it. */
export const isPartMissing = (error: unknown): boolean =>
  error instanceof Error &&
  /dynamically imported module|module script|Failed to fetch|preload CSS/i.test(error.message)

/** A page in the background is not painted; it waits no longer than this. */
const UNPAINTED_MS_MAX = 100
let isPainted = false
const firstPaint = (): Promise<void> =>
  new Promise((resolve) => {
    const painted = (): void => {
      isPainted = true
      resolve()
    }
    requestAnimationFrame(() => setTimeout(painted))
    setTimeout(painted, UNPAINTED_MS_MAX)
  })

/**
 * A part of the app that comes when it is wanted. One that cannot be fetched says so in its own place, where everything
 * around it stays as it is, and comes by itself as soon as the line is back.
 */
export function lazily<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  Missing: ComponentType<MissingPart & { readonly children?: ReactNode }> = PartMissing,
): Lazily<Props> {
  let part: Part<Props> = { is: 'unasked' }
  let stopWaiting: (() => void) | null = null
  const listeners = new Set<() => void>()
  const set = (next: Part<Props>): void => {
    part = next
    for (const tell of listeners) tell()
  }
  const ask = async (): Promise<void> => {
    try {
      set({ is: 'there', Part: await onItsWay(load) })
    } catch (error) {
      if (!isPartMissing(error)) return set({ is: 'broken', error })
      // The line, or a newer version of the app that has no such part any more? The server says.
      await askNow()
      set({ is: 'missing', isLineLost: isLost(), busy: false })
      if (isLost()) stopWaiting ??= onConnection(askWhenBack)
    }
  }
  const again = (): void => {
    if (part.is !== 'missing' || part.busy) return
    set({ ...part, busy: true })
    void ask()
  }
  const askWhenBack = (): void => {
    if (isLost()) return
    stopWaiting?.()
    stopWaiting = null
    again()
  }
  const listen = (tell: () => void) => {
    listeners.add(tell)
    return () => listeners.delete(tell)
  }
  function Lazy(props: Props) {
    const now = useSyncExternalStore(listen, () => part)
    if (now.is === 'there') return <now.Part {...props} />
    if (now.is === 'missing')
      return (
        <Missing isLineLost={now.isLineLost} busy={now.busy} again={again}>
          {'children' in props ? (props.children as ReactNode) : null}
        </Missing>
      )
    if (now.is === 'broken') throw now.error
    // Nobody is told: whoever draws it waits for it right here. What the page begins with is painted before.
    if (now.is === 'unasked') part = { is: 'coming', settled: isPainted ? ask() : firstPaint().then(ask) }
    if (part.is === 'coming') use(part.settled)
    return null
  }
  return Object.assign(Lazy, {
    preload: async (): Promise<void> => {
      if (part.is === 'coming') return part.settled
      if (part.is !== 'unasked') return
      await onItsWay(load).then(
        (Loaded) => set({ is: 'there', Part: Loaded }),
        () => undefined,
      )
    },
  })
}

/** The way from an empty business to a journey that is live: four steps, each with an address, any of which may wait. */
export const STEPS = ['week', 'template', 'couple', 'live'] as const
export type StepName = (typeof STEPS)[number]

export const STEP_WORDS: { readonly [step in StepName]: string } = {
  week: 'Your week',
  template: 'A journey',
  couple: 'A couple',
  live: 'Live',
}

export const isStep = (text: string | undefined): text is StepName => STEPS.some((one) => one === text)

/** What is there already: where somebody who comes back goes on. */
export type Standing = {
  readonly couples: number
  /** The journey they took over and have not published; null when there is none. */
  readonly draft: string | null
  readonly live: boolean
  /** The one couple, where there is just one. */
  readonly couple: string | null
}

export function whereToGoOn({ couples, draft, live }: Standing): StepName {
  if (draft === null) return couples === 0 && !live ? 'week' : 'template'
  return couples === 0 ? 'couple' : 'live'
}

/**
 * Where a couple stands for whom a journey is meant: at the stage it begins with or asks for; booked, where it counts
 * from a wedding day. `document` is whatever the server keeps as its drawing.
 */
export function stageFor(document: unknown): string {
  const { nodes = [] } = (document ?? {}) as { readonly nodes?: readonly Begins[] }
  const begins = nodes.find(({ kind }) => kind === 'trigger')
  if (begins?.type === 'date') return 'booked'
  const asked = begins?.if?.fact === 'client.stage' && begins.if.is === 'equal' ? begins.if.value : null
  const to = begins?.type === 'stage_changed' ? begins.config?.to : asked
  return typeof to === 'string' ? to : 'inquiry'
}
type Begins = {
  readonly kind: string
  readonly type?: string
  readonly config?: { readonly to?: unknown }
  readonly if?: { readonly fact?: string; readonly is?: string; readonly value?: unknown }
}

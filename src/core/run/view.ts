import type { Json } from '../ids.ts'
import type { Instant } from '../time/instant.ts'
import type { LocalDate, LocalTime, Weekday, Zone } from '../time/local.ts'
import type { Anchors } from '../wedding/anchor.ts'
import type { CapPolicy, LatePolicy, MessageClass } from '../wedding/policy.ts'

/**
 * What a turn may know: read-only, small, without a name or an address. The engine loads the parts a
 * journey's graph needs (`needs`) and leaves the others empty.
 */
export type View = {
  readonly client: ClientView
  readonly people: readonly PersonView[]
  readonly wedding: WeddingView | null
  readonly anchors: Anchors
  readonly vendor: VendorView
  /** What this client's people have had or will have lately, for caps and catch-ups. */
  readonly sends: readonly SendView[]
  /** Answers to forms, by form key and field. */
  readonly answers: { readonly [form: string]: { readonly [field: string]: Json } }
  /** Outside events of this client so far, by type. */
  readonly happened: { readonly [type: string]: { readonly count: number; readonly lastAt: Instant } }
  readonly limits: { readonly stepsPerActivationMax: number }
}

/** The same couple, had they another wedding day; at the same hour, where theirs is known. */
export function asIfMarriedOn(view: View, on: LocalDate): View {
  const known = view.anchors.wedding
  const value = known?.value?.is === 'hour' ? { ...known.value, on } : ({ is: 'day', on } as const)
  const wedding = { value, generation: (known?.generation ?? 0) + 1 }
  return { ...view, anchors: { ...view.anchors, wedding } }
}

export type ClientView = {
  readonly id: string
  readonly stage: string
  readonly tags: readonly string[]
  readonly language: string
  readonly zone: Zone | null
  readonly fields: { readonly [key: string]: Json }
  /** Reasons all journeys of this client are held; a new run begins held as well. */
  readonly holds: readonly string[]
}

export type PersonView = {
  /** partner_a, partner_b, payer, planner, vendor:<category>, member:<role>, guest:<n> */
  readonly ref: string
  readonly zone: Zone | null
  /**
   * Whether there is a way to reach them, by channel: an opaque mark of the address (equal addresses have
   * equal marks, so that a shared one is written to once), or nothing.
   */
  readonly reach: { readonly email?: string; readonly sms?: string }
  /** Classes this person has agreed to or not refused, by channel; suppression is already applied. */
  readonly may: { readonly email: readonly MessageClass[]; readonly sms: readonly MessageClass[] }
  /** By which ways nothing ever arrives at the address they have; absent where all is well. */
  readonly dead?: readonly ('email' | 'sms')[]
}

export type DateStatus = 'held' | 'confirmed' | 'moved' | 'to_be_confirmed' | 'cancelled'

export type WeddingView = {
  readonly id: string
  readonly status: DateStatus
  readonly zone: Zone | null
  readonly region: string | null
  readonly guests: number | null
}

export type QuietHours = { readonly from: LocalTime; readonly to: LocalTime }

export type VendorView = {
  readonly id: string
  readonly type: string
  readonly zone: Zone
  readonly region: string
  /** The business has stopped everything: what begins meanwhile begins held. */
  readonly held?: boolean
  readonly workingDays: readonly Weekday[]
  readonly holidays: ReadonlySet<LocalDate>
  /** Days on which the vendor works a wedding. */
  readonly weddingDays: ReadonlySet<LocalDate>
  /** Grows with every change of working days, holidays or wedding days. */
  readonly calendarGeneration: number
  /** Open from … to …, in the recipient's zone, by channel. No entry: always open. */
  readonly openHours: { readonly email?: QuietHours; readonly sms?: QuietHours }
  /** At most `max` messages of a class to one person in `windowHours`. */
  readonly caps: {
    readonly [Class in MessageClass]?: {
      readonly max: number
      readonly windowHours: number
      readonly policy: CapPolicy
    }
  }
  readonly late: { readonly [Class in MessageClass]?: LatePolicy }
}

export type SendView = {
  readonly to: string
  readonly class: MessageClass
  readonly at: Instant
  readonly catchUp: boolean
}

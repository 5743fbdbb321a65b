import type { VendorId } from '../core/ids.ts'
import { isUrgent } from '../core/wedding/priority.ts'

/**
 * How much a worker may have in hand at once, and who gets the last places. A fifth is for critical and high work
 * only. Of either part the last quarter is for vendors that hold less than an equal share, so that a vendor with a
 * hundred thousand due messages finds the others served beside it.
 */
export const RESERVED_SHARE = 0.2
export const NEWCOMERS_SHARE = 0.25

export type Seats = {
  take(vendor: VendorId, band: number): void
  leave(vendor: VendorId, band: number): void
  /** Free places for anybody, by kind of band. Urgent work may take every place, others only the open ones. */
  room(): { readonly urgent: number; readonly open: number }
  /** Whether this vendor may take one of the last places. */
  admits(vendor: VendorId, band: number): boolean
  /** Vendors that hold more than an equal share of what is in hand. */
  heavy(): VendorId[]
  readonly held: number
  readonly max: number
}

export function makeSeats(max: number): Seats {
  const openMax = Math.floor(max * (1 - RESERVED_SHARE))
  const openForAll = Math.floor(openMax * (1 - NEWCOMERS_SHARE))
  const allForAll = max - Math.ceil((max - openMax) * NEWCOMERS_SHARE)
  const byVendor = new Map<VendorId, number>()
  let held = 0
  let heldOpen = 0

  const change = (vendor: VendorId, band: number, by: 1 | -1): void => {
    held += by
    if (!isUrgent(band)) heldOpen += by
    const own = (byVendor.get(vendor) ?? 0) + by
    if (own === 0) byVendor.delete(vendor)
    else byVendor.set(vendor, own)
  }
  /** What each would hold if one more vendor came and all were served alike. */
  const share = (): number => held / (byVendor.size + 1)

  return {
    take: (vendor, band) => change(vendor, band, 1),
    leave: (vendor, band) => change(vendor, band, -1),
    room: () => ({
      urgent: Math.max(0, allForAll - held),
      open: Math.max(0, Math.min(openForAll - heldOpen, allForAll - held)),
    }),
    admits(vendor, band) {
      if (held >= max || (!isUrgent(band) && heldOpen >= openMax)) return false
      return (byVendor.get(vendor) ?? 0) <= share()
    },
    heavy: () => {
      const fair = share()
      return [...byVendor].filter(([, own]) => own > fair).map(([vendor]) => vendor)
    },
    get held() {
      return held
    },
    max,
  }
}
